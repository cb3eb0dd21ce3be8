"""Word, Excel and PowerPoint without a printer: what is seen becomes pages, what is hidden is listed and not released."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from docx import Document as WordDocument
from docx.oxml import parse_xml

from assistant.documents.archive import Package
from assistant.documents.hoard import Hoard
from assistant.documents.open import open_document
from assistant.documents.ports import Opened, Readers
from assistant.documents.word import read_word
from assistant.domain.document import HiddenKind
from tests.documents.office_building import sheet_file, slides_file, with_parts, word_file


def opened(data: bytes, name: str) -> Opened:
    return open_document(data, name=name, readers=Readers())


def hidden(found: Opened) -> dict[HiddenKind, str]:
    kinds = {each.kind for each in found.document.hidden}
    return {
        kind: "\n".join(f"{each.place}：{each.text}" for each in found.document.hidden if each.kind is kind)
        for kind in kinds
    }


def test_a_word_file_shows_its_final_text_and_lists_the_rest() -> None:
    found = opened(word_file(), "報告.docx")
    first, second = (page.text for page in found.document.pages)
    assert first.startswith(
        "ヘッダーの文字\n本文の佐藤一郎です。挿入した文。\n前の段落と後の段落は一つになる。\n氏名\t山田花子"
    )
    assert second == "二ページ目\nフッターの文字"
    assert "秘密" not in first + second
    listed = hidden(found)
    assert "コメントの秘密" in listed[HiddenKind.COMMENT]
    assert "田中秘密" in listed[HiddenKind.COMMENT]
    for words in ("削除した秘密", "移す前の秘密", "消した行の秘密", "挿入した文", "鈴木秘密"):
        assert words in listed[HiddenKind.TRACKED_CHANGE]
    assert "本文の隠し文字：隠した秘密様式で隠した秘密" in listed[HiddenKind.HIDDEN_TEXT]
    assert "文書のプロパティ（作成者）：秘密作成者" in listed[HiddenKind.PROPERTIES]
    assert found.pdf is None
    assert "LibreOffice" in "".join(found.notes)
    assert found.document.media == "docx"


def test_what_is_released_of_a_word_file_holds_nothing_that_was_hidden() -> None:
    package = Package(word_file(link="http://127.0.0.1:9/x.png"))
    released = package.rewritten(read_word(package, Hoard()).changes)
    with zipfile.ZipFile(io.BytesIO(released)) as parts:
        left = {name: parts.read(name).decode("utf-8", "ignore") for name in parts.namelist()}
    bodies = "".join(text for name, text in left.items() if name.startswith("word/"))
    assert "秘密" not in bodies
    assert "127.0.0.1" not in bodies
    assert "挿入した文。" in bodies
    WordDocument(io.BytesIO(released))  # still a Word file


def test_a_text_box_told_twice_for_two_programs_is_read_once() -> None:
    made = WordDocument()
    names = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    box = "<w:txbxContent><w:p><w:r><w:t>箱の文字</w:t></w:r></w:p></w:txbxContent>"
    made.add_paragraph("段落")._p.append(
        parse_xml(
            f"<w:r {names}><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice>"
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    data = io.BytesIO()
    made.save(data)
    assert opened(data.getvalue(), "a.docx").document.pages[0].text == "段落\n箱の文字"


def test_fields_that_load_from_outside_are_listed_and_made_empty() -> None:
    made = WordDocument()
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    made.add_paragraph("前")._p.append(
        parse_xml(f'<w:r {names}><w:instrText> INCLUDEPICTURE "http://127.0.0.1:9/a" </w:instrText></w:r>')
    )
    data = io.BytesIO()
    made.save(data)
    package, hoard = Package(data.getvalue()), Hoard()
    changed = read_word(package, hoard).changes["word/document.xml"]
    assert changed is not None
    assert b"127.0.0.1" not in changed
    assert [each.kind for each in hoard.found] == [HiddenKind.LINK]


def test_a_sheet_shows_what_is_printed_and_lists_the_rest() -> None:
    found = opened(sheet_file(), "名簿.xlsx")
    first, second = (page.text for page in found.document.pages)
    assert first == "氏名\t住所\n佐藤一郎\t見本市中央1-2-3\n2024/05/01\n黒地に白"
    assert second == "見える二枚目\tその隣"
    listed = hidden(found)
    assert "2枚目のシート（隠したシート）：隠しシートの秘密" in listed[HiddenKind.HIDDEN_SHEET]
    assert "3枚目のシート（隠したシート）：超隠しシートの秘密" in listed[HiddenKind.HIDDEN_SHEET]
    cells = listed[HiddenKind.HIDDEN_CELLS]
    for words in (
        "隠した行：隠した行の秘密",
        "隠した列：隠した列の秘密",
        "印刷範囲の外：印刷しない秘密",
        "白い秘密\n形で消した秘密",
    ):
        assert words in cells
    assert "コメントの秘密\n（書いた人：田中秘密）" in listed[HiddenKind.COMMENT]
    assert "B4\t=1+2" in listed[HiddenKind.FORMULA]
    assert "秘密作成者" in listed[HiddenKind.PROPERTIES]


def test_sources_of_pivot_tables_and_copies_of_other_books_are_listed() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    records = f'<pivotCacheRecords xmlns="{main}"><r><s v="ピボットの秘密"/></r></pivotCacheRecords>'
    other = f'<externalLink xmlns="{main}"><externalBook><sheetDataSet><sheetData><row><cell><v>写しの秘密</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>'
    data = with_parts(
        sheet_file(),
        {
            "xl/pivotCache/pivotCacheRecords1.xml": records.encode(),
            "xl/externalLinks/externalLink1.xml": other.encode(),
            "xl/vbaProject.bin": b"\x00",
        },
    )
    listed = hidden(opened(data, "a.xlsm"))
    assert "ピボットテーブルの元のデータ：ピボットの秘密" in listed[HiddenKind.HIDDEN_CELLS]
    assert "写しの秘密" in listed[HiddenKind.LINK]
    assert "マクロ" in listed[HiddenKind.SCRIPT]


def test_slides_show_what_is_shown_and_list_the_rest() -> None:
    found = opened(slides_file(), "説明.pptx")
    assert [page.text for page in found.document.pages] == ["表題1", "表題3\n氏名\t佐藤一郎"]
    listed = hidden(found)
    assert "1枚目のスライドのノート：ノートの秘密" in listed[HiddenKind.NOTES]
    for words in ("枠の外の秘密", "見せないスライドの秘密", "消した図形の秘密", "代替の秘密"):
        assert words in listed[HiddenKind.HIDDEN_TEXT]


def test_files_inside_are_looked_into_to_a_depth() -> None:
    inside = word_file()
    for _ in range(6):
        inside = with_parts(sheet_file(), {"xl/embeddings/a.xlsx": inside})
    text = hidden(opened(inside, "a.xlsx"))[HiddenKind.ATTACHMENT]
    assert "佐藤一郎" in text
    assert "深いので中を調べていません" in text


@pytest.mark.parametrize("kind", [word_file, sheet_file, slides_file])
def test_places_of_hidden_things_hold_no_words_of_the_file(kind: Callable[[], bytes]) -> None:
    data = kind()
    assert all("秘密" not in each.place for each in opened(data, "a.bin").document.hidden)


@pytest.mark.parametrize("number", ["²", "９", "9" * 5000, "-1", "x", ""])
def test_numbers_that_are_none_do_no_harm(number: str) -> None:
    """Superscripts are digits to Python and no numbers; neither are five thousand nines."""
    book = Package(sheet_file())
    at = re.compile(rb'(<c r="A1"[^>]*t="s"[^>]*><v>|<row r="|<col [^>]*min="|\bs=")\d+')
    parts = {
        name: at.sub(lambda found: found[1] + number.encode(), book.read(name))
        for name in book.names
        if name.startswith("xl/worksheets/sheet")
    }
    assert parts
    assert any(number.encode() in part for part in parts.values())
    assert opened(with_parts(sheet_file(), parts), "a.xlsx").document.pages
    slides = Package(slides_file()).read("ppt/presentation.xml")
    told = re.sub(rb'(<p:sldSz [^>]*c[xy]=")\d+', lambda found: found[1] + number.encode(), slides)
    assert told != slides
    assert opened(with_parts(slides_file(), {"ppt/presentation.xml": told}), "a.pptx").document.pages
