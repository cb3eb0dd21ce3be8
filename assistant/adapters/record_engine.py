"""A database engine for the record. Everything that is SQLite's own, and nobody else's, stands here."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

PATIENCE = 10  # seconds to wait for another process that is writing
WRITING = {"osumitsuki_writing": True}  # execution option of a connection that is going to write


def make_engine(url: str) -> Engine:
    """An engine for any database SQLAlchemy knows; SQLite gets the settings that keep what is written."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def forget_for_good(engine: Engine) -> None:
    """After a deletion: takes the deleted text out of the write-ahead log too. Does nothing elsewhere than SQLite."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]


def _on_connect(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, also around table changes
    for pragma in (
        "journal_mode=WAL",  # readers and one writer at once
        "synchronous=FULL",  # an act that was answered survives a power cut
        "foreign_keys=ON",
        "secure_delete=ON",  # deleted text is overwritten, not only unlinked
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("osumitsuki_writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
