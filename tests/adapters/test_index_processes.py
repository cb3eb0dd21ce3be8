"""Several processes and one index: killed while writing, and two that start at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from index_pieces import HashEmbedder, wanted

from assistant.adapters.index import ensure_wanted
from assistant.adapters.index_folder import read_manifest

WRITER = Path(__file__).with_name("index_pieces.py")


def start(data_dir: Path, pause: float, count: int, largest_file: int = 0) -> subprocess.Popen[str]:
    words = [str(each) for each in (data_dir, pause, count, largest_file)]
    command = [sys.executable, "-W", "ignore", str(WRITER), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return line
    raise AssertionError(f"the process ended without saying {words}")


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.parametrize("moment", ["読み込んで", "書き込んで", "1000/4000 検索"])
def test_killed_while_building_then_opened_by_another(tmp_path: Path, moment: str) -> None:
    process = start(tmp_path, 0.02, 4000)
    wait_for(process, moment)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close() if process.stdout else None
    embedder = HashEmbedder()
    opened = ensure_wanted(wanted(4000), embedder, tmp_path)
    assert opened.vectors.count() == 4000
    assert embedder.encoded == 4000
    left = [each for each in (tmp_path / "index").glob("*-*") if each.is_dir() and each.name != "in-use"]
    assert [each.name for each in left if read_manifest(each) is None] == []  # the dead build is cleaned up
    assert opened.id in {each.name for each in left}
    opened.close()


def test_two_at_once_the_second_waits_and_opens_what_the_first_has_built(tmp_path: Path) -> None:
    first = start(tmp_path, 0.5, 1500)
    wait_for(first, "読み込んで")
    told: list[str] = []
    embedder = HashEmbedder()
    begun = time.monotonic()
    opened = ensure_wanted(
        wanted(1500), embedder, tmp_path, progress=lambda done, total, words: told.append(words)
    )
    assert time.monotonic() - begun > 1
    assert any("ほかの画面が検索の索引を作っています" in words for words in told)
    assert embedder.encoded == 0
    assert wait_for(first, "opened").split()[1] == opened.id
    first.wait()
    first.stdout.close() if first.stdout else None
    assert opened.vectors.count() == 1500
    opened.close()


def test_one_reads_while_another_builds_for_a_changed_corpus(tmp_path: Path) -> None:
    reading = ensure_wanted(wanted(600, "old"), HashEmbedder(), tmp_path)
    writer = start(tmp_path, 0.0, 1500)
    wait_for(writer, "opened")
    writer.wait()
    writer.stdout.close() if writer.stdout else None
    question = HashEmbedder().encode_queries(["例handbook:7-2-ex5"])[0]
    assert reading.vectors.search(question, 1)[0][0] == "handbook:7-2-ex5"
    assert reading.vectors.count() == 600
    reading.close()


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size")
def test_a_full_disk_is_said_in_japanese_and_leaves_nothing_that_counts(tmp_path: Path) -> None:
    process = start(tmp_path, 0.0, 1500, largest_file=40_000)
    said = wait_for(process, "refused")
    process.wait()
    process.stdout.close() if process.stdout else None
    assert "RecordUnavailable" in said
    assert "空き容量" in said
    opened = ensure_wanted(wanted(1500), HashEmbedder(), tmp_path)
    assert opened.vectors.count() == 1500
    opened.close()
