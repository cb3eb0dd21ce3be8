"""Worked passages beside the rules: they add, they turn an answer into a question, they never take one away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from policy_pieces import entity, facts, passage

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.entity import Entity
from assistant.domain.entity import EntityKind as K
from assistant.domain.entity import Trait as T
from assistant.domain.finding import Decision, Finding
from assistant.domain.provision import Head
from assistant.liken.alphabet import HEADS, KINDS
from assistant.liken.likener import Likened
from assistant.liken.spans import LikenedPage, Shares
from assistant.policy.judge import judge_by_policy
from assistant.policy.rules import Policy
from assistant.policy.weigh import BY, weigh

W, D, A = Decision.WITHHOLD, Decision.DISCLOSE, Decision.ASK
Said = Mapping[str, tuple[float, float, Head]]
"""Word → shares of ask and withhold, and the head."""


def likened(document: Document, said: Said, kind: K = K.HEALTH) -> Likened:
    text = document.pages[0].text
    spans = [match.span() for match in re.finditer(r"\w+|[^\w]", text)]
    ask, withhold = (np.zeros((len(spans), len(HEADS)), np.float32) for _ in range(2))
    kinds = np.zeros((len(spans), len(KINDS) + 1), np.float32)
    kinds[:, 1 + KINDS.index(kind)] = 1
    for number, (start, end) in enumerate(spans):
        if text[start:end] in said:
            asked, withheld, head = said[text[start:end]]
            ask[number, HEADS.index(head)], withhold[number, HEADS.index(head)] = asked, withheld
    shares = Shares(
        spans=np.asarray(spans, np.int32),
        open=1 - ask.sum(1) - withhold.sum(1),
        ask=ask,
        withhold=withhold,
        kinds=kinds,
        begins=np.zeros(len(spans), np.float32),
        hidden=np.ones((len(spans), 4), np.float32),
    )
    return Likened({1: LikenedPage(document.pages[0], shares)})


class Weighed:
    """Judges by the rules, then weighs; `weighing`: whether the policy lets worked passages do more than ask."""

    def __init__(self, city: Corpus, policy: Policy, day: date) -> None:
        self.city, self.policy, self.day = city, replace(policy, worked_passages="weigh"), day

    def __call__(
        self, document: Document, entities: Sequence[Entity], said: Said, *, only_ask: bool = False
    ) -> dict[str, Finding]:
        policy = replace(self.policy, worked_passages="ask") if only_ask else self.policy
        known = facts(entities)
        ruled = judge_by_policy(document, known, (), policy, self.city, self.day)
        likely = likened(document, said)
        found = weigh(document, known, ruled, likely, (), policy, self.city, self.day)
        return {finding.text: finding for finding in found}


@pytest.fixture
def weighed(city: Corpus, policy: Policy, day: date) -> Weighed:
    return Weighed(city, policy, day)


PERSON, FIRM = Head.INDIVIDUAL, Head.CORPORATE


def test_what_the_rules_miss_is_added_with_its_clause_its_reason_and_its_sources(weighed: Weighed) -> None:
    document = passage("父は 寝たきり である。")
    finding = weighed(document, (), {"寝たきり": (0.1, 0.85, PERSON)})["寝たきり"]
    assert (finding.decision, finding.head, finding.kind) == (W, PERSON, K.HEALTH)
    assert finding.grounds[0].provision
    assert finding.grounds[0].provisos
    assert finding.reason
    assert "寝たきり" not in finding.reason
    assert finding.citations
    assert BY in finding.found_by


def test_what_is_not_sure_is_asked_with_what_to_find_out(weighed: Weighed) -> None:
    document = passage("原価 は三割 である。")
    finding = weighed(document, (), {"は三割": (0.3, 0.4, FIRM)})["は三割"]
    assert (finding.decision, finding.head) == (A, FIRM)
    assert finding.to_find_out


def test_under_another_policy_they_only_ask(weighed: Weighed) -> None:
    document = passage("父は 寝たきり である。")
    assert weighed(document, (), {"寝たきり": (0, 0.95, PERSON)}, only_ask=True)["寝たきり"].decision is A


# the rules' finding, what the like was (ask, withhold), what becomes of it
CHANGES = [
    # the like was open throughout: the rules' withhold stays as a candidate for disclosure that says so
    ((T.RESIDENT,), (0.0, 0.0), D),
    # … and as a question where it was not quite
    ((T.RESIDENT,), (0.02, 0.02), A),
    # the like was asked about
    ((T.RESIDENT,), (0.8, 0.1), A),
    # the like was withheld too
    ((T.RESIDENT,), (0.0, 0.9), W),
    # an official the rules would show, where the like was clearly withheld
    ((T.OFFICIAL, T.ON_DUTY), (0.0, 0.95), W),
    # … and where nothing speaks against showing
    ((T.OFFICIAL, T.ON_DUTY), (0.1, 0.1), D),
]


@pytest.mark.parametrize(("traits", "said", "expected"), CHANGES)
def test_what_becomes_of_a_finding_of_the_rules(  # type: ignore[no-untyped-def]
    weighed: Weighed, traits, said, expected
) -> None:
    document = passage("氏名 佐倉 以上")
    name = entity(document, "佐倉", K.PERSON_NAME, *traits, person="p1")
    finding = weighed(document, (name,), {"佐倉": (*said, PERSON)})["佐倉"]
    assert finding.decision is expected
    assert finding.person == "p1", "whoever changes the answer, it is the same person's name"


def test_nothing_found_by_the_rules_goes_away_whatever_is_said(weighed: Weighed) -> None:
    document = passage("氏名 佐倉 電話 093-000-1122")
    found = (
        entity(document, "佐倉", K.PERSON_NAME, T.RESIDENT, person="p1"),
        entity(document, "093-000-1122", K.PHONE, T.OF_INDIVIDUAL, person="p1"),
    )
    for said in ({}, {"佐倉": (0.0, 0.0, PERSON)}, {"氏名": (0.0, 1.0, PERSON)}):
        still = weighed(document, found, said)
        assert {"佐倉", "093-000-1122"} <= set(still)
        assert still["093-000-1122"].decision is not D, (
            "what the rules know by its form is at least asked about"
        )
        assert still["佐倉"].decision is D
        assert BY in still["佐倉"].found_by
        assert still["佐倉"].grounds[0].head is PERSON, "it says what was weighed"


def test_a_finding_is_open_only_where_the_like_was_open_at_every_place(weighed: Weighed) -> None:
    document = passage("氏名 佐倉 以上\n同席 佐倉氏 以上")
    name = entity(document, "佐倉", K.PERSON_NAME, T.RESIDENT, person="p1")
    second = document.pages[0].text.rindex("佐倉")
    again = replace(name.extents[0], start=second, end=second + 2)
    both = replace(name, extents=(*name.extents, again))
    assert weighed(document, (both,), {})["佐倉"].decision is D
    assert weighed(document, (both,), {"佐倉氏": (0.3, 0.0, PERSON)})["佐倉"].decision is A


def test_a_name_is_not_opened_in_one_place_and_closed_in_another(weighed: Weighed) -> None:
    document = passage("氏名 佐倉 以上\n同席 佐倉さん 以上")
    names = (
        entity(document, "佐倉 以", K.PERSON_NAME, T.RESIDENT, person="p1"),
        entity(document, "佐倉さん", K.PERSON_NAME, T.RESIDENT, T.COMPLAINANT, person="p1"),
    )
    said = {"佐倉さん": (0.1, 0.8, PERSON)}
    assert {one.decision for one in weighed(document, names, said).values()} == {A, W}
    assert {one.decision for one in weighed(document, names, {}).values()} == {D}


def test_a_milder_finding_inside_an_added_one_is_spoken_for(weighed: Weighed) -> None:
    document = passage("相談 娘三十歳無職 以上")
    age = entity(document, "三十歳", K.AGE, T.NAME_WITHHELD)
    found = weighed(document, (age,), {"娘三十歳無職": (0.0, 0.9, PERSON)})
    assert set(found) == {"娘三十歳無職"}


def test_the_same_words_elsewhere_go_with_it_unless_the_rules_have_answered_there(weighed: Weighed) -> None:
    document = passage("通称 寝たきり老人会 以上\n会は 寝たきり老人会、市は寝たきり老人会")
    found = weighed(document, (), {"寝たきり老人会": (0.0, 0.9, PERSON)})
    assert len(found["寝たきり老人会"].extents) == 3
