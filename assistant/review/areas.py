"""Marks that are areas of a page: drawn by a person over a seal, a face, handwriting, or a whole page."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from assistant.domain.document import Box, Document, Extent, Page
from assistant.domain.finding import Finding
from assistant.domain.places import boxes_of
from assistant.errors import ReviewRefused

SMALLEST = 1.0
"""Points; less cannot be seen, let alone cover anything."""
MOST = 500
"""Areas of one mark; more is a slip."""
_EDGE = 1.0  # points by which a hand may slip over the edge of the page
_FINE = 2  # decimals of a point that are kept


def sound_boxes(document: Document, boxes: Sequence[Box]) -> tuple[Box, ...]:
    """The boxes in order, each once, cut to their page; refused where they lie outside of it or are too small."""
    if len(boxes) > MOST:
        raise ReviewRefused(f"一つの候補の枠は{MOST}個までです。分けて加えてください。")
    pages = {page.number: page for page in document.pages}
    sound = [_within(pages.get(box.page), box) for box in boxes]
    return tuple(sorted(dict.fromkeys(sound), key=lambda box: (box.page, -box.y1, box.x0, -box.y0, box.x1)))


def own_boxes(document: Document, extents: Sequence[Extent]) -> tuple[Box, ...]:
    """Where the characters of a mark stand, joined along each line."""
    return tuple(box for extent in extents for box in boxes_of(document, extent))


def drawn(document: Document, finding: Finding) -> tuple[Box, ...]:
    """The areas of a mark that are not those of its characters."""
    own = set(own_boxes(document, finding.extents))
    return tuple(box for box in finding.boxes if box not in own)


def under(document: Document, boxes: Sequence[Box]) -> tuple[Extent, ...]:
    """The characters whose middle lies under one of the boxes, in reading order."""
    runs: list[Extent] = []
    for number in sorted({box.page for box in boxes}):
        here = [box for box in boxes if box.page == number]
        for at, place in enumerate(document.page(number).boxes):
            if place is None or not any(_holds(box, place) for box in here):
                continue
            if runs and runs[-1].page == number and runs[-1].end == at:
                runs[-1] = Extent(page=number, start=runs[-1].start, end=at + 1)
            else:
                runs.append(Extent(page=number, start=at, end=at + 1))
    return tuple(runs)


def covered_by(document: Document, finding: Finding) -> tuple[Extent, ...]:
    """Every character a mark takes out: its own, and those under its areas. Runs may overlap."""
    return (
        (*finding.extents, *under(document, drawn(document, finding))) if finding.boxes else finding.extents
    )


def _within(page: Page | None, box: Box) -> Box:
    sides = (box.x0, box.y0, box.x1, box.y1)
    if page is None or not page.width or not all(isfinite(side) for side in sides):
        raise ReviewRefused(
            "枠を描いたページがこの文書にありません。画面を読み込み直してから描いてください。"
        )
    if min(box.x0, box.y0) < -_EDGE or box.x1 > page.width + _EDGE or box.y1 > page.height + _EDGE:
        raise ReviewRefused("枠がページの外に出ています。ページの中に描き直してください。")
    cut = Box(
        page=page.number,
        x0=round(max(float(box.x0), 0.0), _FINE),
        y0=round(max(float(box.y0), 0.0), _FINE),
        x1=min(round(float(box.x1), _FINE), float(page.width)),
        y1=min(round(float(box.y1), _FINE), float(page.height)),
    )
    if cut.x1 - cut.x0 < SMALLEST or cut.y1 - cut.y0 < SMALLEST:
        raise ReviewRefused("枠が小さすぎます。隠したい部分を囲むように描いてください。")
    return cut


def _holds(box: Box, place: Box) -> bool:
    x, y = (place.x0 + place.x1) / 2, (place.y0 + place.y1) / 2
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
