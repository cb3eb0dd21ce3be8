"""The one door: files are what their bytes say, whatever their names; what is not taken is refused with what to do."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from assistant.documents.open import open_document
from assistant.documents.ports import Opened, Readers
from assistant.documents.text import read_bytes
from assistant.errors import DocumentError
from tests.documents.office_building import complaint, ole_file, sheet_file, word_file

RECORD = "見本市長は、佐藤一郎氏から提出のあった申請書について、次のとおり決定した。\n"
PICTURE = io.BytesIO()
Image.new("RGB", (50, 50), "white").save(PICTURE, "PNG")


def opened(data: bytes, name: str) -> Opened:
    return open_document(data, name=name, readers=Readers())


def zipped(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for name, text in parts.items():
            out.writestr(name, text)
    return made.getvalue()


TAKEN = [
    (word_file(), "a.docx", "docx", ""),
    (word_file(), "a.pdf", "docx", "中身はWordの文書"),
    (sheet_file(), "a.docx", "xlsx", "中身はExcelの表"),
    (sheet_file(), "名簿", "xlsx", ""),
    (RECORD.encode(), "a.txt", "text", ""),
    (RECORD.encode("cp932"), "a.csv", "text", ""),
    (RECORD.encode("utf-16"), "a.txt", "text", ""),
    (RECORD.encode("iso2022_jp"), "a", "text", ""),
    (("%PDF-の形式について\n" + RECORD).encode("cp932")[1:], "a.txt", "text", ""),
    (("MZ計画\n" + RECORD).encode(), "a.txt", "text", ""),
    (("BM評価\n" + RECORD).encode(), "a.txt", "text", ""),
    (("<html>とは何か\n" + RECORD).encode(), "a.txt", "text", ""),
    (PICTURE.getvalue(), "a.pdf", "image", "中身は画像"),
]


@pytest.mark.parametrize(("data", "name", "media", "note"), TAKEN)
def test_content_decides_and_a_name_that_promises_otherwise_is_said(
    data: bytes, name: str, media: str, note: str
) -> None:
    found = opened(data, name)
    assert found.document.media == media
    assert found.document.sha256 == hashlib.sha256(data).hexdigest()
    assert found.document.name == name
    assert ("中身は" in "".join(found.notes)) == bool(note)
    assert note in "".join(found.notes)


REFUSED = [
    (b"", "a.pdf", "空です"),
    (b"", "a.txt", "空です"),
    (bytes(5000), "a.docx", "壊れています"),
    (b"<!DOCTYPE html><html><body>login</body></html>", "a.pdf", "HTML"),
    (b"\xef\xbb\xbf\n<!-- x --><HTML lang=ja>", "a.html", "HTML"),
    (zipped(a="x"), "a.zip", "展開"),
    (zipped(a="x"), "a.docx", "展開"),
    (b"7z\xbc\xaf\x27\x1c" + bytes(50), "a.7z", "7z"),
    (gzip.compress(b"x"), "a.gz", "gzip"),
    (b"\x20\x30-lh5-" + bytes(50), "a.lzh", "LZH"),
    (b"PK\x03\x04" + bytes(100), "a.docx", "壊れています"),
    (ole_file({"DocumentText": b"x"}), "a.jtd", "一太郎"),
    (ole_file({"Unknown": b"x"}), "a.vsd", "PDFに保存"),
    (ole_file({"EncryptedPackage": b"x"}), "a.xlsx", "パスワード"),
    (ole_file({"WordDocument": b"x"}), "a.doc", "LibreOffice"),
    (ole_file({"Workbook": b"x"}), "a.xls", "LibreOffice"),
    (b"{\\rtf1 x}", "a.rtf", "LibreOffice"),
    (zipped(mimetype="application/vnd.oasis.opendocument.text"), "a.odt", "LibreOffice"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(30), "a.doc", "壊れています"),
    (b"MZ\x90\x00" + bytes(500), "a.exe", "読めません"),
    (b"\x00\x00\x00\x18ftypheic" + bytes(50), "a.heic", "JPEG"),
    (b"\x00\x00\x00\x18ftypmp42" + bytes(50), "a.mp4", "読めません"),
    (random.Random(1).randbytes(3000), "a.dat", "UTF-8"),
    (b" \n\t", "a.txt", "文章がありません"),
    (b"%PDF-1.7\nbroken", "a.pdf", "。"),
    (b"hello, this is no PDF", "a.pdf", "。"),
]


@pytest.mark.parametrize(("data", "name", "words"), REFUSED)
def test_what_is_not_taken_is_refused_with_what_to_do(data: bytes, name: str, words: str) -> None:
    with pytest.raises(DocumentError) as refused:
        opened(data, name)
    assert words in str(refused.value)
    assert str(refused.value).endswith("。")
    assert refused.value.exit_code == 2


def test_a_file_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "記録.txt"
    path.write_bytes(RECORD.encode("cp932"))
    found = open_document(read_bytes(path), name=path.name, readers=Readers(), doc_type="議事録")
    assert found.document.name == "記録.txt"
    assert found.document.doc_type == "議事録"
    with pytest.raises(DocumentError, match="ありません"):
        read_bytes(tmp_path / "ない.txt")
    with pytest.raises(DocumentError, match="開けません"):
        read_bytes(tmp_path)


def test_any_bytes_give_a_document_or_a_sentence() -> None:
    chance = random.Random(9)
    heads = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"II*\x00", b"\xff\xd8\xff\xe1", b"From: a\r\n", b"{\\rtf", b"BM", b"\xff\xfe", b"GIF89a"]  # fmt: skip
    for number in range(200):
        data = heads[number % len(heads)] + chance.randbytes(chance.randrange(600))
        name = f"a{chance.choice(['', '.txt', '.docx', '.eml', '.png', '.msg'])}"
        assert complaint(lambda data=data, name=name: opened(data, name)).endswith("。")
