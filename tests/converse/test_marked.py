"""Sentences and marks taken out of what a model wrote, and which of them hold."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.converse.marked import Mark, MarkedSentence, read_marked
from assistant.converse.say import Speaker
from assistant.converse.shelf import Shelf
from assistant.converse.supported import Weighed, Weigher, _names
from assistant.corpus.corpus import Corpus
from assistant.domain.finding import CitationStatus
from assistant.domain.source import Source, SourceKind
from tests.converse.conftest import DAY


def one(text: str, *marks: tuple[str, str]) -> MarkedSentence:
    return MarkedSentence(text=text, marks=tuple(Mark(number=number, quote=quote) for number, quote in marks))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("甲です〔S1「乙丙丁戊」〕。丑です。", [one("甲です。", ("S1", "乙丙丁戊")), one("丑です。")]),
        ("甲です。〔S1「乙丙丁戊」〕丑です。", [one("甲です。", ("S1", "乙丙丁戊")), one("丑です。")]),
        ("甲です。\n〔S1「乙丙」〕\n丑です。", [one("甲です。", ("S1", "乙丙")), one("丑です。")]),
        ("甲です。〔S1「乙」〕〔S22「丙」〕", [one("甲です。", ("S1", "乙"), ("S22", "丙"))]),
        ("甲です。〔S1「乙」、S2「丙」〕", [one("甲です。", ("S1", "乙"), ("S2", "丙"))]),
        ("甲です。〔S1「乙」「丙」〕", [one("甲です。", ("S1", "乙"), ("S1", "丙"))]),
        (
            "甲です。[S1「乙」]【Ｓ２：「丙」】（S3）",
            [one("甲です。", ("S1", "乙"), ("S2", "丙"), ("S3", ""))],
        ),
        ("甲です。〔S1「前の「中」後」〕", [one("甲です。", ("S1", "前の「中」後"))]),
        ("甲です。〔S1「乙。丙」〕", [one("甲です。", ("S1", "乙。丙"))]),
        ("甲です。〔S1「乙\n丙」〕", [one("甲です。", ("S1", "乙\n丙"))]),
        ("甲です。〔handbook:7-2-p1「乙丙」〕", [one("甲です。", ("handbook:7-2-p1", "乙丙"))]),
        ("## 結論\n- **甲**です。\n1. 丑です。", [one("結論"), one("甲です。"), one("丑です。")]),
        ("2.5メートルです。", [one("2.5メートルです。")]),
        ("２．５メートルです。", [one("２．５メートルです。")]),
        ("甲です。\nS1:「乙丙」", [one("甲です。", ("S1", "乙丙"))]),
        ("資料Ｓ２「乙「中」丙」によれば甲です。", [one("資料によれば甲です。", ("S2", "乙「中」丙"))]),
        ("甲です。〔資料S1『乙丙』〕", [one("甲です。", ("S1", "乙丙"))]),
        ("甲です。〔S1｢乙丙｣〕", [one("甲です。", ("S1", "乙丙"))]),
        ("甲です。<S1「乙丙」>", [one("甲です。", ("S1", "乙丙"))]),
        ("甲です。S1「閉じない", [one("甲です。"), one("S1「閉じない")]),
        ("〔S1「乙丙」〕", [one("「乙丙」", ("S1", "乙丙"))]),
        ("甲です〔S1「閉じない", [one("甲です〔S1「閉じない")]),
        ("〔氏名1〕さんです。", [one("〔氏名1〕さんです。")]),
        ("\u202e甲\u200bです。", [one("甲です。")]),
        (" \n", []),
    ],
)
def test_sentences_and_marks(reply: str, expected: list[MarkedSentence]) -> None:
    assert list(read_marked(reply)) == expected


@given(st.text(alphabet="〔〕[]「」『』S12、。\n甲乙（） ", max_size=120))
def test_anything_is_read_and_no_word_of_it_is_lost(reply: str) -> None:
    read = read_marked(reply)
    kept = "".join(each.text + "".join(mark.quote for mark in each.marks) for each in read)
    assert reply.count("甲") + reply.count("乙") <= kept.count("甲") + kept.count("乙")


@pytest.mark.parametrize(
    "unit", ["〔S1「", "S1「", "〔S1「甲」", "〔S1「甲」乙", "〔S1", "「", "。", "〔S1「甲」〕"]
)
def test_a_malicious_reply_takes_no_time(unit: str) -> None:
    started = time.perf_counter()
    read_marked(unit * (40_000 // len(unit)))
    assert time.perf_counter() - started < 8


# ---- what holds ----------------------------------------------------------------------------------------------------


class Given:
    """A shelf with the law and a few sources; `weigh` takes a reply in which {name} is the number of a source."""

    def __init__(self, city: Corpus) -> None:
        self.shelf = Shelf(speaker=Speaker(city, DAY))
        self.shelf.law()
        sources = city.sources_as_of(DAY)
        kinds = {kind: [each for each in sources if each.kind is kind] for kind in SourceKind}
        self.sources = {
            "handbook": next(each for each in kinds[SourceKind.HANDBOOK] if "入札が終わり" in each.text),
            "precedent": next(
                each for each in kinds[SourceKind.PRECEDENT] if "重要な書類に限って用いる印" in each.text
            ),
            "inner": next(
                each for each in kinds[SourceKind.HANDBOOK] if "「" in each.text and "」" in each.text
            ),
        }
        self.numbers = {name: self.shelf.put(source) for name, source in self.sources.items()}
        self.numbers["individual"] = "S3"
        self.hidden: Source = next(
            each for each in kinds[SourceKind.HANDBOOK] if self.shelf.take(each.id) is None
        )

    def weigh(self, reply: str) -> Weighed:
        return Weigher(self.shelf, "試験").weigh(read_marked(reply.format(**self.numbers)))

    def only(self, reply: str) -> tuple[CitationStatus | None, bool]:
        (sentence,) = self.weigh(reply).sentences
        assert sentence.by == "試験"
        status = sentence.citations[0].status if sentence.citations else None
        return status, sentence.unsupported


@pytest.fixture(scope="module")
def shelf(city: Corpus) -> Given:
    return Given(city)


VERIFIED, MISSING = CitationStatus.VERIFIED, CitationStatus.NOT_FOUND
INDIVIDUAL = "特定の個人を識別することができるもの"


@pytest.mark.parametrize(
    ("reply", "status", "unsupported"),
    [
        (f"氏名は非開示です。〔{{individual}}「{INDIVIDUAL}」〕", VERIFIED, False),
        ("氏名は非開示です。", None, True),
        ("氏名を確かめてください。", None, False),
        (f"氏名は非開示です。〔S99「{INDIVIDUAL}」〕", MISSING, True),
        ("氏名は非開示です。〔{individual}「特定の個人を識別できるもの」〕", MISSING, True),
        (
            "氏名は非開示です。〔{individual}「特定の個人を識別することができるもの…公にすることにより」〕",
            MISSING,
            True,
        ),
        ("氏名は非開示です。〔{individual}〕", MISSING, True),
        ("氏名は非開示です。〔{individual}「個人」〕", MISSING, True),
        (f"氏名は非開示です。〔{{handbook}}「{INDIVIDUAL}」〕", MISSING, True),
        ("先例では非開示です。〔{precedent}「重要な書類に限って用いる印の形状」〕", VERIFIED, False),
        (f"先例では非開示です。〔{{individual}}「{INDIVIDUAL}」〕", VERIFIED, True),
        ("入札が終われば公開します。〔{handbook}「入札が終わり」〕", VERIFIED, False),
    ],
)
def test_a_claim_rests_on_a_verified_quote_or_is_marked(
    shelf: Given, reply: str, status: CitationStatus | None, unsupported: bool
) -> None:
    assert shelf.only(reply) == (status, unsupported)


@pytest.mark.parametrize(
    "claim",
    [
        "はい、出せます。",
        "担当者の名前は消してください。",
        "個人に関する情報に当たります。",
        "第2号だからです。",
        "地方公務員法第34条によります。",
        "Names of private persons must be withheld.",
        "姓名应当不予公开因为可以识别特定个人。",
        "理由は〔S3〜S5〕にあります。",
    ],
)
def test_what_claims_law_in_other_words_is_marked(shelf: Given, claim: str) -> None:
    assert shelf.only(claim) == (None, True)


@pytest.mark.parametrize(
    "plain",
    ["結論", "確認事項一覧", "開札日を担当課に確かめてください。", "お尋ねの点は、資料では確認できません。"],
)
def test_what_claims_nothing_is_not(shelf: Given, plain: str) -> None:
    assert shelf.only(plain) == (None, False)


def test_an_article_is_not_the_one_with_a_branch_number() -> None:
    for other in ("第17条の2", "第17条の2第1号", "第17条の十"):
        assert not _names(other, "第17条", start=True)
        assert not _names(f"{other}による。", "第17条")
    for same in ("第17条", "第17条第1号", "第17条の規定"):
        assert _names(same, "第17条", start=True)
        assert _names(f"条例{same}による。", "第17条")


def test_a_source_that_was_not_given_does_not_count_though_the_corpus_has_it(shelf: Given) -> None:
    quote = shelf.hidden.text[:20]
    assert shelf.only(f"手引のとおり非開示です。〔{shelf.hidden.id}「{quote}」〕") == (MISSING, True)


def test_two_sentences_of_a_source_put_together_are_not_in_it(shelf: Given) -> None:
    lines = shelf.sources["precedent"].text.split("。")
    first, last = lines[0][-12:], lines[-2][-12:]
    assert shelf.only(f"非開示です。〔{{precedent}}「{first}{last}」〕")[0] is MISSING


def test_inner_quotes_may_be_written_the_way_quotes_in_quotes_are(shelf: Given) -> None:
    text = shelf.sources["inner"].text
    start = max(0, text.index("「") - 4)
    quote = text[start : text.index("」") + 1]
    told = quote.replace("「", "『").replace("」", "』")
    (sentence,) = shelf.weigh(f"手引のとおりです。〔{{inner}}「{told}」〕").sentences
    assert sentence.citations[0].status is VERIFIED
    assert sentence.citations[0].quote == quote


def test_a_clause_that_is_named_needs_a_quote_that_speaks_of_it(shelf: Given) -> None:
    individual, other, none = "第7条第2号", "第7条第3号", "第7条第99号"
    quote = f"〔{{individual}}「{INDIVIDUAL}」〕"
    assert shelf.only(f"{individual}に当たります。{quote}") == (VERIFIED, False)
    assert shelf.only(f"{other}に当たります。{quote}") == (VERIFIED, True)
    weighed = shelf.weigh(f"{none}に当たります。{quote}")
    assert weighed.sentences[0].unsupported
    assert weighed.unknown == (none,)


# ---- the words are data ------------------------------------------------------------------------------------------------


def test_the_words_are_refused_when_they_are_not_understood(tmp_path: object) -> None:
    from pathlib import Path

    from assistant.converse import claims
    from assistant.errors import DataFileError

    folder = Path(str(tmp_path))
    good = Path(claims.__file__).with_name("claims.toml").read_text(encoding="utf-8")
    for number, (old, new) in enumerate(
        [
            ("[claims]", "[claims]\nmore = 1"),
            ("{count}件の発言", "{counts}件の発言"),
            ('law = ["条例", ', 'law = ["", '),
            ("cut_off =", "cut_of ="),
        ]
    ):
        assert old in good
        path = folder / f"{number}.toml"
        path.write_text(good.replace(old, new), encoding="utf-8")
        with pytest.raises(DataFileError):
            claims.read_claims(path)
