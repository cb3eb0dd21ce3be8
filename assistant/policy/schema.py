"""What a policy file may say: frozen dataclasses that a TOML file fills, refusing whatever they do not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from assistant.corpus.datafile import REFUSING
from assistant.domain.entity import EntityKind, Trait
from assistant.domain.finding import Decision
from assistant.domain.provision import Head, LimbRole

_Id = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
_Said = Annotated[str, Field(min_length=4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceEntry:
    """One role of exception: `applies` true, false, or "unknown" when the passage lacks the fact that decides.

    With `key`, only the exception the city calls so (city.toml) is meant; with `says`, only one whose text has one of
    these words. Both go before the role as a whole.
    """

    __pydantic_config__ = REFUSING

    role: LimbRole
    applies: bool | Literal["unknown"]
    why: _Said
    key: str = ""
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkEntry:
    """A proviso walk-through. `default_for`: decisions whose grounds of this head use it when they name none."""

    __pydantic_config__ = REFUSING

    id: _Id
    head: Head
    otherwise: _Said
    default_for: tuple[Decision, ...] = ()
    stances: tuple[StanceEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionEntry:
    """Traits that must all, in part, or not hold; words of the document type and of field, column and section."""

    __pydantic_config__ = REFUSING

    all: frozenset[Trait] = frozenset()
    any: frozenset[Trait] = frozenset()
    none: frozenset[Trait] = frozenset()
    doc_types: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    about_person: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundEntry(ConditionEntry):
    """A head relied on, under its own condition; `why` may be left out, then the rule's is meant.

    `limb`: keys of limbs in city.toml or words of the limb's text, tried in order; never a number. `reason`: the wording
    for the notice where this ground is the main one; else the rule's.
    """

    __pydantic_config__ = REFUSING

    head: Head
    why: str = ""
    walk: str | None = None
    limb: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderEntry:
    """Ordinances a rule is meant for: those with an exception of this role whose text has one of these words."""

    __pydantic_config__ = REFUSING

    role: LimbRole
    says: Annotated[tuple[str, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry(ConditionEntry):
    """One rule. See `rules.Rule`."""

    __pydantic_config__ = REFUSING

    id: _Id
    kinds: Annotated[tuple[EntityKind, ...], Field(min_length=1)]
    decision: Decision
    why: _Said
    grounds: tuple[GroundEntry, ...] = ()
    reason: str = ""
    harm: str = ""
    to_find_out: str | None = None
    cite: tuple[str, ...] = ()
    look_for: tuple[str, ...] = ()
    beyond_doubt: bool = False
    under: UnderEntry | None = None
    of_the_name_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistenceEntry:
    """When the record's existence alone gives something away."""

    __pydantic_config__ = REFUSING

    kinds: frozenset[EntityKind] = frozenset()
    traits: frozenset[Trait] = frozenset()
    doc_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """A whole policy file."""

    __pydantic_config__ = REFUSING

    format: Literal[1]
    title: Annotated[str, Field(min_length=1)]
    extends: Literal["default"] | None = None
    existence: ExistenceEntry | None = None
    worked_passages: Literal["weigh", "ask"] | None = None
    walk: tuple[WalkEntry, ...] = ()
    rule: tuple[RuleEntry, ...] = ()
    like: tuple[RuleEntry, ...] = ()
