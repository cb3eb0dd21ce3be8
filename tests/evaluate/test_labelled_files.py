"""Labelled files: what is refused, on which line, and that no text of a passage is in the message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import DataFileError
from assistant.evaluate.gold import PassageRow, QueryRow
from assistant.evaluate.labelled import read_documents, read_passages
from assistant.evaluate.rows import read_rows

SPAN = {"text": "甲野太郎", "decision": "withhold", "category": "個人"}
ROW = {"id": "a", "passage": "氏名　甲野太郎", "spans": [SPAN]}


def written(folder: Path, *rows: object) -> Path:
    path = folder / "list.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


REFUSED = [
    # second line, what the message says
    ("{", "JSONとして読めません"),
    ('"甲野太郎"', "一行に一つの"),
    ({**ROW, "id": "a"}, "1行目と同じ"),
    ({**ROW, "id": ""}, "「id」が空です"),
    ({**ROW, "id": 7}, "「id」の値が使えません"),
    ({"id": "b", "spans": []}, "「passage」がありません"),
    ({**ROW, "id": "b", "passage": " \n"}, "文章がありません"),
    ({**ROW, "id": "b", "passage": "無関係"}, "「spans」の1番目の「text」が文章の中にありません"),
    ({**ROW, "id": "b", "spans": [SPAN, SPAN]}, "「spans」の2番目の「text」が前にもあります"),
    ({**ROW, "id": "b", "spans": [{**SPAN, "decision": "hide"}]}, "withhold、disclose、depends"),
    ({**ROW, "id": "b", "spans": [{**SPAN, "category": "個人情報"}]}, "「category」に使えない値"),
    ({**ROW, "id": "b", "spans": [{**SPAN, "category": None}]}, "条項の種類を書いてください"),
    ({**ROW, "id": "b", "spans": [{**SPAN, "text": "　"}]}, "空白だけ"),
    ({**ROW, "id": "b", "spans": [{"text": "甲野太郎", "decision": "withhold"}]}, "「category」がありません"),
    ({**ROW, "id": "b", "spans": [{**SPAN, "alt_category": ["会社"]}]}, "使えない値"),
]


@pytest.mark.parametrize(("second", "told"), REFUSED)
def test_a_bad_line_is_told_by_number(tmp_path: Path, second: object, told: str) -> None:
    with pytest.raises(DataFileError) as caught:
        read_passages(written(tmp_path, ROW, second))
    message = str(caught.value)
    assert told in message
    assert caught.value.line == 2
    assert "2行目" in message
    assert "甲野" not in message


def test_tags_remarks_and_empty_lines_are_passed_over(tmp_path: Path) -> None:
    row = {
        **ROW,
        "doc_type": "申請書",
        "tags": ["form"],
        "spans": [{**SPAN, "why": "氏名", "alt_category": None}],
    }
    path = written(tmp_path, "", row, "  ", {**row, "id": "b"})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    items = read_passages(path)
    assert [item.id for item in items] == ["a", "b"]
    assert items[0].document.doc_type is None  # the assistant sees the passage only


def test_newlines_of_passage_and_span_become_one(tmp_path: Path) -> None:
    row = {"id": "a", "passage": "\ufeff甲野\r\n太郎", "spans": [{**SPAN, "text": "甲野\r\n太郎"}]}
    (item,) = read_passages(written(tmp_path, row))
    assert item.text == "甲野\n太郎"
    assert item.spans[0].covered == frozenset(range(5))
    assert item.spans[0].counted == frozenset({0, 1, 3, 4})


def test_a_line_separator_inside_a_passage_is_not_the_end_of_the_line(tmp_path: Path) -> None:
    row = {"id": "a", "passage": "甲野太郎\u2028次の行\x85また", "spans": [SPAN]}
    assert read_passages(written(tmp_path, row))[0].text == row["passage"]


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "評価する行がありません"), (b"\xff\xfe{", "UTF-8"), (None, "ファイルがありません")],
)
def test_unreadable_files(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "list.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataFileError, match=told):
        read_rows(path, PassageRow)
    with pytest.raises(DataFileError):
        read_rows(tmp_path, PassageRow)  # a folder


def test_documents_lie_beside_the_list(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "letter.txt").write_text("一\f氏名　甲野太郎", encoding="utf-8-sig")
    row = {"id": "a", "file": "texts/letter.txt", "spans": [SPAN]}
    (item,) = read_documents(written(tmp_path, row))
    assert [page.text for page in item.document.pages] == ["一", "氏名　甲野太郎"]
    assert item.spans[0].covered == frozenset(range(5, 9))
    # a list made on Windows
    (again,) = read_documents(written(tmp_path, {**row, "file": "texts\\letter.txt"}))
    assert again.text == item.text


@pytest.mark.parametrize(
    "file", ["../letter.txt", "/etc/hostname", "C:\\letter.txt", "texts/../../x", "\\\\host\\x"]
)
def test_documents_outside_the_folder_are_refused(tmp_path: Path, file: str) -> None:
    with pytest.raises(DataFileError, match="フォルダの中"):
        read_documents(written(tmp_path, {"id": "a", "file": file, "spans": [SPAN]}))


def test_a_missing_or_empty_document_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" ", encoding="utf-8")
    for file, told in [("none.txt", "指定されたファイルがありません"), ("empty.txt", "文章がありません")]:
        with pytest.raises(DataFileError, match=told) as caught:
            read_documents(written(tmp_path, {"id": "a", "file": file, "spans": [SPAN]}))
        assert caught.value.line == 1


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"id": "q", "query": "？", "category": "個人"}, None),
        ({"id": "q", "query": "？", "category": None, "procedure": "手数料"}, None),
        ({"id": "q", "query": "？", "category": None, "procedure": None}, "どちらか一つ"),
        ({"id": "q", "query": "？", "category": "個人", "procedure": "手数料"}, "どちらか一つ"),
        ({"id": "q", "query": " ", "category": "個人"}, "空白だけ"),
        ({"id": "q", "category": "個人"}, "「query」がありません"),
        ({"id": "q", "query": "？", "category": None, "procedure": "料金"}, "使えない値"),
    ],
)
def test_questions(tmp_path: Path, row: object, told: str | None) -> None:
    path = written(tmp_path, row)
    if told is None:
        assert read_rows(path, QueryRow)[0][1].query == "？"
    else:
        with pytest.raises(DataFileError, match=told):
            read_rows(path, QueryRow)


def test_the_development_set_is_read_whole(shared_data: Path) -> None:
    items = read_passages(shared_data / "dev" / "passages.jsonl")
    assert len(items) == 120
    decisions = [span.decision for item in items for span in item.spans]
    assert (decisions.count("withhold"), decisions.count("depends"), decisions.count("disclose")) == (
        412,
        158,
        852,
    )
