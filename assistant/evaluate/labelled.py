"""A labelled text ready to be measured: the document as the product sees it, and the gold spans placed in it.

Positions are offsets into the whole text: the pages joined with form feeds, each counting one character.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PureWindowsPath

from assistant.documents.text import of_file, of_passage
from assistant.domain.document import Document, Extent
from assistant.domain.provision import Head
from assistant.errors import DataFileError, DocumentError
from assistant.evaluate.gold import DocumentRow, GoldDecision, GoldSpan, PassageRow
from assistant.evaluate.rows import read_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSpan:
    """A gold span with the positions it covers: every occurrence of its text, overlapping ones included.

    `counted` are the positions that count: letters, digits and ideographs; for a span without any (such as ㊞) its
    characters without white space.
    """

    text: str
    decision: GoldDecision
    category: Head | None
    heads: tuple[Head, ...]
    covered: frozenset[int]
    counted: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One item: its document, its whole text and its gold spans."""

    id: str
    document: Document
    spans: tuple[PlacedSpan, ...]

    @cached_property
    def text(self) -> str:
        """The whole text."""
        return "\f".join(page.text for page in self.document.pages)

    @cached_property
    def _starts(self) -> dict[int, int]:
        starts, at = {}, 0
        for page in self.document.pages:
            starts[page.number] = at
            at += len(page.text) + 1
        return starts

    def page_start(self, number: int) -> int:
        """Where the page with this number begins in the whole text. Raises KeyError."""
        return self._starts[number]

    def whole(self, extent: Extent) -> range:
        """The positions of an extent in the whole text."""
        start = self.page_start(extent.page)
        return range(start + extent.start, start + extent.end)


def read_passages(path: Path) -> tuple[Labelled, ...]:
    """The items of a file for `evaluate passages`. Raises DataFileError with the line."""
    return tuple(
        _labelled(path, number, row, _passage(path, number, row))
        for number, row in read_rows(path, PassageRow)
    )


def read_documents(path: Path) -> tuple[Labelled, ...]:
    """The items of a list for `evaluate documents`; the text files lie beside the list. Raises DataFileError."""
    return tuple(
        _labelled(path, number, row, _beside(path, number, row))
        for number, row in read_rows(path, DocumentRow)
    )


def _passage(path: Path, number: int, row: PassageRow) -> Document:
    try:
        return of_passage(row.passage, name=row.id)
    except DocumentError as error:
        raise DataFileError(path, str(error), line=number) from None


def _beside(path: Path, number: int, row: DocumentRow) -> Document:
    # A list made on Windows is measured elsewhere too, and neither may reach outside its own folder.
    inside = PureWindowsPath(row.file)
    if inside.anchor or ".." in inside.parts:
        raise DataFileError(
            path,
            "「file」には、この一覧のあるフォルダの中のファイルを、一覧から見た場所で書いてください。",
            line=number,
        )
    try:
        return of_file(path.parent.joinpath(*inside.parts))
    except DocumentError as error:
        raise DataFileError(path, f"「file」のファイル：{error}", line=number) from None


def _labelled(path: Path, number: int, row: PassageRow | DocumentRow, document: Document) -> Labelled:
    text = "\f".join(page.text for page in document.pages)
    spans: list[PlacedSpan] = []
    seen: set[str] = set()
    for nth, span in enumerate(row.spans, 1):
        placed = place(span, text)
        if not placed.covered:
            raise DataFileError(
                path,
                f"「spans」の{nth}番目の「text」が文章の中にありません。",
                line=number,
                todo="文章の一部をそのまま写してください。",
            )
        if placed.text in seen:
            raise DataFileError(
                path,
                f"「spans」の{nth}番目の「text」が前にもあります。",
                line=number,
                todo="一つのspanは同じ文字列の全ての箇所に当たるので、一つにまとめてください。",
            )
        seen.add(placed.text)
        spans.append(placed)
    return Labelled(id=row.id, document=document, spans=tuple(spans))


def place(span: GoldSpan, text: str) -> PlacedSpan:
    """The span with its positions in `text`; none when its text does not occur."""
    part = span.text.replace("\r\n", "\n").replace("\r", "\n")
    covered: set[int] = set()
    at = text.find(part)
    while at >= 0:
        covered.update(range(at, at + len(part)))
        at = text.find(part, at + 1)
    counted = {i for i in covered if text[i].isalnum()} or {i for i in covered if not text[i].isspace()}
    return PlacedSpan(
        text=part,
        decision=span.decision,
        category=span.category,
        heads=span.heads,
        covered=frozenset(covered),
        counted=frozenset(counted),
    )
