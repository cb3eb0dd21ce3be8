"""Bad office files: bombs, entities, cut off, twice the same part, locked. A sentence each, in bounded time and memory."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable

import pytest

from assistant.documents.archive import MAX_PARTS, Package
from assistant.documents.open import open_document
from assistant.documents.ports import Readers
from assistant.errors import DocumentError
from tests.documents.office_building import (
    complaint,
    ole_file,
    sheet_file,
    slides_file,
    with_parts,
    word_file,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><x>&d;</x>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>"""


def message_of(data: bytes, name: str) -> str:
    with pytest.raises(DocumentError) as refused:
        open_document(data, name=name, readers=Readers())
    return str(refused.value)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = with_parts(word_file(), {"word/media/a.bin": bytes(120_000_000)})
    assert len(data) < 1_000_000
    tracemalloc.start()
    try:
        message = message_of(data, "a.docx")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "大きすぎます" in message
    assert most < 20_000_000


def test_too_many_parts_and_two_of_one_name_are_refused() -> None:
    many = io.BytesIO(word_file())
    with zipfile.ZipFile(many, "a") as out:
        for number in range(MAX_PARTS):
            out.writestr(f"x/{number}", b"")
    assert "壊れています" in message_of(many.getvalue(), "a.docx")
    twice = io.BytesIO(word_file())
    with warnings.catch_warnings(), zipfile.ZipFile(twice, "a") as out:
        warnings.simplefilter("ignore")
        out.writestr("word/document.xml", b"<x/>")
    assert "壊れています" in message_of(twice.getvalue(), "a.docx")


@pytest.mark.parametrize("evil", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize(
    ("data", "part"),
    [
        (word_file(), "word/document.xml"),
        (sheet_file(), "xl/workbook.xml"),
        (slides_file(), "ppt/slides/slide1.xml"),
        (word_file(), "word/_rels/document.xml.rels"),
    ],
)
def test_entities_are_never_resolved(data: bytes, part: str, evil: bytes) -> None:
    assert "壊れています" in message_of(with_parts(data, {part: evil}), "a.docx")


def test_entities_of_a_streamed_part_are_not_resolved_either() -> None:
    evil = OUTSIDE.replace(
        b"<x>&e;</x>",
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>&e;</v></c></row></sheetData></worksheet>'.encode(),
    )
    found = open_document(
        with_parts(sheet_file(), {"xl/worksheets/sheet1.xml": evil}), name="a.xlsx", readers=Readers()
    )
    assert found.document.pages[0].text == ""


def test_a_sheet_that_claims_a_million_rows_is_read_by_its_cells() -> None:
    rows = "".join(f'<row r="{number}" spans="1:16384"/>' for number in range(1, 20_000))
    last = '<row r="1048576"><c r="XFD1048576" t="str"><v>端</v></c></row>'
    sheet = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{rows}{last}</sheetData></worksheet>'
    start = time.perf_counter()
    found = open_document(
        with_parts(sheet_file(), {"xl/worksheets/sheet1.xml": sheet.encode()}),
        name="a.xlsx",
        readers=Readers(),
    )
    assert found.document.pages[0].text.strip() == "端"
    assert time.perf_counter() - start < 3


def test_deep_nesting_is_refused_or_read_without_a_crash() -> None:
    deep = b"<w:p>" * 5_000 + b"</w:p>" * 5_000
    xml = (
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        + deep
        + b"</w:body></w:document>"
    )
    assert "壊れています" in message_of(with_parts(word_file(), {"word/document.xml": xml}), "a.docx")


@pytest.mark.parametrize("kind", [word_file, sheet_file, slides_file])
def test_damage_gives_a_sentence_or_a_document_never_another_error(kind: Callable[[], bytes]) -> None:
    whole = kind()
    chance = random.Random(5)
    for _ in range(60):
        data = bytearray(whole)
        if chance.random() < 0.3:
            data = data[: chance.randrange(len(data))]
        for _ in range(chance.randrange(1, 30)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        assert complaint(
            lambda data=bytes(data): open_document(data, name="a.docx", readers=Readers())
        ).endswith("。")


@pytest.mark.parametrize("kind", [word_file, sheet_file, slides_file])
def test_xml_that_says_nonsense_gives_a_sentence_or_a_document(kind: Callable[[], bytes]) -> None:
    """Attributes and elements changed inside well-formed XML: the readers are ours, so are their assumptions."""
    whole = kind()
    chance = random.Random(6)
    package = Package(whole)
    parts = [name for name in package.names if name.endswith((".xml", ".rels"))]
    for _ in range(80):
        name = chance.choice(parts)
        text = package.read(name).decode()
        numbers = [at for at, letter in enumerate(text) if letter.isdigit()]
        for at in chance.sample(numbers, min(len(numbers), 5)):
            text = text[:at] + chance.choice("x-9") + text[at + 1 :]
        changed = with_parts(whole, {name: text.encode()})
        assert complaint(lambda data=changed: open_document(data, name="a", readers=Readers())).endswith("。")


def test_locked_files_say_so() -> None:
    locked = ole_file({"EncryptedPackage": b"\x01" * 5000, "EncryptionInfo": b"\x02"})
    assert "パスワード" in message_of(locked, "a.docx")
    data = bytearray(word_file())
    at = data.find(b"PK\x01\x02")
    while at >= 0:  # the flag of encryption in every entry of the directory
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    assert "パスワード" in message_of(bytes(data), "a.docx")
