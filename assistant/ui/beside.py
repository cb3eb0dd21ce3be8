"""Precedents beside a finding: a tally, the like side and the opposite side first-class (design.md §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.corpus.corpus import Corpus
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding, Proposal
from assistant.domain.provision import Head
from assistant.domain.source import Source, SourceKind, UnitResult
from assistant.draft.precedents import Decided, decided_alike
from assistant.policy.words import words_of

_SHOWN = 2  # of each side beside the card; the rest is one click away in 先例を探す
_ALL = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside a finding; ids of sources."""

    tally: str
    same: tuple[str, ...]
    other: tuple[str, ...]
    same_name: str
    other_name: str


def precedents_beside(proposal: Proposal, corpus: Corpus, words: Mapping[str, Any]) -> dict[str, Beside]:
    """By finding id, for every finding with a head: what was decided about the same kind of information under it."""
    alike: dict[tuple[EntityKind, Head], tuple[Source, ...]] = {}
    told = {}
    for finding in proposal.findings:
        if finding.head is None:
            continue
        key = (finding.kind, finding.head)
        if key not in alike:
            alike[key] = _alike(*key, proposal, corpus)
        told[finding.id] = _beside(finding, alike[key], corpus, words)
    return told


def _alike(kind: EntityKind, head: Head, proposal: Proposal, corpus: Corpus) -> tuple[Source, ...]:
    found: list[Decided] = []
    results: tuple[UnitResult, ...] = ("withheld", "disclosed")
    for result in results:
        look_for = words_of(kind).look_for
        found += decided_alike(corpus, head, look_for, result, proposal.decision_date, limit=_ALL)
    sources = (corpus.source(each.source_id) for each in found)
    return tuple(source for source in sources if source is not None)


def _beside(finding: Finding, alike: Sequence[Source], corpus: Corpus, words: Mapping[str, Any]) -> Beside:
    named = (corpus.source(c.source) for c in finding.citations if c.kind is SourceKind.PRECEDENT)
    sources = tuple({source.id: source for source in (*filter(None, named), *alike)}.values())
    said = words["precedents"]
    withheld = (_ids(sources, "withheld"), said["withheld"])
    disclosed = (_ids(sources, "disclosed"), said["disclosed"])
    same, other = (disclosed, withheld) if finding.decision is Decision.DISCLOSE else (withheld, disclosed)
    return Beside(
        tally=tally_words(count(sources), words),
        same=same[0],
        other=other[0],
        same_name=same[1],
        other_name=other[1],
    )


def count(sources: Iterable[Source]) -> dict[str, int]:
    """Units by result; how many of them were altered or annulled on review, or are superseded."""
    counted = {"withheld": 0, "disclosed": 0, "altered": 0, "annulled": 0, "superseded": 0}
    for source in sources:
        if source.unit is None or source.precedent is None:
            continue
        counted[source.unit.result] += 1
        if source.precedent.review in ("altered", "annulled"):
            counted[source.precedent.review] += 1
        if source.precedent.superseded_by is not None:
            counted["superseded"] += 1
    return counted


def tally_words(tally: Mapping[str, int], words: Mapping[str, Any]) -> str:
    """非開示 14件・開示 2件（うち審査で変更・取消し 1件）."""
    said = words["precedents"]
    text = str(said["tally"]).replace("{w}", str(tally["withheld"])).replace("{d}", str(tally["disclosed"]))
    changed = tally["altered"] + tally["annulled"]
    text += said["altered"].replace("{n}", str(changed)) if changed else ""
    return text + (said["superseded"].replace("{n}", str(tally["superseded"])) if tally["superseded"] else "")


def _ids(sources: Sequence[Source], result: str) -> tuple[str, ...]:
    return tuple(source.id for source in sources if source.unit and source.unit.result == result)[:_SHOWN]
