"""The places of many characters on paper, kept small: a 300-page file has half a million of them."""

from __future__ import annotations

import base64
import binascii
import math
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

_SIDES = 4
_NOWHERE = math.nan
_LARGEST = 64 * 1024 * 1024  # bytes of one page's places, unpacked; more is damage


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on a page: points (1/72 inch) as the page is shown (cropped and turned), origin bottom left, y up."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    def meets(self, other: Box) -> bool:
        """Whether the two share an area."""
        return (
            self.page == other.page
            and self.x0 < other.x1
            and other.x0 < self.x1
            and self.y0 < other.y1
            and other.y0 < self.y1
        )

    def grown(self, by: float) -> Box:
        """The box, `by` points wider on every side."""
        return Box(page=self.page, x0=self.x0 - by, y0=self.y0 - by, x1=self.x1 + by, y1=self.y1 + by)


class CharBoxes(Sequence[Box | None]):
    """One box per character of a page, None where a character has no place on paper. Immutable; single precision."""

    __slots__ = ("_page", "_sides")

    def __init__(self, page: int, boxes: Iterable[Box | None]) -> None:
        sides = array("f")
        for box in boxes:
            sides.extend((box.x0, box.y0, box.x1, box.y1) if box else (_NOWHERE,) * _SIDES)
        self._page = page
        self._sides = sides

    @classmethod
    def of_sides(cls, page: int, sides: array[float]) -> CharBoxes:
        """From x0, y0, x1, y1 of each character in turn (typecode "f"), NaN where it has no place."""
        if sides.typecode != "f" or len(sides) % _SIDES:
            raise ValueError("four single-precision sides for every character")
        made = cls(page, ())
        made._sides = sides
        return made

    @classmethod
    def nowhere(cls, page: int, count: int) -> CharBoxes:
        """`count` characters without a place: pasted text."""
        return cls.of_sides(page, array("f", [_NOWHERE]) * (count * _SIDES))

    @property
    def anywhere(self) -> bool:
        """Whether any character has a place."""
        return any(side == side for side in self._sides[::_SIDES])  # noqa: PLR0124 NaN alone differs from itself

    @property
    def sides(self) -> array[float]:
        """x0, y0, x1, y1 of each character in turn, NaN where it has no place; not to be changed."""
        return self._sides

    def packed(self) -> str:
        """The boxes as text for the record; empty where no character has a place."""
        if not self.anywhere:
            return ""
        sides = array("f", self._sides)
        if sys.byteorder != "little":
            sides.byteswap()
        return base64.b64encode(zlib.compress(sides.tobytes(), 6)).decode("ascii")

    @classmethod
    def unpacked(cls, page: int, text: str, count: int) -> CharBoxes:
        """What `packed` wrote for a page of `count` characters. Raises ValueError for anything else."""
        if not text:
            return cls.nowhere(page, count)
        try:
            engine = zlib.decompressobj()
            raw = engine.decompress(base64.b64decode(text, validate=True), _LARGEST)
        except (binascii.Error, zlib.error) as error:
            raise ValueError("not the packed places of characters") from error
        sides = array("f")
        if len(raw) != count * _SIDES * sides.itemsize or not engine.eof:
            raise ValueError("not as many places as characters")
        sides.frombytes(raw)
        if sys.byteorder != "little":
            sides.byteswap()
        return cls.of_sides(page, sides)

    def __len__(self) -> int:
        return len(self._sides) // _SIDES

    @overload
    def __getitem__(self, index: int) -> Box | None: ...
    @overload
    def __getitem__(self, index: slice) -> CharBoxes: ...
    def __getitem__(self, index: int | slice) -> Box | CharBoxes | None:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step == 1:
                return CharBoxes.of_sides(self._page, self._sides[start * _SIDES : max(start, stop) * _SIDES])
            return CharBoxes(self._page, (self[at] for at in range(start, stop, step)))
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(index)
        x0, y0, x1, y1 = self._sides[at * _SIDES : (at + 1) * _SIDES]
        return None if math.isnan(x0) else Box(page=self._page, x0=x0, y0=y0, x1=x1, y1=y1)

    def __iter__(self) -> Iterator[Box | None]:
        return (self[at] for at in range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str) or len(other) != len(self):
            return NotImplemented if not isinstance(other, Sequence) else False
        if isinstance(other, CharBoxes):
            return self._sides.tobytes() == other._sides.tobytes()
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(self._sides.tobytes())

    def __repr__(self) -> str:
        return f"CharBoxes(page={self._page}, characters={len(self)})"
