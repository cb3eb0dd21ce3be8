"""The record on a disk that is full, read-only, locked, broken, older or newer: advice, and nothing lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_mock_engine, event, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.schema import CreateTable

from assistant.adapters import record_engine, record_tables
from assistant.adapters.record import FILE, SqlRecord, SqlRecordStore, open_record
from assistant.adapters.record_engine import forgotten_for_good, make_engine, reading, writing
from assistant.adapters.record_errors import advice_for
from assistant.adapters.record_schema import bring_up_to_date
from assistant.adapters.record_tables import metadata
from assistant.errors import RecordUnavailable
from assistant.review import chain
from assistant.review.actor import Actor
from assistant.review.chain import verify
from assistant.review.event import Draft, EventKind, Words

HANAKO = Actor(department="総務課", name="見本花子")
ROOT = Path(__file__).resolve().parents[2]


def draft(body: str = '"題"') -> Draft:
    now = datetime.now(UTC).isoformat()
    words = (Words(name="title", body=body),)
    return Draft(at=now, actor=HANAKO.id, kind=EventKind.OPENED, case="c1", mode="reasons", words=words)


def write_one(store: SqlRecordStore, body: str = '"題"') -> int:
    def work(record: SqlRecord) -> int:
        record.keep_actor(HANAKO)
        return chain.append(record, draft(body)).seq

    return store.write(work)


def count(store: SqlRecordStore) -> int:
    report = store.read(verify)
    assert report.ok, report.problems
    return report.events


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlRecordStore]:
    opened = open_record(tmp_path)
    yield opened
    opened.close()


def test_the_settings_that_keep_what_is_written(store: SqlRecordStore) -> None:
    with store.engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }


def test_a_full_disk_loses_nothing(store: SqlRecordStore) -> None:
    write_one(store)
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def fill(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    store.close()
    event.listen(store.engine, "connect", fill)
    with pytest.raises(RecordUnavailable, match="空きがない"):
        write_one(store, '"' + "長" * 50_000 + '"')
    assert count(store) == 1
    store.close()
    event.remove(store.engine, "connect", fill)  # somebody made room
    assert write_one(store) == 2
    assert count(store) == 2


FILL = """
import resource, sys
from pathlib import Path
from assistant.adapters.record import open_record
from assistant.errors import RecordUnavailable
sys.path.insert(0, sys.argv[2])
from test_record import write_one, count
store = open_record(Path(sys.argv[1]))
write_one(store)
size = sum(p.stat().st_size for p in Path(sys.argv[1]).iterdir())
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
written = 1
try:
    for _ in range(1000):
        write_one(store)
        written += 1
except RecordUnavailable as refused:
    print(str(refused))
print(written, count(store))
"""


def test_a_disk_that_takes_no_more_bytes(tmp_path: Path) -> None:
    """The operating system itself refuses to let the file grow: what was answered stands, and can be read."""
    told = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path), str(Path(__file__).parent)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    advice, counts = told.stdout.splitlines()
    assert "もう一度操作してください" in advice
    written, read = map(int, counts.split())
    assert written == read
    again = open_record(tmp_path)
    assert count(again) == written
    assert write_one(again) == written + 1
    again.close()


def test_a_folder_that_cannot_be_written(store: SqlRecordStore) -> None:
    write_one(store)
    store.close()

    def only_read(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    event.listen(store.engine, "connect", only_read)
    with pytest.raises(RecordUnavailable, match="書き込み権限"):
        write_one(store)
    assert count(store) == 1  # reading goes on
    with pytest.raises(RecordUnavailable, match="書き込み権限"):
        store.write(lambda record: record.erase("c1"))


@pytest.mark.parametrize("in_the_way", ["data", "data/record.sqlite3"])
def test_a_folder_that_cannot_be_opened(tmp_path: Path, in_the_way: str) -> None:
    """A file where the folder should be, a folder where the file should be: also root cannot open these."""
    place = tmp_path / in_the_way
    if place.suffix:
        place.mkdir(parents=True)
    else:
        place.write_text("", encoding="utf-8")
    with pytest.raises(RecordUnavailable, match="フォルダー"):
        open_record(tmp_path / "data")


def test_who_sits_here_cannot_be_kept(tmp_path: Path, store: SqlRecordStore) -> None:
    (tmp_path / "actor.new").mkdir()
    with pytest.raises(RecordUnavailable, match="所属と氏名"):
        store.remember(HANAKO)
    assert store.remembered() is None


def test_somebody_else_is_writing(
    tmp_path: Path, store: SqlRecordStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_one(store)
    monkeypatch.setattr(record_engine, "PATIENCE", 0.2)
    other = open_record(tmp_path)
    with writing(store.engine), pytest.raises(RecordUnavailable, match="少し待って"):
        write_one(other)
    with writing(store.engine):
        assert count(other) == 1  # readers need not wait
    assert write_one(other) == 2
    other.close()


# what became of the file
@pytest.mark.parametrize("damage", ["another file", "holes", "cut"])
def test_a_broken_file_is_left_alone(tmp_path: Path, damage: str) -> None:
    opened = open_record(tmp_path)
    for _ in range(30):
        write_one(opened, '"' + "長" * 2000 + '"')
    opened.close()
    path = tmp_path / FILE
    whole = path.read_bytes()
    broken = {
        "another file": b"PDF or whatever" * 1000,
        "holes": whole[:4096] + b"\xff" * (len(whole) - 4096),
        "cut": whole[: len(whole) // 3],
    }[damage]
    path.write_bytes(broken)
    with pytest.raises(RecordUnavailable, match=r"壊れている|読めません") as refused:
        count(open_record(tmp_path))
    assert "消さないで" in str(refused.value)
    assert path.read_bytes()[:4096] == broken[:4096]


def test_a_database_of_a_newer_version_is_refused_and_kept(tmp_path: Path) -> None:
    opened = open_record(tmp_path)
    write_one(opened)
    with opened.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(RecordUnavailable, match="新しい版"):
        open_record(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_database_of_an_older_version_is_brought_up_with_all_it_holds(tmp_path: Path) -> None:
    opened = open_record(tmp_path)
    write_one(opened)
    key = opened.read(lambda record: record.key)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "assistant" / "adapters" / "migrations"))
    with writing(opened.engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")  # as the first version left it
    opened.close()
    again = open_record(tmp_path)
    with again.engine.begin() as connection:
        assert connection.execute(select(record_tables.index_pointer)).all() == []
    assert count(again) == 1
    assert again.read(lambda record: record.key) == key
    again.close()


def test_the_tables_are_what_the_program_thinks(store: SqlRecordStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_every_revision_can_be_taken_back(store: SqlRecordStore) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "assistant" / "adapters" / "migrations"))
    with writing(store.engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with store.engine.connect() as connection:
        left = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    assert left == ["alembic_version"]


def test_a_place_in_the_chain_that_is_taken_is_tried_again(store: SqlRecordStore) -> None:
    """Without a lock two writers may take the same seq: the second is told so by the table, and goes behind."""
    write_one(store)
    tries = 0

    def late(record: SqlRecord) -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            first = next(record.events())
            record.put(first, (), chain.sign(first.seq, first.hash, record.key))
        return chain.append(record, draft()).seq

    assert store.write(late) == 2
    assert (tries, count(store)) == (2, 2)


def test_a_place_that_stays_taken_is_given_up(store: SqlRecordStore) -> None:
    write_one(store)

    def always(record: SqlRecord) -> None:
        first = next(record.events())
        record.put(first, (), chain.sign(first.seq, first.hash, record.key))

    with pytest.raises(RecordUnavailable, match="失われていません") as refused:
        store.write(always)
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert count(store) == 1


def test_half_a_transaction_is_nothing(store: SqlRecordStore) -> None:
    def interrupted(record: SqlRecord) -> None:
        record.keep_actor(HANAKO)
        chain.append(record, draft())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write(interrupted)
    assert count(store) == 0


def test_another_database_by_its_url(tmp_path: Path) -> None:
    opened = open_record(tmp_path / "pc", url=f"sqlite:///{tmp_path / 'server.db'}")
    write_one(opened)
    opened.remember(HANAKO)
    opened.close()
    assert (tmp_path / "server.db").stat().st_size > 0
    assert sorted(p.name for p in (tmp_path / "pc").iterdir()) == ["actor.json"]  # who sits here stays here


def test_a_folder_with_an_awkward_name(tmp_path: Path) -> None:
    opened = open_record(tmp_path / "記録 100%?#1")
    assert write_one(opened) == 1
    opened.close()


def test_the_tables_suit_postgresql() -> None:
    """Compiled, not run: no driver is shipped. Nothing of SQLite stands in them, and writers take a row lock."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
    locked = select(record_tables.installation.c.id).with_for_update().compile(dialect=dialect)
    assert str(locked).endswith("FOR UPDATE")


def test_an_unknown_failure_still_has_advice() -> None:
    assert "接続先" in advice_for(OperationalError("SELECT 1", {}, Exception("秘密の文章")))
    assert "秘密" not in advice_for(OperationalError("SELECT 1", {}, Exception("秘密の文章")))


@pytest.mark.parametrize("url", ["mysql+mysqldb://somewhere/x", "nonsense"])
def test_a_database_that_cannot_be_reached(tmp_path: Path, url: str) -> None:
    """A driver that is not installed, and a URL that is none."""
    with pytest.raises(RecordUnavailable, match="設定を確かめて"):
        open_record(tmp_path, url=url)


def test_two_processes_bring_it_up_to_date_once(tmp_path: Path) -> None:
    """The other process comes between our look at the tables and our turn to write."""
    engine = make_engine(f"sqlite:///{tmp_path / FILE}")
    keys: list[bytes] = []
    looks = 0

    def other_first(*_: object) -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            other = open_record(tmp_path)
            keys.append(other.read(lambda record: record.key))
            other.close()

    event.listen(engine, "checkout", other_first)
    bring_up_to_date(engine)
    event.remove(engine, "checkout", other_first)
    with reading(engine) as connection:
        assert [SqlRecord(connection).key] == keys
    engine.dispose()


def test_forgetting_for_good(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    engine = make_engine(f"sqlite:///{path}")
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
    with reading(engine) as connection:
        connection.exec_driver_sql("SELECT * FROM t").all()
        with writing(engine) as other:
            other.exec_driver_sql("INSERT INTO t VALUES (1)")
        assert not forgotten_for_good(engine)  # a reader is in the way: later, and without waiting
    assert forgotten_for_good(engine)
    engine.dispose()
    path.write_bytes(b"no database" * 100)
    assert not forgotten_for_good(engine)
    assert forgotten_for_good(create_mock_engine("postgresql://", print))  # type: ignore[arg-type]
