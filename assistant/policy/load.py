"""Read a policy file: refuse what is not understood, with file, line and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from assistant.corpus.corpus import Corpus
from assistant.corpus.datafile import TomlFile, parse, read_toml
from assistant.domain.finding import Decision
from assistant.domain.provision import Head
from assistant.policy.precision import precision_of
from assistant.policy.rules import (
    Condition,
    ExistenceRule,
    Policy,
    PolicyGround,
    ProvisoStance,
    Rule,
    Under,
    Walk,
)
from assistant.policy.schema import ConditionEntry, GroundEntry, PolicyFile, RuleEntry, WalkEntry
from assistant.policy.sound import check_complete, check_entry, check_reachable

DEFAULT_POLICY = Path(__file__).with_name("default.toml")
"""The neutral policy: speaks in heads and roles only, so it works with any city's ordinance."""

_Read = tuple[TomlFile, PolicyFile]
_Walks = Mapping[str | tuple[Head, Decision], Walk]
_NOTHING = ExistenceRule(kinds=frozenset(), traits=frozenset(), doc_types=())


def load_policy(path: Path | None, corpus: Corpus) -> Policy:
    """The policy of a city, with the default's rules behind its own when it extends it; None: the default alone.

    A city's own file may name only heads its ordinance has or had. Raises DataFileError.
    """
    path = path or DEFAULT_POLICY
    own = _read(path)
    if path != DEFAULT_POLICY:
        heads = frozenset(head for day in corpus.ordinance.in_force_dates for head in corpus.heads(day))
        _check_entries(own, heads)
        _check_keys(own, corpus)
    base = _read(DEFAULT_POLICY) if own[1].extends else None
    walks = _walks([own, base] if base else [own])
    rules = _rules(own, walks)
    own_ids = frozenset(rule.id for rule in rules) if path != DEFAULT_POLICY else frozenset[str]()
    check_reachable(path, rules)
    if base:
        rules = _extended(rules, _rules(base, walks))
    check_complete(path, rules)
    existence = own[1].existence or (base[1].existence if base else None)
    return Policy(
        title=own[1].title,
        path=path,
        rules=rules,
        like=_like([own, base] if base else [own], walks),
        precision=precision_of(own[1].title, own_ids),
        worked_passages=own[1].worked_passages or (base[1].worked_passages if base else None) or "ask",
        existence=_NOTHING
        if existence is None
        else ExistenceRule(kinds=existence.kinds, traits=existence.traits, doc_types=existence.doc_types),
    )


def _read(path: Path) -> _Read:
    file = read_toml(path)
    read = parse(PolicyFile, file)
    if path == DEFAULT_POLICY:
        _check_entries((file, read), frozenset())
    return file, read


def _check_entries(read: _Read, heads: frozenset[Head]) -> None:
    file, policy = read
    for number, entry in enumerate(policy.rule):
        check_entry(file.path, entry, file.line_of("rule", number), heads)
    for number, entry in enumerate(policy.like):
        check_entry(file.path, entry, file.line_of("like", number), heads)


def _check_keys(read: _Read, corpus: Corpus) -> None:
    """A stance on one exception must name one the city has."""
    file, policy = read
    known = {entry.key for entry in corpus.city.limbs}
    for number, walk in enumerate(policy.walk):
        for stance in walk.stances:
            if stance.key and stance.key not in known:
                problem = f"ただし書の検討「{walk.id}」の key「{stance.key}」が city.toml にありません。"
                raise file.fault(
                    problem, "walk", number, todo="city.toml の [[limbs]] の key を書いてください。"
                )


def _extended(own: tuple[Rule, ...], base: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The city's rules first; one that has the id of a default rule stands where that one stood."""
    places = {rule.id for rule in base}
    replacing = {rule.id: rule for rule in own if rule.id in places}
    new = tuple(rule for rule in own if rule.id not in places)
    return new + tuple(replacing.get(rule.id, rule) for rule in base)


def _walks(files: Sequence[_Read]) -> _Walks:
    """Walks by id, and the default ones by head and decision; the city's own file comes first and wins."""
    walks: dict[str | tuple[Head, Decision], Walk] = {}
    for file, policy in files:
        seen: set[str | tuple[Head, Decision]] = set()
        for number, entry in enumerate(policy.walk):
            walk = _walk(entry)
            keys: list[str | tuple[Head, Decision]] = [
                entry.id,
                *((entry.head, decision) for decision in entry.default_for),
            ]
            if seen.intersection(keys):
                problem = f"ただし書の検討「{entry.id}」が、前に書いたものと重なっています。"
                raise file.fault(problem, "walk", number, todo="idを変えるか、一方を消してください。")
            seen.update(keys)
            for key in keys:
                walks.setdefault(key, walk)
    return walks


def _walk(entry: WalkEntry) -> Walk:
    stances = tuple(
        ProvisoStance(
            role=said.role,
            applies=None if said.applies == "unknown" else said.applies,
            why=said.why,
            key=said.key,
            says=said.says,
        )
        for said in entry.stances
    )
    return Walk(id=entry.id, head=entry.head, stances=stances, otherwise=entry.otherwise)


def _like(files: Sequence[_Read], walks: _Walks) -> Mapping[tuple[Decision, Head], Rule]:
    """What is said of the like of worked passages, by decision and main head; the city's own file wins."""
    like: dict[tuple[Decision, Head], Rule] = {}
    for read in files:
        for rule in _rules(read, walks, "like"):
            if not rule.grounds:
                todo = "grounds に事由を一つ書いてください。"
                raise read[0].fault(f"[[like]]「{rule.id}」に事由がありません。", "like", 0, todo=todo)
            like.setdefault((rule.decision, rule.grounds[0].head), rule)
    return like


def _rules(read: _Read, walks: _Walks, table: Literal["rule", "like"] = "rule") -> tuple[Rule, ...]:
    file, policy = read
    rules: list[Rule] = []
    ids: set[str] = set()
    for number, entry in enumerate(policy.rule if table == "rule" else policy.like):
        if entry.id in ids:
            raise file.fault(
                f"規則「{entry.id}」が二つあります。", table, number, todo="idを変えてください。"
            )
        ids.add(entry.id)
        for ground in entry.grounds:
            walk = walks.get(ground.walk) if ground.walk else None
            if ground.walk and (walk is None or walk.head != ground.head):
                problem = f"規則「{entry.id}」のただし書の検討「{ground.walk}」は、この事由にありません。"
                todo = "[[walk]] のidと事由を確かめてください。"
                raise file.fault(problem, table, number, todo=todo)
        rules.append(_rule(entry, file.line_of(table, number) or 0, walks))
    return tuple(rules)


def _rule(entry: RuleEntry, line: int, walks: _Walks) -> Rule:
    return Rule(
        id=entry.id,
        kinds=frozenset(entry.kinds),
        when=_condition(entry),
        decision=entry.decision,
        grounds=tuple(_ground(ground, entry, walks) for ground in entry.grounds),
        why=entry.why,
        reason=entry.reason,
        harm=entry.harm,
        to_find_out=entry.to_find_out,
        cite=entry.cite,
        look_for=entry.look_for,
        beyond_doubt=entry.beyond_doubt,
        under=Under(role=entry.under.role, says=entry.under.says) if entry.under else None,
        of_the_name_only=entry.of_the_name_only,
        line=line,
    )


def _ground(ground: GroundEntry, entry: RuleEntry, walks: _Walks) -> PolicyGround:
    return PolicyGround(
        head=ground.head,
        why=ground.why or entry.why,
        walk=walks.get(ground.walk or (ground.head, entry.decision)),
        limb=ground.limb,
        when=_condition(ground),
        reason=ground.reason,
    )


def _condition(entry: ConditionEntry) -> Condition:
    return Condition(
        all=entry.all,
        any=entry.any,
        none=entry.none,
        doc_types=entry.doc_types,
        labels=entry.labels,
        about_person=entry.about_person,
    )
