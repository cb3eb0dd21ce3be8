"""The invisible text over a page's picture: disclosed characters only, each where it is seen (text render mode 3)."""

from __future__ import annotations

import math
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.domain.document import Page
from assistant.redact.areas import Floats
from assistant.redact.glyphless import ASCENT, EM, Codes

_LEVEL: Final = 0.5  # share of the smaller extent across the line that two characters of one line share
_NEAR: Final = (
    0.35  # em: a gap up to this belongs to the character before it; no reader takes it for a space then
)
_SUNK: Final = 0.15  # of a character's size by which its middle may be off the middle of the run's first
_MOVED: Final = 12  # thousandths of an em: nearer than this a character is where it should be
_LEAST: Final = 0.5  # points: a font smaller than this is none to some readers
_APART: Final = 0.002  # points by which the sizes of runs that say the same differ
_SIZES: Final = 8  # sizes in turn: more than the things before one that pdfium compares it with

Sides = tuple[float, float, float, float]


@dataclass(slots=True)
class _Run:
    """What stands on one line, in order. `texts`: one entry a code stands for: a character, a ligature's letters, a space.

    `places`: where each is seen. `way`: quarter turns clockwise by which the line is turned, None while it has one entry.
    """

    texts: list[str] = field(default_factory=list)
    places: list[Sides] = field(default_factory=list)
    way: int | None = None


class _Kind(IntEnum):
    BREAK = 0  # ends a line
    SPACE = 1
    SKIP = 2  # cannot be written: controls, halves of pairs, what is no character
    WRITE = 3


def text_layer(
    page: Page, sides: Floats, withheld: NDArray[np.bool_], codes: Codes, font: str
) -> tuple[bytes, str]:
    """The instructions (to follow the picture) and the text they hold, for a page as shown.

    Characters that cannot be written (controls, halves of pairs) or have no place and no neighbour are left out.
    """
    written: list[str] = []
    kept: list[str] = []
    said: Counter[str] = Counter()
    for run in _runs(page.text, sides, withheld):
        text = "".join(run.texts)
        # pdfium drops a line that says what one just before it said in the same size, where the two touch.
        written.append(_instructions(run, codes, font, more=said[text] % _SIZES * _APART))
        said[text] += 1
        kept.append(text)
    if not written:
        return b"", ""
    return ("BT\n3 Tr\n" + "".join(written) + "ET\n").encode("ascii"), "\n".join(kept)


def _runs(text: str, sides: Floats, withheld: NDArray[np.bool_]) -> Iterator[_Run]:
    """The disclosed characters by line and by gap."""
    run = _Run()
    spaces = 0  # white space seen since the last entry
    middle = 0.0  # of the run's first place, up the page
    for letter, (x0, y0, x1, y1), gone in zip(text, sides.tolist(), withheld.tolist(), strict=True):
        kind = _KINDS.get(letter) or _kind(letter)
        if gone or kind == _Kind.BREAK:
            if run.texts:
                yield run
                run = _Run()
            spaces = 0
            continue
        if kind != _Kind.WRITE:
            spaces += kind == _Kind.SPACE
            continue
        place = (x0, y0, x1, y1)
        if run.texts:
            last = run.places[-1]
            # Most characters: one to the right of the last, on its base line. Said first, for speed.
            high = y1 - y0
            if (
                run.way == 0
                and not spaces
                and last[0] + 0.01 < x0 <= last[2] + high
                and -_SUNK * high <= (y0 + y1) / 2 - middle <= _SUNK * high
            ):
                run.texts.append(letter)
                run.places.append(place)
                continue
            if x0 != x0 or (not spaces and _same(last, place)):  # noqa: PLR0124 NaN: it has no place of its own
                run.texts[-1] += letter
                continue
            if not _continues(run, place, spaced=spaces > 0):
                yield run
                run = _Run()
            elif spaces:
                run.texts.append(" ")
                run.places.append(_between(last, place, run.way or 0))
        elif x0 != x0:  # noqa: PLR0124
            continue
        if not run.texts:
            middle = (y0 + y1) / 2
        run.texts.append(letter)
        run.places.append(place)
        spaces = 0
    if run.texts:
        yield run


_KINDS: Final[dict[str, _Kind]] = {}


def _kind(letter: str) -> _Kind:
    if letter in "\n\r\f\v\u2028\u2029":
        kind = _Kind.BREAK
    elif letter.isspace():
        kind = _Kind.SPACE
    else:
        kind = _Kind.SKIP if unicodedata.category(letter) in {"Cc", "Cs", "Cn"} else _Kind.WRITE
    _KINDS[letter] = kind
    return kind


def _same(one: Sides, other: Sequence[float]) -> bool:
    return all(abs(here - there) < 0.01 for here, there in zip(one, other, strict=True))


def _continues(run: _Run, place: Sides, *, spaced: bool) -> bool:
    """Whether a place goes on with the run's line; the second one decides which way the line runs."""
    last = run.places[-1]
    way = _way(last, place)
    if way is None or (run.way is not None and way != run.way):
        return False
    size = _across(last, way)
    start, end = _along(last, way)
    begin, _ = _along(place, way)
    # A wide gap is another column or cell; without a space in the text it would be read as one.
    if begin - end > size * (3.0 if spaced else 1.0) or begin < start - 0.5 * size:
        return False
    # All of a run stand on one base line: what rises or sinks (slanted lines, raised figures) gets a run of its own.
    if abs(_middle(place, way) - _middle(run.places[0], way)) > _SUNK * size:
        return False
    run.way = way
    return True


def _way(one: Sides, other: Sides) -> int | None:
    """0: to the right, 1: downwards, 2: to the left, 3: upwards; None: neither level nor plumb."""
    level = min(one[3], other[3]) - max(one[1], other[1])
    plumb = min(one[2], other[2]) - max(one[0], other[0])
    is_level = level > _LEVEL * min(one[3] - one[1], other[3] - other[1])
    is_plumb = plumb > _LEVEL * min(one[2] - one[0], other[2] - other[0])
    right = other[0] + other[2] - one[0] - one[2]
    up = other[1] + other[3] - one[1] - one[3]
    if is_level and (not is_plumb or abs(right) >= abs(up)):
        return 0 if right >= 0 else 2
    if is_plumb:
        return 3 if up > 0 else 1
    return None


def _from_right(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)


def _along(sides: Sides, way: int) -> tuple[float, float]:
    """Where a place begins and ends along a line."""
    if way % 2 == 0:
        return (sides[0], sides[2]) if way == 0 else (-sides[2], -sides[0])
    return (-sides[3], -sides[1]) if way == 1 else (sides[1], sides[3])


def _across(sides: Sides, way: int) -> float:
    """The size of a place across a line."""
    return max(sides[3] - sides[1] if way % 2 == 0 else sides[2] - sides[0], _LEAST)


def _middle(sides: Sides, way: int) -> float:
    """The middle of a place across the line."""
    return (sides[1] + sides[3]) / 2 if way % 2 == 0 else (sides[0] + sides[2]) / 2


def _between(last: Sides, following: Sides, way: int) -> Sides:
    """The place of a space, from the last place to the next."""
    if way == 0:
        return (last[2], last[1], max(last[2], following[0]), last[3])
    if way == 1:
        return (last[0], min(last[1], following[3]), last[2], last[1])
    if way == 2:
        return (min(last[0], following[2]), last[1], last[0], last[3])
    return (last[0], last[3], last[2], max(last[3], following[1]))


_TURNS: Final = ("1 0 0 1", "0 -1 1 0", "-1 0 0 -1", "0 1 -1 0")


def _instructions(run: _Run, codes: Codes, font: str, *, more: float) -> str:
    """One run: where it begins, then its codes with what moves each into its place. `more`: points added to its size."""
    way, texts, places = run.way or 0, run.texts, run.places
    if way == 2 and any(_from_right(text) for text in texts):
        # Readers expect a script written from the right in the order it is seen, and turn it round themselves.
        way, texts, places = 0, texts[::-1], places[::-1]
    sizes = [_across(place, way) for text, place in zip(texts, places, strict=True) if text != " "]
    size = (sizes[0] if min(sizes) == max(sizes) else statistics.median(sizes)) + more
    begin = _along(places[0], way)[0]
    scale = EM / size
    spans = (
        [(place[0], place[2]) for place in places] if way == 0 else [_along(place, way) for place in places]
    )
    starts = [(start - begin) * scale for start, _ in spans]
    ends = [(end - begin) * scale for _, end in spans]
    shown: list[str] = []
    pen = 0.0  # thousandths of an em from the beginning
    following = [*starts[1:], math.inf]
    for text, start, end, after in zip(texts, starts, ends, following, strict=True):
        stop = after if start < after < end + _NEAR * EM else end
        found = codes.code(text, stop - start)
        if found is None:
            continue
        code, width = found
        if not -_MOVED < start - pen < _MOVED:
            shown.append(f">{round(pen - start)}<")
            pen = start
        shown.append(code)
        pen += width
    x, y = _base(places[0], way, size)
    moved = f"/{font} {_short(size)} Tf {_TURNS[way]} {_short(x)} {_short(y)} Tm\n"
    return (moved + "[<" + "".join(shown) + ">]TJ\n").replace("[<>", "[")


def _base(sides: Sides, way: int, size: float) -> tuple[float, float]:
    """Where the base line of a run begins."""
    below = (1 - ASCENT) * size
    if way == 0:
        return sides[0], (sides[1] + sides[3] - size) / 2 + below
    if way == 1:
        return (sides[0] + sides[2] - size) / 2 + below, sides[3]
    if way == 2:
        return sides[2], (sides[1] + sides[3] + size) / 2 - below
    return (sides[0] + sides[2] + size) / 2 - below, sides[1]


def _short(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".") or "0"
