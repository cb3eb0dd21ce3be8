"""What was found out about endpoints, as rows of the record's database: kept between runs, shared by processes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from assistant.adapters.record_engine import reading, writing
from assistant.adapters.record_errors import told_in_japanese
from assistant.adapters.record_tables import model_manner
from assistant.errors import RecordUnavailable
from assistant.model.manner import Manner, Rung


class SqlManners:
    """Implements `model.manner.Manners`. `engine` is asked for the database at the first question: a record that
    cannot be opened or written costs a few questions more, and nothing else."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def get(self, endpoint: str, model: str) -> Manner | None:
        """See `model.manner.Manners.get`. What another version wrote, and this one does not know, is as nothing."""
        columns = model_manner.c
        question = select(columns.manner).where(
            columns.endpoint == _known_as(endpoint), columns.model == model
        )
        try:
            with told_in_japanese(), reading(self._engine()) as connection:
                told = connection.execute(question).scalar()
        except RecordUnavailable:
            return None
        return None if told is None else _read(told)

    def put(self, endpoint: str, model: str, manner: Manner) -> None:
        """See `model.manner.Manners.put`."""
        columns = model_manner.c
        told = json.dumps({**asdict(manner), "rung": manner.rung.name}, sort_keys=True)
        known = _known_as(endpoint)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            with told_in_japanese(), writing(self._engine()) as connection:
                connection.execute(
                    delete(model_manner).where(columns.endpoint == known, columns.model == model)
                )
                connection.execute(
                    insert(model_manner).values(endpoint=known, model=model, manner=told, found_at=now)
                )
        except RecordUnavailable:
            return


def _known_as(endpoint: str) -> str:
    """A digest: the path of an address may hold what a gateway takes for a key."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


def _read(told: str) -> Manner | None:
    try:
        data: dict[str, Any] = json.loads(told)
        manner = Manner(
            rung=Rung[data["rung"]],
            limit=data["limit"],
            temperature=data["temperature"],
            stream=data["stream"],
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    plain = manner.limit in ("max_tokens", "max_completion_tokens")
    return manner if plain and {type(manner.temperature), type(manner.stream)} == {bool} else None
