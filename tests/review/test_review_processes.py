"""Killed in the middle, nothing that was answered is lost; two processes write one whole chain."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from review_sample import HANAKO, desk_at

from assistant.review.actor import Actor

WRITER = Path(__file__).with_name("review_writer.py")
DECIDED = {"opened": 0, "confirmed": 2, "settled": 4, "undone": 2}  # findings decided after each answer


def start(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), str(folder), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")


@pytest.mark.parametrize(
    "delay", [0.0, 0.013, 0.05]
)  # after the first answer: somewhere in the middle of a write
def test_kill_loses_nothing_that_was_answered(tmp_path: Path, delay: float) -> None:
    process = start(tmp_path, "見本花子", 100_000)
    assert process.stdout is not None
    answers = [process.stdout.readline()]
    time.sleep(delay)
    process.kill()
    answers += process.stdout.readlines()
    process.wait()
    desk, store = desk_at(tmp_path)
    last: dict[str, int] = {}
    for line in answers:
        if line.endswith("\n"):
            case_id, state = line.split()
            last[case_id] = list(DECIDED).index(state)
    assert last
    for case_id, reached in last.items():
        case = desk.case(case_id, HANAKO)
        settled = sum(f.decided is not None for f in case.findings)
        steps = list(DECIDED.values())
        assert settled in steps[reached : reached + 2]  # what was answered, or the act that was being written
        assert len(case.findings) == 8
    assert desk.verify_chain().ok
    again = desk.open_case(HANAKO, "passage", "続き")
    assert desk.history(HANAKO)[0].id == again.id  # though the clock of this process is behind
    assert desk.verify_chain().ok
    store.close()


def test_two_processes_that_start_on_an_empty_folder_write_one_chain(tmp_path: Path) -> None:
    names, count = ("見本花子", "雛形次郎"), 15
    processes = [start(tmp_path, name, count) for name in names]
    for process in processes:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        assert len(output.splitlines()) == 4 * count
    desk, store = desk_at(tmp_path)
    report = desk.verify_chain()
    assert (report.ok, report.events) == (True, 2 * 4 * count)
    for name in names:
        summaries = desk.history(Actor(department="総務課", name=name))
        assert [s.undecided for s in summaries] == [6] * count
    mine = {s.id for s in desk.history(Actor(department="総務課", name=names[0]))}
    order = [event.case in mine for event in store.read(lambda record: list(record.events()))]
    assert any(a != b for a, b in pairwise(order))  # they did write at once
    store.close()
