"""Finished pieces of long work as rows of the record's database. They hold text, so they go as soon as they can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select

from assistant.adapters.record_engine import forgotten_for_good, reading, writing
from assistant.adapters.record_errors import told_in_japanese
from assistant.adapters.record_tables import job, job_piece

KEPT_FOR = timedelta(days=3)
"""What nobody has gone on with by then is deleted when the next job begins: over a weekend, and no longer."""


class SqlCheckpoint:
    """Implements `jobs.ports.Checkpoint` for the job `name`, a digest of what is done and to what.

    `engine` is asked for the database at the first call. Raises RecordUnavailable.
    """

    def __init__(self, engine: Callable[[], Engine], name: str) -> None:
        self._engine, self._name = engine, name

    def load(self, stage: str) -> Mapping[int, str]:
        """See `jobs.ports.Checkpoint.load`. Deletes what was left lying of other jobs."""
        columns = job_piece.c
        of_mine = select(columns.number, columns.body).where(
            columns.job_id == self._name, columns.stage == stage
        )
        with told_in_japanese():
            self._forget_old()
            with reading(self._engine()) as connection:
                return {row.number: row.body for row in connection.execute(of_mine)}

    def save(self, stage: str, pieces: Mapping[int, str]) -> None:
        """See `jobs.ports.Checkpoint.save`."""
        columns = job_piece.c
        rows = [
            {"job_id": self._name, "stage": stage, "number": number, "body": body}
            for number, body in pieces.items()
        ]
        if not rows:
            return
        with told_in_japanese(), writing(self._engine()) as connection:
            if connection.execute(select(job.c.id).where(job.c.id == self._name)).first() is None:
                connection.execute(insert(job).values(id=self._name, at=datetime.now(UTC).isoformat()))
            # The same file may be worked on in two windows; what one has finished the other has too.
            connection.execute(
                delete(job_piece).where(
                    columns.job_id == self._name, columns.stage == stage, columns.number.in_(list(pieces))
                )
            )
            connection.execute(insert(job_piece), rows)

    def clear(self) -> None:
        """See `jobs.ports.Checkpoint.clear`."""
        with told_in_japanese():
            with writing(self._engine()) as connection:
                _delete(connection, [self._name])
            forgotten_for_good(self._engine())

    def _forget_old(self) -> None:
        before = (datetime.now(UTC) - KEPT_FOR).isoformat()
        old = select(job.c.id).where(job.c.at < before, job.c.id != self._name)
        with reading(self._engine()) as connection:
            names = list(connection.execute(old).scalars())
        if names:
            with writing(self._engine()) as connection:
                _delete(connection, names)
            forgotten_for_good(self._engine())


def _delete(connection: Connection, names: list[str]) -> None:
    connection.execute(delete(job_piece).where(job_piece.c.job_id.in_(names)))
    connection.execute(delete(job).where(job.c.id.in_(names)))
