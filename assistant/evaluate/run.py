"""Put every labelled item to the assistant and add up what came back.

The assistant comes in as plain functions, so that what is measured is what the product does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.cite.verify import verify
from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document, Extent
from assistant.domain.finding import Citation, CitationStatus, Finding, Proposal
from assistant.domain.provision import Head
from assistant.domain.source import Source
from assistant.evaluate.gold import QueryRow
from assistant.evaluate.labelled import Labelled
from assistant.evaluate.passages import ItemScore, SpeaksFor, score_item
from assistant.evaluate.queries import QueryScore, score_query

Propose = Callable[[Document], Proposal]
Search = Callable[[str], Sequence[tuple[Source, float]]]
Told = Callable[[int, int], None]
"""Called with how many items are done and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPassage:
    """One text measured; `proposal` as the product gave it, `findings` with offsets into the whole text."""

    item: Labelled
    proposal: Proposal
    findings: tuple[Finding, ...]
    score: ItemScore

    @property
    def model_failed(self) -> bool:
        """Whether the model was asked for and the rules had to answer."""
        return self.proposal.engine != self.proposal.requested_engine


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredQuery:
    """One question measured, with the ranked provisions and their scores."""

    row: QueryRow
    ranked: tuple[tuple[Source, float], ...]
    score: QueryScore


def measure_passages(
    items: Sequence[Labelled], propose: Propose, corpus: Corpus, told: Told
) -> Iterator[MeasuredPassage]:
    """One after another, so that a long run can be written as it goes."""
    for done, item in enumerate(items, 1):
        proposal = propose(item.document)
        score = score_item(item, proposal.findings, speaks_for(corpus, proposal.decision_date))
        whole = tuple(in_whole_text(finding, item) for finding in proposal.findings)
        yield MeasuredPassage(item=item, proposal=proposal, findings=whole, score=score)
        told(done, len(items))


def measure_queries(rows: Sequence[QueryRow], search: Search, told: Told) -> Iterator[MeasuredQuery]:
    """`search` gives the ranked provisions of a question, duplicates kept."""
    for done, row in enumerate(rows, 1):
        ranked = tuple(search(row.query))
        yield MeasuredQuery(row=row, ranked=ranked, score=score_query(row, [source for source, _ in ranked]))
        told(done, len(rows))


def speaks_for(corpus: Corpus, day: date) -> SpeaksFor:
    """Whether a citation holds for a head on `day`. The quote is looked up again: what is measured is not trusted."""

    def speaks(citation: Citation, head: Head) -> bool:
        source = corpus.source(citation.source)
        return (
            citation.status is CitationStatus.VERIFIED
            and source is not None
            and head in source.heads
            and verify(citation.quote, citation.source, corpus, as_of=day).status is CitationStatus.VERIFIED
        )

    return speaks


def in_whole_text(finding: Finding, item: Labelled) -> Finding:
    """The finding with offsets into the whole text; its extents keep the number of their page."""

    def moved(extent: Extent) -> Extent:
        positions = item.whole(extent)
        return Extent(page=extent.page, start=positions.start, end=positions.stop)

    return replace(finding, extents=tuple(moved(extent) for extent in finding.extents))


def passage_line(
    measured: MeasuredPassage, to_json: Callable[[Finding], Mapping[str, Any]]
) -> dict[str, Any]:
    """What `--out` writes for a text."""
    return {"id": measured.item.id, "findings": [to_json(finding) for finding in measured.findings]}


def query_line(
    measured: MeasuredQuery, to_json: Callable[[Source, float], Mapping[str, Any]]
) -> dict[str, Any]:
    """What `--out` writes for a question."""
    return {"id": measured.row.id, "results": [to_json(source, score) for source, score in measured.ranked]}
