"""The characters of a PDF page as pdfium reads them, each with its place on the page as shown.

pdfium gives places in the file's own coordinates. Here they are moved to the corner of the visible part (media box cut
by crop box) and turned as the page is turned. /UserUnit is not applied, see `pdf_picture.PageSize`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pypdfium2 import raw

Sides = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points of the page as shown."""

LOST: Final = "\ufffd"
"""Stands for a character the file draws without saying which it is."""

_HYPHENS: Final = frozenset({0x02, 0xFFFE})  # pdfium's signs for a hyphen at the end of a line
_TALLEST = 1.15  # of an em: fonts for Japanese claim up to 1.5, and would black out the lines above and below
_OUTLINED: Final = frozenset(
    {
        raw.FPDF_TEXTRENDERMODE_STROKE,
        raw.FPDF_TEXTRENDERMODE_FILL_STROKE,
        raw.FPDF_TEXTRENDERMODE_STROKE_CLIP,
        raw.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP,
    }
)
_INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE  # other modes may show: a clip lets a picture through


class Char(NamedTuple):
    """One code point. `sides`: None for what pdfium added (spaces between columns, ends of lines)."""

    letter: str
    sides: Sides | None
    thing: int  # key of `Characters.things`, 0 for none
    vague: bool = False  # the file does not say which character it is; pdfium guessed


@dataclass(frozen=True, slots=True)
class Thing:
    """A text object: drawn in one go. `em`: points; `inked`: whether its way of drawing leaves ink at all."""

    handle: Any
    em: float
    inked: bool
    upright: bool  # its lines run along or across the page, not askew
    sideways: bool  # in the file's own coordinates
    rim: float = 0.0  # points by which an outline sticks out of the letters on every side


@dataclass(slots=True)
class Characters:
    """All characters of a page in pdfium's order, ends of lines as one line feed."""

    chars: list[Char] = field(default_factory=list)
    things: dict[int, Thing] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The bare text."""
        return "".join(char.letter for char in self.chars)


def placer(page: Any) -> Callable[[float, float, float, float], Sides]:
    """From left, bottom, right, top in the file's coordinates to the sides on the page as shown."""
    left, bottom, right, top = page.get_bbox()
    turned = page.get_rotation()

    def place(x0: float, y0: float, x1: float, y1: float) -> Sides:
        x0, x1 = (x0 - left, x1 - left) if x0 <= x1 else (x1 - left, x0 - left)
        y0, y1 = (y0 - bottom, y1 - bottom) if y0 <= y1 else (y1 - bottom, y0 - bottom)
        if not turned:
            return x0, y0, x1, y1
        if turned == 90:
            return y0, right - left - x1, y1, right - left - x0
        if turned == 180:
            return right - left - x1, top - bottom - y1, right - left - x0, top - bottom - y0
        if turned == 270:
            return top - bottom - y1, x0, top - bottom - y0, x1
        return x0, y0, x1, y1  # no other turn is allowed

    return place


def characters(page: Any, textpage: Any) -> Characters:
    """Every character of a loaded page. Call it holding `PDFIUM`."""
    return _Reader(page, textpage).read()


class _Reader:
    """Holds the buffers pdfium writes into: a page has thousands of characters."""

    def __init__(self, page: Any, textpage: Any) -> None:
        self._text = textpage.raw
        self._count = max(0, textpage.count_chars())
        self._place = placer(page)
        self._out = Characters()
        self._numbers = tuple(ctypes.c_double() for _ in range(4))
        self._loose = raw.FS_RECTF()
        self._matrix = raw.FS_MATRIX()

    def read(self) -> Characters:
        chars, pending = self._out.chars, ""
        for index in range(self._count):
            code = raw.FPDFText_GetUnicode(self._text, index)
            if code == 0x0D:
                continue  # pdfium ends lines with both
            if code == 0x0A:
                chars.append(Char("\n", None, 0))
                continue
            if 0xD800 <= code < 0xDC00:
                pending = chr(code)  # the first half of a letter beyond the basic plane
                continue
            letter = _letter(code, pending)
            pending = ""
            if raw.FPDFText_IsGenerated(self._text, index) == 1:
                chars.append(Char(letter, None, 0))
                continue
            thing = self._thing(index)
            vague = letter == LOST or raw.FPDFText_HasUnicodeMapError(self._text, index) == 1
            chars.append(Char(letter, self._sides(index, self._out.things.get(thing)), thing, vague))
        return self._out

    def _thing(self, index: int) -> int:
        """The key of the object the character belongs to, described when it is met first."""
        handle = raw.FPDFText_GetTextObject(self._text, index)
        if not handle:
            return 0
        key = ctypes.addressof(handle.contents)
        if key not in self._out.things:
            matrix = self._matrix
            size = raw.FPDFText_GetFontSize(self._text, index)
            if not raw.FPDFText_GetMatrix(self._text, index, matrix):
                matrix.a, matrix.b, matrix.c, matrix.d = 1, 0, 0, 1
            along, across = max(abs(matrix.a), abs(matrix.d)), max(abs(matrix.b), abs(matrix.c))
            mode = raw.FPDFTextObj_GetTextRenderMode(handle)
            self._out.things[key] = Thing(
                handle=handle,
                em=abs(size) * abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5,
                inked=mode != _INVISIBLE,
                upright=min(along, across) < 0.05 * max(along, across),
                sideways=across > along,
                rim=_rim(handle, matrix, mode),
            )
        return key

    def _sides(self, index: int, thing: Thing | None) -> Sides | None:
        """The ink of the character, and its share of the line: as wide as it advances, about as high as an em."""
        x0, x1, y0, y1 = self._numbers
        known = raw.FPDFText_GetCharBox(self._text, index, x0, x1, y0, y1)
        left, bottom, right, top = x0.value, y0.value, x1.value, y1.value
        loose = self._loose
        if not raw.FPDFText_GetLooseCharBox(self._text, index, loose):
            return self._place(left, bottom, right, top) if known else None
        share = loose.left, loose.bottom, loose.right, loose.top
        if thing is not None and thing.upright:
            share = _trimmed(share, thing.em * _TALLEST, sideways=thing.sideways)
        if not known or right <= left or top <= bottom:  # a space has no ink
            return self._place(*share)
        rim = thing.rim if thing is not None else 0.0
        return self._place(
            min(left - rim, share[0]),
            min(bottom - rim, share[1]),
            max(right + rim, share[2]),
            max(top + rim, share[3]),
        )


def _rim(handle: Any, matrix: Any, mode: int) -> float:
    """Half the width of the line round the letters, 0 where they are only filled."""
    width = ctypes.c_float()
    if mode not in _OUTLINED or not raw.FPDFPageObj_GetStrokeWidth(handle, width):
        return 0.0
    return float(width.value) / 2


def _trimmed(sides: Sides, most: float, *, sideways: bool) -> Sides:
    """Not higher (wider, for lines that run up or down) than `most`, about the middle."""
    x0, y0, x1, y1 = sides
    if sideways:
        spare = (x1 - x0 - most) / 2
        return (x0 + spare, y0, x1 - spare, y1) if spare > 0 else sides
    spare = (y1 - y0 - most) / 2
    return (x0, y0 + spare, x1, y1 - spare) if spare > 0 else sides


def _letter(code: int, pending: str) -> str:
    if 0xDC00 <= code < 0xE000:
        if not pending:
            return LOST
        return chr(0x10000 + ((ord(pending) - 0xD800) << 10) + (code - 0xDC00))
    if code in _HYPHENS:
        return "-"
    if code == 0x09:
        return "\t"
    if code < 0x20 or 0x7F <= code < 0xA0 or code == 0xFFFF:
        return LOST
    return chr(code)
