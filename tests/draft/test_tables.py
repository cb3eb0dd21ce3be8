"""What is copied: table, text, one reason; 架空 stands on all of it, and on nothing of a real city."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.domain.provision import Head
from assistant.draft.part import Part
from assistant.draft.tables import as_html, as_text, as_tsv, one_reason
from tests.draft.conftest import ground_of


def part(city: Corpus, **changes: object) -> Part:
    row = Part(
        place="1頁「氏名」欄の氏名",
        kind="氏名",
        grounds=(ground_of(city, Head.INDIVIDUAL), ground_of(city, Head.OPERATIONS, "第7条第7号イ")),
        reason="理由の一。\n理由の二。",
        internal_note="手引 7-2-p1",
        open_from=date(2027, 1, 15),
        finding_ids=("f1",),
        checks=(),
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def test_a_table_has_one_line_a_row(city: Corpus) -> None:
    lines = as_tsv([part(city)], city.city).splitlines()
    assert lines[0].startswith("【架空】")
    assert lines[1] == "開示しない部分\t根拠条項\t理由\t開示することができる期日"
    assert (
        lines[2]
        == "1頁「氏名」欄の氏名\t条例第7条第2号、条例第7条第7号イ\t理由の一。 理由の二。\t令和9年1月15日"
    )


def test_a_cell_is_no_formula(city: Corpus) -> None:
    assert "\t'=1+1\t" in as_tsv([part(city, reason="=1+1")], city.city)


def test_html_is_escaped(city: Corpus) -> None:
    html = as_html([part(city, reason="<script>alert(1)</script>")], city.city)
    assert "<script>" not in html
    assert "【架空】" in html
    assert html.count("<tr>") == 2


def test_the_memo_is_in_no_copy(city: Corpus) -> None:
    for copied in (as_tsv, as_html, as_text):
        assert "手引" not in copied([part(city)], city.city)


def test_every_copy_says_that_the_city_is_invented(city: Corpus, national: Corpus) -> None:
    row = part(city)
    for copied in (as_tsv, as_html, as_text):
        assert "架空" in copied([row], city.city)
        assert "架空" not in copied([row], national.city)
    assert "架空" in one_reason(row, city.city)
    assert one_reason(row, national.city) == row.reason
    assert "法第7条第2号" in as_tsv([row], national.city)  # 法 where the sample city says 条例
