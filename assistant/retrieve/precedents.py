"""Which earlier decision goes first, and how the matter was decided over all of them (domain.md §7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from assistant.domain.source import Precedent, Source
from assistant.retrieve.query import SearchQuery

# Court, own board, own decisions, others. Small steps: nearness to the question comes first.
_COURT = 1.3
_OWN_BOARD = 1.2
_OWN_DECISION = 1.1
_FALLEN = 0.6


def authority(precedent: Precedent) -> float:
    """The factor on a precedent's score; superseded, altered and annulled ones sink, but are shown."""
    if precedent.kind == "judgment":
        rank = _COURT
    elif precedent.origin == "own":
        rank = _OWN_DECISION if precedent.kind == "decision" else _OWN_BOARD
    else:
        rank = 1.0
    return rank if precedent.stands else rank * _FALLEN


def passes(source: Source, query: SearchQuery) -> bool:
    """Whether a handbook paragraph or precedent unit passes the filters of the query."""
    if query.head is not None and query.head not in source.heads:
        return False
    only_precedents = (query.outcome, query.year, query.department, query.body)
    precedent, unit = source.precedent, source.unit
    if precedent is None or unit is None:
        return all(wanted is None for wanted in only_precedents)
    return (
        query.outcome in (None, unit.result)
        and query.year in (None, precedent.date.year)
        and (query.department is None or query.department in precedent.department)
        and (query.body is None or query.body in precedent.body)
    )


def tally_of(sources: Iterable[Source]) -> Mapping[str, int]:
    """Units by result, and how many of them were altered or annulled on review or are superseded."""
    counted = Counter({"withheld": 0, "disclosed": 0, "altered": 0, "annulled": 0, "superseded": 0})
    for source in sources:
        if source.precedent is None or source.unit is None:
            continue
        counted[source.unit.result] += 1
        if source.precedent.review in ("altered", "annulled"):
            counted[source.precedent.review] += 1
        if source.precedent.superseded_by is not None:
            counted["superseded"] += 1
    return dict(counted)
