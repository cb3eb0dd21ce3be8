"""batch: a row for every file, none stops it, a second run goes on where the first ended."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from papers import letter, pdf_of
from passages import LETTER
from running import Here

SUMMARY = "summary.csv"


def rows(out: Path) -> dict[str, dict[str, str]]:
    raw = (out / SUMMARY).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in raw
    return {row["file"]: row for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "文書"
    (inside / "下位").mkdir(parents=True)
    (inside / "要望書.pdf").write_bytes(letter())
    (inside / "下位" / "同じ要望書.pdf").write_bytes(letter())
    (inside / "下位" / "メモ.txt").write_bytes(LETTER.encode("cp932"))
    (inside / "塗っただけ.pdf").write_bytes(pdf_of("申出者 相良ゆかり", boxes=[(55, 774, 200, 18)]))
    (inside / "壊れた.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (inside / "=計算.txt").write_text("申出者 相良ゆかり", encoding="utf-8")
    (inside / "~$開いている.docx").write_bytes(b"lock")
    return inside


def test_every_file_gets_its_row_and_a_second_run_goes_on(here: Here, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "結果"
    code, _, err = here("batch", str(folder), "-o", str(out))
    assert code == 0, err
    told = rows(out)
    assert set(told) == {
        "要望書.pdf", "下位/同じ要望書.pdf", "下位/メモ.txt", "塗っただけ.pdf", "壊れた.pdf", "'=計算.txt",
    }  # fmt: skip
    assert {name for name, row in told.items() if row["state"] == "failed"} == {"壊れた.pdf"}
    assert told["壊れた.pdf"]["exit_code"] == "2"
    assert "壊れた.pdf" in err
    assert told["塗っただけ.pdf"]["exit_code"] == "4"
    assert int(told["塗っただけ.pdf"]["leaks"]) >= 1
    assert told["要望書.pdf"]["leaks"] == "0"
    assert {told["要望書.pdf"]["same_as"], told["下位/同じ要望書.pdf"]["same_as"]} - {""}
    findings = json.loads((out / told["要望書.pdf"]["findings"]).read_text(encoding="utf-8"))
    assert len([f for f in findings["findings"] if f["decision"] == "withhold"]) == int(
        told["要望書.pdf"]["withhold"]
    )

    kept = out / told["要望書.pdf"]["findings"]
    stamp = kept.stat().st_mtime_ns
    (folder / "壊れた.pdf").write_bytes(letter() + b"\n%")
    (folder / "下位" / "メモ.txt").unlink()
    assert here("batch", str(folder), "-o", str(out))[0] == 0
    again = rows(out)
    assert kept.stat().st_mtime_ns == stamp  # not made again
    assert again["壊れた.pdf"]["state"] == "done"
    assert "下位/メモ.txt" not in again


def test_a_summary_cut_short_is_no_obstacle(here: Here, tmp_path: Path) -> None:
    inside, out = tmp_path / "文書", tmp_path / "結果"
    inside.mkdir()
    (inside / "一.txt").write_text("申出者 相良ゆかり", encoding="utf-8")
    out.mkdir()
    (out / SUMMARY).write_bytes(b"\xef\xbb\xbffile,sha")
    assert here("batch", str(inside), "-o", str(out))[0] == 0
    assert rows(out)["一.txt"]["state"] == "done"


def test_no_folder_and_no_files_are_said(here: Here, tmp_path: Path) -> None:
    code, _, err = here("batch", str(tmp_path / "無い"), "-o", str(tmp_path / "結果"))
    assert code == 2
    assert "フォルダ" in err
    (tmp_path / "空").mkdir()
    code, _, err = here("batch", str(tmp_path / "空"), "-o", str(tmp_path / "結果"))
    assert code == 2
    assert "ありません" in err


def test_the_results_inside_the_folder_are_not_proposed_over(here: Here, tmp_path: Path) -> None:
    (tmp_path / "一.txt").write_text("申出者 相良ゆかり", encoding="utf-8")
    for _ in range(2):
        assert here("batch", str(tmp_path), "-o", str(tmp_path / "結果"))[0] == 0
    assert set(rows(tmp_path / "結果")) == {"一.txt"}


def test_any_name_gets_a_row_and_the_rows_come_as_json(here: Here, tmp_path: Path) -> None:
    inside, out = tmp_path / "文書", tmp_path / "結果"
    inside.mkdir()
    names = ["長" * 82 + ".txt", "'=計算.txt", "a b 'c'.txt"]
    if os.name == "posix":
        names += [os.fsdecode("相談".encode("cp932") + b".txt"), "改\n行.txt"]
    for name in names:
        (inside / name).write_text("申出者 相良ゆかり", encoding="utf-8")
    code, said, err = here("batch", str(inside), "-o", str(out), "--json")
    assert code == 0, err
    told = json.loads(said)["files"]
    assert [row["state"] for row in told] == ["done"] * len(names)
    assert all((out / row["findings"]).is_file() for row in told)
    stamps = {path: path.stat().st_mtime_ns for path in out.glob("*.json")}
    assert len(stamps) == len(names)
    assert here("batch", str(inside), "-o", str(out))[0] == 0
    assert stamps == {path: path.stat().st_mtime_ns for path in out.glob("*.json")}  # none made again


def test_a_place_that_is_no_folder_is_told_before_the_work(here: Here, tmp_path: Path) -> None:
    inside = tmp_path / "文書"
    inside.mkdir()
    (inside / "一.txt").write_text("申出者 相良ゆかり", encoding="utf-8")
    (tmp_path / "ファイル").write_bytes(b"")
    for out in (tmp_path / "ファイル", tmp_path / "ファイル" / "下"):
        code, _, err = here("batch", str(inside), "-o", str(out))
        assert (code, "フォルダ" in err) == (2, True), err
