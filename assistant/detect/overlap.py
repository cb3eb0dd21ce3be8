"""Which spans share a letter with a given one, without asking every span: a passage may hold ten thousand."""

from __future__ import annotations

from typing import Generic, TypeVar

from assistant.domain.document import Extent

T = TypeVar("T")
_CELL = 64  # letters; most spans are shorter


class Spans(Generic[T]):
    """Things with a start and an end (excluded), kept by where they stand."""

    def __init__(self) -> None:
        self._cells: dict[int, list[tuple[int, int, int, T]]] = {}
        self._count = 0

    def add(self, start: int, end: int, thing: T) -> None:
        """Keeps `thing` at its place."""
        row = (self._count, start, end, thing)
        self._count += 1
        for cell in _cells(start, end):
            self._cells.setdefault(cell, []).append(row)

    def over(self, start: int, end: int) -> list[T]:
        """What shares a letter with the span, in the order in which it was added."""
        found = {
            row[0]: row
            for cell in _cells(start, end)
            for row in self._cells.get(cell, ())
            if row[1] < end and start < row[2]
        }
        return [found[number][3] for number in sorted(found)]


class Places(Generic[T]):
    """The same over all pages of a document."""

    def __init__(self) -> None:
        self._pages: dict[int, Spans[T]] = {}

    def add(self, extent: Extent, thing: T) -> None:
        """Keeps `thing` at its place."""
        self._pages.setdefault(extent.page, Spans()).add(extent.start, extent.end, thing)

    def over(self, extent: Extent) -> list[T]:
        """What shares a letter with the extent, in the order in which it was added."""
        page = self._pages.get(extent.page)
        return page.over(extent.start, extent.end) if page else []


def _cells(start: int, end: int) -> range:
    return range(start // _CELL, max(start, end - 1) // _CELL + 1)
