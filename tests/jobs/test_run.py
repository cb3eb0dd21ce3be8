"""Long work comes to its end whatever happens to its workers; it can be called off, and goes on after a crash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from assistant.adapters.pool import hire_pool
from assistant.jobs.ports import Cancelled, Progress
from assistant.jobs.run import Codec, Run
from tests.conftest import ROOT
from tests.jobs import piecework
from tests.jobs.piecework import InMemory

PIECES = {number: number for number in range(1, 41)}
DOUBLED = {number: 2 * number for number in PIECES}
NUMBERS: Codec[int] = Codec(write=str, read=lambda _, told: int(told))


def pool() -> Executor:
    return hire_pool(piecework.prepared, 2)


@pytest.mark.parametrize(
    "hire", [None, partial(ThreadPoolExecutor, 3), pool], ids=["here", "threads", "processes"]
)
def test_the_same_comes_back_wherever_it_is_done(hire: Callable[[], Executor] | None) -> None:
    met: dict[int, int] = {}
    told: list[Progress] = []
    with Run(hire, tell=told.append) as run:
        assert run.each("double", piecework.doubled, PIECES, done=met.__setitem__) == DOUBLED
        assert run.each("double", piecework.doubled, {}) == {}
    assert met == DOUBLED
    assert [one.done for one in told] == [*range(len(PIECES) + 1), 0]


def test_what_the_work_raises_is_raised(capfd: pytest.CaptureFixture[str]) -> None:
    with Run(partial(ThreadPoolExecutor, 2)) as run, pytest.raises(ZeroDivisionError):
        run.each("divide", (1).__floordiv__, {1: 1, 2: 0, 3: 3})


def test_processes_work_beside_this_one_and_are_light() -> None:
    with Run(pool) as run:
        (loaded, *_) = run.each("modules", piecework.modules, {1: 1, 2: 2}).values()
        at_work = set(run.each("where", piecework.where, PIECES).values())
    assert at_work
    assert os.getpid() not in at_work
    heavy = {"torch", "chromadb", "streamlit", "spacy", "langchain", "sqlalchemy", "typer"}
    assert not heavy & set(loaded)


def test_a_piece_that_kills_its_worker_is_left_out_and_nothing_else() -> None:
    with Run(pool) as run:
        done = run.each("double", piecework.doubled_unless_deadly, PIECES)
    assert done == {number: two for number, two in DOUBLED.items() if number != 13}


def test_where_workers_only_die_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSUMITSUKI_TEST_PARENT", str(os.getpid()))
    with Run(pool) as run:
        assert run.each("double", piecework.doubled_here_only, PIECES) == DOUBLED


def test_where_no_worker_can_be_had_the_work_is_done_here() -> None:
    def nobody() -> Executor:
        raise OSError("no more processes")

    with Run(nobody) as run:
        assert run.each("double", piecework.doubled, PIECES) == DOUBLED


@pytest.mark.parametrize("hire", [None, partial(ThreadPoolExecutor, 2)], ids=["here", "threads"])
def test_it_stops_soon_after_it_is_called_off(hire: Callable[[], Executor] | None) -> None:
    met: list[int] = []
    kept = InMemory()
    run = Run(hire, stop=lambda: len(met) >= 5, kept=kept)
    with pytest.raises(Cancelled) as told, run:
        run.each("slow", piecework.slowly, PIECES, codec=NUMBERS, done=lambda number, _: met.append(number))
    assert 5 <= len(met) < 15
    assert "もう一度" in str(told.value)
    assert kept.rows == {}  # who calls it off wants nothing kept


def test_a_job_that_broke_goes_on_where_it_was() -> None:
    kept, met = InMemory(), list[int]()

    def work(piece: int) -> int:
        if piece == 30 and not kept.rows:
            raise KeyboardInterrupt
        met.append(piece)
        return 2 * piece

    with pytest.raises(KeyboardInterrupt), Run(kept=kept) as run:
        run.each("double", work, PIECES, codec=NUMBERS)
    assert sorted(kept.rows["double"]) == list(range(1, 30))
    shown: dict[int, int] = {}
    with Run(kept=kept) as run:
        assert run.each("double", work, PIECES, codec=NUMBERS, done=shown.__setitem__) == DOUBLED
    assert sorted(met) == sorted(PIECES)  # each once
    assert shown == DOUBLED  # the screen is shown what was kept, too
    assert (kept.rows, kept.cleared) == ({}, 1)


def test_what_was_kept_and_cannot_be_read_is_done_again() -> None:
    kept = InMemory()
    kept.rows["double"] = {1: "2", 2: "?", 99: "198"}
    with Run(kept=kept) as run:
        assert run.each("double", piecework.doubled, PIECES, codec=NUMBERS) == DOUBLED


def test_a_full_disk_costs_a_later_restart_and_not_the_job() -> None:
    kept = InMemory()
    kept.broken = True
    with Run(kept=kept) as run:
        assert run.each("double", piecework.doubled, PIECES, codec=NUMBERS) == DOUBLED


_KILLED = """
import sys, time
from assistant.adapters.pool import hire_pool
from tests.jobs import piecework

if __name__ == "__main__":
    crew = hire_pool(piecework.prepared, 1)
    print(crew.submit(piecework.where, 1).result(), flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_workers_go_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(_KILLED, encoding="utf-8")
    paths = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env=paths, text=True
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        os.kill(worker, 0)  # it is there
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    for _ in range(100):
        if not _lives(worker):
            return
        time.sleep(0.1)
    pytest.fail("the worker outlived its parent")


def _lives(process: int) -> bool:
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return told.rsplit(")", 1)[1].split()[0] != "Z"
