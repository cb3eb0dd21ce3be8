"""What is shown of a rule's worth was measured, and for that very rule."""

from __future__ import annotations

from datetime import date

from policy_pieces import entity, facts, passage

from assistant.corpus.corpus import Corpus
from assistant.corpus.load import load_city
from assistant.domain.entity import EntityKind as K
from assistant.domain.entity import Trait as T
from assistant.policy.judge import judge_by_policy
from assistant.policy.load import load_policy
from assistant.policy.precision import precision_of
from tests.conftest import ROOT


def test_every_measured_rule_is_a_rule_of_the_policy_that_was_measured() -> None:
    corpus = load_city(ROOT / "ordinances" / "mihon")
    policy = load_policy(corpus.policy_path, corpus)
    assert policy.precision
    for rule, (share, count) in policy.precision.items():
        assert policy.rule(rule) is not None, rule
        assert 0 <= share <= 1
        assert count >= 10


def test_a_finding_carries_what_was_measured_of_its_rule() -> None:
    corpus = load_city(ROOT / "ordinances" / "mihon")
    policy = load_policy(corpus.policy_path, corpus)
    document = passage("氏名 佐倉")
    name = entity(document, "佐倉", K.PERSON_NAME, T.RESIDENT, person="p1")
    (finding,) = judge_by_policy(document, facts((name,)), (), policy, corpus, date(2024, 6, 1))
    rule = next(one for one in finding.found_by if one.startswith("policy:")).removeprefix("policy:")
    assert finding.precision == policy.precision[rule]


def test_a_rule_a_city_wrote_itself_is_not_credited_with_another_rules_figures(city: Corpus) -> None:
    measured = precision_of("見本市情報公開条例の運用基準", frozenset())
    rule = next(iter(measured))
    assert rule not in precision_of("別の市の運用基準", frozenset((rule,)))
    assert rule in precision_of("別の市の運用基準", frozenset())
