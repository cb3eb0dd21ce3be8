"""Where a finding stands on paper: the boxes of its characters, joined along each line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.document import Box, Document, Extent, Page
from assistant.domain.finding import Finding

Place = tuple[int, int, float, float]
"""Page, character, and what tells areas at one character apart."""

_SAME_LINE = 0.5  # share of the lower of two boxes that must be level with the other


def with_boxes(document: Document, finding: Finding) -> Finding:
    """The finding with one box for each run of characters on a line; none where a page has no places on paper."""
    boxes = tuple(box for extent in finding.extents for box in boxes_of(document, extent))
    return replace(finding, boxes=boxes)


def boxes_of(document: Document, extent: Extent) -> tuple[Box, ...]:
    """The boxes of the characters of one extent, neighbours on a line joined."""
    joined: list[Box] = []
    for box in document.page(extent.page).boxes[extent.start : extent.end]:
        if box is None:
            continue
        if joined and _beside(joined[-1], box):
            joined[-1] = _around((joined[-1], box))
        else:
            joined.append(box)
    return tuple(joined)


def place_of(document: Document, finding: Finding) -> Place:
    """Where a finding comes in reading order: an area without characters comes with the character nearest to it."""
    if finding.extents:
        return (finding.extents[0].page, finding.extents[0].start, 0.0, 0.0)
    if not finding.boxes:
        return (0, 0, 0.0, 0.0)
    box = finding.boxes[0]
    return (box.page, _nearest(document.page(box.page), box), -box.y1, box.x0)


def _nearest(page: Page, box: Box) -> int:
    """The character that stands nearest to the upper left corner; 0 on a page without any."""
    best, least = 0, float("inf")
    for at, place in enumerate(page.boxes):
        if place is None:
            continue
        away = (place.x0 - box.x0) ** 2 + (place.y1 - box.y1) ** 2
        if away < least:
            best, least = at, away
    return best


def _beside(left: Box, right: Box) -> bool:
    """Whether two boxes are level and no further apart than the taller of them is high."""
    level = min(left.y1, right.y1) - max(left.y0, right.y0)
    height = min(left.y1 - left.y0, right.y1 - right.y0)
    gap = max(right.x0 - left.x1, left.x0 - right.x1)
    return left.page == right.page and level > height * _SAME_LINE and gap <= max(left.y1 - left.y0, height)


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        page=boxes[0].page,
        x0=min(box.x0 for box in boxes),
        y0=min(box.y0 for box in boxes),
        x1=max(box.x1 for box in boxes),
        y1=max(box.y1 for box in boxes),
    )
