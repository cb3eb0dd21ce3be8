"""Search results as the JSON other programs read (design.md section 5)."""

from __future__ import annotations

from typing import Any

from assistant.domain.source import Precedent, PrecedentUnit
from assistant.retrieve.query import Hit, SearchResults

Json = dict[str, Any]


def results_to_json(results: SearchResults) -> Json:
    """`search --json`: best first, with the tally of the precedents that bear on the question."""
    return {"results": [hit_to_json(hit) for hit in results.hits], "tally": dict(results.tally)}


def hit_to_json(hit: Hit) -> Json:
    """One source found. `exception` is the role of the limb, `topic` the procedural topic; precedents say more."""
    source = hit.source
    row: Json = {
        "source": source.id,
        "kind": str(source.kind),
        "head": str(source.heads[0]) if source.heads else None,
        "provision": source.provision,
        "exception": str(source.exception) if source.exception else None,
        "topic": str(source.topic) if source.topic else None,
        "score": round(float(hit.score), 6),
        "title": source.title,
        "text": source.text,
    }
    if source.precedent is None or source.unit is None:
        return row
    return row | _precedent(source.precedent, source.unit)


def _precedent(precedent: Precedent, unit: PrecedentUnit) -> Json:
    """What a reader must know before relying on it: when, by whom, how it ended and whether it still stands."""
    return {
        "date": precedent.date.isoformat(),
        "body": precedent.body,
        "number": precedent.number,
        "department": precedent.department,
        "origin": precedent.origin,
        "outcome": unit.result,
        "argument": unit.argument,
        "review": precedent.review,
        "review_date": precedent.review_date.isoformat() if precedent.review_date else None,
        "reviewed_by": precedent.reviewed_by,
        "stands": precedent.stands,
        "superseded_by": precedent.superseded_by,
    }
