"""From a page to what officers decided about the like: spans with a decision, a head, a kind, and how sure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.detect.injection import silenced
from assistant.detect.sheet import LabelIndex, Sheet
from assistant.domain.document import Document, Extent, Page
from assistant.domain.entity import Entity
from assistant.domain.finding import Decision, Example, Finding
from assistant.domain.likeness import Lean, Likeness
from assistant.domain.provision import Head
from assistant.liken.alphabet import DISCLOSE, HEADS
from assistant.liken.features import Columns, WordRows, columns_of
from assistant.liken.network import Network, Read
from assistant.liken.shelf import Shelf
from assistant.liken.spans import LikenedPage, Shares

LEAST = 8
"""Words a page must have to be like anything: of fewer, worked passages have taught nothing."""
WINDOW, STRIDE = 512, 384
"""Words read at once, and from one window to the next: worked passages are no longer than a window."""


class Likened:
    """A whole document as worked passages would have it."""

    def __init__(self, pages: Mapping[int, LikenedPage], shelf: Shelf | None = None) -> None:
        self._pages, self._shelf = pages, shelf

    def likenesses(self) -> tuple[Likeness, ...]:
        """Every place that the like of was withheld or asked about, in reading order."""
        return tuple(one for page in self._pages.values() for one in page.likenesses())

    def lean(self, extents: Sequence[Extent]) -> Lean | None:
        """How a place leans, by its first page; None where nothing tells."""
        page = self._pages.get(extents[0].page) if extents else None
        return page.lean([extent for extent in extents if extent.page == extents[0].page]) if page else None

    def examples(
        self, extents: Sequence[Extent], decision: Decision, head: Head | None
    ) -> tuple[Example, ...]:
        """The worked examples a place is most like, among those decided so."""
        page = self._pages.get(extents[0].page) if extents else None
        if page is None or self._shelf is None:
            return ()
        return self._shelf.likest(page.seen(extents), decision, head)


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePiece:
    """One page with what detection and policy made of it; small enough to be handed to another process."""

    page: Page
    entities: tuple[Entity, ...]
    findings: tuple[Finding, ...]


class Likener:
    """Reads pages with the trained networks. Stateless after construction; safe to share between threads."""

    def __init__(
        self, networks: Sequence[Network], vectors: WordRows, labels: LabelIndex, shelf: Shelf | None = None
    ) -> None:
        self._networks, self._vectors, self._labels = tuple(networks), vectors, labels
        self._shelf = shelf

    def liken(self, document: Document, entities: Sequence[Entity], findings: Sequence[Finding]) -> Likened:
        """Reads the whole document; `entities` and `findings` are what detection and policy made of it."""
        pieces = by_page(document, entities, findings)
        return self.likened(pieces, [self.page(piece) for piece in pieces])

    def page(self, piece: PagePiece) -> Shares | None:
        """What the networks say of one page; None where it has too few words. Needs nothing of the other pages."""
        sheet = Sheet(silenced(piece.page, piece.entities), self._labels)
        columns = columns_of(sheet, piece.entities, piece.findings, self._vectors)
        if len(columns) < LEAST:
            return None
        shares = self.shares(columns)
        return shares if self._shelf is None else self._shelf.projected(shares)

    def likened(self, pieces: Sequence[PagePiece], read: Sequence[Shares | None]) -> Likened:
        """The document put together from what `page` gave for each of its pieces, in their order."""
        pages = {
            piece.page.number: LikenedPage(piece.page, shares)
            for piece, shares in zip(pieces, read, strict=True)
            if shares is not None
        }
        return Likened(pages, self._shelf)

    def shares(self, columns: Columns) -> Shares:
        """The mean of the networks, window by window; each word is taken from the window it stands deepest in."""
        parts = [self._read(columns.cut(start, end)) for start, end in _windows(len(columns))]
        labels = np.zeros((len(columns), parts[0].labels.shape[1]), dtype=np.float32)
        kinds = np.zeros((len(columns), parts[0].kinds.shape[1]), dtype=np.float32)
        begins = np.zeros(len(columns), dtype=np.float32)
        hidden = np.zeros((len(columns), parts[0].hidden.shape[1]), dtype=np.float32)
        margin = (WINDOW - STRIDE) // 2
        for (start, end), read in zip(_windows(len(columns)), parts, strict=True):
            skip = margin if start else 0
            labels[start + skip : end], kinds[start + skip : end] = read.labels[skip:], read.kinds[skip:]
            begins[start + skip : end], hidden[start + skip : end] = read.begins[skip:], read.hidden[skip:]
        first = DISCLOSE + 1
        return Shares(
            spans=columns.spans,
            open=labels[:, :first].sum(axis=1),
            ask=labels[:, first : first + len(HEADS)],
            withhold=labels[:, first + len(HEADS) :],
            kinds=kinds,
            begins=begins,
            hidden=hidden,
        )

    def _read(self, columns: Columns) -> Read:
        reads = [network.read(columns) for network in self._networks]
        if len(reads) == 1:
            return reads[0]
        return Read(
            labels=np.mean([read.labels for read in reads], axis=0),
            kinds=np.mean([read.kinds for read in reads], axis=0),
            begins=np.mean([read.begins for read in reads], axis=0),
            hidden=reads[0].hidden,
        )


def _windows(size: int) -> Iterator[tuple[int, int]]:
    start = 0
    while True:
        yield start, min(start + WINDOW, size)
        if start + WINDOW >= size:
            return
        start += STRIDE


def by_page(
    document: Document, entities: Sequence[Entity], findings: Sequence[Finding]
) -> tuple[PagePiece, ...]:
    """The document page by page; what stands on two pages goes with both. Takes time linear in all three."""
    found: dict[int, list[Entity]] = defaultdict(list)
    ruled: dict[int, list[Finding]] = defaultdict(list)
    for entity in entities:
        for number in {extent.page for extent in entity.extents}:
            found[number].append(entity)
    for finding in findings:
        for number in {extent.page for extent in finding.extents}:
            ruled[number].append(finding)
    return tuple(
        PagePiece(page=page, entities=tuple(found[page.number]), findings=tuple(ruled[page.number]))
        for page in document.pages
    )
