"""A desk over a real record in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from review_sample import HANAKO, desk_at, proposal

from assistant.adapters.record import SqlRecordStore
from assistant.review.case import Case
from assistant.review.desk import Desk


@pytest.fixture
def at_desk(tmp_path: Path) -> Iterator[tuple[Desk, SqlRecordStore]]:
    desk, store = desk_at(tmp_path)
    yield desk, store
    store.close()


@pytest.fixture
def desk(at_desk: tuple[Desk, SqlRecordStore]) -> Desk:
    return at_desk[0]


@pytest.fixture
def store(at_desk: tuple[Desk, SqlRecordStore]) -> SqlRecordStore:
    return at_desk[1]


@pytest.fixture
def case(desk: Desk) -> Case:
    return desk.open_case(HANAKO, "passage", "用地の相談", proposal())
