"""What the recipe needs, and nothing of how it is made: that is `wiring.py`'s business."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document, Page
from assistant.domain.entity import Entity, Facts
from assistant.domain.finding import Finding, Opinion, ProposalWarning
from assistant.domain.source import Source
from assistant.domain.usage import PageUsage
from assistant.jobs.run import ALONE, Run
from assistant.liken.likener import Likened, PagePiece
from assistant.liken.spans import Shares
from assistant.policy.rules import Policy
from assistant.retrieve.query import SearchQuery, SearchResults

Detect = Callable[[Page], tuple[Entity, ...]]
ReadTogether = Callable[[Document, Sequence[Sequence[Entity]]], Facts]


class Search(Protocol):
    """The retriever, as far as the recipe uses it."""

    def search(self, query: SearchQuery) -> SearchResults:
        """Sources for a query, best first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Argued:
    """What a model added: findings of its own, opinions on the rules' findings by finding id, and what went wrong."""

    findings: tuple[Finding, ...]
    opinions: tuple[tuple[str, Opinion], ...]
    warnings: tuple[ProposalWarning, ...]
    model: str
    prompt_hash: str
    usage: tuple[PageUsage, ...] = ()


class Likens(Protocol):
    """Worked passages, as far as the recipe uses them."""

    def page(self, piece: PagePiece) -> Shares | None:
        """What the networks say of one page; None where it is too short to be like anything."""
        ...

    def likened(self, pieces: Sequence[PagePiece], read: Sequence[Shares | None]) -> Likened:
        """How careful officers decided about the like, place by place; `read`: what `page` gave for each piece."""
        ...


class Proposer(Protocol):
    """The model engine. It may add, explain and argue; it may not remove (design.md D4)."""

    def argue(
        self,
        document: Document,
        facts: Facts,
        ruled: Sequence[Finding],
        sources: Sequence[Source],
        day: date,
        *,
        run: Run = ALONE,
    ) -> Argued:
        """`facts`: what must not leave the house is told by them; `day`: of the decision; `run`: is told how far it
        is. Raises ModelError, and then the rules' findings stand all the same, and Cancelled."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Ports and data for one city; `index_id` is for the log. Where a job has workers, `detect` and the likener's
    `page` must be picklable: they are called in other processes."""

    detect: Detect
    read_together: ReadTogether
    retriever: Search
    policy: Policy
    corpus: Corpus
    likener: Likens | None = None
    proposer: Proposer | None = None
    index_id: str | None = None
