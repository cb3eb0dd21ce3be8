"""The ledger of what left for a model, as rows of the record's database (design.md D6).

A line is written and committed before the first byte leaves, so that what was sent is there even when the program is
killed on the way; its outcome is filled in afterwards. Nothing is ever taken out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import Engine, RowMapping, func, insert, select, update

from assistant.adapters.record_engine import reading, writing
from assistant.adapters.record_errors import told_in_japanese
from assistant.adapters.record_tables import model_call
from assistant.errors import RecordUnavailable
from assistant.model.errand import EgressRule, Purpose
from assistant.model.ledger import LedgerEntry

_OUTCOME = re.compile(r"[A-Za-z0-9_]{1,60}", re.ASCII)  # a status or the name of an error, and so no text
_UNTOLD = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One line as it stands. `outcome` and `seconds` None: no answer was noted (on its way, or cut off by an end of
    the program)."""

    number: int
    entry: LedgerEntry
    outcome: str | None
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTotal:
    """All lines of one host under one rule. `answered`: with an HTTP status of success."""

    host: str
    rule: EgressRule
    calls: int
    answered: int
    characters: int
    placeholders: int
    first: datetime
    last: datetime


class SqlLedger:
    """Implements `model.ledger.Ledger`. `engine` is asked for the record's database at the first line, so that a
    record that cannot be opened stops nobody who sends nothing."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def note(self, entry: LedgerEntry) -> int:
        """See `model.ledger.Ledger.note`."""
        values = {
            "at": entry.at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "host": entry.host,
            "model": entry.model,
            "purpose": entry.purpose,
            "rule": entry.rule,
            "prompt_hash": entry.prompt_hash,
            "characters": entry.characters,
            "placeholders": entry.placeholders,
            "case_id": entry.case,
        }
        with told_in_japanese(), writing(self._engine()) as connection:
            key = connection.execute(insert(model_call).values(values)).inserted_primary_key
        if key is None:
            raise RecordUnavailable(
                "送信の記録に番号が付きませんでした。データベースの設定を確かめてください。"
            )
        return int(key[0])

    def finish(self, number: int, outcome: str, seconds: float) -> None:
        """See `model.ledger.Ledger.finish`. What is neither a status nor a bare name is kept as `other`."""
        told = outcome if _OUTCOME.fullmatch(outcome) else _UNTOLD
        open_line = (model_call.c.number == number) & model_call.c.outcome.is_(None)
        with told_in_japanese(), writing(self._engine()) as connection:
            connection.execute(
                update(model_call).where(open_line).values(outcome=told, seconds=round(seconds, 3))
            )

    def entries(self, limit: int | None = None, offset: int = 0) -> tuple[LedgerLine, ...]:
        """Lines, the newest first; all of them without `limit`. Raises RecordUnavailable."""
        query = select(model_call).order_by(model_call.c.number.desc()).offset(offset)
        if limit is not None:
            query = query.limit(limit)
        with told_in_japanese(), reading(self._engine()) as connection:
            return tuple(_line(row) for row in connection.execute(query).mappings())

    def totals(self) -> tuple[HostTotal, ...]:
        """Sums by host and rule, the one with the newest line first. Raises RecordUnavailable."""
        at = model_call.c.at
        query = (
            select(
                model_call.c.host,
                model_call.c.rule,
                func.count().label("calls"),
                func.count().filter(model_call.c.outcome.like("2__")).label("answered"),
                func.sum(model_call.c.characters).label("characters"),
                func.sum(model_call.c.placeholders).label("placeholders"),
                func.min(at).label("first"),
                func.max(at).label("last"),
            )
            .group_by(model_call.c.host, model_call.c.rule)
            .order_by(func.max(at).desc(), model_call.c.host, model_call.c.rule)
        )
        with told_in_japanese(), reading(self._engine()) as connection:
            return tuple(_total(row) for row in connection.execute(query).mappings())


def _line(row: RowMapping) -> LedgerLine:
    entry = LedgerEntry(
        at=datetime.fromisoformat(row["at"]),
        host=row["host"],
        model=row["model"],
        purpose=cast("Purpose", row["purpose"]),
        rule=cast("EgressRule", row["rule"]),
        prompt_hash=row["prompt_hash"],
        characters=row["characters"],
        placeholders=row["placeholders"],
        case=row["case_id"],
    )
    return LedgerLine(number=row["number"], entry=entry, outcome=row["outcome"], seconds=row["seconds"])


def _total(row: RowMapping) -> HostTotal:
    return HostTotal(
        host=row["host"],
        rule=cast("EgressRule", row["rule"]),
        calls=row["calls"],
        answered=row["answered"],
        characters=int(row["characters"]),
        placeholders=int(row["placeholders"]),
        first=datetime.fromisoformat(row["first"]),
        last=datetime.fromisoformat(row["last"]),
    )
