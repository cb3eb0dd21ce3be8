"""A database engine for the record. Everything that is SQLite's own, and nobody else's, stands here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

PATIENCE = 10  # seconds to wait for another process that is writing


def make_engine(url: str | URL) -> Engine:
    """An engine for any database SQLAlchemy knows; SQLite gets the settings that keep what is written."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database from beginning to end."""
    options = {} if _is_sqlite(engine) else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write. On SQLite it is the only one; elsewhere the caller locks a row first."""
    with engine.connect().execution_options(osumitsuki_writing=True) as connection, connection.begin():
        yield connection


def forgotten_for_good(engine: Engine) -> bool:
    """After a deletion: takes the deleted text out of the write-ahead log too. False: a reader was in the way."""
    if not _is_sqlite(engine):
        return True
    try:
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=0")  # nobody waits for a reader: it is tried again later
            (busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.invalidate()  # nor does the next writer get a connection without patience
    except sqlite3.Error:
        return False
    return not busy


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


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
