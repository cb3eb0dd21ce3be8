"""PDFs that cannot be read say why and what to do; locked ones ask for the key; nothing hangs or ends in a traceback."""

from __future__ import annotations

import io
import logging
import random
import re
import time

import pikepdf
import pypdf
import pytest
from pdf_fixtures import LINES, changed, paper, read, write, written
from reportlab.pdfgen.canvas import Canvas

from assistant.documents import pdf_engine
from assistant.errors import DocumentError, PasswordNeeded

SEED = 20240517


def locked(user: str, owner: str, level: int) -> bytes:
    encryption = pikepdf.Encryption(user=user, owner=owner, R=level, aes=level >= 4, metadata=level >= 4)
    return changed(written(), lambda _: None, encryption=encryption)


@pytest.mark.parametrize("level", [2, 3, 4, 6])
def test_a_key_is_asked_for_and_then_needed_no_more(level: int) -> None:
    data = locked("himitsu", "owner", level)
    with pytest.raises(PasswordNeeded, match="鍵がかかっています"):
        read(data)
    with pytest.raises(PasswordNeeded, match="パスワードが違います"):
        read(data, password="chigau")
    opened = read(data, password="himitsu")
    assert opened.document.pages[0].text == "\n".join(LINES)
    assert opened.pdf is not None
    again = pypdf.PdfReader(io.BytesIO(opened.pdf))
    assert not again.is_encrypted
    assert read(opened.pdf).document.pages == opened.document.pages


def test_a_key_that_only_forbids_printing_is_no_hindrance() -> None:
    opened = read(locked("", "owner", 4))
    assert opened.document.pages[0].text == "\n".join(LINES)
    assert opened.pdf is not None
    assert not pypdf.PdfReader(io.BytesIO(opened.pdf)).is_encrypted


def test_an_open_file_is_handed_on_as_it_is() -> None:
    data = written()
    assert read(data, password="needless").pdf == data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空です"),
        (b"\0" * 400, "空です"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "ウェブページ"),
        (b"\xef\xbb\xbf  <HTML><head></head></html>", "ウェブページ"),
        (b"PK\x03\x04" + b"x" * 500, "PDFではありません"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 500, "PDFではありません"),
        (b"%PDF-1.7\n" + b"x" * 500, "壊れていて"),
        (
            b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n%%EOF\n",
            "壊れていて|ページがありません",
        ),
    ],
)
def test_what_is_no_pdf_is_told_what_it_is(data: bytes, says: str) -> None:
    with pytest.raises(DocumentError, match=says) as caught:
        read(data)
    assert caught.value.exit_code == 2
    assert str(caught.value).endswith("。")


def test_no_pages() -> None:
    def change(file: pikepdf.Pdf) -> None:
        file.Root.Pages = file.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=pikepdf.Array([]), Count=0)
        )

    with pytest.raises(DocumentError, match="ページがありません"):
        read(changed(written(), change))


def test_a_visible_part_off_the_paper_is_no_damage() -> None:
    def change(file: pikepdf.Pdf) -> None:
        file.pages[0].obj.CropBox = pikepdf.Array([5000, 5000, 6000, 6000])

    plain = read(written())
    opened = read(changed(written(), change))
    assert opened.document.pages == plain.document.pages


def test_too_many_pages_and_too_large_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(4):
            write(canvas, LINES)
            canvas.showPage()

    data = paper(draw)
    monkeypatch.setattr(pdf_engine, "MAX_PAGES", 3)
    with pytest.raises(DocumentError, match="3ページまで"):
        read(data)
    monkeypatch.setattr(pdf_engine, "MAX_BYTES", 1024)
    with pytest.raises(DocumentError, match="分けてから"):
        read(data)


def test_a_tree_of_pages_that_runs_in_a_circle_is_refused() -> None:
    data = written()
    kids = re.search(rb"/Kids\s*\[\s*(\d+) 0 R\s*\]", data)
    pages = re.search(rb"(\d+) 0 obj\s*<<[^>]*/Kids", data)
    assert kids
    assert pages
    circle = b"/Kids [ %s 0 R %s 0 R ]" % (kids[1], pages[1])
    broken = data.replace(kids[0], circle).replace(b"/Count 1", b"/Count 2")
    with pytest.raises(DocumentError, match="2ページ目が壊れていて"):
        read(broken)


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Bytes changed, cut out, doubled, or the end cut off."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(out))
        match dice.randrange(4):
            case 0:
                out[at] = dice.randrange(256)
            case 1:
                del out[at : at + dice.randint(1, 60)]
            case 2:
                out[at:at] = out[at : at + dice.randint(1, 200)]
            case _:
                out[at : at + 4] = str(dice.randrange(10**6)).encode()
        if len(out) < 100:
            break
    return bytes(out[: dice.randint(100, len(out))] if dice.random() < 0.2 else out)


def try_damaged(rounds: int, seed: int) -> int:
    dice, whole, opened = random.Random(seed), written(), 0
    for _ in range(rounds):
        data = damaged(whole, dice)
        begun = time.monotonic()
        try:
            document = read(data).document
        except DocumentError:
            pass
        else:
            opened += 1
            assert all(len(page.boxes) == len(page.text) for page in document.pages)
        assert time.monotonic() - begun < 30
    return opened


def test_damaged_files_open_or_say_why(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert 0 < try_damaged(60, SEED) < 60
    assert not [record for record in caplog.records if "見本" in record.getMessage()]
    assert not [record for record in caplog.records if record.name.split(".")[0] in {"pypdf", "pikepdf"}]


@pytest.mark.sweep
def test_many_damaged_files_open_or_say_why() -> None:
    assert try_damaged(1000, SEED + 1)
