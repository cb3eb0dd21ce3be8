"""propose, redact and inspect on real files: what is withheld is gone, what is open stays, what is wrong is said."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
from papers import letter, pdf_of
from passages import OPEN, WITHHELD
from running import Here

BY = "総務課 見本花子"


def text_of(path: Path) -> str:
    """What two engines read, without white space."""
    with pypdfium2.PdfDocument(path) as document:
        seen = "".join(page.get_textpage().get_text_bounded() for page in document)
    seen += "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return "".join(seen.split())


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "要望書.pdf"
    path.write_bytes(letter())
    return path


def proposed(here: Here, paper: Path, **changes: object) -> tuple[Path, dict[str, Any]]:
    """The findings of a file, written beside it."""
    code, out, err = here("propose", str(paper), "--json")
    assert code == 0, err
    told = json.loads(out) | changes
    path = paper.with_suffix(".json")
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return path, told


def test_a_pdf_is_proposed_over_with_boxes_on_its_page(here: Here, paper: Path) -> None:
    _, told = proposed(here, paper)
    assert told["document"]["sha256"] == hashlib.sha256(paper.read_bytes()).hexdigest()
    withheld = {f["text"].replace(" ", ""): f for f in told["findings"] if f["decision"] == "withhold"}
    for words in WITHHELD:
        (box,) = withheld[words.replace(" ", "")]["boxes"]
        assert 0 < box["x0"] < box["x1"] < 595
        assert 0 < box["y0"] < box["y1"] < 842


def test_redacted_and_certified(here: Here, paper: Path, tmp_path: Path) -> None:
    marks, _ = proposed(here, paper)
    out, certificate = tmp_path / "出力.pdf", tmp_path / "証明.json"
    code, said, err = here(
        "redact", str(paper), "--marks", str(marks), "-o", str(out), "--certificate", str(certificate),
        "--confirm-all-as", BY, "--json",
    )  # fmt: skip
    assert code == 0, err
    left = text_of(out)
    for words in WITHHELD:
        assert words.replace(" ", "") not in left
    for words in OPEN:
        assert words.replace(" ", "") in left
    paper_of = json.loads(certificate.read_text(encoding="utf-8"))
    assert json.loads(said) == paper_of
    assert hashlib.sha256(out.read_bytes()).hexdigest() in json.dumps(paper_of)
    assert BY in json.dumps(paper_of, ensure_ascii=False)
    for words in WITHHELD:
        assert words not in certificate.read_text(encoding="utf-8")

    checks = ("--original", str(paper), "--marks", str(marks), "--confirm-all-as", BY)
    code, said, err = here("inspect", str(out), *checks, "--json")
    assert code == 0, said + err
    code, said, err = here("inspect", str(paper), *checks, "--json")
    assert code == 4
    assert not json.loads(said)["clean"]


def test_what_is_undecided_is_refused_and_nothing_is_written(here: Here, paper: Path, tmp_path: Path) -> None:
    marks, told = proposed(here, paper)
    out = tmp_path / "出力.pdf"
    code, said, err = here("redact", str(paper), "--marks", str(marks), "-o", str(out))
    assert (code, said) == (2, "")
    assert f"{len(told['findings'])}件" in err
    assert not out.exists()


def test_marks_of_another_document_are_refused(here: Here, paper: Path, tmp_path: Path) -> None:
    marks, _ = proposed(here, paper)
    other = tmp_path / "別.pdf"
    other.write_bytes(pdf_of("別の文書です。"))
    out = tmp_path / "出力.pdf"
    code, _, err = here("redact", str(other), "--marks", str(marks), "-o", str(out), "--confirm-all-as", BY)
    assert code == 2
    assert "別の文書" in err
    assert not out.exists()


def test_the_original_is_never_written_over(here: Here, paper: Path) -> None:
    marks, _ = proposed(here, paper)
    before = paper.read_bytes()
    code, _, err = here("redact", str(paper), "--marks", str(marks), "-o", str(paper), "--confirm-all-as", BY)
    assert code == 2
    assert "別の名前" in err
    assert paper.read_bytes() == before


def test_a_person_settles_in_the_json_and_what_was_rejected_stays(
    here: Here, paper: Path, tmp_path: Path
) -> None:
    marks, told = proposed(here, paper)
    for finding in told["findings"]:
        phone = "6677" in finding["text"]
        finding["decided"] = {
            "state": "rejected" if phone else "confirmed",
            "by": BY,
            "at": "2026-11-23T09:00:00+09:00",
        }
        if finding["decision"] == "ask":
            finding["decided"]["state"] = "rejected"
    marks.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    out = tmp_path / "出力.pdf"
    code, _, err = here("redact", str(paper), "--marks", str(marks), "-o", str(out))
    assert code == 0, err
    assert "相良" not in text_of(out)
    assert "090-0000-6677" in text_of(out)


def test_a_box_drawn_over_live_text_is_a_leak(here: Here, tmp_path: Path) -> None:
    painted = tmp_path / "painted.pdf"
    painted.write_bytes(pdf_of("申出者 相良ゆかり", boxes=[(55, 774, 200, 18)]))
    code, out, _ = here("inspect", str(painted), "--json")
    assert code == 4
    assert json.loads(out)["leaks"]
    honest = tmp_path / "honest.pdf"
    honest.write_bytes(pdf_of("申出者 相良ゆかり"))
    assert here("inspect", str(honest))[0] == 0
    code, out, _ = here("inspect", str(honest), "--secret", "相良 ゆかり", "--json")
    assert code == 4
    assert [leak["secret"] for leak in json.loads(out)["leaks"]][:1] == [1]


def test_a_locked_file_wants_its_password(here: Here, tmp_path: Path) -> None:
    locked = tmp_path / "鍵.pdf"
    locked.write_bytes(pdf_of("申出者 相良ゆかり", password="ひみつ".encode().hex()))
    code, _, err = here("propose", str(locked), "--json")
    assert code == 2
    assert "パスワード" in err
    code, out, err = here("propose", str(locked), "--password", "ひみつ".encode().hex(), "--json")
    assert code == 0, err
    assert "相良" in json.loads(out)["pages"][0]["text"]


BAD = {
    "empty.pdf": b"",
    "html.pdf": b"<!DOCTYPE html><html><body>404</body></html>",
    "cut.pdf": letter()[:400],
    "unknown.bin": bytes(range(256)) * 8,
    "zip.zip": b"PK\x03\x04" + b"\0" * 60,
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("command", ["propose", "inspect"])
def test_what_cannot_be_read_is_said_in_one_sentence(
    here: Here, tmp_path: Path, name: str, command: str
) -> None:
    path = tmp_path / name
    path.write_bytes(BAD[name])
    code, out, err = here(command, str(path))
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert "。" in err


def test_a_half_given_comparison_is_refused(here: Here, paper: Path) -> None:
    code, _, err = here("inspect", str(paper), "--original", str(paper))
    assert code == 2
    assert "両方" in err


def test_what_was_read_is_not_written_over_and_a_place_is_looked_at_first(
    here: Here, paper: Path, tmp_path: Path
) -> None:
    marks, _ = proposed(here, paper)
    before = marks.read_bytes()
    link = tmp_path / "同じもの.pdf"
    link.hardlink_to(paper)
    (tmp_path / "フォルダ.pdf").mkdir()
    takes = ("redact", str(paper), "--marks", str(marks), "--confirm-all-as", BY)
    fine = str(tmp_path / "出力.pdf")
    for places, told in {
        ("-o", str(marks)): "別の名前",
        ("-o", fine, "--certificate", str(marks)): "別の名前",
        ("-o", str(link)): "別の名前",
        ("-o", fine, "--certificate", fine): "別の名前",
        ("-o", str(tmp_path / "フォルダ.pdf")): "フォルダ",
        ("-o", str(tmp_path / "無い" / "出力.pdf")): "フォルダ",
        ("-o", fine, "--certificate", str(tmp_path / "無い" / "証明.json")): "フォルダ",
    }.items():
        code, _, err = here(*takes, *places)
        assert (code, told in err) == (2, True), (places, err)
        assert "墨塗りしています" not in err  # before the work
    assert marks.read_bytes() == before
    assert not Path(fine).exists()
    assert here("redact", "-", "--marks", "-", "-o", fine, stdin=before)[0] == 2


def test_a_disk_that_fills_up_leaves_no_certificate_without_its_file(
    here: Here, paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks, _ = proposed(here, paper)
    out, certificate = tmp_path / "出力.pdf", tmp_path / "証明.json"
    really, asked = os.fsync, iter((False, True))  # there is room for the certificate, not for the file

    def full(handle: int) -> None:
        if next(asked):
            raise OSError(errno.ENOSPC, "full")
        really(handle)

    monkeypatch.setattr(os, "fsync", full)
    code, said, err = here(
        "redact", str(paper), "--marks", str(marks), "-o", str(out), "--certificate", str(certificate),
        "--confirm-all-as", BY,
    )  # fmt: skip
    assert (code, said) == (2, "")
    assert "空き" in err
    assert not out.exists()
    assert not certificate.exists()
    assert not list(tmp_path.glob(".*"))


def test_words_left_elsewhere_are_told_without_the_words(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "要望書.pdf"
    path.write_bytes(pdf_of("申出者氏名：相良ゆかり", "相良ゆかり様へ連絡した。"))
    marks, told = proposed(here, path)
    for finding in told["findings"]:
        first = [extent for extent in finding["extents"] if extent["page"] == 1]
        if finding["decision"] == "withhold":
            finding |= {"extents": first, "boxes": [box for box in finding["boxes"] if box["page"] == 1]}
    told["findings"] = [finding for finding in told["findings"] if finding["extents"]]
    marks.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    out = tmp_path / "出力.pdf"
    code, _, err = here("redact", str(path), "--marks", str(marks), "-o", str(out), "--confirm-all-as", BY)
    assert code == 0, err
    assert "公にする部分にも残ります（1件）" in err
    assert "2ページ" in err
    assert "相良" not in err


def test_the_margin_does_not_say_what_is_withheld(here: Here, paper: Path, tmp_path: Path) -> None:
    marks, _ = proposed(here, paper)
    out = tmp_path / "出力.pdf"
    code, _, err = here(
        "redact", str(paper), "--marks", str(marks), "-o", str(out), "--confirm-all-as", BY,
        "--stamp", f"{WITHHELD[0]} 分 {{page}}",
    )  # fmt: skip
    assert code == 2
    assert "余白" in err
    assert WITHHELD[0] not in err
    assert not out.exists()


def test_the_file_has_a_title_and_names_in_another_charset_are_kept(
    here: Here, paper: Path, tmp_path: Path
) -> None:
    marks, _ = proposed(here, paper)
    try:
        given = tmp_path / os.fsdecode("相談".encode("cp932") + b".pdf")
        given.write_bytes(paper.read_bytes())
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such names")
    out = tmp_path / os.fsdecode("出力".encode("cp932") + b".pdf")
    certificate = tmp_path / "証明.json"
    code, _, err = here(
        "redact", str(given), "--marks", str(marks), "-o", str(out), "--certificate", str(certificate),
        "--confirm-all-as", BY,
    )  # fmt: skip
    assert code == 0, err
    assert json.loads(certificate.read_text(encoding="utf-8"))["output_name"].startswith("%8Fo%97%CD")
    assert str(pypdf.PdfReader(out).metadata.title).startswith("%8Fo")
    assert here("inspect", str(out), "--json")[0] == 0
