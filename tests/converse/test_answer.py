"""A chat turn without a model: every statement has a source that says it word for word, or nothing is stated."""

from __future__ import annotations

import json
import re

import pytest

from assistant.cite import verify
from assistant.converse.turn import Answer, answer_json, answer_text
from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import (
    Citation,
    CitationStatus,
    Decision,
    Estimate,
    Finding,
    Ground,
    Proposal,
    finding_id,
)
from assistant.domain.provision import Head, Topic
from assistant.domain.source import SourceKind
from assistant.errors import InputError
from tests.converse.conftest import DAY, Asking

QUESTIONS = [
    ("委託先の会社の担当者の名前は消しますか", Head.INDIVIDUAL, None),  # person or company: the person
    ("入札前の予定価格は出せますか", Head.OPERATIONS, None),
    ("見積書の単価の内訳は出していいですか", Head.CORPORATE, None),
    ("防犯カメラの撮影方向は見せられますか", Head.PUBLIC_SAFETY, None),
    ("検討中の素案の会議メモは出さないといけませんか", Head.DELIBERATION, None),
    ("個人番号が書かれた欄はどの号ですか", Head.STATUTORY, None),
    ("外に出さない約束で業者からもらった資料はどう扱いますか", Head.VOLUNTARY, None),
    ("写しのコピー代はいくらかかりますか", None, Topic.FEES),
    ("決定の期限を延長するにはどうしますか", None, Topic.TIME_LIMIT),
    ("名指しの生活保護の記録を求められたら、あるかないかを答えてよいですか", None, Topic.EXISTENCE_REFUSAL),
    ("第三者に意見書を出してもらう手続を教えて", None, Topic.THIRD_PARTY),
    ("理由の書き方が足りないと言われないためには", None, Topic.REASONS),
]


def said(answer: Answer, role: str) -> str:
    return "\n".join(sentence.text for sentence in answer.sentences if sentence.role == role)


@pytest.mark.parametrize(("question", "head", "topic"), QUESTIONS)
def test_what_is_asked_is_understood_and_every_sentence_is_sourced(
    ask: Asking, question: str, head: Head | None, topic: Topic | None
) -> None:
    answer = ask(question)
    assert not answer.silent
    if head:
        assert head in answer.heads
    else:
        assert topic in answer.topics
    for sentence in answer.sentences:
        assert sentence.citations, sentence.text
        for citation in sentence.citations:
            assert citation.status is CitationStatus.VERIFIED
            again = verify(citation.quote, citation.source, ask.corpus, as_of=DAY)
            assert again.status is CitationStatus.VERIFIED


@pytest.mark.parametrize(("question", "head", "topic"), [row for row in QUESTIONS if row[1]])
def test_a_question_on_a_head_gets_the_test_the_provisos_and_what_to_check(
    ask: Asking, question: str, head: Head, topic: Topic | None
) -> None:
    answer = ask(question)
    label = ask.corpus.provision_of(answer.heads[0], DAY).label
    assert label in said(answer, "subject")
    assert label in said(answer, "test")
    exceptions = [limb for limb in ask.corpus.limbs_of(answer.heads[0], DAY) if limb.polarity == "exception"]
    for limb in exceptions:
        if not limb.nested:
            assert limb.provision.label in said(answer, "proviso")
    assert said(answer, "policy")
    assert answer.to_find_out


def test_the_answer_of_the_city_comes_first_and_in_its_words(ask: Asking) -> None:
    answer = ask("自治会長の名前は消しますか")
    assert "一律に決めず" in said(answer, "policy")
    assert any("確かめる" in each for each in answer.to_find_out)
    roles = [sentence.role for sentence in answer.sentences]
    assert roles.index("policy") < roles.index("test") < roles.index("proviso")


def test_both_sides_and_what_became_of_them(ask: Asking) -> None:
    answer = ask("入札前の予定価格は出せますか")
    assert "非開示とした例：" in said(answer, "precedent")
    assert "開示とした例：" in said(answer, "opposite")
    counts = re.search(r"非開示とした例が(\d+)件、開示とした例が(\d+)件", said(answer, "tally"))
    assert counts
    shown = [sentence for sentence in answer.sentences if sentence.role in {"precedent", "opposite"}]
    assert int(counts[1]) + int(counts[2]) >= len(shown)


def test_a_superseded_precedent_says_so(ask: Asking) -> None:
    found = []
    for question in (
        "催しの計画書の出店者の売上は出せますか",
        "契約済みの土地の単価は出せますか",
        "予定価格調書は出せますか",
    ):
        for sentence in ask(question).sentences:
            for citation in sentence.citations:
                source = ask.corpus.source(citation.source)
                if sentence.role in {"precedent", "opposite"} and source and source.precedent:
                    fallen = not source.precedent.stands
                    assert fallen == ("この判断は、その後の" in sentence.text)
                    found.append(fallen)
    assert any(found)


def test_what_was_argued_and_lost_is_never_said(ask: Asking) -> None:
    for question, head, _ in QUESTIONS:
        if not head:
            continue
        for sentence in ask(question).sentences:
            for citation in sentence.citations:
                source = ask.corpus.source(citation.source)
                assert source
                if source.unit and source.unit.argument:
                    assert citation.quote not in source.unit.argument


# ---- literal references ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    ["第7条第2号", "7条2号", "七条二号とは", "条例第７条第２号の条文を見せて"],  # however it is written
)
def test_a_provision_that_is_named_is_shown_whole(ask: Asking, question: str) -> None:
    answer = ask(question)
    provision = ask.corpus.find("第7条第2号", DAY)
    assert provision
    first = answer.sentences[0]
    assert first.role == "reference"
    assert first.citations[0].source == provision.source_id
    assert first.citations[0].quote == provision.text
    assert answer.heads == (Head.INDIVIDUAL,)


def test_the_text_in_force_on_the_day_is_shown(ask: Asking) -> None:
    answer = ask("第7条第2号")
    assert answer.sentences[0].citations[0].source.endswith("@2023-04-01")


def test_a_reference_that_does_not_exist_is_named(ask: Asking) -> None:
    answer = ask("第7条第20号って何ですか")
    assert answer.silent
    assert next(w.message for w in answer.warnings if w.code == "unknown_reference").startswith(
        "「第7条第20号」"
    )


def test_another_act_is_not_our_ordinance(ask: Asking) -> None:
    answer = ask("地方税法第22条で滞納者の名簿は伏せられますか")
    assert not [s for s in answer.sentences if s.role == "reference"]
    assert Head.STATUTORY in answer.heads


# ---- silence -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "今日の昼ごはんは何がいいですか",  # nothing to do with it
        "カレーの作り方",
        "パソコンが起動しない",
        "Pythonでソートする方法",
        "株価の予想を教えて",
        "宇宙ロケットの打上げ許可について教えて",  # one word of three is known
        "サッカーの試合結果",
        "こんにちは",  # nothing to look for
        "どうすればいいですか",
        "？？？",
        "   ",
        "",
        "\x00\u200b",
        "😀😀😀",
    ],
)
def test_silent_sources_are_said_to_be_silent(ask: Asking, question: str) -> None:
    answer = ask(question)
    assert answer.silent
    assert answer.heads == answer.topics == ()
    (sentence,) = answer.sentences
    assert sentence.citations == ()
    assert answer.to_find_out  # what to do now


def test_silence_about_the_matter_has_its_fixed_words(ask: Asking) -> None:
    assert ask("カレーの作り方").sentences[0].text == "この自治体の資料では確認できません。"


# ---- what stands under every answer ------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["入札前の予定価格は出せますか", "カレーの作り方", "", "第16条"])
def test_staff_decide_and_the_city_is_invented(ask: Asking, question: str) -> None:
    answer = ask(question)
    assert "職員が決めてください" in answer.footer
    assert {"staff_decide", "fictional"} <= {warning.code for warning in answer.warnings}
    assert "架空" in answer_text(answer)


def test_close_heads_are_both_named(ask: Asking) -> None:
    answer = ask("土地の買収単価")
    assert len(answer.heads) >= 2
    assert said(answer, "alternative")
    assert "close" in {warning.code for warning in answer.warnings}


def test_json_is_what_the_design_says(ask: Asking) -> None:
    told = json.loads(json.dumps(answer_json(ask("入札前の予定価格は出せますか")), ensure_ascii=False))
    assert list(told) == ["answer", "heads", "to_find_out", "warnings"]
    assert told["heads"][0] == "事務事業"
    for sentence in told["answer"]:
        assert list(sentence) == ["text", "citations"]
        for citation in sentence["citations"]:
            assert list(citation) == ["source", "kind", "quote", "status"]
            assert citation["status"] == "verified"
    for warning in told["warnings"]:
        assert list(warning) == ["code", "message", "page"]


# ---- another city ------------------------------------------------------------------------------------------------------


def test_another_city_answers_with_its_own_law_only(ask_national: Asking) -> None:
    answer = ask_national("特定の個人を識別することができる氏名は不開示ですか")
    told = answer_text(answer) + "".join(answer.to_find_out)
    assert answer.heads[0] is Head.INDIVIDUAL
    assert "第5条第1号" in told
    assert "不開示" in told
    for foreign in ("見本", "架空", "第7条第2号", "手引では"):
        assert foreign not in told
    assert re.search(r"(?<!不)非開示", told) is None
    assert "no_precedent" in {warning.code for warning in answer.warnings}
    for sentence in answer.sentences:
        assert all(citation.status is CitationStatus.VERIFIED for citation in sentence.citations)


# ---- a passage in the chat line ----------------------------------------------------------------------------------------

PASSAGE = "苦情処理票\n受付日：令和8年5月11日\n申出者：鮫島 春子\n電話：093-000-1234\n内容：夜間に大きな音がして眠れない。"


def test_a_passage_is_said_to_be_one(ask: Asking) -> None:
    answer = ask(PASSAGE)
    (warning,) = (warning for warning in answer.warnings if warning.code == "passage")
    assert "文章を調べる" in warning.message
    assert "鮫島" not in warning.message


def test_a_passage_is_proposed_when_that_is_possible(ask: Asking) -> None:
    source = ask.corpus.source("provision:j7_k1_g2@2023-04-01")
    assert source
    quote = source.text[:30]

    def propose(text: str) -> Proposal:
        document = Document.of_texts((text,), name="文章")
        at = text.index("鮫島 春子")
        extents = (Extent(page=1, start=at, end=at + 5),)
        finding = Finding(
            id=finding_id(document, EntityKind.PERSON_NAME, extents),
            kind=EntityKind.PERSON_NAME,
            extents=extents,
            text="鮫島 春子",
            decision=Decision.WITHHOLD,
            grounds=(Ground(head=Head.INDIVIDUAL, provision="第7条第2号", limb=None, why="…"),),
            citations=(
                Citation(
                    source=source.id, kind=SourceKind.PROVISION, quote=quote, status=CitationStatus.VERIFIED
                ),
            ),
        )
        return Proposal(
            city="mihon",
            fictional=True,
            engine="rules",
            requested_engine="rules",
            model=None,
            ordinance_id="mihon",
            ordinance_in_force_from=DAY,
            decision_date=DAY,
            document=document,
            findings=(finding,),
            estimate=Estimate(both=0, one=0, missed=0.0, interval=(0.0, 0.0)),
        )

    answer = ask(PASSAGE, propose=propose)
    assert answer.routed
    assert answer.heads == (Head.INDIVIDUAL,)
    (sentence,) = answer.sentences
    assert sentence.text.startswith("1か所を非開示の候補としました")
    assert "鮫島" not in sentence.text
    assert sentence.citations[0].status is CitationStatus.VERIFIED
    # a question is not sent there
    assert ask("入札前の予定価格は出せますか", propose=propose).routed == ()


@pytest.mark.parametrize(
    "question", ["入札前の予定価格は出せますか。" * 400, "側溝の蓋が割れている。\n" * 4_600]
)
def test_a_very_long_question_is_refused_whole_and_not_half_answered(ask: Asking, question: str) -> None:
    with pytest.raises(InputError, match="文章を調べる") as refused:
        ask(question)
    assert "側溝" not in str(refused.value)
    assert "予定価格" not in str(refused.value)


def test_a_long_question_within_the_limit_is_read_to_its_end(ask: Asking) -> None:
    padding = "その文書は庶務課で保管している。" * 100
    answer = ask(f"{padding}入札前の予定価格は出せますか")
    assert answer.heads[0].value == "事務事業"
