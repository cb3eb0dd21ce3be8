"""Which rule speaks about which entity, so that one person, and one thing said twice, get one answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.domain.entity import Entity, EntityKind, Facts
from assistant.domain.finding import Decision
from assistant.policy.rules import Policy, Rule, Situation
from assistant.policy.situation import situation_of
from assistant.text.folding import fold

SEVERITY: Mapping[Decision, int] = {Decision.DISCLOSE: 0, Decision.ASK: 1, Decision.WITHHOLD: 2}
"""Per character, withhold stands over ask over disclose (design.md section 5, figures)."""

POINTING = frozenset(
    {
        EntityKind.PERSON_NAME,
        EntityKind.ORGANIZATION,
        EntityKind.TRADE_NAME,
        EntityKind.ADDRESS,
        EntityKind.PHONE,
        EntityKind.EMAIL,
        EntityKind.BANK_ACCOUNT,
        EntityKind.ID_NUMBER,
        EntityKind.EMPLOYEE_NUMBER,
        EntityKind.VEHICLE_NUMBER,
        EntityKind.PARCEL_NUMBER,
        EntityKind.RESERVE_PRICE,
        EntityKind.NETWORK,
    }
)
"""Kinds that point at one thing whatever the place: shown in one place, hiding it in another protects nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An entity with the rule that speaks about it."""

    entity: Entity
    situation: Situation
    rule: Rule


def decide(facts: Facts, policy: Policy) -> tuple[Judged, ...]:
    """Every entity with its rule, names first, since whether a name goes decides about what is said of its bearer."""
    names = [entity for entity in facts.entities if entity.kind is EntityKind.PERSON_NAME]
    others = [entity for entity in facts.entities if entity.kind is not EntityKind.PERSON_NAME]
    judged_names = _agreed(_judged(names, facts, policy, {}))
    named = {one.entity.person: _of_the_bearer(one.rule) for one in judged_names if one.entity.person}
    return (*judged_names, *_agreed(_judged(others, facts, policy, named)))


def _of_the_bearer(rule: Rule) -> Decision:
    """What the answer about a name means for the rest that is said of its bearer."""
    return Decision.DISCLOSE if rule.of_the_name_only else rule.decision


def _judged(
    entities: Iterable[Entity], facts: Facts, policy: Policy, named: Mapping[str, Decision]
) -> list[Judged]:
    judged = []
    for entity in entities:
        situation = situation_of(entity, facts, named)
        judged.append(Judged(entity=entity, situation=situation, rule=policy.rule_for(situation)))
    return judged


def _agreed(judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """The strictest answer given to any mention holds for all mentions of the same person or thing."""
    strictest: dict[tuple[str, str], Judged] = {}
    for one in judged:
        key = _identity(one.entity)
        best = strictest.get(key) if key else None
        if key and (best is None or SEVERITY[one.rule.decision] > SEVERITY[best.rule.decision]):
            strictest[key] = one
    agreed = []
    for one in judged:
        key = _identity(one.entity)
        best = strictest[key] if key else one
        agreed.append(one if best is one else replace(one, rule=best.rule, situation=best.situation))
    return tuple(agreed)


def _identity(entity: Entity) -> tuple[str, str] | None:
    if entity.kind not in POINTING:
        return None
    if entity.kind is EntityKind.PERSON_NAME and entity.person:
        return "person", entity.person
    return str(entity.kind), fold(entity.text, drop_space=True, variants=True).text
