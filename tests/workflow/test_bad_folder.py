"""The data folder fails, is full, foreign, damaged or shared: what was answered is kept, and a sentence says what to do.

A full or read-only disk is a real one: a file system of its own in a namespace of its own.
"""

from __future__ import annotations

import json
import os
import pty
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment, run
from tests.conftest import ROOT
from tests.workflow.test_bad_input import LETTER, USER, city_at, told_well

NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]


def _can_mount() -> bool:
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    tried = subprocess.run(
        [*NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


mounts = pytest.mark.skipif(not _can_mount(), reason="needs Linux with user namespaces (unshare -rm)")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return city_at(tmp_path_factory.mktemp("town") / "mihon")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, town: Path) -> Path:
    folder = tmp_path_factory.mktemp("built")
    done = run("index", data_dir=folder, OSUMITSUKI_CITY=str(town))
    assert done.returncode == 0, done.stderr
    assert "資料を読み込んでいます" in done.stderr  # how far it is, on standard error
    return folder


def inside(script: str, data_dir: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command of the program in a namespace in which `script` has changed the disk first."""
    command = [
        *NAMESPACE, "sh", "-c", f'set -e; {script}; exec "$@"', "sh", sys.executable, "-m", "assistant", *arguments
    ]  # fmt: skip
    done = subprocess.run(
        command,
        input=LETTER.encode(),
        capture_output=True,
        cwd=ROOT,
        env=environment(data_dir, **settings),
        timeout=280,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def withheld(output: str) -> list[str]:
    return [f["text"] for f in json.loads(output)["findings"] if f["decision"] == "withhold"]


def test_a_file_where_the_folder_should_be(town: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    settings = {"OSUMITSUKI_CITY": str(town)}
    done = run("propose", "-", "--json", data_dir=tmp_path / "data", stdin=LETTER, **settings)
    assert done.returncode == 0, done.stderr  # nobody is named: nothing was to be recorded
    assert "相良 ゆかり" in withheld(done.stdout)
    told_well(done.stderr, "フォルダ")
    done = run("propose", "-", "--json", data_dir=tmp_path / "data", stdin=LETTER, **settings, **USER)
    assert done.returncode == 2
    assert "相良 ゆかり" in withheld(done.stdout)  # the result is printed all the same
    told_well(done.stderr, "フォルダ")
    assert (tmp_path / "data").read_text(encoding="utf-8") == "in the way"


@mounts
def test_a_folder_that_can_only_be_read(town: Path, built: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(built, data)
    script = f"mount --bind {data} {data}; mount -o remount,ro,bind {data}"
    settings = {"OSUMITSUKI_CITY": str(town)}
    done = inside(script, data, "propose", "-", "--json", **settings)
    assert done.returncode == 0, done.stderr
    assert "相良 ゆかり" in withheld(done.stdout)
    done = inside(script, data, "propose", "-", "--json", **settings, **USER)
    assert done.returncode == 2, done.stderr
    assert "相良 ゆかり" in withheld(done.stdout)
    told_well(done.stderr, "フォルダ")
    done = inside(script, data, "index", **settings)
    assert (done.returncode, done.stdout) == (2, "")
    told_well(done.stderr, "フォルダ")


@mounts
@pytest.mark.parametrize(
    "size", ["16k", "300k", "2m"]
)  # no room for the record; for some of it; for no index
def test_a_disk_without_room(town: Path, tmp_path: Path, size: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    done = inside(
        f"mount -t tmpfs -o size={size} none {data}",
        data,
        "propose",
        "-",
        "--json",
        OSUMITSUKI_CITY=str(town),
        **USER,
    )
    assert "相良 ゆかり" in withheld(done.stdout)
    assert done.returncode in (0, 2)
    assert ("記録しました" in done.stderr) == (done.returncode == 0)
    told_well(done.stderr, "空き")


FULL = """
import json, sys
from pathlib import Path
from assistant.errors import RecordUnavailable
from assistant.review.actor import Actor
from assistant.settings import Settings
from assistant.wiring import build
from assistant.documents.text import of_passage

folder, city = Path(sys.argv[1]), sys.argv[2]
settings = Settings(data_dir=folder, city=city, ner="off")
first = build(settings)
actor = Actor(department="総務課", name="山科 葉子")
proposal = first.propose(of_passage(sys.argv[3]))
case = first.desk.open_case(actor, "passage", "件名", proposal)
done, said = 5, ""
for _ in range(done):
    first.desk.say(case.id, actor, "user", "メモ" * 200)
fill = (folder / "fill").open("wb", buffering=0)
try:
    while True:
        fill.write(b"x" * 65536)
except OSError:
    pass
try:
    while done < 3000:
        first.desk.say(case.id, actor, "user", "メモ" * 200)
        done += 1
except RecordUnavailable as error:
    said = str(error)
first.close()
fill.close()  # an open file keeps its room
(folder / "fill").unlink()
second = build(settings)
again = second.desk.case(case.id, actor)
kept, ok = len(again.messages), second.desk.verify_chain().ok
second.desk.say(case.id, actor, "user", "空きができた")
after = len(second.desk.case(case.id, actor).messages)
print(json.dumps([done, said, kept, ok, after, len(again.findings)]))
"""


@mounts
def test_a_disk_that_fills_up_at_work_keeps_every_act_before(town: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    script = f'set -e; mount -t tmpfs -o size=64m none {data}; exec "$@"'
    command = [*NAMESPACE, "sh", "-c", script, "sh", sys.executable, "-c", FULL, str(data), str(town), LETTER]
    done = subprocess.run(
        command, capture_output=True, cwd=ROOT, env=environment(data), timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    acts, said, kept, ok, after, findings = json.loads(done.stdout.decode().splitlines()[-1])
    told_well(said, "空き", "失われていません")
    assert kept == acts
    assert ok
    assert after == kept + 1  # with room again it goes on
    assert findings >= 2


def test_two_commands_at_once_on_an_empty_folder(town: Path, tmp_path: Path) -> None:
    """One builds the index, the other waits and says so on its terminal; both answer."""
    command = [sys.executable, "-m", "assistant", "propose", "-", "--json"]
    started = []
    for _ in range(2):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=theirs,
            cwd=ROOT,
            env=environment(tmp_path, OSUMITSUKI_CITY=str(town), **USER),
        )
        os.close(theirs)
        started.append((process, ours))
    screens = ""
    for process, _ in started:
        assert process.stdin
        process.stdin.write(LETTER.encode())
        process.stdin.close()
        process.stdin = None
    for process, ours in started:
        out, _ = process.communicate(timeout=280)
        assert process.returncode == 0
        assert "相良 ゆかり" in withheld(out.decode())
        screens += _screen(ours)
    assert "資料を読み込んでいます" in screens
    assert "Traceback" not in screens
    assert screens.count("記録しました") == 2
    folders = [path for path in (tmp_path / "index").glob("*-*") if (path / "manifest.json").exists()]
    assert len(folders) == 1  # built once
    told = json.loads(run("audit", "verify", "--json", data_dir=tmp_path, OSUMITSUKI_CITY=str(town)).stdout)
    assert (told["ok"], told["events"]) == (True, 2)


def _screen(terminal: int) -> str:
    seen = b""
    try:
        while piece := os.read(terminal, 65536):
            seen += piece
    except OSError:  # the other end is closed
        pass
    os.close(terminal)
    return seen.decode("utf-8", "replace")


def test_the_index_of_another_corpus_is_built_anew_by_itself(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "data")
    city = city_at(tmp_path / "mihon")
    handbook = city / "handbook.md"
    text = handbook.read_text(encoding="utf-8")
    first = text.index("] ", text.index("### 趣旨")) + 2
    handbook.write_text(text[:first] + "改訂版。" + text[first:], encoding="utf-8")
    before = {path.name for path in (tmp_path / "data" / "index").glob("*-*")}
    done = run("search", "改訂版", data_dir=tmp_path / "data", OSUMITSUKI_CITY=str(city))
    assert done.returncode == 0, done.stderr
    assert "検索の索引ができました" in done.stderr
    assert {path.name for path in (tmp_path / "data" / "index").glob("*-*")} - before
    again = run("search", "改訂版", data_dir=tmp_path / "data", OSUMITSUKI_CITY=str(city))
    assert (again.returncode, again.stdout, again.stderr) == (0, done.stdout, "")  # and only once


def _scribble(path: Path) -> None:
    path.write_bytes(b"no database" + path.read_bytes()[11:])


def _cut(path: Path) -> None:
    os.truncate(path, 9000)


def _newer(path: Path) -> None:
    with sqlite3.connect(path) as record:
        record.execute("UPDATE alembic_version SET version_num = 'ffff'")
    record.close()


RECORDS = [
    # what befell it, words of the sentence
    (_scribble, "壊れている"),
    (_cut, "壊れている"),
    (_newer, "新しい版"),
]


@pytest.mark.parametrize(("damage", "words"), RECORDS)
def test_a_record_that_cannot_be_used_is_left_alone(
    built: Path, town: Path, tmp_path: Path, damage: object, words: str
) -> None:
    shutil.copytree(built, tmp_path / "data")
    record = tmp_path / "data" / "record.sqlite3"
    for extra in ("record.sqlite3-wal", "record.sqlite3-shm"):
        (tmp_path / "data" / extra).unlink(missing_ok=True)
    assert callable(damage)
    damage(record)
    was = record.read_bytes()
    settings = {"OSUMITSUKI_CITY": str(town)}
    done = run("audit", "verify", data_dir=tmp_path / "data", **settings)
    assert (done.returncode, done.stdout) == (2, "")
    told_well(done.stderr, words)
    done = run("propose", "-", "--json", data_dir=tmp_path / "data", stdin=LETTER, **settings, **USER)
    assert done.returncode == 2
    assert "相良 ゆかり" in withheld(done.stdout)  # what was worked out is shown all the same
    told_well(done.stderr, words)
    assert record.read_bytes() == was


@pytest.mark.parametrize(
    "arguments", [("propose", "-"), ("search", "氏名"), ("ask", "会社の担当者の名前は消しますか")]
)
def test_no_file_is_opened_in_the_systems_own_encoding(
    built: Path, town: Path, arguments: tuple[str, ...]
) -> None:
    """On a Japanese Windows PC that would be cp932. What libraries do is theirs; ours must name UTF-8."""
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-W", "always::EncodingWarning", "-m", "assistant", *arguments],
        input=LETTER.encode(),
        capture_output=True,
        cwd=ROOT,
        env=environment(built, OSUMITSUKI_CITY=str(town), OSUMITSUKI_NER="on"),
        timeout=280,
        check=False,
    )  # fmt: skip
    told = done.stderr.decode()
    assert done.returncode == 0, told
    warned = [line for line in told.splitlines() if "EncodingWarning" in line]
    assert [line for line in warned if str(ROOT / "assistant") in line] == []
