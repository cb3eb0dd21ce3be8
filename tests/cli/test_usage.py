"""Help, and what is refused before anything heavy is loaded."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from running import ROOT, environment, run

COMMANDS = ["app", "propose", "search", "ask", "reason", "index", "evaluate", "audit"]
# What takes a second or more to import; help and refusals must not wait for it.
HEAVY = [
    "torch",
    "spacy",
    "chromadb",
    "sentence_transformers",
    "streamlit",
    "langchain",
    "sqlalchemy",
    "pydantic",
    "numpy",
]


def test_help_names_every_command(tmp_path: Path) -> None:
    done = run("--help", data_dir=tmp_path)
    assert done.returncode == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S", done.stdout, re.MULTILINE)
    assert run(data_dir=tmp_path).stdout == done.stdout  # without a word: the same


@pytest.mark.parametrize(
    "command",
    [[name] for name in COMMANDS]
    + [["evaluate", "passages"], ["evaluate", "documents"], ["evaluate", "queries"], ["audit", "verify"]],
)
def test_every_command_has_help(tmp_path: Path, command: list[str]) -> None:
    done = run(*command, "--help", data_dir=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    if command not in (["evaluate"], ["audit"]):
        assert "--city" in done.stdout


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "assistant", "--help"],
        capture_output=True,
        cwd=ROOT,
        env=environment(tmp_path),
        check=True,
    ).stderr.decode()
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in told.splitlines() if "|" in line}
    assert "typer" in imported
    assert imported.isdisjoint(HEAVY)


def test_version(tmp_path: Path) -> None:
    from assistant import __version__

    done = run("--version", data_dir=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"osumitsuki {__version__}\n")


REFUSED = [
    # arguments, words in the message
    (["frobnicate"], "コマンドの書き方が違います"),
    (["evaluate"], "コマンド"),
    (["propose", "--no-such-option"], "--no-such-option という指定はありません"),
    (["propose", "--engine", "magic"], "--engine"),
    (["propose", "--city"], "--city の後に値を書いてください"),
    (["propose", "a.txt", "b.txt"], "コマンドの書き方が違います"),
    (["search"], "QUERY"),
    (["search", "氏名", "--kind", "law"], "--kind"),
    (["search", "氏名", "--limit", "0"], "--limit"),
    (["search", "氏名", "--limit", "many"], "--limit"),
    (["search", "氏名", "--outcome", "deleted"], "--outcome"),
    (["ask"], "QUESTION"),
    (["reason"], "FINDINGS.json"),
    (["evaluate", "passages"], "FILE"),
    (["app", "--port", "70000"], "--port"),
    # what is read before the city is
    (["propose", "no-such-file.txt"], "指定されたファイルがありません"),
    (["propose", "tests"], "開けません"),
    (["propose", "-"], "文章がありません"),  # empty standard input
    (["propose"], "文章がありません"),
    (["propose", "--decision-date", "明日"], "--decision-date の日付が読めません"),
    (["propose", "--decision-date", "2026-02-30"], "--decision-date の日付が読めません"),
    (["search", "氏名", "--as-of", "2026/13/01"], "--as-of の日付が読めません"),
    (["reason", "no-such-file.json"], "指定されたファイルを開けません"),
    (["reason", "-"], "JSONとして読めません"),
    (["evaluate", "passages", "no-such-file.jsonl"], "ファイルがありません"),
    (["evaluate", "documents", "no-such-file.jsonl"], "ファイルがありません"),
    (["evaluate", "queries", "no-such-file.jsonl"], "ファイルがありません"),
    (["search", "氏名", "--city", "no-such-city"], "自治体のフォルダが見つかりません"),
    (["app", "--city", "no-such-city", "--no-browser"], "自治体のフォルダが見つかりません"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_a_wrong_line_is_one_japanese_sentence_and_exit_2(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    done = run(*arguments, data_dir=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


GIVEN = [
    # standard input of `propose -`, words in the message
    (b" \n\t", "文章がありません"),
    ("字".encode() * 200_001, "200,001字"),
    (b"%PDF-1.7 broken", "壊れて"),
    (b"PK\x03\x04....", "壊れて"),
    ("我们决定不公开以下的内容，因为这是个人的信息。".encode("gb18030"), "UTF-8"),
    (bytes(range(256)), "UTF-8"),
]


@pytest.mark.parametrize(("given", "words"), GIVEN)
def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path, given: bytes, words: str) -> None:
    done = run("propose", "-", "--json", data_dir=tmp_path, stdin=given)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "字字" not in done.stderr


def test_a_misspelt_setting_is_refused(tmp_path: Path) -> None:
    done = run("search", "氏名", data_dir=tmp_path, OSUMITSUKI_CITTY="mihon")
    assert done.returncode == 2
    assert "OSUMITSUKI_CITTY" in done.stderr


@pytest.mark.parametrize(
    "given", [b"[]", b"{}", b'{"city": "mihon"}', b"[" * 100_000, b"\xff\xfe", b"null", b"{" * 9]
)
def test_reason_refuses_what_is_no_proposal(tmp_path: Path, given: bytes) -> None:
    path = tmp_path / "findings.json"
    path.write_bytes(given)
    done = run("reason", str(path), data_dir=tmp_path)
    assert done.returncode == 2
    assert "osumitsuki propose --json" in done.stderr


def test_a_bad_line_of_a_labelled_file_is_told_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text('{"id": "a", "passage": "甲野", "spans": []}\n{"id": "b"\n', encoding="utf-8")
    done = run("evaluate", "passages", str(path), data_dir=tmp_path)
    assert done.returncode == 2
    assert "2行目" in done.stderr
    assert "甲野" not in done.stderr
