"""Rectangles with their padding, on the grid of the picture they are burned into."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.domain.document import Box, Extent, Page
from assistant.redact.marks import Mark
from assistant.redact.pieces import Piece

Floats = NDArray[np.float64]

LEAST_PADDING: Final = 0.3
"""Points kept around a rectangle even where a neighbour stands close: a pixel and a bit, for softened edges."""
MOST_COVERED: Final = 0.35
"""Share of an unmarked character that a rectangle may cover before the character counts as withheld too."""
_BLANK = 200  # a grey at least as light is bare paper
_REST = 0.35  # of a letter's height by which its place may be off where it was read in a picture
_RULED = 0.9  # share of a row that is inked in a ruled line, and in no line of letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A final rectangle in pixels of its picture: from the top left, right and bottom excluded."""

    left: int
    top: int
    right: int
    bottom: int
    label: str = ""
    upright: bool = False

    def box(self, page: int, size: tuple[float, float], pixels: tuple[int, int]) -> Box:
        """In points of the page as shown; `size` of the page in points, `pixels` of the picture."""
        across, down = size[0] / pixels[0], size[1] / pixels[1]
        return Box(
            page=page,
            x0=self.left * across,
            y0=size[1] - self.bottom * down,
            x1=self.right * across,
            y1=size[1] - self.top * down,
        )


def sides_of(page: Page) -> Floats:
    """x0, y0, x1, y1 of each character, NaN where it has no place: shape (characters, 4), points."""
    return np.frombuffer(page.boxes.sides, dtype=np.float32).astype(np.float64).reshape(-1, 4)


def marked_on(page: Page, marks: Sequence[Mark]) -> NDArray[np.bool_]:
    """Which characters of the page are in a mark's extents."""
    marked = np.zeros(len(page.text), dtype=bool)
    for mark in marks:
        for extent in mark.extents:
            if extent.page == page.number:
                marked[extent.start : extent.end] = True
    return marked


def padded(pieces: Sequence[Piece], others: Floats, padding: float) -> list[Piece]:
    """The pieces with padding (points) on every side, less where an unmarked character (a row of `others`) would be nibbled."""
    return [replace(piece, box=_padded(piece.box, others, padding)) for piece in pieces]


def _padded(box: Box, others: Floats, padding: float) -> Box:
    x0, y0, x1, y1 = others.T
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    level = (y0 < box.y1 + padding) & (y1 > box.y0 - padding)
    plumb = (x0 < box.x1 + padding) & (x1 > box.x0 - padding)
    # Level means: shares more with the rectangle than a slightly overlapping line above or below does.
    beside = level & (middle_y < box.y1) & (middle_y > box.y0)

    def room(gaps: Floats) -> float:
        nearest = float(gaps.min()) if gaps.size else padding
        return min(max(nearest, LEAST_PADDING), padding)

    return Box(
        page=box.page,
        x0=box.x0 - room((box.x0 - x1)[beside & (middle_x < box.x0)]),
        y0=box.y0 - room((box.y0 - y1)[plumb & (middle_y < box.y0)]),
        x1=box.x1 + room((x0 - box.x1)[beside & (middle_x > box.x1)]),
        y1=box.y1 + room((y0 - box.y1)[plumb & (middle_y > box.y1)]),
    )


def on_grid(piece: Piece, size: tuple[float, float], pixels: tuple[int, int]) -> Area | None:
    """The piece as whole pixels, outwards, inside the page; None where nothing of it is on the page."""
    across, down = pixels[0] / size[0], pixels[1] / size[1]
    left = max(0, math.floor(piece.box.x0 * across))
    right = min(pixels[0], math.ceil(piece.box.x1 * across))
    top = max(0, math.floor((size[1] - piece.box.y1) * down))
    bottom = min(pixels[1], math.ceil((size[1] - piece.box.y0) * down))
    if left >= right or top >= bottom:
        return None
    return Area(left=left, top=top, right=right, bottom=bottom, label=piece.label, upright=piece.upright)


def standard(areas: Sequence[Area], grey: NDArray[np.uint8], step: float) -> list[Area]:
    """Each area as long as the next multiple of `step` pixels, where the paper it grows over is bare; else as it was.

    It grows at its end, else at its beginning, else at both. What is bare is seen in the picture (`grey`, shape (rows,
    columns)), not in the text: a scan has no text, and a ruled line is to stay.
    """
    grown: list[Area] = []
    for area in areas:
        length = area.bottom - area.top if area.upright else area.right - area.left
        more = math.ceil(math.ceil(length / step - 1e-9) * step) - length
        grown.append(_grown(area, more, grey) if more > 0 else area)
    return grown


def whole_letters(area: Area, grey: NDArray[np.uint8]) -> Area:
    """The area with the rest of a letter that its edge cuts through, at each end of its line, by a third of the letter at
    most. `grey`: shape (rows, columns). Ruled lines along the area are no letters."""
    if area.upright:
        turned = Area(left=area.top, top=area.left, right=area.bottom, bottom=area.right)
        whole = _whole(turned, grey.T)
        return replace(area, top=whole.left, bottom=whole.right)
    return _whole(area, grey)


def _whole(area: Area, grey: NDArray[np.uint8]) -> Area:
    most = math.ceil((area.bottom - area.top) * _REST)
    start, end = max(area.left - most, 0), min(area.right + most, grey.shape[1])
    ink = grey[area.top : area.bottom, start:end] < _BLANK
    columns = ink[ink.mean(axis=1) < _RULED].any(axis=0)
    left, right = area.left - start, area.right - start
    if columns[left]:
        while left and columns[left - 1]:
            left -= 1
    if columns[right - 1]:
        while right < len(columns) and columns[right]:
            right += 1
    return replace(area, left=start + left, right=start + right)


def _grown(area: Area, more: int, grey: NDArray[np.uint8]) -> Area:
    rows, columns = grey.shape
    for before in (0, more, more // 2):
        after = more - before
        if area.upright:
            wider = replace(area, top=area.top - before, bottom=area.bottom + after)
            strips = (
                grey[wider.top if wider.top > 0 else 0 : area.top, area.left : area.right],
                grey[area.bottom : wider.bottom, area.left : area.right],
            )
        else:
            wider = replace(area, left=area.left - before, right=area.right + after)
            strips = (
                grey[area.top : area.bottom, wider.left if wider.left > 0 else 0 : area.left],
                grey[area.top : area.bottom, area.right : wider.right],
            )
        inside = wider.left >= 0 and wider.top >= 0 and wider.right <= columns and wider.bottom <= rows
        if inside and all(not strip.size or int(strip.min()) >= _BLANK for strip in strips):
            return wider
    return area


def withheld_on(
    page: Page, sides: Floats, marked: NDArray[np.bool_], areas: Sequence[Box]
) -> NDArray[np.bool_]:
    """Which characters may not be given as text: marked, under a rectangle, or without a place and between two of those."""
    withheld = marked | _covered(sides, areas)
    placed = np.flatnonzero(~np.isnan(sides[:, 0]))
    loose = np.flatnonzero(np.isnan(sides[:, 0]) & ~marked)
    if len(placed) and len(loose):
        after = np.searchsorted(placed, loose)
        has_before, has_after = after > 0, after < len(placed)
        before = withheld[placed[np.maximum(after - 1, 0)]]
        behind = withheld[placed[np.minimum(after, len(placed) - 1)]]
        between = has_before & has_after & before & behind
        # A letter without a place belongs to the glyph before it (a ligature, an accent): it goes where that goes.
        letter = np.array([not page.text[at].isspace() for at in loose])
        withheld[loose] = between | (letter & (np.where(has_before, before, behind)))
    return withheld


def _covered(sides: Floats, areas: Sequence[Box]) -> NDArray[np.bool_]:
    covered = np.zeros(len(sides), dtype=bool)
    if not len(sides):
        return covered
    x0, y0, x1, y1 = sides.T
    width, height = np.maximum(x1 - x0, 0.01), np.maximum(y1 - y0, 0.01)
    for area in areas:
        across = (np.minimum(x1, area.x1) - np.maximum(x0, area.x0) + np.where(x1 <= x0, 0.01, 0.0)) / width
        down = (np.minimum(y1, area.y1) - np.maximum(y0, area.y0) + np.where(y1 <= y0, 0.01, 0.0)) / height
        both = np.clip(across, 0, 1) * np.clip(down, 0, 1)
        covered |= np.nan_to_num(both) > MOST_COVERED
    return covered


def extents_of(page: Page, withheld: NDArray[np.bool_]) -> tuple[Extent, ...]:
    """The withheld characters as runs."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], withheld, [False])).astype(np.int8)))
    return tuple(
        Extent(page=page.number, start=int(start), end=int(end))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    )
