"""Finished pieces in the record's database: theirs alone, and gone when the job is over or nobody comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from assistant.adapters.checkpoint import KEPT_FOR, SqlCheckpoint
from assistant.adapters.record import SqlRecordStore, open_record
from assistant.adapters.record_engine import reading, writing
from assistant.adapters.record_tables import job, job_piece


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlRecordStore]:
    opened = open_record(tmp_path)
    yield opened
    opened.close()


def rows(store: SqlRecordStore) -> tuple[int, int]:
    with reading(store.engine) as connection:
        counts = [
            connection.execute(select(func.count()).select_from(one)).scalar_one() for one in (job, job_piece)
        ]
    return counts[0], counts[1]


def test_what_is_kept_is_read_by_its_own_job_until_it_is_over(store: SqlRecordStore) -> None:
    mine, other = (SqlCheckpoint(lambda: store.engine, name) for name in ("mine", "other"))
    mine.save("detect", {1: "一頁", 2: "二頁"})
    mine.save("detect", {2: "二頁の直し", 3: "三頁"})
    mine.save("liken", {1: "別の段"})
    other.save("detect", {1: "他"})
    assert SqlCheckpoint(lambda: store.engine, "mine").load("detect") == {
        1: "一頁",
        2: "二頁の直し",
        3: "三頁",
    }
    mine.clear()
    assert mine.load("detect") == {}
    assert other.load("detect") == {1: "他"}
    assert rows(store) == (1, 1)


def test_what_nobody_went_on_with_is_deleted(store: SqlRecordStore) -> None:
    old = (datetime.now(UTC) - KEPT_FOR - timedelta(minutes=1)).isoformat()
    with writing(store.engine) as connection:
        connection.execute(insert(job).values(id="left", at=old))
        connection.execute(insert(job_piece).values(job_id="left", stage="detect", number=1, body="見本花子"))
    SqlCheckpoint(lambda: store.engine, "new").load("detect")
    assert rows(store) == (0, 0)
    assert "見本花子".encode() not in b"".join(path.read_bytes() for path in _files(store))


def test_deleted_text_is_in_no_file_of_the_record(store: SqlRecordStore) -> None:
    kept = SqlCheckpoint(lambda: store.engine, "mine")
    kept.save("detect", {1: "見本花子"})
    kept.clear()
    assert "見本花子".encode() not in b"".join(path.read_bytes() for path in _files(store))


def _files(store: SqlRecordStore) -> list[Path]:
    database = store.engine.url.database
    assert database is not None
    return list(Path(database).parent.glob("record.sqlite3*"))
