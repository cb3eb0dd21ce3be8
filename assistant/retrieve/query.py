"""What is asked of retrieval and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from assistant.domain.provision import Head
from assistant.domain.source import Source, SourceKind, UnitResult


def _no_votes() -> Mapping[Head, float]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """A question or a passage, and filters. `kinds` empty: all kinds, each with its fair share of `limit`.

    `head`, `outcome`, `year`, `department`, `body` narrow handbook and precedents (`outcome` and what follows it
    precedents only). `as_of`: provisions in force and decisions made by that day, None for today. `votes`: what
    detection makes of the passage, 0–1 a head; they raise that head's provisions.
    """

    text: str = field(kw_only=False)
    kinds: tuple[SourceKind, ...] = ()
    head: Head | None = None
    outcome: UnitResult | None = None
    year: int | None = None
    department: str | None = None
    body: str | None = None
    as_of: date | None = None
    limit: int = 10
    votes: Mapping[Head, float] = field(default_factory=_no_votes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A source found. `score`: 1 for the best of its kind, the others in proportion; never rises down the list."""

    source: Source
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """`hits` best first. `tally` counts all precedents that pass the filters and bear on the question, not only hits:
    withheld, disclosed, altered, annulled, superseded (units; the last three overlap the first two)."""

    hits: tuple[Hit, ...]
    tally: Mapping[str, int]
