"""Words a machine read from a picture of a page, as text with a place for every character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from assistant.documents.ports import SeenWord
from assistant.domain.boxes import Box

DPI: Final = 300
"""At 200 recognition is no worse on clean prints; on faint ones it is."""
MOST_PIXELS: Final = 25_000_000
"""A3 at 300 dpi has 17 million. Recognition takes time and memory by the pixel."""

_WIDE_GAP: Final = 1.0  # of a letter's width: a gap in Japanese that was meant (between columns, 姓 and 名)
_LATIN_GAP: Final = 0.05


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """Text and, for each of its characters, a box in points of the page (None for spaces and ends of lines)."""

    text: str
    boxes: tuple[Box | None, ...]


@dataclass(frozen=True, slots=True)
class _Spot:
    letter: str
    x0: float
    y0: float
    x1: float
    y1: float
    vertical: bool


def lay_out(
    words: Sequence[SeenWord], *, number: int, pixels: tuple[int, int], size: tuple[float, float]
) -> ReadPicture:
    """The words of page `number`, read from a picture of `pixels` (width, height), on a page of `size` points.

    A word's box is shared out evenly among its characters. Recognition of Japanese puts words apart at every second
    character: the gap between two wide letters becomes a space only where it is as wide as a letter.
    """
    letters: list[str] = []
    boxes: list[Box | None] = []
    across, up = size[0] / max(1, pixels[0]), size[1] / max(1, pixels[1])
    for _, line in groupby((word for word in words if word.text.strip()), key=lambda word: word.line):
        if letters:
            letters.append("\n")
            boxes.append(None)
        before: _Spot | None = None
        for spot in _spots(line):
            if before is not None and _apart(before, spot):
                letters.append(" ")
                boxes.append(None)
            letters.append(spot.letter)
            boxes.append(
                Box(
                    page=number,
                    x0=max(0.0, spot.x0 * across),
                    y0=max(0.0, size[1] - spot.y1 * up),
                    x1=min(size[0], spot.x1 * across),
                    y1=min(size[1], size[1] - spot.y0 * up),
                )
            )
            before = spot
    return ReadPicture("".join(letters), tuple(boxes))


def _spots(words: Iterable[SeenWord]) -> Iterable[_Spot]:
    for word in words:
        text = "".join(word.text.split())
        step = ((word.y1 - word.y0) if word.vertical else (word.x1 - word.x0)) / max(1, len(text))
        for index, letter in enumerate(text):
            if word.vertical:
                top = word.y0 + index * step
                yield _Spot(letter, word.x0, top, word.x1, top + step, vertical=True)
            else:
                left = word.x0 + index * step
                yield _Spot(letter, left, word.y0, left + step, word.y1, vertical=False)


def _apart(before: _Spot, after: _Spot) -> bool:
    if after.vertical:
        gap, letter = after.y0 - before.y1, min(before.y1 - before.y0, after.y1 - after.y0)
    else:
        gap, letter = after.x0 - before.x1, min(before.x1 - before.x0, after.x1 - after.x0)
    if _is_wide(before.letter) or _is_wide(after.letter):
        return gap > _WIDE_GAP * max(letter, 1.0)
    return gap > _LATIN_GAP * max(letter, 1.0)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
