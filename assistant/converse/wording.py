"""The sentences of a chat turn, read from wording.toml: every table, key and slot declared here, else refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from assistant.corpus.city import City
from assistant.corpus.datafile import REFUSING, TomlFile, parse, read_toml
from assistant.domain.provision import LimbRole
from assistant.draft.templates import check_slots

_FILE = Path(__file__).with_name("wording.toml")
_CITY = ("withhold", "disclose", "document", "handbook", "precedent", "board", "fictional", "city")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """What is said; each with a source behind it."""

    __pydantic_config__ = REFUSING

    subject: str
    subject_topic: str
    alternative: str
    policy: str
    to_ask: str
    test: str
    test_subject: str
    harm: str
    proviso: str
    limb: str
    practice: str
    tally: str
    tally_changed: str
    withheld: str
    disclosed: str
    topic_precedent: str
    reference: str
    reference_caption: str
    rule: str
    procedure: str
    model: str
    passage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """What is said when the sources say nothing, and what to do then."""

    __pydantic_config__ = REFUSING

    nothing: str
    nothing_to_do: tuple[str, ...]
    vague: str
    vague_to_do: tuple[str, ...]
    empty: str
    empty_to_do: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What is added to a precedent that no longer stands or is not our own."""

    __pydantic_config__ = REFUSING

    superseded: str
    altered: str
    annulled: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warnings:
    """What a person must know about the answer."""

    __pydantic_config__ = REFUSING

    footer: str
    fictional: str
    close: str
    weak: str
    unknown_reference: str
    passage: str
    no_precedent: str
    one_side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFindOut:
    """What is left to be checked."""

    __pydantic_config__ = REFUSING

    harm: str
    day: str
    roles: Mapping[LimbRole, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageReasons:
    """Why a text was taken for a passage or a question."""

    __pydantic_config__ = REFUSING

    long: str
    lines: str
    fields: str
    tabs: str
    marker: str
    data: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageWords:
    """How a passage is told from a question. `long`, `very_long`: characters; `lines`: lines."""

    __pydantic_config__ = REFUSING

    long: int
    very_long: int
    lines: int
    questions: tuple[str, ...]
    markers: tuple[str, ...]
    reasons: PassageReasons


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    __pydantic_config__ = REFUSING

    generic: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Everything wording.toml says."""

    __pydantic_config__ = REFUSING

    sentences: Sentences
    silent: Silent
    became: Became
    warnings: Warnings
    to_find_out: ToFindOut
    passage: PassageWords
    words: _Words


_SLOTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sentences": {
        "subject": ("label", "provision"),
        "subject_topic": ("topic", "provision"),
        "alternative": ("label", "provision"),
        "policy": ("what", "answer", "why"),
        "to_ask": ("what", "answer", "why"),
        "test": ("provision", "quote"),
        "test_subject": ("provision", "subject", "quote"),
        "harm": ("label", "quote"),
        "proviso": ("limb", "provision", "quote"),
        "limb": ("provision", "quote"),
        "practice": ("section", "quote"),
        "tally": ("withheld", "disclosed"),
        "tally_changed": ("withheld", "disclosed", "changed"),
        "withheld": ("date", "body", "number", "part", "quote", "stands"),
        "disclosed": ("date", "body", "number", "part", "quote", "stands"),
        "topic_precedent": ("date", "body", "number", "part", "quote", "stands"),
        "reference": ("provision", "quote"),
        "reference_caption": ("provision", "caption", "quote"),
        "rule": ("provision", "quote"),
        "procedure": ("quote",),
        "model": ("quote",),
        "passage": ("count", "label", "provision", "quote"),
    },
    "became": {"superseded": ("by",)},
    "warnings": {
        "close": ("others",),
        "unknown_reference": ("provision",),
        "passage": ("reasons",),
        "one_side": ("side",),
    },
}


@cache
def bundled_wording() -> Wording:
    """The wording shipped with the program."""
    return read_wording(_FILE)


def read_wording(path: Path) -> Wording:
    """Raises DataFileError (with the line where it can) for anything not declared here, or for a role left out."""
    file = read_toml(path)
    wording = parse(Wording, file)
    for table in ("sentences", "silent", "became", "warnings"):
        _check(file, table, getattr(wording, table))
    missing = [str(role) for role in LimbRole if role not in wording.to_find_out.roles]
    if missing:
        raise file.fault(f"[to_find_out.roles] に「{missing[0]}」がありません。", todo="書き足してください。")
    for field in fields(wording.passage.reasons):
        check_slots(
            file, getattr(wording.passage.reasons, field.name), ("count",), "passage.reasons", field.name
        )
    return wording


def city_slots(city: City) -> dict[str, str]:
    """The city's own words for the slots every sentence may use."""
    labels = city.labels
    return {name: city.name if name == "city" else str(getattr(labels, name)) for name in _CITY}


def _check(file: TomlFile, table: str, words: Any) -> None:
    for field in fields(words):
        value = getattr(words, field.name)
        for text in (value,) if isinstance(value, str) else value:
            check_slots(file, text, (*_SLOTS.get(table, {}).get(field.name, ()), *_CITY), table, field.name)
