"""Earlier decisions on the like: both sides, what still stands first (domain.md §7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.domain.provision import Head
from assistant.domain.source import Precedent, PrecedentUnit, UnitResult
from assistant.draft.wording import bundled_wording
from assistant.text.eras import format_era

_RANK = {"judgment": 0, "opinion": 1, "ruling": 2, "decision": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One unit with the precedent it belongs to."""

    precedent: Precedent
    unit: PrecedentUnit

    @property
    def source_id(self) -> str:
        """How a citation names it."""
        return f"precedent:{self.precedent.id}#{self.unit.number}"


def decided_alike(
    corpus: Corpus, head: Head, words: Iterable[str], result: UnitResult, day: date, *, limit: int
) -> tuple[Decided, ...]:
    """Units under `head` decided by `day` whose part speaks of one of `words`, best first."""
    sought = tuple(words)
    found = [
        Decided(precedent=precedent, unit=unit)
        for precedent in corpus.precedents
        if precedent.date <= day
        for unit in precedent.units
        if unit.result == result and head in unit.heads and any(word in unit.part for word in sought)
    ]
    return tuple(sorted(found, key=_rank)[:limit])


def by_ids(corpus: Corpus, source_ids: Sequence[str]) -> tuple[Decided, ...]:
    """The units these source ids name, in their order; unknown ones are left out."""
    found = []
    for source_id in dict.fromkeys(source_ids):
        source = corpus.source(source_id)
        if source and source.precedent and source.unit:
            found.append(Decided(precedent=source.precedent, unit=source.unit))
    return tuple(found)


def what_became(precedent: Precedent) -> str:
    """Whether it still stands, and if not, what became of it."""
    words = bundled_wording().memo
    when = format_era(precedent.review_date) if precedent.review_date else ""
    if precedent.superseded_by:
        return words.superseded.format(by=precedent.superseded_by)
    if precedent.review == "altered":
        return words.altered.format(date=when)
    if precedent.review == "annulled":
        return words.annulled.format(date=when)
    return words.current


def _rank(decided: Decided) -> tuple[object, ...]:
    precedent = decided.precedent
    return (
        not precedent.stands,
        precedent.origin != "own",
        _RANK[precedent.kind],
        -precedent.date.toordinal(),
        decided.unit.number,
    )
