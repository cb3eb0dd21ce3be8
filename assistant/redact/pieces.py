"""Marks → rectangles on one page, one for each mark and line, before padding (design.md D7).

One rectangle for a whole run: a rectangle per character would show where each glyph begins and ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.domain.document import Box, Extent, Origin, Page
from assistant.errors import DocumentError
from assistant.redact.marks import Mark

_LEVEL: Final = 0.5  # share of the lower of two boxes that must be level with the other
_HARDLY: Final = 1.5  # times the height of its characters that a line may have
_PLUMB: Final = 0.3  # of a character's width by which one below the other may stand aside


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A rectangle of one mark, in points of the page as shown. `upright`: its line runs from top to bottom. `seen`: of
    characters that were read in a picture, whose places are off by a pixel or two.
    """

    box: Box
    label: str = ""
    seen: bool = False

    @property
    def upright(self) -> bool:
        """Whether it is so much higher than wide that words on it must be turned."""
        return self.box.y1 - self.box.y0 > 1.5 * (self.box.x1 - self.box.x0)


def pieces_on(page: Page, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """What is to be covered on a page. Raises DocumentError where a marked character stands nobody knows where."""
    pieces: list[Piece] = []
    for mark in marks:
        drawn = [box for box in mark.boxes if box.page == page.number]
        found: list[Box] = []
        for extent in mark.extents:
            if extent.page == page.number and len(extent):
                found.extend(_of_extent(page, extent, drawn=bool(drawn)))
        seen = tuple(found) if page.origin is Origin.OCR else ()
        drawn = [box for box in drawn if not any(_holds(one, box) for one in found)]
        found.extend(one for run in _runs(drawn) for one in run)
        pieces.extend(Piece(box=box, label=mark.label, seen=_is_line(box, seen)) for box in _outermost(found))
    return tuple(pieces)


def _of_extent(page: Page, extent: Extent, *, drawn: bool) -> Iterator[Box]:
    """The rectangles of one run of characters; characters without a place are looked for beside those that have one."""
    placed: list[Box] = []
    before = missing = 0
    bridges: set[int] = set()  # indices in `placed` that follow characters without a place
    for at in range(extent.start, min(extent.end, len(page.text))):
        box = page.boxes[at]
        if box is not None:
            if missing and placed:
                bridges.add(len(placed))
            elif missing:
                before = missing
            missing = 0
            placed.append(box)
        elif page.text[at].isprintable() and not page.text[at].isspace():
            missing += 1
    if not placed:
        if missing and not drawn:
            raise DocumentError(
                f"{page.number}ページ目の伏せる箇所が、紙のどこにあるか分かりません。"
                "そのページを開いて、伏せる箇所に枠を描いてください。"
            )
        return
    runs = list(_runs(placed, bridges))
    if before:
        runs[0][0] = _reaching(page, runs[0][0], placed[0], at=extent.start, step=-1, missing=before)
    if missing:
        runs[-1][-1] = _reaching(page, runs[-1][-1], placed[-1], at=extent.end - 1, step=1, missing=missing)
    for run in runs:
        yield from run


def _runs(boxes: Sequence[Box], bridges: Iterable[int] = ()) -> Iterator[list[Box]]:
    """Boxes in reading order, neighbours along a line joined: lists of one rectangle each."""
    forced = set(bridges)
    union: Box | None = None
    last: Box | None = None
    way = ""
    for at, box in enumerate(boxes):
        if union is not None and last is not None:
            joins = _way(last, box, far=at in forced)
            if joins and way in {"", joins}:
                # Two boxes in the same place (a ligature) do not tell which way the line runs.
                way = way or ("" if last == box else joins)
                union, last = around((union, box)), box
                continue
            yield [union]
        union, last, way = box, box, ""
    if union is not None:
        yield [union]


def _way(one: Box, other: Box, *, far: bool) -> str:
    """How the second continues the first's line: "along", "down", or not at all. `far`: at whatever distance."""
    height = min(one.y1 - one.y0, other.y1 - other.y0)
    tall = max(one.y1 - one.y0, other.y1 - other.y0)
    level = min(one.y1, other.y1) - max(one.y0, other.y0)
    if level > height * _LEVEL and (far or max(other.x0 - one.x1, one.x0 - other.x1) <= tall):
        return "along"
    wide = max(one.x1 - one.x0, other.x1 - other.x0)
    aside = abs(one.x0 + one.x1 - other.x0 - other.x1) / 2
    # Lines of a paragraph stand below each other too, but only characters are about as high as wide.
    narrow = wide <= 1.5 * height
    if narrow and aside <= wide * _PLUMB and (far or max(one.y0 - other.y1, other.y0 - one.y1) <= wide):
        return "down"
    return ""


def _reaching(page: Page, whole: Box, edge: Box, *, at: int, step: int, missing: int) -> Box:
    """`whole` with room for characters beyond its edge that have no place: up to the neighbour, an em each at most."""
    size = max(edge.x1 - edge.x0, edge.y1 - edge.y0) * missing
    at += step
    while 0 <= at < len(page.text) and page.text[at] != "\n":
        other = page.boxes[at]
        if other is not None:
            if _way(edge, other, far=True) != "along":
                break
            gap = max(other.x0 - edge.x1, edge.x0 - other.x1, 0.0)
            size = min(size, gap)
            break
        at += step
    upright = whole.y1 - whole.y0 > 1.5 * (whole.x1 - whole.x0)
    if upright:
        more = (0.0, 0.0, 0.0, size) if step < 0 else (0.0, size, 0.0, 0.0)
    else:
        more = (size, 0.0, 0.0, 0.0) if step < 0 else (0.0, 0.0, size, 0.0)
    return Box(
        page=whole.page,
        x0=whole.x0 - more[0],
        y0=whole.y0 - more[1],
        x1=whole.x1 + more[2],
        y1=whole.y1 + more[3],
    )


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of them; at least one, of one page."""
    return Box(
        page=boxes[0].page,
        x0=min(box.x0 for box in boxes),
        y0=min(box.y0 for box in boxes),
        x1=max(box.x1 for box in boxes),
        y1=max(box.y1 for box in boxes),
    )


def _holds(outer: Box, inner: Box) -> bool:
    return outer.x0 <= inner.x0 and outer.y0 <= inner.y0 and inner.x1 <= outer.x1 and inner.y1 <= outer.y1


def _is_line(box: Box, seen: Sequence[Box]) -> bool:
    """Whether a rectangle is one of characters, or one of theirs hardly larger, and not an area somebody drew."""

    def across(one: Box) -> float:
        return min(one.x1 - one.x0, one.y1 - one.y0)

    return any(_holds(box, one) and across(box) <= _HARDLY * across(one) for one in seen)


def _outermost(boxes: Sequence[Box]) -> list[Box]:
    """Without those that stand inside another."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda each: (each.x0 - each.x1) * (each.y1 - each.y0)):  # the largest first
        if not any(_holds(other, box) for other in kept):
            kept.append(box)
    return sorted(kept, key=boxes.index)
