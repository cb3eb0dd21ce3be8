"""What a person asked for when a document was opened, and what reading it said: kept in the record beside the file.

So a document that was not examined to its end, because the PC went down or the person pressed 中止, can be gone on with
as it was begun. The password of a file is never among it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.domain.finding import Engine
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.review.desk import Desk

_WANTED, _NOTES = "wanted", "notes"  # names in the payload of a turn nobody reads as a question or an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """文書の種類, 請求の内容, 決定日 and engine, as they were given for one document."""

    doc_type: str | None
    request: str | None
    day: date
    engine: Engine


def keep_wanted(desk: Desk, case_id: str, actor: Actor, wanted: Wanted) -> None:
    """Writes it down. Raises what the record raises."""
    told = {
        "doc_type": wanted.doc_type,
        "request": wanted.request,
        "day": wanted.day.isoformat(),
        "engine": wanted.engine,
    }
    desk.say(case_id, actor, "user", "", {_WANTED: told})


def wanted_of(case: Case) -> Wanted:
    """What was asked for; of a case that does not say, the rules as of today."""
    told: Mapping[str, Any] = next(
        (one.payload[_WANTED] for one in reversed(case.messages) if _WANTED in one.payload), {}
    )
    return Wanted(
        doc_type=told.get("doc_type"),
        request=told.get("request"),
        day=date.fromisoformat(told["day"]) if told.get("day") else date.today(),
        engine="model" if told.get("engine") == "model" else "rules",
    )


def keep_notes(desk: Desk, case_id: str, actor: Actor, notes: Sequence[str]) -> None:
    """What reading the file said to the person (`Opened.notes`)."""
    if notes:
        desk.say(case_id, actor, "assistant", "", {_NOTES: [*notes]})


def notes_of(case: Case) -> tuple[str, ...]:
    """The notes of the last reading."""
    told = next((one.payload[_NOTES] for one in reversed(case.messages) if _NOTES in one.payload), ())
    return tuple(str(note) for note in told)
