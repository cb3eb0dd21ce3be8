"""Text that has no paper (.txt, .csv, mail) set on pages, with the place of every character: what is drawn is what is kept.

The text of a page is the given text, not the drawn one: a long line is wrapped on paper but stays one line for reading.
Two letters that share one glyph would come out of the PDF as one of them; here they do not, since places and text are
made together.
"""

from __future__ import annotations

import io
import math
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pikepdf

from assistant.documents.typeset_font import Embedded, Letters, embed, is_selector, japanese_font
from assistant.domain.boxes import CharBoxes
from assistant.domain.document import Page

WIDTH, HEIGHT = 595.28, 841.89
"""A4 in points."""
_MARGIN = 51.0
_SIZE = 10.5
_LEADING = 16.0
_TAB = _SIZE * 4
_LINES = int((HEIGHT - 2 * _MARGIN) // _LEADING)
_NOWHERE = math.nan
_SPACES = " \u3000"
_UNDRAWN = ("Cc", "Cf", "Cs", "Cn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Pages of text and the PDF they are on. `missing`: letters the font has no glyph for, each once."""

    pages: tuple[Page, ...]
    pdf: bytes
    missing: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A page before it is drawn: its text, the x and line of each character (line -1: not drawn)."""

    text: str
    places: list[tuple[float, int]]


def typeset(text: str) -> Set | None:
    """Sets text on A4 pages; a form feed begins a page. None where this machine has no font with Japanese letters."""
    file = japanese_font()
    if file is None:
        return None
    letters = Letters(file)
    try:
        placed = [page for part in text.split("\f") for page in _place(part, letters)]
        drawn = {
            letter for page in placed for letter, at in zip(page.text, page.places, strict=True) if at[1] >= 0
        }
        pdf = pikepdf.new()
        embedded = embed(pdf, letters, drawn)
        pages = tuple(_page(page, number, letters) for number, page in enumerate(placed, 1))
        for page in placed:
            _draw(pdf, page, embedded)
        made = io.BytesIO()
        pdf.save(made, compress_streams=True)
        missing = "".join(sorted(letter for letter in drawn if letter not in letters))
        return Set(pages=pages, pdf=made.getvalue(), missing=missing)
    finally:
        letters.close()


def _place(text: str, letters: Letters) -> Iterator[_Placed]:
    """The pages of a part; a page ends with the newline it breaks at, or within a line that goes on."""
    right = WIDTH - 2 * _MARGIN
    start, line, x = 0, 0, 0.0
    places: list[tuple[float, int]] = []
    for index, letter in enumerate(text):
        if letter == "\n":
            places.append((x, -1))
            line, x = line + 1, 0.0
        elif letter == "\t":
            places.append((x, -1))
            x = (math.floor(x / _TAB) + 1) * _TAB
            continue
        elif not _is_drawn(letter):
            places.append((x, -1))
            continue
        else:
            width = letters.width(letter) * _SIZE / 1000
            if x + width > right and x > 0:
                line, x = line + 1, 0.0
            if line < _LINES:
                places.append((x, line))
                x += width
        if line >= _LINES:
            done = index + 1 if letter == "\n" else index
            if done < len(text):
                yield _Placed(
                    text[start:done].removesuffix("\n"), places[: len(text[start:done].removesuffix("\n"))]
                )
                start, line, x, places = done, 0, 0.0, []
                if letter != "\n":
                    places.append((0.0, 0))
                    x = letters.width(letter) * _SIZE / 1000
    yield _Placed(text[start:], places)


@cache
def _is_drawn(letter: str) -> bool:
    """Whether a letter takes a place on paper; a form chosen for the one before it, or a control, takes none."""
    if letter in _SPACES:
        return True
    return not letter.isspace() and not is_selector(letter) and unicodedata.category(letter) not in _UNDRAWN


def _page(placed: _Placed, number: int, letters: Letters) -> Page:
    sides = array("f")
    up, down = letters.ascent * _SIZE / 1000, letters.descent * _SIZE / 1000
    for letter, (x, line) in zip(placed.text, placed.places, strict=True):
        if line < 0:
            sides.extend((_NOWHERE,) * 4)
            continue
        left, base = _MARGIN + x, _baseline(line)
        width = letters.width(letter) * _SIZE / 1000
        sides.extend((left, base + down, left + max(width, 1.0), base + up))
    boxes = CharBoxes.of_sides(number, sides)
    return Page(number=number, text=placed.text, boxes=boxes, width=WIDTH, height=HEIGHT)


def _baseline(line: int) -> float:
    return HEIGHT - _MARGIN - _SIZE - line * _LEADING


def _draw(pdf: pikepdf.Pdf, placed: _Placed, embedded: Embedded) -> None:
    parts = [f"BT /F1 {_SIZE} Tf"]
    run: list[str] = []
    begin: tuple[float, int] | None = None
    previous = -1
    for at, (letter, (x, line)) in enumerate(zip(placed.text, placed.places, strict=True)):
        if line < 0:
            continue
        if begin is None or line != begin[1] or at != previous + 1:
            parts.extend(_run(run, begin))
            run, begin = [], (x, line)
        run.append(f"{embedded.codes.get(letter, 0):04x}")
        previous = at
    parts.extend(_run(run, begin))
    parts.append("ET")
    page = pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=embedded.font))
    page.obj.Contents = pdf.make_stream("\n".join(parts).encode("ascii"))


def _run(codes: list[str], begin: tuple[float, int] | None) -> tuple[str, ...]:
    """Letters side by side, each as wide as the font says."""
    if begin is None or not codes:
        return ()
    return (f"1 0 0 1 {_MARGIN + begin[0]:.3f} {_baseline(begin[1]):.3f} Tm <{''.join(codes)}> Tj",)
