"""Each command as a person or a script uses it, in a process of its own, on the sample city."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from passages import LETTER, OPEN, WITHHELD
from running import ROOT, Here, environment, run


def proposed(data_dir: Path, *more: str, text: str | bytes = LETTER, **settings: str) -> dict[str, Any]:
    done = run("propose", "-", "--json", *more, data_dir=data_dir, stdin=text, **settings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def letter(ready: Path) -> dict[str, Any]:
    return proposed(ready)


def test_propose_prints_the_contract(letter: dict[str, Any]) -> None:
    assert (letter["city"], letter["fictional"]) == ("mihon", True)
    assert (letter["engine"], letter["requested_engine"], letter["model"]) == ("rules", "rules", None)
    assert letter["pages"] == [{"number": 1, "text": LETTER.replace("\r\n", "\n")}]
    for finding in letter["findings"]:
        text = letter["pages"][finding["page"] - 1]["text"]
        assert text[finding["start"] : finding["end"]] == finding["text"]
        assert finding["decided"] is None
        if finding["decision"] != "disclose":
            assert finding["head"]
            assert any(citation["status"] == "verified" for citation in finding["citations"])


def decisions(proposal: dict[str, Any], part: str) -> set[str]:
    """The decisions over the first occurrence of a part."""
    at = proposal["pages"][0]["text"].index(part)
    return {
        finding["decision"]
        for finding in proposal["findings"]
        for extent in finding["extents"]
        if extent["start"] < at + len(part) and at < extent["end"]
    }


def test_propose_tells_a_resident_from_an_official(letter: dict[str, Any]) -> None:
    for part in WITHHELD:
        assert "withhold" in decisions(letter, part)
    for part in OPEN:
        assert "withhold" not in decisions(letter, part)


def test_a_file_and_standard_input_say_the_same(ready: Path, tmp_path: Path, letter: dict[str, Any]) -> None:
    path = tmp_path / "要望書.txt"
    path.write_bytes(b"\xef\xbb\xbf" + LETTER.encode())  # a BOM, as Notepad writes it
    done = run("propose", str(path), "--json", data_dir=ready)
    told = json.loads(done.stdout)
    assert _said(told) == _said(letter)  # a file has pages on paper, and a digest of its own bytes
    assert told["document"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert all(finding["boxes"] for finding in told["findings"])


def _said(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**finding, "id": "", "boxes": []} for finding in told["findings"]]


def test_options_of_propose(here: Here) -> None:
    code, out, err = here(
        *("propose", "-", "--json"),
        *("--decision-date", "令和4年5月31日"),
        *("--doc-type", "要望書"),
        *("--request", "相良ゆかりの要望書"),
        *("--engine", "rules"),
        *("--city", "mihon"),
        stdin="一枚目\f氏名　相良 ゆかり",
    )
    assert code == 0, err
    told = json.loads(out)
    assert told["ordinance"]["in_force_from"] == "2016-04-01"
    assert told["document"]["doc_type"] == "要望書"
    assert [page["text"] for page in told["pages"]] == ["一枚目", "氏名　相良 ゆかり"]
    assert [(f["page"], f["start"]) for f in told["findings"] if f["text"] == "相良 ゆかり"] == [(2, 3)]


def test_propose_for_people(here: Here) -> None:
    code, out, _ = here("propose", stdin=LETTER + "[bold]括弧[/bold]")
    assert code == 0
    for words in (
        "見本市（架空）",
        "規則のみ",
        "非開示候補",
        "相良 ゆかり",
        "第7条第2号",
        "原文一致",
        "決めるのは職員",
    ):
        assert words in out
    assert "\x1b" not in out  # no colours into a pipe


def test_reason_reads_what_propose_prints(here: Here, tmp_path: Path, letter: dict[str, Any]) -> None:
    code, out, err = here("reason", "-", "--json", stdin=json.dumps(letter))
    assert code == 0, err
    parts = json.loads(out)["parts"]
    assert parts
    for part in parts:
        assert part["reason"]
        assert not any(word in part["reason"] + part["place"] for word in WITHHELD)
    path = tmp_path / "findings.json"
    path.write_text(json.dumps(letter), encoding="utf-8-sig")
    code, out, _ = here("reason", str(path))
    assert code == 0
    for words in ("【架空】", "根拠条項", "起案用メモ"):
        assert words in out


def test_reason_says_first_that_the_existence_itself_may_have_to_stay_open(
    here: Here, letter: dict[str, Any]
) -> None:
    warning = {"code": "existence_refusal", "message": "先に存否応答拒否を検討してください。", "page": None}
    code, out, err = here("reason", "-", "--json", stdin=json.dumps(letter | {"warnings": [warning]}))
    assert code == 0
    assert err.startswith(
        "注意：先に存否応答拒否を検討してください。"
    )  # before the heavy parts are even built
    assert set(json.loads(out)) == {"parts"}


def test_reason_refuses_findings_of_another_city(here: Here, letter: dict[str, Any]) -> None:
    code, out, err = here("reason", "-", stdin=json.dumps(letter | {"city": "elsewhere"}))
    assert (code, out) == (2, "")
    assert "別の自治体" in err


def searched(here: Here, *arguments: str) -> dict[str, Any]:
    code, out, err = here("search", *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_search_prints_the_contract(here: Here) -> None:
    told = searched(here, "要望した住民の氏名", "--limit", "20")
    assert set(told) == {"results", "tally"}
    assert 0 < len(told["results"]) <= 20
    assert {row["kind"] for row in told["results"]} == {"provision", "handbook", "precedent"}
    scores = [row["score"] for row in told["results"]]
    assert scores == sorted(scores, reverse=True)
    for row in told["results"]:
        assert {"source", "kind", "head", "provision", "exception", "topic", "score", "text"} <= set(row)
        if row["kind"] == "precedent":
            assert {"date", "outcome", "department", "origin", "review", "stands"} <= set(row)


def test_kind_and_head(here: Here) -> None:
    provisions = searched(here, "住民の氏名", "--kind", "provision", "--limit", "5")["results"]
    assert {row["kind"] for row in provisions} == {"provision"}
    by_name = searched(here, "氏名", "--kind", "handbook", "--head", "個人")["results"]
    assert by_name == searched(here, "氏名", "--kind", "handbook", "--head", "第7条第2号")["results"]
    assert {row["head"] for row in by_name} == {"個人"}
    code, out, err = here("search", "入札の予定価格", "--head", "予定")
    assert (code, out) == (2, "")
    assert "個人、" in err


def test_filters_of_precedents(here: Here) -> None:
    disclosed = searched(here, "氏名", "--kind", "precedent", "--outcome", "disclosed")["results"]
    assert {row["outcome"] for row in disclosed} == {"disclosed"}
    year, department = disclosed[0]["date"][:4], disclosed[0]["department"]
    of_year = searched(here, "氏名", "--kind", "precedent", "--year", year)["results"]
    assert {row["date"][:4] for row in of_year} == {year}
    of_department = searched(here, "氏名", "--kind", "precedent", "--department", department)["results"]
    assert {row["department"] for row in of_department} == {department}


def test_search_as_of_a_day(here: Here) -> None:
    early = searched(here, "住民の氏名", "--as-of", "2012-04-01", "--limit", "30")["results"]
    assert {row["kind"] for row in early} == {"provision", "handbook", "precedent"}
    assert all(row["date"] <= "2012-04-01" for row in early if row["kind"] == "precedent")
    assert all(row["source"].endswith("@2002-04-01") for row in early if row["kind"] == "provision")


def test_search_for_people(here: Here) -> None:
    code, out, _ = here("search", "入札の予定価格")
    assert code == 0
    for words in ("見本市（架空）", "先例の内訳", "provision:"):
        assert words in out


@pytest.mark.parametrize("command", ["search", "ask"])
def test_a_blank_question_is_refused(here: Here, command: str) -> None:
    code, out, err = here(command, " 　")
    assert (code, out) == (2, "")
    assert "言葉がありません" in err


def test_ask(here: Here) -> None:
    code, out, err = here("ask", "業者の担当者の氏名は開示しますか", "--json")
    assert code == 0, err
    told = json.loads(out)
    assert set(told) == {"answer", "heads", "to_find_out", "warnings"}
    assert told["heads"][0] == "個人"
    cited = [citation for sentence in told["answer"] for citation in sentence["citations"]]
    assert cited
    assert {citation["status"] for citation in cited} == {"verified"}
    _, shown, _ = here("ask", "業者の担当者の氏名は開示しますか")
    assert "架空" in shown
    assert "規則のみ" in shown


def test_index_again_says_that_it_is_there(here: Here) -> None:
    code, out, err = here("index")
    assert (code, out) == (0, "")
    assert "索引" in err


USER = {"OSUMITSUKI_USER": "総務課　山科 葉子"}


def test_a_proposal_by_somebody_is_on_the_record_and_tampering_shows(ready: Path, tmp_path: Path) -> None:
    shutil.copytree(ready / "index", tmp_path / "index")
    told = proposed(tmp_path, **USER)
    assert told["findings"]
    whole = run("audit", "verify", "--json", data_dir=tmp_path)
    assert whole.returncode == 0, whole.stderr
    report = json.loads(whole.stdout)
    assert report["ok"] is True
    assert report["events"] >= 1
    shown = run("audit", "verify", data_dir=tmp_path)
    assert "記録はつながっています" in shown.stdout
    with sqlite3.connect(tmp_path / "record.sqlite3") as record:
        for (trigger,) in record.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            record.execute(f'DROP TRIGGER "{trigger}"')
        record.execute("UPDATE event SET at = '2001-01-01T00:00:00.000000+00:00' WHERE seq = 1")
    record.close()
    broken = run("audit", "verify", "--json", data_dir=tmp_path)
    assert broken.returncode == 2
    assert json.loads(broken.stdout)["first_bad"] == 1
    assert "システム担当" in broken.stderr


def test_without_a_user_nothing_is_recorded(here: Here, letter: dict[str, Any]) -> None:
    code, out, _ = here("audit", "verify", "--json")
    assert letter["findings"]
    assert (code, json.loads(out)["events"]) == (0, 0)


MODEL = {"OSUMITSUKI_MODEL_NAME": "test-model"}


def test_an_endpoint_elsewhere_is_refused(here: Here) -> None:
    settings = {"MODEL_NAME": "test-model", "MODEL_BASE_URL": "https://model.example/v1"}
    code, out, err = here("propose", "-", "--engine", "model", stdin=LETTER, **settings)
    assert (code, out) == (2, "")
    assert err.strip()
    assert "相良" not in err


def test_half_of_the_model_settings_is_refused(here: Here) -> None:
    code, _, err = here("propose", "-", stdin=LETTER, MODEL_NAME="test-model")
    assert code == 2
    assert "OSUMITSUKI_MODEL_BASE_URL" in err


def test_a_dead_endpoint_gives_the_whole_rules_output_and_exit_3(ready: Path, letter: dict[str, Any]) -> None:
    # port 9 (discard) of this machine: nobody listens there
    settings = MODEL | {"OSUMITSUKI_MODEL_BASE_URL": "http://127.0.0.1:9/v1"}
    done = run("propose", "-", "--json", "--engine", "model", data_dir=ready, stdin=LETTER, **settings)
    assert done.returncode == 3, done.stderr
    told = json.loads(done.stdout)
    assert (told["engine"], told["requested_engine"]) == ("rules", "model")
    assert told["findings"] == letter["findings"]
    assert any(warning["code"] == "model_failed" for warning in told["warnings"])
    assert done.stderr.strip()
    assert "相良" not in done.stderr


def test_what_nobody_foresaw_is_one_sentence_a_number_and_a_log_without_text(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    (broken / "sudachipy").mkdir(parents=True)
    fault = "raise RuntimeError('相良 ゆかり')\n"  # a library that fails with document text in its message
    (broken / "sudachipy" / "__init__.py").write_text(fault, encoding="utf-8")
    data = tmp_path / "data"
    done = run("propose", "-", data_dir=data, stdin=LETTER, PYTHONPATH=str(broken))
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert "思わぬ不具合" in done.stderr
    log = (data / "cli-errors.log").read_text(encoding="utf-8")
    assert "RuntimeError" in log
    number = done.stderr.split("番号 ")[1][:6]
    assert number in log
    assert "相良" not in log + done.stderr


def test_a_reader_that_stops_early_is_no_failure(ready: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "search", "氏名", "--limit", "100", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(ready),
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=240) == 0
    assert "Traceback" not in told
    assert "Exception ignored" not in told


def test_a_data_folder_that_cannot_be_used(here: Here, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file, not a folder", encoding="utf-8")
    unusable = str(tmp_path / "file")
    # one can still read and ask: the index stays in memory, and that is said
    code, out, err = here("search", "氏名", DATA_DIR=unusable)
    assert code == 0
    assert "provision:" in out
    assert "フォルダ" in err
    # what needs the record is refused
    code, out, err = here("audit", "verify", DATA_DIR=unusable)
    assert (code, out) == (2, "")
    assert "フォルダ" in err
