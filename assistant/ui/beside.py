"""Precedents beside a finding: a tally, the like side and the opposite side first-class (design.md §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from assistant.domain.finding import Decision, Finding, Proposal
from assistant.domain.source import Source, SourceKind
from assistant.retrieve.query import SearchQuery

if TYPE_CHECKING:
    from assistant.retrieve.retriever import SearchResults

_SHOWN = 2  # of each side beside the card; the rest is one click away in 先例を探す
_READ = 12


class Searcher(Protocol):
    """The retriever, as far as this needs it."""

    def search(self, query: SearchQuery, /) -> SearchResults:
        """Sources for a query, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside a finding; ids of sources."""

    tally: str
    same: tuple[str, ...]
    other: tuple[str, ...]
    same_name: str
    other_name: str


def precedents_beside(
    proposal: Proposal, searcher: Searcher, words: Mapping[str, Any]
) -> dict[str, Beside]:
    """For every finding with a head. Findings of one kind, head and decision share one search: the query says what
    kind of information it is and in what kind of document, never whose."""
    shared: dict[tuple[object, ...], Beside] = {}
    told = {}
    for finding in proposal.findings:
        if finding.head is None:
            continue
        key = (finding.kind, finding.head, finding.decision)
        if key not in shared:
            shared[key] = _search(finding, proposal, searcher, words)
        told[finding.id] = shared[key]
    return told


def _search(finding: Finding, proposal: Proposal, searcher: Searcher, words: Mapping[str, Any]) -> Beside:
    kind = words["kinds"][str(finding.kind)]
    main = finding.grounds[0]
    query = SearchQuery(
        text=f"{proposal.document.doc_type or ''} {kind} {main.why}".strip(),
        kinds=(SourceKind.PRECEDENT,),
        head=finding.head,
        as_of=proposal.decision_date,
        limit=_READ,
    )
    hits = [hit.source for hit in searcher.search(query).hits]
    withheld = [source for source in hits if source.unit and source.unit.result == "withheld"]
    disclosed = [source for source in hits if source.unit and source.unit.result == "disclosed"]
    said = words["precedents"]
    sides = [(withheld, said["withheld"]), (disclosed, said["disclosed"])]
    if finding.decision is Decision.DISCLOSE:
        sides.reverse()
    return Beside(
        tally=tally_words(hits, words),
        same=_ids(sides[0][0]),
        other=_ids(sides[1][0]),
        same_name=sides[0][1],
        other_name=sides[1][1],
    )


def tally_words(sources: Iterable[Source], words: Mapping[str, Any]) -> str:
    """非開示 14件・開示 2件（うち審査で変更・取消し 1件）."""
    units = [source for source in sources if source.unit and source.precedent]
    withheld = sum(source.unit is not None and source.unit.result == "withheld" for source in units)
    altered = sum(source.precedent is not None and source.precedent.review in ("altered", "annulled") for source in units)
    superseded = sum(source.precedent is not None and source.precedent.superseded_by is not None for source in units)
    said = words["precedents"]
    text = str(said["tally"]).replace("{w}", str(withheld)).replace("{d}", str(len(units) - withheld))
    text += said["altered"].replace("{n}", str(altered)) if altered else ""
    return text + (said["superseded"].replace("{n}", str(superseded)) if superseded else "")


def _ids(sources: list[Source]) -> tuple[str, ...]:
    best = sorted(sources, key=lambda source: not (source.precedent and source.precedent.stands))
    return tuple(source.id for source in best[:_SHOWN])
