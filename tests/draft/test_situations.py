"""Reasons without a passage: worded when the facts are there, asked back when they are not."""

from __future__ import annotations

import pytest

from assistant.corpus.corpus import Corpus
from assistant.domain.provision import Head
from assistant.draft.situations import bundled_situations, describe_situation, situations_of
from assistant.errors import InputError
from tests.draft.conftest import DAY

NEVER_MADE = {
    "records": "三者協議の議事録",
    "why_not": "協議は口頭で行われ、議事の録を作成することが義務付けられていない",
    "searched": "課の書庫、共有フォルダ及び電子メール",
}
DISCARDED = {
    "records": "平成22年度の巡回点検の記録",
    "made": "平成22年度",
    "rule": "文書管理規程",
    "period": "5年",
    "discarded_on": "平成28年5月",
}


def test_never_made_says_why_and_where_was_searched(city: Corpus) -> None:
    described = describe_situation("never_made", NEVER_MADE, corpus=city, day=DAY)
    assert described.asked == ()
    assert described.part.clauses == ("第11条第2項",)
    for fact in NEVER_MADE.values():
        assert fact in described.part.reason
    assert "保有していない" in described.part.reason
    assert [check.message for check in described.part.checks if not check.ok] == []
    assert "handbook:11-w" in described.part.internal_note  # how others worded it, for the drafter only


def test_discarded_names_rule_period_and_day(city: Corpus) -> None:
    described = describe_situation("discarded", DISCARDED, corpus=city, day=DAY)
    assert (
        "文書管理規程に定める保存期間5年が満了したことに伴い、平成28年5月に廃棄した" in described.part.reason
    )
    assert not described.part.refused


@pytest.mark.parametrize("missing", sorted(DISCARDED))
def test_a_missing_fact_is_asked_back_and_keeps_the_draft_in_the_house(city: Corpus, missing: str) -> None:
    facts = {key: value for key, value in DISCARDED.items() if key != missing}
    described = describe_situation("discarded", facts, corpus=city, day=DAY)
    assert len(described.asked) == 1
    assert described.part.refused
    assert "〔" in described.part.reason


def test_existence_refusal_names_the_exemption_the_answer_would_reveal(city: Corpus) -> None:
    facts = {"target": "特定の個人", "fact": "当該個人が生活を支える制度を利用した事実の有無"}
    described = describe_situation("existence_refusal", facts, corpus=city, day=DAY, head=Head.INDIVIDUAL)
    assert described.asked == ()
    assert described.part.clauses == ("第10条", "第7条第2号")
    assert "第7条第2号に該当する非開示情報" in described.part.reason
    assert "存否を明らかにしないで" in described.part.reason
    assert not described.part.refused
    without = describe_situation("existence_refusal", facts, corpus=city, day=DAY)
    assert "号を選んで" in without.asked[0]
    assert without.part.refused


def test_the_name_the_request_gives_must_not_be_repeated(city: Corpus) -> None:
    facts = {"target": "鮫島春子", "fact": "当該個人が制度を利用した事実の有無"}
    described = describe_situation(
        "existence_refusal", facts, corpus=city, day=DAY, head=Head.INDIVIDUAL, secrets=["鮫島 春子"]
    )
    assert described.part.refused


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (
            "市の交渉の限度が知られ、市の地位が害される",
            "市の地位が害されるおそれがあるため",
        ),  # a verb becomes a risk
        ("市の地位を害するおそれ", "市の地位を害するおそれがあるため"),
        ("市の地位を害するおそれがある。", "市の地位を害するおそれがあるため"),  # a whole sentence too
    ],
)
def test_a_head_described_in_words(city: Corpus, harm: str, told: str) -> None:
    facts = {"document_part": "3頁「方針」欄の記載", "content": "用地交渉の方針", "harm": harm}
    described = describe_situation(
        "withhold", facts, corpus=city, day=DAY, head=Head.OPERATIONS, limb="第7条第7号イ"
    )
    assert told in described.part.reason
    assert described.part.place == "3頁「方針」欄の記載"
    assert described.part.clauses == ("第7条第7号イ",)
    assert described.asked == ()
    assert not described.part.refused


def test_a_head_that_needs_harm_asks_for_it(city: Corpus) -> None:
    facts = {"document_part": "3頁「方針」欄の記載", "content": "用地交渉の方針"}
    described = describe_situation("withhold", facts, corpus=city, day=DAY, head=Head.OPERATIONS)
    assert any("支障" in question for question in described.asked)
    assert described.part.refused
    needs_none = describe_situation("withhold", facts, corpus=city, day=DAY, head=Head.INDIVIDUAL)
    assert needs_none.asked == ()


def test_every_situation_is_worded_in_every_city(city: Corpus, national: Corpus) -> None:
    for corpus in (city, national):
        for situation in bundled_situations():
            facts = {fact.key: "確かめた事実" for fact in situation.facts}
            described = describe_situation(situation.id, facts, corpus=corpus, day=DAY, head=Head.INDIVIDUAL)
            assert "確かめた事実" in described.part.reason or not situation.text
            assert "{" not in described.part.reason + described.part.place
            if corpus is national:
                assert "公文書" not in described.part.reason  # 行政文書
                assert "非開示" not in described.part.reason + described.part.place  # 不開示
                assert "見本" not in described.part.internal_note


def test_a_clause_the_citys_data_do_not_name_stays_a_blank(national: Corpus) -> None:
    described = describe_situation("never_made", NEVER_MADE, corpus=national, day=DAY)
    if not described.part.clauses:
        assert described.part.refused
        assert "〔根拠となる条項〕" in described.part.reason


def test_unknown_situation_and_unknown_head(city: Corpus) -> None:
    with pytest.raises(InputError):
        describe_situation("no_such", {}, corpus=city, day=DAY)
    with pytest.raises(InputError):
        describe_situation("withhold", {}, corpus=city, day=DAY, head=Head.ANONYMIZED)


def test_the_list_to_choose_from(city: Corpus) -> None:
    assert len(situations_of(city.city)) == len(bundled_situations()) >= 8
