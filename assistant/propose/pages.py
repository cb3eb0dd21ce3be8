"""What is done page by page: detection and the comparison with worked passages, side by side where a job has workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.domain.document import Document, Hidden, Page
from assistant.domain.entity import Entity, EntityKind
from assistant.domain.finding import Finding
from assistant.jobs.run import Run
from assistant.liken.likener import Likened, PagePiece, by_page
from assistant.propose.duplicates import same_texts
from assistant.propose.kept import entities_codec
from assistant.propose.tools import Likens, Tools

OnPage = Callable[[int, tuple[Entity, ...]], None]
"""Told the number of a page and what was found on it, as pages come; whose it is, and what becomes of it, comes later."""

DETECTING, HIDDEN, LIKENING, ARGUING = "detect", "hidden", "liken", "argue"
SEEKING, GATHERING = "sources", "gather"  # without pages
"""Stages of a job."""
_PIECE = 20_000  # letters of hidden text read at once


def unseen(number: int, entities: tuple[Entity, ...]) -> None:
    """Pages nobody waits for."""


class PageWork:
    """The pages of one document under one run. `unread`: numbers of pages that could not be read to the end."""

    def __init__(self, document: Document, tools: Tools, run: Run) -> None:
        self._document, self._tools, self._run = document, tools, run
        self.unread: set[int] = set()

    def detected(self, on_page: OnPage) -> tuple[tuple[Entity, ...], ...]:
        """What stands on each page, in the order of the pages; a page that says what another says is read once."""
        copies = {same[0].number: same for same in same_texts(self._document.pages).values()}
        found: dict[int, tuple[Entity, ...]] = {}

        def done(number: int, entities: tuple[Entity, ...]) -> None:
            for page in copies[number]:
                found[page.number] = _on(page, entities)
                on_page(page.number, found[page.number])

        read = self._run.each(
            DETECTING,
            self._tools.detect,
            {number: _bare(same[0]) for number, same in copies.items()},
            codec=entities_codec(self._document),
            done=done,
        )
        self.unread |= {page.number for number in copies.keys() - read.keys() for page in copies[number]}
        return tuple(found.get(page.number, ()) for page in self._document.pages)

    def likened(self, likener: Likens, entities: Sequence[Entity], findings: Sequence[Finding]) -> Likened:
        """The document as worked passages would have it; a page that could not be read says nothing."""
        pieces = by_page(self._document, entities, findings)
        read = self._run.each(LIKENING, likener.page, {piece.page.number: _small(piece) for piece in pieces})
        self.unread |= {piece.page.number for piece in pieces} - read.keys()
        return likener.likened(pieces, [read.get(piece.page.number) for piece in pieces])

    def hidden(self) -> Counter[EntityKind]:
        """How many pieces of each kind stand in what the pages do not show."""
        texts = [text for one in self._document.hidden for text in _pieces(one)]
        pages = {number: Page(number=number, text=text) for number, text in enumerate(texts, 1)}
        read = self._run.each(HIDDEN, self._tools.detect, pages)
        return Counter(entity.kind for entities in read.values() for entity in entities)


def _bare(page: Page) -> Page:
    """The page without its places on paper: detection reads words, and less goes to a worker."""
    return Page(number=page.number, text=page.text)


def _small(piece: PagePiece) -> PagePiece:
    """What the networks look at, and no more: wording and quotes stay here."""
    findings = tuple(
        replace(one, boxes=(), grounds=one.grounds[:1], citations=(), reason="", opinions=(), examples=())
        for one in piece.findings
    )
    return PagePiece(page=_bare(piece.page), entities=piece.entities, findings=findings)


def _on(page: Page, entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """The same entities on a copy of their page."""
    if all(extent.page == page.number for entity in entities for extent in entity.extents):
        return entities
    return tuple(
        replace(entity, extents=tuple(replace(extent, page=page.number) for extent in entity.extents))
        for entity in entities
    )


def _pieces(hidden: Hidden) -> list[str]:
    """The hidden text in pieces of some pages each, parted at line breaks where there are any."""
    pieces, rest = [], hidden.text
    while len(rest) > _PIECE:
        cut = rest.rfind("\n", 1, _PIECE) + 1 or _PIECE
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return [piece for piece in (*pieces, rest) if piece.strip()]
