"""From a rule's heads to the provisions of the city in force that day, with every exception walked through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Ground, ProvisoCheck
from assistant.domain.provision import Head, Polarity, Provision
from assistant.policy.rules import Policy, PolicyGround, Rule, Situation, Under, Walk

_LEFT_OPEN = "この例外に当たる事情があるかどうかを確かめる。"


class Clauses:
    """A rule's grounds in the words of one city's ordinance on one day; each is worked out once."""

    def __init__(self, corpus: Corpus, day: date) -> None:
        self._corpus = corpus
        self._day = day
        self._heads = frozenset(corpus.heads(day))
        self._known: dict[tuple[str, int], Ground] = {}

    def grounds_of(self, rule: Rule, situation: Situation) -> tuple[Ground, ...]:
        """The rule's grounds that this situation has and this city's ordinance knows, main one first."""
        return tuple(
            self._ground(rule, number, ground) for number, ground in self._known_to_the_city(rule, situation)
        )

    def wording_of(self, rule: Rule, situation: Situation) -> str:
        """The wording of the main ground, which may be another than the rule names first; else the rule's."""
        own = next((ground.reason for _, ground in self._known_to_the_city(rule, situation)), "")
        return own or rule.reason

    def _known_to_the_city(self, rule: Rule, situation: Situation) -> list[tuple[int, PolicyGround]]:
        return [
            (number, ground)
            for number, ground in enumerate(rule.grounds)
            if ground.head in self._heads and ground.when.holds(situation)
        ]

    def _ground(self, rule: Rule, number: int, ground: PolicyGround) -> Ground:
        if (rule.id, number) not in self._known:
            self._known[rule.id, number] = _ground(ground, self._corpus, self._day)
        return self._known[rule.id, number]


def meant_for(policy: Policy, corpus: Corpus, day: date) -> Policy:
    """The policy with only those rules that are meant for an ordinance which says what this one says that day."""
    kept = tuple(rule for rule in policy.rules if rule.under is None or _says(rule.under, corpus, day))
    return policy if len(kept) == len(policy.rules) else replace(policy, rules=kept)


def _says(under: Under, corpus: Corpus, day: date) -> bool:
    return any(
        limb.polarity is Polarity.EXCEPTION
        and limb.role is under.role
        and any(word in limb.provision.text for word in under.says)
        for head in corpus.heads(day)
        for limb in corpus.limbs_of(head, day)
    )


def limb_of(head: Head, words: Sequence[str], corpus: Corpus, day: date) -> Provision | None:
    """The limb of the exemption whose text has one of `words`, or is called so, tried in order; None: the whole head."""
    limbs = [limb for limb in corpus.limbs_of(head, day) if limb.polarity is Polarity.EXEMPTION]
    for word in words:
        for limb in limbs:
            if word == limb.key or word in limb.provision.text:
                return limb.provision
    return None


def _ground(ground: PolicyGround, corpus: Corpus, day: date) -> Ground:
    limb = limb_of(ground.head, ground.limb, corpus, day)
    return Ground(
        head=ground.head,
        provision=corpus.provision_of(ground.head, day).label,
        limb=limb.label if limb else None,
        why=ground.why,
        provisos=_walked(ground.head, ground.walk, corpus, day),
    )


def _walked(head: Head, walk: Walk | None, corpus: Corpus, day: date) -> tuple[ProvisoCheck, ...]:
    checks = []
    for limb in corpus.limbs_of(head, day):
        if limb.polarity is not Polarity.EXCEPTION or limb.nested:
            continue
        stance = walk.stance(limb.role, limb.key, limb.provision.text) if walk else None
        checks.append(
            ProvisoCheck(
                provision=limb.provision.label,
                role=limb.role,
                applies=stance.applies if stance else None,
                why=stance.why if stance else _LEFT_OPEN,
            )
        )
    return tuple(checks)
