"""One page of a PDF: the text that is seen with its places, the text that is not, and why either may be wrong."""

from __future__ import annotations

import ctypes
import math
import time
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pypdfium2
from pypdfium2 import raw

from assistant.documents.doubts import Doubt
from assistant.documents.pdf_lines import join, lines_of
from assistant.documents.pdf_picture import PageSize, load_page, render, size_of
from assistant.documents.pdf_seen import Sight, bounds_of, unseen
from assistant.documents.pdf_text import LOST, Char, Characters, Sides, characters, placer
from assistant.errors import DocumentError
from assistant.text.garbled import garbled_in

MOST_LETTERS: Final = 600_000
"""Of one page; a page of a newspaper has twenty thousand. So many take fifteen seconds."""

_BLANK_DPI: Final = 50.0
_BLANK_SPREAD: Final = 10  # of 255 between the lightest and darkest pixel of an empty page
_UNTOLD: Final = 0.2  # of the letters: where so many are guessed, the page is read as a picture too
_LARGE: Final = 0.15  # of the page: a picture in which there may be a whole letter
_NOTABLE: Final = 0.002  # of the page: a seal has about 0.006
_DEEPEST: Final = 8
_UNDRAWN: Final = frozenset({raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_TEXT})
_NOWHERE: Final = (math.nan,) * 4


@dataclass(slots=True)
class ReadPage:
    """What one page says. `plain`: all its text as pdfium reads it, seen or not, for the second reading.

    `wanted`: why it should be read as a picture: None, "all" (its text is missing or can't be trusted) or "pictures"
    (the large pictures on it, in points as shown).
    """

    number: int
    size: PageSize
    text: str = ""
    sides: array[float] = field(default_factory=lambda: array("f"))
    plain: str = ""
    unseen: str = ""
    outside: str = ""
    doubts: set[Doubt] = field(default_factory=set)
    wanted: str | None = None
    garbled: int = 0  # lines
    pictures: list[Sides] = field(default_factory=list)


class PageReader:
    """Reads the pages of an open document one after another. Call it holding `PDFIUM`.

    `sight`: seconds that may go into telling what is seen from what is not, for all pages together; pages after that
    get a doubt.
    """

    def __init__(self, document: Any, *, sight: float) -> None:
        self._document = document
        self._sight = sight
        self._met: set[tuple[int, ...]] = set()

    def read(self, number: int) -> ReadPage:
        """The page with this number, from 1. Raises DocumentError for a damaged one."""
        page = load_page(self._document, number)
        try:
            size = size_of(page)
            if not (math.isfinite(size.width) and math.isfinite(size.height) and min(size[:2]) > 0):
                raise DocumentError(
                    f"{number}ページ目の大きさが壊れています。作成元のソフトでPDFに保存し直してください。"
                )
            read = _text_of(page, number)
            out = ReadPage(number=number, size=size, plain=read.text)
            # Words of fields and comments stand in the text only once they are part of the page.
            if (
                _draws_annotations(page)
                and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
            ):
                page.close()
                page = load_page(self._document, number)
                read = _text_of(page, number)
            self._fill(out, page, read)
            return out
        finally:
            page.close()

    def _fill(self, out: ReadPage, page: Any, read: Characters) -> None:
        sight = self._seen(out, page, read)
        inside, outside, lost = _sorted_out(read.chars, sight, out.size)
        out.text, places = join(lines_of(inside))
        out.sides = _clipped(places, out.size)
        out.outside = join(lines_of(outside))[0]
        out.unseen = join(lines_of(lost))[0]
        _doubt_letters(out, inside)
        if sight.layer:
            out.doubts.add(Doubt.OCR_LAYER)
        if sight.spilt:
            out.doubts.add(Doubt.SPILT)
        self._look_at_pictures(out, page)
        if not out.text.strip() and not _is_blank(self._document, page):
            out.doubts.add(Doubt.IMAGE_ONLY)
            out.wanted = "all"
        elif _untrusted(out, inside):
            out.wanted = "all"
        elif out.pictures and Doubt.OCR_LAYER not in out.doubts:
            out.wanted = "pictures"

    def _seen(self, out: ReadPage, page: Any, read: Characters) -> Sight:
        if self._sight <= 0:
            out.doubts.add(Doubt.SIGHT_UNKNOWN)
            return Sight()
        begun = time.monotonic()
        try:
            return unseen(self._document, page, read)
        except DocumentError:
            out.doubts.add(Doubt.SIGHT_UNKNOWN)
            return Sight()
        finally:
            self._sight -= time.monotonic() - begun

    def _look_at_pictures(self, out: ReadPage, page: Any) -> None:
        """Large pictures are read; others are only said to be there, a letterhead on its first page alone."""
        place, whole = placer(page), out.size.width * out.size.height
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST):
            bounds = bounds_of(item)
            if bounds is None:
                continue
            x0, y0, x1, y1 = place(*bounds)
            x0, y0, x1, y1 = max(0.0, x0), max(0.0, y0), min(out.size.width, x1), min(out.size.height, y1)
            share = max(0.0, x1 - x0) * max(0.0, y1 - y0) / whole
            if share < _NOTABLE:
                continue
            known = (*(round(side) for side in (x0, y0, x1, y1)), *_pixels(item))
            if known not in self._met:
                self._met.add(known)
                out.doubts.add(Doubt.PICTURE)
                if share >= _LARGE:
                    out.pictures.append((x0, y0, x1, y1))


def _pixels(item: Any) -> tuple[int, int]:
    wide, high = ctypes.c_uint(), ctypes.c_uint()
    raw.FPDFImageObj_GetImagePixelSize(item, wide, high)
    return wide.value, high.value


def _text_of(page: Any, number: int) -> Characters:
    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return Characters()
    try:
        if textpage.count_chars() > MOST_LETTERS:
            raise DocumentError(
                f"{number}ページ目は文字が多すぎて開けません。そのページを画像にして差し替えるか、除いてから開いてください。"
            )
        return characters(page, textpage)
    finally:
        textpage.close()


def _draws_annotations(page: Any) -> bool:
    for index in range(min(10_000, raw.FPDFPage_GetAnnotCount(page))):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if kind not in _UNDRAWN:
            return True
    return False


def _sorted_out(
    chars: Sequence[Char], sight: Sight, size: PageSize
) -> tuple[list[Char], list[Char], list[Char]]:
    """What is seen, what stands outside the visible part, and what can't be seen. Ends of lines go to all."""
    inside: list[Char] = []
    outside: list[Char] = []
    lost: list[Char] = []
    gone = sight.hidden - sight.layer
    for index, char in enumerate(chars):
        if char.letter == "\n":
            inside.append(char)
            outside.append(char)
            lost.append(char)
        elif char.sides is not None and not _is_within(char.sides, size):
            outside.append(char)
        else:
            (lost if index in gone else inside).append(char)
    return inside, outside, lost


def _is_within(sides: Sides, size: PageSize) -> bool:
    x, y = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
    return 0 <= x <= size.width and 0 <= y <= size.height


def _clipped(places: Iterable[Sides | None], size: PageSize) -> array[float]:
    sides = array("f")
    for place in places:
        if place is None or not all(map(math.isfinite, place)):
            sides.extend(_NOWHERE)
            continue
        x0, y0, x1, y1 = place
        sides.extend((max(0.0, x0), max(0.0, y0), min(size.width, x1), min(size.height, y1)))
    return sides


def _doubt_letters(out: ReadPage, chars: Sequence[Char]) -> None:
    if any(char.vague and (char.letter == LOST or char.letter.isalnum()) for char in chars):
        out.doubts.add(Doubt.NO_MAPPING)
    if any(unicodedata.category(char.letter) == "Co" for char in chars):
        out.doubts.add(Doubt.GAIJI)
    garbled = garbled_in(out.text.replace(LOST, ""))  # what has no letter is said already
    if garbled is not None:
        out.doubts.add(Doubt.GARBLED)
        out.garbled = garbled.lines


def _untrusted(out: ReadPage, chars: Sequence[Char]) -> bool:
    letters = [char for char in chars if char.letter.strip()]
    vague = sum(char.vague for char in letters)
    return vague > _UNTOLD * max(1, len(letters)) or out.garbled > _UNTOLD * (out.text.count("\n") + 1)


def _is_blank(document: Any, page: Any) -> bool:
    width, height = page.get_width(), page.get_height()
    scale = min(_BLANK_DPI / 72, (1_000_000 / (width * height)) ** 0.5)
    try:
        seen = np.asarray(render(document, page, scale, colour=False, patience=5.0))
    except DocumentError:
        return False
    return int(seen.max()) - int(seen.min()) < _BLANK_SPREAD
