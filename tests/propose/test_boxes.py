"""Boxes of characters joined along a line."""

from __future__ import annotations

import pytest

from assistant.domain.document import Box, Document, Extent, Page
from assistant.domain.places import boxes_of


def _box(x: float, y: float, width: float = 10) -> Box:
    return Box(page=1, x0=x, y0=y, x1=x + width, y1=y + 12)


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        # one line, side by side
        ([_box(0, 0), _box(10, 0), _box(20, 0)], [(0, 0, 30)]),
        # broken over two lines
        ([_box(90, 20), _box(0, 0), _box(10, 0)], [(90, 20, 100), (0, 0, 20)]),
        # two cells of one row, far apart
        ([_box(0, 0), _box(200, 0)], [(0, 0, 10), (200, 0, 210)]),
        # a character without a place (a line break) does not part a run
        ([_box(0, 0), None, _box(10, 0)], [(0, 0, 20)]),
        # a slightly raised character is on the line still
        ([_box(0, 0), _box(10, 3)], [(0, 0, 20)]),
        # vertical writing: one box a character, never one over the column beside it
        ([_box(50, 100), _box(50, 88)], [(50, 100, 60), (50, 88, 60)]),
        # no places at all
        ([None, None], []),
    ],
)
def test_runs(boxes: list[Box | None], expected: list[tuple[float, float, float]]) -> None:
    page = Page(number=1, text="あ" * len(boxes), boxes=tuple(boxes))
    document = Document(name="試験", sha256="0", pages=(page,))
    joined = boxes_of(document, Extent(page=1, start=0, end=len(boxes)))
    assert [(box.x0, box.y0, box.x1) for box in joined] == expected
