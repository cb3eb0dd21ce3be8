"""Every figure of design.md §5 on texts small enough to count by hand."""

from __future__ import annotations

import pytest
from gold_building import C, D, P, finding, labelled, span

from assistant.domain.document import Extent
from assistant.domain.finding import Citation, CitationStatus, Decision, Finding
from assistant.domain.provision import Head
from assistant.domain.source import SourceKind
from assistant.evaluate.gold import GoldSpan
from assistant.evaluate.passages import figures, figures_by_head, score_item, ties

W, A, O = Decision.WITHHOLD, Decision.ASK, Decision.DISCLOSE


def never(citation: Citation, head: Head) -> bool:
    return False


def told(text: str, spans: tuple[GoldSpan, ...], findings: tuple[Finding, ...]) -> dict[str, tuple[int, int]]:
    measured = figures([score_item(labelled(text, *spans), findings, never)])
    return {name: (share.hits, share.of) for name, share in measured.items()}


ABOUT_WITHHOLD = [
    # text, finding parts with decisions, flagged, near, withheld
    ("甲野太郎です", [("甲野太郎", W)], 1, 1, 1, "wholly withheld"),
    ("甲野太郎です", [("甲野太郎", A)], 1, 1, 0, "asking flags, but does not withhold"),
    ("甲野太郎です", [("甲野太", W)], 0, 0, 0, "three of four characters are less than 80 %"),
    (
        "甲野太郎です",
        [("甲野", W), ("太郎", A)],
        1,
        1,
        0,
        "withhold and ask together cover it; half withheld",
    ),
    ("甲野太郎です", [("甲野太郎", O)], 0, 0, 0, "a proposed disclosure flags nothing"),
    ("甲野太郎です", [], 0, 0, 0, "nothing found"),
    ("甲野太郎です", [("野太郎です", W), ("甲", W)], 1, 1, 1, "two findings, and more than asked for"),
    ("甲野太郎です", [("甲野太郎", O), ("甲野太郎", W)], 1, 1, 1, "withhold wins over disclose"),
    ("甲野太郎です", [("甲野太郎", A), ("甲野太郎", W)], 1, 1, 1, "withhold wins over ask"),
]


@pytest.mark.parametrize(("text", "parts", "flagged", "near", "withheld", "_why"), ABOUT_WITHHOLD)
def test_recall(text: str, parts: list, flagged: int, near: int, withheld: int, _why: str) -> None:
    found = tuple(finding(text, part, decision) for part, decision in parts)
    got = told(text, (span("甲野太郎", "withhold"),), found)
    assert got["flagged_recall"] == (flagged, 1)
    assert got["near_recall"] == (near, 1)
    assert got["withheld_recall"] == (withheld, 1)
    assert got["over_redaction"] == got["ask_load"] == got["depends_asked"] == (0, 0)


def test_exactly_four_fifths_is_near_and_not_wholly() -> None:
    text = "一二三四五"
    got = told(text, (span(text, "withhold"),), (finding(text, "一二三四", W),))
    assert (got["flagged_recall"], got["near_recall"], got["withheld_recall"]) == ((0, 1), (1, 1), (1, 1))


COUNTED = [
    # span, what is covered, flagged wholly
    ("甲野　太郎", ["甲野", "太郎"], True, "the space between does not count"),
    ("1,200円", ["1", "200円"], True, "nor the comma"),
    ("093-000-1111", ["093", "000", "1111"], True, "nor the hyphens"),
    ("甲野\n太郎", ["甲野", "太郎"], True, "nor a line break"),
    ("カー", ["カ"], False, "the long vowel is a letter"),
    ("〇一", ["一"], False, "〇 is a digit"),
    ("①号", ["号"], False, "① is a digit"),
    ("佐々", ["佐"], False, "々 is a letter"),
    ("㊞", ["㊞"], True, "a span of no letters counts its characters"),
    ("（ ㊞ ）", ["㊞"], False, "… all of them, without white space"),
    ("（ ㊞ ）", ["（", "㊞", "）"], True, "white space aside"),
]


@pytest.mark.parametrize(("label", "parts", "wholly", "_why"), COUNTED)
def test_which_characters_count(label: str, parts: list[str], wholly: bool, _why: str) -> None:
    text = f"氏名「{label}」。"
    found = tuple(finding(text, part, W) for part in parts)
    assert told(text, (span(label, "withhold"),), found)["flagged_recall"] == (int(wholly), 1)


def test_a_span_stands_for_every_occurrence() -> None:
    text = "甲野が来た。甲野が帰った。"
    one = (finding(text, "甲野", W),)
    both = (*one, finding(text, "甲野", W, nth=1))
    assert told(text, (span("甲野", "withhold"),), one)["near_recall"] == (0, 1)
    assert told(text, (span("甲野", "withhold"),), both)["flagged_recall"] == (1, 1)
    # and for occurrences that overlap: 三三 stands twice in 三三三
    assert told("三三三", (span("三三", "withhold"),), (finding("三三三", "三三", W),))["flagged_recall"] == (
        0,
        1,
    )


ABOUT_DISCLOSE = [
    # findings, over-redaction, ask load
    ([("甲社", W)], 1, 0, "blacked out"),
    ([("社", W)], 1, 0, "one character is enough"),
    ([("甲社", A)], 0, 1, "asked about"),
    ([("甲社", A), ("社", W)], 1, 0, "both: over-redaction, not ask load"),
    ([("甲社", A), ("甲社", W)], 1, 0, "withhold wins"),
    ([("甲社", O)], 0, 0, "left open"),
    ([("（", W), ("）", A)], 0, 0, "brackets are no letters"),
    ([("乙川", W)], 0, 0, "its neighbour"),
]


@pytest.mark.parametrize(("parts", "over", "asked", "_why"), ABOUT_DISCLOSE)
def test_disclose_spans(parts: list, over: int, asked: int, _why: str) -> None:
    text = "（甲社）の乙川"
    found = tuple(finding(text, part, decision) for part, decision in parts)
    got = told(text, (span("（甲社）", "disclose", None), span("乙川", "withhold")), found)
    assert (got["over_redaction"], got["ask_load"]) == ((over, 1), (asked, 1))


def test_a_character_of_a_withheld_or_disputed_span_is_excused() -> None:
    # 甲野 is withheld wherever it stands, also in the name of the company that is disclosed
    text = "甲野は甲野商会の者"
    spans = (span("甲野", "withhold"), span("甲野商会", "disclose", C))
    hidden = tuple(finding(text, "甲野", W, nth=nth) for nth in (0, 1))
    assert told(text, spans, hidden)["over_redaction"] == (0, 1)
    assert told(text, spans, (*hidden, finding(text, "商", W)))["over_redaction"] == (1, 1)
    disputed = (span("甲野", "depends"), span("甲野商会", "disclose", C))
    asked = tuple(finding(text, "甲野", A, nth=nth) for nth in (0, 1))
    assert told(text, disputed, asked)["ask_load"] == (0, 1)
    # withholding only what is excused does not take an open "ask" out of the ask load
    mixed = (*hidden, finding(text, "商会", A))
    assert told(text, spans, mixed)["over_redaction"] == (0, 1)
    assert told(text, spans, mixed)["ask_load"] == (1, 1)


@pytest.mark.parametrize(
    ("parts", "asked"),
    [
        ([("42歳", A)], 1),  # asked, as it should be
        ([("42歳", W)], 0),  # decided instead of asked
        ([("42歳", O)], 0),  # decided the other way
        ([("42歳", A), ("42歳", W)], 0),  # withhold wins over ask
        ([("42歳", A), ("42歳", O)], 1),  # ask wins over disclose
        ([("42", A)], 0),  # two of three
        ([], 0),  # silence
    ],
)
def test_depends_asked(parts: list, asked: int) -> None:
    text = "男性（42歳）"
    found = tuple(finding(text, part, decision) for part, decision in parts)
    got = told(text, (span("42歳", "depends"),), found)
    assert got["depends_asked"] == (asked, 1)
    assert got["over_redaction"] == (0, 0)


ABOUT_HEADS = [
    # findings as (part, decision, head), right, of, ties
    ([("甲野太郎", W, P)], 1, 1, 0, "the labelled head"),
    ([("甲野太郎", W, C)], 1, 1, 0, "an alternative"),
    ([("甲野太郎", A, P)], 1, 1, 0, "asked with the right head"),
    ([("甲野太郎", W, D)], 0, 1, 0, "another head"),
    ([("甲野太郎", W, None)], 0, 1, 0, "no head"),
    ([("甲野太", W, P)], 0, 0, 0, "not near-recalled: not asked about its head"),
    ([("甲野太", W, P), ("郎", W, D)], 1, 1, 0, "the finding that covers most decides"),
    ([("甲野太", W, D), ("郎", W, P)], 0, 1, 0, "… also when it is wrong"),
    ([("甲野", W, P), ("太郎", W, D)], 0, 1, 1, "a tie is wrong"),
    ([("甲野", W, P), ("太郎", W, P)], 0, 1, 1, "a tie is wrong, whatever the heads"),
    ([("甲野太郎", W, P), ("甲野太郎", O, D)], 0, 1, 1, "a disclosing finding ties too"),
    ([("甲野太郎", W, P), ("太郎", W, D)], 1, 1, 0, "an inner finding covers less"),
]


@pytest.mark.parametrize(("parts", "right", "of", "tied", "_why"), ABOUT_HEADS)
def test_head_accuracy(parts: list, right: int, of: int, tied: int, _why: str) -> None:
    text = "氏名　甲野太郎"
    found = tuple(finding(text, part, decision, head) for part, decision, head in parts)
    score = score_item(labelled(text, span("甲野太郎", "withhold", P, (C,))), found, never)
    share = figures([score])["head_accuracy"]
    assert (share.hits, share.of) == (right, of)
    assert ties([score]) == tied


def test_one_finding_over_all_occurrences_is_no_tie() -> None:
    text = "甲野と甲野"
    first, second = finding(text, "甲野", W), finding(text, "甲野", W, nth=1)
    joined = Finding(
        id="f",
        kind=first.kind,
        extents=(*first.extents, *second.extents),
        text=first.text,
        decision=W,
        grounds=first.grounds,
    )
    assert told(text, (span("甲野", "withhold"),), (joined,))["head_accuracy"] == (1, 1)
    assert told(text, (span("甲野", "withhold"),), (first, second))["head_accuracy"] == (0, 1)


PRECISION = [
    # findings, right characters, of
    ([("甲野", W)], 2, 2, "only what must go"),
    ([("甲野", W), ("乙社", W)], 2, 4, "half of it must stay"),
    ([("42歳", W)], 3, 3, "a disputed span is no error"),
    ([("の者", W)], 0, 0, "text under no span is neutral"),
    ([("甲野", A), ("乙社", A)], 0, 0, "asking blackens nothing"),
    ([("乙社の者甲野（42歳）", W)], 5, 7, "a whole line: brackets and の者 are neutral"),
    ([("甲野", W), ("甲野", W)], 2, 2, "a character is counted once"),
]


@pytest.mark.parametrize(("parts", "right", "of", "_why"), PRECISION)
def test_character_precision(parts: list, right: int, of: int, _why: str) -> None:
    text = "乙社の者甲野（42歳）"
    spans = (span("甲野", "withhold"), span("乙社", "disclose", None), span("42歳", "depends"))
    found = tuple(finding(text, part, decision) for part, decision in parts)
    assert told(text, spans, found)["character_precision"] == (right, of)


def test_precision_counts_a_seal_once_however_it_is_labelled() -> None:
    # ㊞ counts for the span that is only ㊞, and it lies in the withheld 甲野㊞
    text = "甲野㊞"
    spans = (span("甲野㊞", "withhold"), span("㊞", "disclose", None))
    got = told(text, spans, (finding(text, "㊞", W),))
    assert got["character_precision"] == (1, 1)
    assert got["over_redaction"] == (0, 1)


def test_citations_of_withhold_and_ask_findings() -> None:
    text = "甲野乙川丙山丁原"
    good = Citation(source="handbook:p", kind=SourceKind.HANDBOOK, quote="q", status=CitationStatus.VERIFIED)
    found = (
        finding(text, "甲野", W, P, citations=(good,)),  # holds
        finding(text, "乙川", A, C, citations=(good,)),  # of another head
        finding(text, "丙山", W, P),  # none counts as failed
        finding(text, "丁原", W, None, citations=(good,)),  # no head to speak for
        finding(text, "丁原", O, P),  # disclosure needs none
    )

    def of_individuals(citation: Citation, head: Head) -> bool:
        return citation == good and head is P

    share = figures([score_item(labelled(text), found, of_individuals)])["citation_validity"]
    assert (share.hits, share.of) == (1, 4)


def test_nothing_to_count_is_no_number() -> None:
    measured = figures([score_item(labelled("本文", span("本文", "disclose", None)), (), never)])
    assert measured["flagged_recall"].to_json() == {"share": None, "hits": 0, "of": 0}
    assert measured["citation_validity"].value is None
    assert measured["over_redaction"].to_json() == {"share": 0.0, "hits": 0, "of": 1}
    assert figures([])["character_precision"].value is None


def test_pages_are_one_text_with_form_feeds() -> None:
    text = "一枚目 甲野\f二枚目 甲野"
    item = labelled(text, span("甲野", "withhold"))
    assert item.text == text
    found = (finding(text, "甲野", W), finding(text, "甲野", W, nth=1))
    assert found[1].extents == (Extent(page=2, start=4, end=6),)
    measured = figures([score_item(item, found, never)])
    assert measured["flagged_recall"].hits == 1
    assert figures([score_item(item, found[:1], never)])["flagged_recall"].hits == 0


def test_by_head_adds_up_to_the_whole() -> None:
    text = "甲野は乙社の者で案は丙"
    spans = (
        span("甲野", "withhold", P),
        span("丙", "withhold", D),
        span("乙社", "disclose", None),
        span("者", "depends", P),
    )
    score = score_item(labelled(text, *spans), (finding(text, "甲野", W), finding(text, "乙", W)), never)
    whole, parts = figures([score]), figures_by_head([score])
    assert list(parts) == ["個人", "意思形成", "-"]
    for name in (
        "flagged_recall",
        "near_recall",
        "withheld_recall",
        "over_redaction",
        "ask_load",
        "depends_asked",
    ):
        assert whole[name].hits == sum(each[name].hits for each in parts.values())
        assert whole[name].of == sum(each[name].of for each in parts.values())
