"""The nouns of a policy: rules in order, the first that matches decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from assistant.domain.entity import EntityKind, Trait
from assistant.domain.finding import Decision
from assistant.domain.provision import Head, LimbRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a rule looks at: one entity with everything that reading the document together says about it.

    `place` is the field, column and section it stands in, folded without white space; `doc_type` likewise.
    """

    kind: EntityKind
    traits: frozenset[Trait]
    doc_type: str = ""
    place: str = ""
    about_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """All of `all`, one of `any` (when given), none of `none`; one word of `doc_types`, one of `labels` (when given)."""

    all: frozenset[Trait] = frozenset()
    any: frozenset[Trait] = frozenset()
    none: frozenset[Trait] = frozenset()
    doc_types: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    about_person: bool | None = None

    def holds(self, situation: Situation) -> bool:
        """Whether the situation fulfils every part of the condition."""
        return (
            self.all <= situation.traits
            and (not self.any or bool(self.any & situation.traits))
            and not (self.none & situation.traits)
            and (not self.doc_types or any(word in situation.doc_type for word in self.doc_types))
            and (not self.labels or any(word in situation.place for word in self.labels))
            and self.about_person in (None, situation.about_person)
        )

    def implied_by(self, other: Condition) -> bool:
        """Whether every situation that fulfils `other` fulfils this one too (sufficient test, used to find dead rules)."""
        any_holds = not self.any or bool(self.any & other.all) or (bool(other.any) and other.any <= self.any)
        return (
            self.all <= other.all
            and any_holds
            and self.none <= other.none
            and _wider(self.doc_types, other.doc_types)
            and _wider(self.labels, other.labels)
            and self.about_person in (None, other.about_person)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisoStance:
    """What the policy says about the exceptions of one role: do they apply (None: to be found out), and why."""

    role: LimbRole
    applies: bool | None
    why: str
    key: str = ""  # the city's name for one exception, where exceptions of a role differ
    says: tuple[str, ...] = ()  # words of the exception's text, where what ordinances say differs


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A proviso walk-through for one head. `otherwise` speaks about exceptions of a role the walk does not name."""

    id: str
    head: Head
    stances: tuple[ProvisoStance, ...]
    otherwise: str

    def stance(self, role: LimbRole | None, key: str = "", text: str = "") -> ProvisoStance:
        """What the walk says about an exception: by its key, else by words of its text, else by its role alone.

        One that the walk does not name is left open.
        """
        named = [stance for stance in self.stances if stance.role == role]
        for stance in named:
            if stance.key and stance.key == key:
                return stance
        for stance in named:
            if any(word in text for word in stance.says):
                return stance
        for stance in named:
            if not stance.key and not stance.says:
                return stance
        return ProvisoStance(role=role or LimbRole.OTHER, applies=None, why=self.otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyGround:
    """A head relied on. `limb` are words of the limb of the exemption that is meant, never its number (design.md D1)."""

    head: Head
    why: str
    walk: Walk | None
    limb: tuple[str, ...] = ()
    when: Condition = Condition()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """Ordinances a rule is meant for: those with an exception of this role whose text has one of these words."""

    role: LimbRole
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One sentence of the city's practice. `reason` is the wording for the notice, with the slots of `wording.SLOTS`.

    `cite` are handbook sections in the order they are preferred; `look_for` words that a source which bears on the
    matter contains (empty: the words of the kind). `beyond_doubt`: no engine need be asked. `under`: the ordinances the
    rule is meant for (None: any). `of_the_name_only`: what is asked about a name says nothing of its bearer's other data.
    """

    id: str
    kinds: frozenset[EntityKind]
    when: Condition
    decision: Decision
    grounds: tuple[PolicyGround, ...]
    why: str
    reason: str
    harm: str = ""
    to_find_out: str | None = None
    cite: tuple[str, ...] = ()
    look_for: tuple[str, ...] = ()
    beyond_doubt: bool = False
    under: Under | None = None
    of_the_name_only: bool = False
    line: int = 0

    def matches(self, situation: Situation) -> bool:
        """Whether this rule speaks about the situation."""
        return situation.kind in self.kinds and self.when.holds(situation)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistenceRule:
    """When merely saying that the record exists gives something away (存否応答拒否): kinds, traits, words of the type."""

    kinds: frozenset[EntityKind]
    traits: frozenset[Trait]
    doc_types: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A city's rules, its own before those it extends.

    `like`: what is said of a place whose like was decided so in worked passages, where no rule says it better.
    `worked_passages`: "weigh" where they were decided under this policy, "ask" where they only raise questions. `precision`:
    how often a rule was right where that was measured, share and count, by rule id.
    """

    title: str
    path: Path
    rules: tuple[Rule, ...]
    existence: ExistenceRule
    like: Mapping[tuple[Decision, Head], Rule] = field(default_factory=dict)
    worked_passages: Literal["weigh", "ask"] = "ask"
    precision: Mapping[str, tuple[float, int]] = field(default_factory=dict)

    def rule_for(self, situation: Situation) -> Rule:
        """The first rule that matches. The loader has made sure that there is one for every kind."""
        for rule in self.rules:
            if rule.matches(situation):
                return rule
        raise LookupError(situation.kind)  # cannot happen with a loaded policy

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with this id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def _wider(mine: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether a list of words that opens a condition lets through whatever the other list lets through."""
    return not mine or (bool(others) and all(any(word in other for word in mine) for other in others))
