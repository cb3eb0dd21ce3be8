"""The ledger: a line before the request, its outcome after, and never a word of what was said."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, select

from assistant.adapters import record_schema
from assistant.adapters.ledger import SqlLedger
from assistant.adapters.record import FILE, SqlRecordStore, open_record
from assistant.adapters.record_engine import make_engine, writing
from assistant.adapters.record_schema import bring_up_to_date
from assistant.adapters.record_tables import installation
from assistant.errors import RecordUnavailable
from assistant.model.ledger import LedgerEntry

START = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
ENTRY = LedgerEntry(
    at=START,
    host="models.example.jp",
    model="試験モデル",
    purpose="propose",
    rule="pseudonymize",
    prompt_hash="0123abcd",
    characters=5000,
    placeholders=7,
    case="c1",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlRecordStore]:
    opened = open_record(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def ledger(store: SqlRecordStore) -> SqlLedger:
    return SqlLedger(lambda: store.engine)


def _at(minutes: int, **other: object) -> LedgerEntry:
    return replace(ENTRY, at=START + timedelta(minutes=minutes), **other)  # type: ignore[arg-type]


def test_an_empty_ledger(ledger: SqlLedger) -> None:
    assert ledger.entries() == ()
    assert ledger.totals() == ()


def test_a_line_comes_back_as_it_was_noted(ledger: SqlLedger) -> None:
    bare = replace(ENTRY, prompt_hash=None, case=None, purpose="reason", rule="allow", placeholders=0)
    first, second = ledger.note(ENTRY), ledger.note(bare)
    assert first < second
    last, before = ledger.entries()
    assert (last.number, last.entry, last.outcome, last.seconds) == (second, bare, None, None)
    assert (before.number, before.entry) == (first, ENTRY)


def test_the_time_is_kept_in_one_zone(ledger: SqlLedger) -> None:
    here = START.astimezone(timezone(timedelta(hours=9)))
    ledger.note(replace(ENTRY, at=here))
    (line,) = ledger.entries()
    assert line.entry.at == START
    assert line.entry.at.utcoffset() == timedelta(0)


def test_an_outcome_is_filled_in_once(ledger: SqlLedger) -> None:
    one, other = ledger.note(ENTRY), ledger.note(ENTRY)
    ledger.finish(one, "200", 1.23456)
    ledger.finish(one, "500", 9.0)  # an answer does not change afterwards
    ledger.finish(999, "200", 1.0)  # nobody's line
    lines = {line.number: (line.outcome, line.seconds) for line in ledger.entries()}
    assert lines == {one: ("200", 1.235), other: (None, None)}


@pytest.mark.parametrize("outcome", ["200", "429", "ConnectError", "ReadTimeout"])
def test_statuses_and_names_of_errors_are_outcomes(ledger: SqlLedger, outcome: str) -> None:
    ledger.finish(ledger.note(ENTRY), outcome, 0.0)
    assert ledger.entries()[0].outcome == outcome


@pytest.mark.parametrize(
    "outcome", ["", "烏丸 弥生", "500 {'error': '烏丸'}", "x" * 61, "200\n", "鍵", "connect failed: sk-1"]
)
def test_a_text_is_no_outcome(ledger: SqlLedger, outcome: str) -> None:
    ledger.finish(ledger.note(ENTRY), outcome, 0.0)
    assert ledger.entries()[0].outcome == "other"


def test_the_newest_first_page_by_page(ledger: SqlLedger) -> None:
    numbers = [ledger.note(_at(minute)) for minute in range(7)]
    assert [line.number for line in ledger.entries()] == numbers[::-1]
    assert [line.number for line in ledger.entries(limit=3)] == numbers[:3:-1]
    assert [line.number for line in ledger.entries(limit=3, offset=3)] == numbers[3:0:-1]
    assert [line.number for line in ledger.entries(offset=6)] == numbers[:1]
    assert ledger.entries(limit=3, offset=7) == ()


def test_totals_by_host_and_rule(ledger: SqlLedger) -> None:
    for minute, outcome in enumerate(["200", "201", "500", "ConnectError", None]):
        number = ledger.note(_at(minute, characters=10, placeholders=2))
        if outcome:
            ledger.finish(number, outcome, 1.0)
    ledger.note(_at(9, host="127.0.0.1", rule="allow", characters=1, placeholders=0))
    ledger.note(_at(7, rule="allow", characters=3, placeholders=0))
    here, plain, hidden = ledger.totals()
    assert (here.host, here.calls, here.characters) == ("127.0.0.1", 1, 1)
    assert (plain.host, plain.rule, plain.calls) == ("models.example.jp", "allow", 1)
    assert (hidden.rule, hidden.calls, hidden.answered) == ("pseudonymize", 5, 2)
    assert (hidden.characters, hidden.placeholders) == (50, 10)
    assert (hidden.first, hidden.last) == (START, START + timedelta(minutes=4))


def test_many_at_once_lose_nothing(ledger: SqlLedger) -> None:
    def call(at: int) -> int:
        number = ledger.note(_at(at, case=f"c{at}"))
        ledger.finish(number, "200", float(at))
        return number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(call, range(40)))
    assert len(set(numbers)) == 40
    told = {line.number: (line.entry.case, line.seconds) for line in ledger.entries()}
    assert told == {number: (f"c{at}", float(at)) for at, number in enumerate(numbers)}


def test_it_is_committed_before_the_request_leaves(ledger: SqlLedger, tmp_path: Path) -> None:
    """Another process, such as one that reads after ours was killed, sees the line."""
    ledger.note(ENTRY)
    with sqlite3.connect(tmp_path / FILE) as other:
        assert other.execute("select host, outcome from model_call").fetchall() == [
            ("models.example.jp", None)
        ]


def test_deleting_a_case_leaves_the_line(store: SqlRecordStore, ledger: SqlLedger) -> None:
    ledger.note(ENTRY)
    store.write(lambda record: record.erase("c1"))
    assert [line.entry.case for line in ledger.entries()] == ["c1"]


def test_a_record_that_cannot_be_written_is_said(store: SqlRecordStore, tmp_path: Path) -> None:
    def fails() -> None:
        raise RecordUnavailable("記録を開けません。")

    with pytest.raises(RecordUnavailable, match="開けません"):
        SqlLedger(fails).note(ENTRY)  # type: ignore[arg-type]
    ledger = SqlLedger(lambda: store.engine)
    number = ledger.note(ENTRY)
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("drop table model_call")
    for broken in (lambda: ledger.note(ENTRY), lambda: ledger.finish(number, "200", 1.0), ledger.totals):
        with pytest.raises(RecordUnavailable):
            broken()


def test_nothing_is_opened_before_something_leaves(tmp_path: Path) -> None:
    opened: list[int] = []

    def never() -> SqlRecordStore:
        opened.append(1)
        return open_record(tmp_path)

    SqlLedger(lambda: never().engine)
    assert not opened


def test_a_record_of_the_version_before_gets_its_tables(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / FILE}")
    config = Config()
    config.set_main_option("script_location", os.fspath(Path(record_schema.__file__).with_name("migrations")))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(installation.insert().values(id=1, key="ab" * 32))
    assert "model_call" not in inspect(engine).get_table_names()
    bring_up_to_date(engine)
    ledger = SqlLedger(lambda: engine)
    ledger.note(ENTRY)
    assert len(ledger.entries()) == 1
    with engine.connect() as connection:
        assert connection.execute(select(installation.c.key)).scalar_one() == "ab" * 32
    engine.dispose()
