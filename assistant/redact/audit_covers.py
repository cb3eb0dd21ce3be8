"""Which characters of a page were covered instead of removed.

The page is drawn with its text and without: a character that changes no pixel is not seen. It is drawn once more with
nothing but its text: one that has ink there was covered by something (or stands on its own colour). What lies there as
shown – one colour or a picture – tells a painted-over word from the text layer of a scan. Order of drawing needs no
guessing: white letters on a black heading change pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pypdfium2 import raw

from assistant.documents.pdf_picture import render
from assistant.domain.document import Box
from assistant.redact.audit_overprint import address, printed_over
from assistant.redact.inspect_objects import Drawn, drawn_on, fill_of, stroke_of
from assistant.redact.inspect_pages import Letters, as_shown, letters_of

_DPI: Final = 110.0
_PIXELS: Final = 8_000_000
_PATIENCE: Final = 8.0
_INK: Final = 24  # of 255: less is not seen on paper
_EVEN: Final = 30  # of 255: what one colour may vary, smoothed edges apart
_DARK: Final = 90  # of 255: what a marker or a box is darker than
_LARGE: Final = 0.5  # share of the page from which a picture is a scan, and not something put over words
_PATCH: Final = 0.25  # share of the page up to which a light patch is one over words, and not a ground
_SOLID: Final = 200  # alpha from which next to nothing shines through
_READ: Final = 3  # letters which a scan's text layer must have under a dark patch: fewer are misreadings
_PLACEHOLDERS: Final = frozenset("xX×○〇●◯■□＊*_ー-")
_LABELS: Final = 3  # boxes that say the same
_SIZES: Final = 1.2
_MOST: Final = 300_000

Pixels = npt.NDArray[np.int16]


class Kind(StrEnum):
    """How a run of characters is not seen."""

    COVERED = "covered"  # painted over: a leak
    PATCHED = "patched"  # a picture or a pattern of their size lies above, as a mosaic does: a leak
    PICTURED = "pictured"  # something large with a pattern lies above
    BLANK = "blank"  # white, transparent, clipped or in a layer that is off
    OUTSIDE = "outside"  # beyond the paper
    LABEL = "label"  # the same words fitted into many boxes: what a program for redaction prints on them


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Neighbouring characters that are not seen for one reason. `box`: in the page as shown."""

    kind: Kind
    text: str
    box: Box


def unseen_runs(document: Any, page: Any, number: int) -> tuple[Run, ...]:
    """The runs of a loaded page. Call it holding `PDFIUM`. Raises DocumentError when drawing takes too long."""
    letters = letters_of(page)
    width, height = page.get_width(), page.get_height()
    wanted = np.array([letter.isalnum() for letter in letters.text], dtype=bool)
    if not wanted.any() or width <= 0 or height <= 0 or len(letters.text) > _MOST:
        return ()
    sight = _Sight(document, page, letters)
    kinds = {int(at): sight.kind(int(at)) for at in np.flatnonzero(wanted & sight.unseen)}
    told = {at: kind for at, kind in kinds.items() if kind is not None}
    for at in _printed_over(page, sight, letters, [at for at, kind in told.items() if kind is Kind.COVERED]):
        told[at] = Kind.LABEL
    runs = (_run(letters, told[group[0]], group, number) for group in _groups(letters, told))
    return tuple(run for run in runs if _tells(run, sight))


class _Sight:
    """Pictures of one page, with and without its text."""

    def __init__(self, document: Any, page: Any, letters: Letters) -> None:
        self._page = page
        self.size = (page.get_width(), page.get_height())
        self._scale = min(_DPI / 72, (_PIXELS / (self.size[0] * self.size[1])) ** 0.5)
        things = list(drawn_on(page))
        words = [thing for thing in things if thing.kind == raw.FPDF_PAGEOBJ_TEXT]
        others = [thing for thing in things if thing.kind != raw.FPDF_PAGEOBJ_TEXT]
        self.places = _seen_places(page, letters)
        self.shown = self._drawn(document)
        without = self._without(document, words)
        self._ink: npt.NDArray[np.bool_] | None = None
        self.unseen = ~self._touches(np.abs(self.shown - without).max(axis=2) >= _INK)
        self.unseen &= ~np.isnan(self.places[:, 0])
        self.things = {address(thing.handle): thing for thing in words}
        below, above = printed_over(page, letters, self.places, self.things)
        self._lower = self._without(document, above) if above else self.shown
        self._below = below & ~self.unseen & ~self._touches(np.abs(self._lower - without).max(axis=2) >= _INK)
        self.unseen |= self._below
        if self.unseen.any():
            alone = self._without(document, others, annotations=False)
            blank = self._without(document, things, annotations=False)
            self._ink = self._touches(np.abs(alone - blank).max(axis=2) >= _INK)
            if self._below.any():
                alone = self._without(document, [*others, *above], annotations=False)
                ink = self._touches(np.abs(alone - blank).max(axis=2) >= _INK)
                self._ink = np.where(self._below, ink, self._ink)
        self._covers = _Covers(page, others) if self.unseen.any() else None

    def kind(self, at: int) -> Kind | None:
        """Why one character is not seen; None where that is the usual way of a scan."""
        x0, y0, x1, y1 = (float(side) for side in self.places[at])
        width, height = self.size
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        if not (0 <= x <= width and 0 <= y <= height):
            return Kind.OUTSIDE
        assert self._covers is not None
        assert self._ink is not None
        below = bool(self._below[at])
        patch = self._patch(self._lower if below else self.shown, x0, y0, x1, y1)
        dark, even = _is_dark(patch), _is_even(patch)
        over = self._covers.over(x, y)
        inked = bool(self._ink[at])
        if even and dark and (inked or over is not None or self._covers.scanned(x, y)):
            return Kind.COVERED
        if self._covers.scanned(x, y):
            return None  # the text layer of a scan
        if not inked:
            return None if below else Kind.BLANK
        if over is not None and over <= _PATCH * width * height:
            return Kind.COVERED if even else Kind.PATCHED
        return None if below else Kind.PICTURED

    def scanned(self, box: Box) -> bool:
        """Whether a scan lies in the middle of a box: letters without ink there are what a machine read."""
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        return self._covers is not None and self._covers.scanned(x, y)

    def _drawn(self, document: Any) -> Pixels:
        return np.asarray(
            render(document, self._page, self._scale, colour=True, patience=_PATIENCE), dtype=np.int16
        )

    def _without(self, document: Any, things: Sequence[Drawn], *, annotations: bool = True) -> Pixels:
        for thing in things:
            raw.FPDFPageObj_SetIsActive(thing.handle, False)
        try:
            if annotations:
                return self._drawn(document)
            return _bare(self._page, self._scale)
        finally:
            for thing in things:
                raw.FPDFPageObj_SetIsActive(thing.handle, True)

    def _touches(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """For every character whether any pixel of the mask lies in its place."""
        rows, columns = mask.shape
        sums = np.zeros((rows + 1, columns + 1), dtype=np.int64)
        np.cumsum(np.cumsum(mask, axis=0), axis=1, out=sums[1:, 1:])
        sides = np.nan_to_num(self.places)
        x0 = np.clip(np.floor(sides[:, 0] * self._scale), 0, columns).astype(int)
        x1 = np.clip(np.ceil(sides[:, 2] * self._scale), 0, columns).astype(int)
        y0 = np.clip(np.floor((self.size[1] - sides[:, 3]) * self._scale), 0, rows).astype(int)
        y1 = np.clip(np.ceil((self.size[1] - sides[:, 1]) * self._scale), 0, rows).astype(int)
        found: npt.NDArray[np.bool_] = (sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]) > 0
        return found

    def _patch(self, picture: Pixels, x0: float, y0: float, x1: float, y1: float) -> Pixels:
        rows, columns = picture.shape[:2]
        left, right = round(x0 * self._scale), max(round(x1 * self._scale), round(x0 * self._scale) + 1)
        top, bottom = round((self.size[1] - y1) * self._scale), round((self.size[1] - y0) * self._scale)
        return picture[
            max(min(top, rows - 1), 0) : max(bottom, top + 1), max(min(left, columns - 1), 0) : max(right, 1)
        ]


def _bare(page: Any, scale: float) -> Pixels:
    """The page without annotations and fields."""
    bitmap = page.render(scale=scale, may_draw_forms=False, draw_annots=False, rev_byteorder=False)
    return np.asarray(bitmap.to_pil().convert("RGB"), dtype=np.int16)


class _Covers:
    """What lies on a page beside its text: solid paths, pictures, annotations; in the page as shown."""

    def __init__(self, page: Any, things: Sequence[Drawn]) -> None:
        bounds: list[tuple[float, float, float, float]] = []
        scans = []
        for thing in things:
            if thing.kind == raw.FPDF_PAGEOBJ_IMAGE:
                bounds.append(thing.bounds)
                scans.append(thing.bounds)
            elif thing.kind != raw.FPDF_PAGEOBJ_PATH or _is_solid(thing):
                bounds.append(thing.bounds)
        bounds += _annotations(page)
        area = page.get_width() * page.get_height()
        self._bounds = as_shown(page, np.array(bounds).reshape(-1, 4))
        pictures = as_shown(page, np.array(scans).reshape(-1, 4))
        self._scans = pictures[_areas(pictures) >= _LARGE * area] if len(pictures) else pictures

    def over(self, x: float, y: float) -> float | None:
        """The area of the smallest thing at a point, None where there is none."""
        here = self._bounds[_at(self._bounds, x, y)]
        return float(_areas(here).min()) if len(here) else None

    def scanned(self, x: float, y: float) -> bool:
        """Whether a picture of the whole page lies at a point."""
        return bool(_at(self._scans, x, y).any())


def _at(bounds: npt.NDArray[np.float64], x: float, y: float) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (
        (bounds[:, 0] <= x) & (x <= bounds[:, 2]) & (bounds[:, 1] <= y) & (y <= bounds[:, 3])
    )
    return found


def _areas(bounds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = (bounds[:, 2] - bounds[:, 0]) * (bounds[:, 3] - bounds[:, 1])
    return found


def _is_solid(thing: Drawn) -> bool:
    fill = fill_of(thing.handle)
    if fill is not None and fill[3] >= _SOLID:
        return True
    stroke = stroke_of(thing.handle)
    return (
        stroke is not None and stroke[0][3] >= _SOLID and stroke[1] > 2
    )  # a thick line covers words as a box does


def _annotations(page: Any) -> Iterator[tuple[float, float, float, float]]:
    hidden = {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_TEXT}
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), 5000)):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        place = raw.FS_RECTF()
        if raw.FPDFAnnot_GetSubtype(annotation) not in hidden and raw.FPDFAnnot_GetRect(annotation, place):
            yield (place.left, min(place.bottom, place.top), place.right, max(place.bottom, place.top))
        raw.FPDFPage_CloseAnnot(annotation)


def _seen_places(page: Any, letters: Letters) -> npt.NDArray[np.float64]:
    """Where each character stands; one without an extent of its own gets a point's width."""
    places = letters.places.copy()
    flat = (places[:, 2] - places[:, 0] < 0.2) | (places[:, 3] - places[:, 1] < 0.2)
    places[flat] += np.array([-0.5, -0.5, 0.5, 0.5])
    return places


def _is_even(patch: Pixels) -> bool:
    if not patch.size:
        return False
    low, high = np.percentile(patch.reshape(-1, 3), (5, 95), axis=0)
    return bool((high - low).max() <= _EVEN)


def _is_dark(patch: Pixels) -> bool:
    return bool(patch.size) and float(np.median(patch.max(axis=2))) <= _DARK


def _printed_over(page: Any, sight: _Sight, letters: Letters, covered: Sequence[int]) -> set[int]:
    """The covered characters that a program for redaction printed: one text in several boxes, in several sizes. A name
    that a marker of its own colour covers several times has one size."""
    if not covered:
        return set()
    textpage = page.get_textpage()
    by_thing: dict[int, list[int]] = {}
    for at, letter in enumerate(letters.text):
        if letter.isalnum():
            by_thing.setdefault(address(raw.FPDFText_GetTextObject(textpage, at)), []).append(at)
    alike: dict[str, list[tuple[float, list[int]]]] = {}
    hidden = set(covered)
    for owner, places in by_thing.items():
        thing = sight.things.get(owner)
        if thing is not None and not hidden.isdisjoint(places):
            height = thing.bounds[3] - thing.bounds[1]
            alike.setdefault("".join(letters.text[at] for at in places), []).append((height, places))
    found: set[int] = set()
    for several in alike.values():
        heights = [height for height, _ in several]
        if len(several) >= _LABELS and max(heights) > _SIZES * min(heights):
            found.update(at for _, places in several for at in places if at in hidden)
    return found


def _groups(letters: Letters, told: dict[int, Kind]) -> Iterator[list[int]]:
    """Neighbours of one kind on one line; what is no letter may stand between."""
    group: list[int] = []
    for at in sorted(told):
        if group and not _follows(letters, group[-1], at, told):
            yield group
            group = []
        group.append(at)
    if group:
        yield group


def _follows(letters: Letters, before: int, at: int, told: dict[int, Kind]) -> bool:
    if told[before] is not told[at] or any(letters.text[one].isalnum() for one in range(before + 1, at)):
        return False
    one, other = letters.places[before], letters.places[at]
    level = min(one[3], other[3]) - max(one[1], other[1])
    beside = min(one[2], other[2]) - max(one[0], other[0])
    return bool(level > 0 or (beside > 0 and at == before + 1))


def _run(letters: Letters, kind: Kind, group: list[int], number: int) -> Run:
    places = letters.places[group]
    text = "".join(letters.text[at] for at in range(group[0], group[-1] + 1) if letters.text[at] >= " ")
    box = Box(
        page=number,
        x0=float(places[:, 0].min()),
        y0=float(places[:, 1].min()),
        x1=float(places[:, 2].max()),
        y1=float(places[:, 3].max()),
    )
    return Run(kind=kind, text=text, box=box)


def _tells(run: Run, sight: _Sight) -> bool:
    """Whether a run says anything: not one stray letter, nor a row of XXX put there on purpose."""
    said = [letter for letter in run.text if letter.isalnum()]
    if len(set(said)) == 1 and said[0] in _PLACEHOLDERS:
        return False
    if run.kind is Kind.COVERED:
        return len(said) >= (_READ if sight.scanned(run.box) else 1)
    return len(said) > 1
