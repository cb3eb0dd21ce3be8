"""LibreOffice as the printer: what is printed, what is not, no network, old files renewed, damage and delay in a sentence."""

from __future__ import annotations

import io
import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.adapters import soffice
from assistant.adapters.soffice import Soffice, find_soffice
from assistant.documents.open import open_document
from assistant.documents.ports import Opened, Readers
from assistant.domain.document import HiddenKind
from assistant.errors import DocumentError
from tests.documents.office_building import sheet_file, slides_file, word_file


@pytest.fixture(scope="module")
def printer() -> Soffice:
    if find_soffice() is None:
        pytest.skip("LibreOffice is not installed")
    return Soffice()


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server of this machine and the paths it was asked for."""
    paths: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/x.png", paths
    server.shutdown()
    server.server_close()


def opened(data: bytes, name: str, printer: Soffice) -> Opened:
    return open_document(data, name=name, readers=Readers(printer=printer))


def seen(found: Opened) -> list[str]:
    return ["".join(page.text.split()) for page in found.document.pages]


def test_a_word_file_is_printed_as_it_would_be_released(
    printer: Soffice, asked: tuple[str, list[str]]
) -> None:
    address, paths = asked
    found = opened(word_file(link=address), "報告.docx", printer)
    assert len(found.document.pages) == 2
    text = "".join(seen(found))
    for words in (
        "本文の佐藤一郎です。挿入した文。",
        "前の段落と後の段落は一つになる。",
        "山田花子",
        "フッターの文字",
    ):
        assert words in text
    assert "秘密" not in text
    assert found.pdf is not None
    assert found.document.on_paper
    name = found.document.pages[0].text.index("佐藤")
    assert found.document.pages[0].boxes[name] is not None
    assert paths == [], "nothing is loaded from outside"
    assert any(each.text == address for each in found.document.hidden if each.kind is HiddenKind.LINK)


def test_sheets_are_printed_without_hidden_parts(printer: Soffice) -> None:
    found = opened(sheet_file(), "名簿.xlsx", printer)
    text = "".join(seen(found))
    for words in ("佐藤一郎", "見える二枚目", "黒地に白"):
        assert words in text
    assert "秘密" not in text


def test_slides_are_printed_without_hidden_ones(printer: Soffice) -> None:
    found = opened(slides_file(), "説明.pptx", printer)
    assert len(found.document.pages) == 2
    assert "佐藤一郎" in seen(found)[1]
    assert "秘密" not in "".join(seen(found))


def test_the_settings_keep_it_off_the_network(
    printer: Soffice, asked: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, paths = asked
    data = word_file(link=address)
    printer.print(data, ".docx")
    assert paths == []
    monkeypatch.setattr(soffice, "_SETTINGS", ())
    printer.print(data, ".docx")
    assert paths, "without them it asks: the test can fail"


def test_an_old_file_is_renewed_and_its_hidden_parts_are_still_found(printer: Soffice) -> None:
    old = printer._converted(word_file(), ".docx", "doc")
    assert old.startswith(b"\xd0\xcf\x11\xe0")
    found = opened(old, "報告.doc", printer)
    text = "".join(seen(found)).replace("消した行の秘密", "")  # .doc as written here does not mark rows
    assert "佐藤一郎" in text
    assert "秘密" not in text
    listed = "\n".join(each.text for each in found.document.hidden)
    for words in ("削除した秘密", "コメントの秘密", "隠した秘密", "秘密作成者"):
        assert words in listed


def test_damage_falls_back_to_the_text_or_a_sentence(printer: Soffice) -> None:
    with pytest.raises(DocumentError, match="開けませんでした"):
        printer.print(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), ".doc")


def test_without_it_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soffice, "find_soffice", lambda: None)
    absent = Soffice()
    assert absent.missing is not None
    assert "libreoffice-writer" in absent.missing
    with pytest.raises(DocumentError, match="libreoffice-writer"):
        absent.print(b"x", ".docx")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for a program that hangs")
def test_a_program_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    program, note = tmp_path / "soffice", tmp_path / "pid"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {note}\nwait\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    start = time.monotonic()
    with pytest.raises(DocumentError, match="時間がかかりすぎ"):
        Soffice(program, timeout=0.5).print(word_file(), ".docx")
    assert time.monotonic() - start < 5
    child = int(note.read_text())
    for _ in range(50):
        if not _runs(child):
            break
        time.sleep(0.02)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    """Whether a process is alive; one that ended and waits for its parent is not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_program_that_makes_nothing_or_cannot_start_gives_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="動かせませんでした"):
        Soffice(tmp_path / "nothing here").print(io.BytesIO().getvalue(), ".docx")
