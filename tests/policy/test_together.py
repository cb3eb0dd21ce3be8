"""One person, one answer; overlapping pieces; pieces that name somebody together; and which citations are chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_pieces import entity, facts, passage, person

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Extent
from assistant.domain.entity import EntityKind as K
from assistant.domain.entity import Trait as T
from assistant.domain.finding import Decision, Finding, finding_id
from assistant.domain.source import SourceKind
from assistant.policy.decide import SEVERITY
from assistant.policy.judge import judge_by_policy
from assistant.policy.rules import Policy
from assistant.policy.settle import settle

W, D, A = Decision.WITHHOLD, Decision.DISCLOSE, Decision.ASK


def test_one_person_has_one_answer(city: Corpus, policy: Policy, day: date) -> None:
    """Named once as a complainant, an official's name goes everywhere in the document."""
    document = passage("担当は佐倉。申立人は佐倉である。")
    mentions = [
        entity(document, "佐倉", K.PERSON_NAME, T.OFFICIAL, T.ON_DUTY, person="p1"),
        entity(document, "佐倉", K.PERSON_NAME, T.PRIVATE_CAPACITY, person="p1", occurrence=2),
    ]
    known = facts(mentions, persons=[person("佐倉", T.OFFICIAL)])
    (finding,) = judge_by_policy(document, known, (), policy, city, day)
    assert finding.decision is W
    assert [document.cut(extent) for extent in finding.extents] == ["佐倉", "佐倉"]


def test_a_bare_mention_inherits_what_is_known_of_the_person(city: Corpus, policy: Policy, day: date) -> None:
    document = passage("環境課長 佐倉。以下、佐倉という。")
    mentions = [
        entity(document, "佐倉", K.PERSON_NAME, T.OFFICIAL, person="p1"),
        entity(document, "佐倉", K.PERSON_NAME, person="p1", occurrence=2),
    ]
    (finding,) = judge_by_policy(
        document, facts(mentions, persons=[person("佐倉", T.OFFICIAL)]), (), policy, city, day
    )
    assert finding.decision is D
    assert len(finding.extents) == 2


def test_the_same_thing_said_again_is_one_finding_in_reading_order(
    city: Corpus, policy: Policy, day: date
) -> None:
    """One decision settles every place; other words for the person, and a word broken over a line, stay their own."""
    document = passage("申立人は佐倉 葵。佐\n倉 葵は、佐倉の家を出た。佐倉 葵より。")
    broken = entity(document, "佐", K.PERSON_NAME, T.COMPLAINANT, person="p1", occurrence=2)
    rest = entity(document, "倉 葵", K.PERSON_NAME, person="p1", occurrence=2)
    mentions = [
        entity(document, "佐倉 葵", K.PERSON_NAME, T.COMPLAINANT, person="p1", occurrence=2),
        entity(document, "佐倉 葵", K.PERSON_NAME, T.COMPLAINANT, person="p1"),
        replace(broken, extents=(*broken.extents, *rest.extents), text="佐倉 葵"),
        entity(document, "佐倉", K.PERSON_NAME, T.COMPLAINANT, person="p1", occurrence=2),
    ]
    known = facts(mentions, persons=[person("佐倉 葵", T.COMPLAINANT)])
    findings = judge_by_policy(document, known, (), policy, city, day)
    assert [[document.cut(extent) for extent in finding.extents] for finding in findings] == [
        ["佐倉 葵", "佐倉 葵"],
        ["佐", "倉 葵"],
        ["佐倉"],
    ]
    assert findings[0].id == finding_id(document, K.PERSON_NAME, findings[0].extents)
    assert document.words(findings[0].extents) == document.words(findings[1].extents) == "佐倉 葵"
    assert [finding.text for finding in findings] == ["佐倉 葵", "佐倉 葵", "佐倉"]


def test_the_same_words_of_nobody_in_particular_may_mean_another_thing(
    city: Corpus, policy: Policy, day: date
) -> None:
    document = passage("印紙代 200円　切手代 200円")
    mentions = [entity(document, "200円", K.PRICE), entity(document, "200円", K.PRICE, occurrence=2)]
    assert len(judge_by_policy(document, facts(mentions), (), policy, city, day)) == 2


def test_the_same_company_is_treated_alike_wherever_it_stands(
    city: Corpus, policy: Policy, day: date
) -> None:
    """A runner-up that is asked about in the table must not stand open in the text."""
    document = passage("次点：（株）空色企画　当日、㈱空色企画から質疑があった。")
    mentions = [
        entity(document, "（株）空色企画", K.ORGANIZATION, T.OF_COMPANY, T.RUNNER_UP),
        entity(document, "㈱空色企画", K.ORGANIZATION, T.OF_COMPANY),
    ]
    findings = judge_by_policy(document, facts(mentions), (), policy, city, day)
    assert [finding.decision for finding in findings] == [A, A]


def test_age_follows_the_name(city: Corpus, policy: Policy, day: date) -> None:
    """Withheld for somebody named, asked for somebody unnamed."""
    document = passage("佐倉（52歳）が小川（31歳）に")
    pieces = [
        entity(document, "佐倉", K.PERSON_NAME, T.OFFICIAL, person="p1"),
        entity(document, "52歳", K.AGE, person="p1"),
        entity(document, "小川", K.PERSON_NAME, T.RESIDENT, person="p2"),
        entity(document, "31歳", K.AGE, person="p2"),
    ]
    findings = judge_by_policy(document, facts(pieces), (), policy, city, day)
    assert {finding.text: finding.decision for finding in findings} == {
        "佐倉": D,
        "52歳": W,
        "小川": W,
        "31歳": A,
    }


def test_what_stands_beside_a_piece_goes_before_what_the_document_is(
    city: Corpus, policy: Policy, day: date
) -> None:
    """A record of a pending case may quote a matter long decided."""
    document = passage("過年度に決まった案")
    piece = entity(document, "過年度に決まった案", K.DELIBERATION, T.CONCLUDED)
    (finding,) = judge_by_policy(document, facts([piece], traits=[T.PENDING]), (), policy, city, day)
    assert finding.decision is D


def test_pieces_that_name_somebody_together_are_asked_together(
    city: Corpus, policy: Policy, day: date
) -> None:
    document = passage("小川、31歳、女性、看護師")
    pieces = [
        entity(document, "小川", K.PERSON_NAME, T.RESIDENT, person="p1"),
        entity(document, "31歳", K.AGE, person="p1"),
        entity(document, "女性", K.SEX, person="p1"),
        entity(document, "看護師", K.OCCUPATION, person="p1"),
    ]
    asked = [f for f in judge_by_policy(document, facts(pieces), (), policy, city, day) if f.decision is A]
    assert len(asked) == 3
    for finding in asked:
        assert "年齢、性別及び職業" in (finding.to_find_out or "")
        assert "mosaic" in finding.found_by


def _finding(text: str, start: int, end: int, kind: K, decision: Decision, who: str | None = None) -> Finding:
    document = passage(text)
    extents = (Extent(page=1, start=start, end=end),)
    return Finding(
        id=finding_id(document, kind, extents),
        kind=kind,
        extents=extents,
        text=text[start:end],
        decision=decision,
        person=who,
    )


TEXT = "あいうえおかきくけこさしすせそ"


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        # the same kind found twice, one longer: one finding
        ((0, 5, K.ADDRESS, W, None), (0, 3, K.ADDRESS, W, None), [(0, 5, W)]),
        # the same kind, overlapping, same decision: joined
        ((0, 5, K.ADDRESS, W, None), (3, 8, K.ADDRESS, W, None), [(0, 8, W)]),
        # an open name inside a withheld one of the same kind: said once, the stricter
        ((0, 5, K.PERSON_NAME, W, None), (2, 4, K.PERSON_NAME, D, None), [(0, 5, W)]),
        # an open fact inside a withheld one is another thing: both stay
        ((0, 5, K.DELIBERATION, W, None), (2, 4, K.DATE, D, None), [(0, 5, W), (2, 4, D)]),
        # a name inside a withheld family matter of somebody else: both stay
        ((0, 9, K.FAMILY, W, "p1"), (2, 4, K.PERSON_NAME, W, "p2"), [(0, 9, W), (2, 4, W)]),
        # a name inside an open sentence: both stay
        ((0, 9, K.FACT, D, None), (2, 4, K.PERSON_NAME, W, None), [(0, 9, D), (2, 4, W)]),
        # crossing: the milder gives way
        ((0, 5, K.FACT, D, None), (3, 8, K.ADDRESS, W, None), [(0, 3, D), (3, 8, W)]),
        # crossing the other way round
        ((0, 5, K.ADDRESS, W, None), (3, 8, K.FACT, A, None), [(0, 5, W), (5, 8, A)]),
        # apart: nothing happens
        ((0, 3, K.ADDRESS, W, None), (5, 8, K.ADDRESS, W, None), [(0, 3, W), (5, 8, W)]),
    ],
)
def test_overlaps(first: tuple, second: tuple, left: list[tuple[int, int, Decision]]) -> None:  # type: ignore[type-arg]
    settled = settle(passage(TEXT), [_finding(TEXT, *first), _finding(TEXT, *second)])
    assert [(f.extents[0].start, f.extents[0].end, f.decision) for f in settled] == left


def test_a_name_and_a_surname_beside_it_are_one() -> None:
    text = "小川 花子さん"
    settled = settle(
        passage(text),
        [_finding(text, 0, 2, K.PERSON_NAME, W, "p1"), _finding(text, 3, 5, K.PERSON_NAME, W, "p1")],
    )
    assert [finding.text for finding in settled] == ["小川 花子"]


_KINDS = (K.PERSON_NAME, K.ADDRESS, K.FACT, K.DATE, K.FAMILY)
_SPANS = st.lists(
    st.tuples(
        st.integers(0, 13), st.integers(1, 6), st.sampled_from(_KINDS), st.sampled_from((W, D, A)), st.none()
    ),
    max_size=8,
)


@given(_SPANS)
def test_no_character_becomes_milder(spans: list[tuple[int, int, K, Decision, None]]) -> None:
    """Settling may say things once; it never takes a withheld or asked character out, nor leaves the page."""
    found = [_finding(TEXT, a, min(a + n, len(TEXT)), kind, how) for a, n, kind, how, _ in spans]
    settled = settle(passage(TEXT), found)
    for position in range(len(TEXT)):
        assert _strictest(settled, position) == _strictest(found, position)
    assert len({finding.id for finding in settled}) == len(settled)
    for finding in settled:
        assert finding.text == "".join(TEXT[e.start : e.end] for e in finding.extents)
        assert all(0 <= e.start < e.end <= len(TEXT) for e in finding.extents)


def _strictest(findings: tuple[Finding, ...] | list[Finding], position: int) -> int:
    return max(
        (SEVERITY[f.decision] for f in findings for e in f.extents if e.start <= position < e.end), default=-1
    )


def test_commentary_is_about_the_same_head_and_kind(city: Corpus, policy: Policy, day: date) -> None:
    """A company's account is not explained by what the handbook says about an individual's."""
    document = passage("口座 1234567")
    piece = entity(document, "1234567", K.BANK_ACCOUNT, T.OF_COMPANY)
    (finding,) = judge_by_policy(document, facts([piece]), (), policy, city, day)
    others = [
        source
        for citation in finding.citations
        if (source := city.source(citation.source)) and source.kind is not SourceKind.PROVISION
    ]
    assert others
    for source in others:
        assert finding.head in source.heads
        assert "口座" in source.text
        assert source.unit is None or source.unit.result == "withheld"


def test_what_was_retrieved_is_cited_first(city: Corpus, policy: Policy, day: date) -> None:
    """Among paragraphs that fit alike, the one the retriever put first is the one quoted."""
    document = passage("氏名 甲乙")
    piece = entity(document, "甲乙", K.PERSON_NAME, T.RESIDENT)
    (plain,) = judge_by_policy(document, facts([piece]), (), policy, city, day)
    books = [c.source for c in plain.citations if c.source.startswith("handbook")]
    pool = [
        source
        for source in city.sources.values()
        if source.section == "具体例（非開示）" and plain.head in source.heads and source.exception is None
    ]
    words = policy.rule("resident_name").look_for  # type: ignore[union-attr]
    most = max(sum(word in source.text for word in words) for source in pool)
    fitting = [source for source in pool if sum(word in source.text for word in words) == most]
    wanted = fitting[-1]
    (steered,) = judge_by_policy(document, facts([piece]), (wanted,), policy, city, day)
    steered_books = [c.source for c in steered.citations if c.source.startswith("handbook")]
    assert steered_books[0] == wanted.id
    assert books
