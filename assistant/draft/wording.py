"""The words of a notice, read from wording.toml: every table, key and slot declared here, anything else refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from assistant.corpus.datafile import REFUSING, TomlFile, parse, read_toml
from assistant.domain.entity import EntityKind
from assistant.domain.provision import Head, LimbRole
from assistant.draft.templates import check_slots

_FILE = Path(__file__).with_name("wording.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWords:
    """Where a part stands. `shown`: so many places are named, more become ほか."""

    __pydantic_config__ = REFUSING

    page: str
    label: str
    body: str
    more: str
    whole: str
    counted: str
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWords:
    """Sentences every row may need."""

    __pydantic_config__ = REFUSING

    proviso: str
    every: str
    single: str
    open_from: str
    severable: str
    also: str
    blank: str
    harmful: str
    by_blank: str
    statute_blank: str
    clause_blank: str
    harm_end: str
    unnamed: str
    unnamed_place: str
    none_of: str
    not_one: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadWords:
    """A head's sentences, and the words of which one at least must stand in a reason that rests on it."""

    __pydantic_config__ = REFUSING

    sentence: str
    supplement: str
    harm_text: str
    subject_text: str
    subject_name: str
    harm_name: str
    subject: tuple[str, ...]
    harm: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWords:
    """Words that show an exception of this role was considered, and how to say that it does not apply."""

    __pydantic_config__ = REFUSING

    words: tuple[str, ...]
    not_so: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWords:
    """What a reason is measured against. `least`, `fragment`: characters."""

    __pydantic_config__ = REFUSING

    least: int
    fragment: int
    boilerplate: tuple[str, ...]
    clause_only: tuple[str, ...]
    not_excepted: tuple[str, ...]
    inside_sources: tuple[str, ...]
    events: tuple[str, ...]
    pronouns: tuple[str, ...]
    corporate_forms: tuple[str, ...]
    address_words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichWords:
    """What of a withheld text shows through; never the text itself."""

    __pydantic_config__ = REFUSING

    whole: str
    part: str
    reading: str
    number: str
    date: str
    fragment: str
    paraphrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """What the checks say, to the person who writes."""

    __pydantic_config__ = REFUSING

    ok_length: str
    too_short: str
    ok_boilerplate: str
    boilerplate: str
    ok_subject: str
    no_subject: str
    ok_harm: str
    no_harm: str
    ok_proviso: str
    no_proviso: str
    ok_clause: str
    unknown_clause: str
    other_clause: str
    uncited: str
    ok_sources: str
    inside_source: str
    ok_leak: str
    leak: str
    blank: str
    ok_blank: str
    undecided_proviso: str
    ok_invented: str
    other_harm: str
    new_fact: str
    ok_slots: str
    other_slots: str
    no_row: str
    which: WhichWords


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoWords:
    """The lines of the internal note."""

    __pydantic_config__ = REFUSING

    fictional: str
    unsettled: str
    ground: str
    proviso: str
    applies: str
    not_applies: str
    unknown: str
    handbook: str
    handbook_line: str
    precedents: str
    opposite: str
    precedent_line: str
    conflicting: str
    none: str
    current: str
    superseded: str
    altered: str
    annulled: str
    not_found: str
    out_of_scope: str
    find_out: str
    found_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Everything wording.toml says. Every head and role is there."""

    __pydantic_config__ = REFUSING

    place: PlaceWords
    row: RowWords
    heads: Mapping[Head, HeadWords]
    roles: Mapping[LimbRole, RoleWords]
    by: Mapping[EntityKind, str]
    statutes: Mapping[EntityKind, str]
    checks: CheckWords
    messages: Messages
    memo: MemoWords


_HEAD_SLOTS = ("kind", "provision", "harm", "by", "statute", "body")
_SLOTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "place": {
        "page": ("page",),
        "label": ("label",),
        "body": ("line",),
        "more": ("places",),
        "whole": ("places", "kind"),
        "counted": ("places", "kind", "count"),
    },
    "row": {
        "proviso": ("exceptions",),
        "open_from": ("date", "disclose"),
        "severable": ("disclose", "withhold", "document"),
        "also": ("sentence",),
        "blank": ("name",),
        "harmful": ("subject", "harm"),
        "none_of": ("claims",),
        "not_one": ("claims",),
    },
    "messages": {
        "ok_subject": ("head", "name"),
        "no_subject": ("head", "name"),
        "ok_harm": ("head", "name"),
        "no_harm": ("head", "name"),
        "ok_proviso": ("head",),
        "no_proviso": ("head", "provisions"),
        "unknown_clause": ("provision",),
        "other_clause": ("provision",),
        "uncited": ("provision",),
        "inside_source": ("word",),
        "leak": ("which",),
        "blank": ("names",),
        "undecided_proviso": ("provisions",),
    },
    "memo": {
        "fictional": ("fictional", "city"),
        "ground": ("provision", "head", "why"),
        "proviso": ("provision", "answer", "why"),
        "handbook": ("handbook",),
        "handbook_line": ("title", "quote", "source"),
        "precedents": ("precedent", "withheld"),
        "opposite": ("precedent", "disclosed"),
        "precedent_line": ("date", "body", "number", "part", "result", "stands", "source"),
        "conflicting": ("ids",),
        "superseded": ("by",),
        "altered": ("date",),
        "annulled": ("date",),
        "find_out": ("what",),
        "found_by": ("names",),
    },
}


@cache
def bundled_wording() -> Wording:
    """The wording shipped with the program."""
    return read_wording(_FILE)


def read_wording(path: Path) -> Wording:
    """Raises DataFileError (with the line where it can) for anything not declared here, or for a head or role left out."""
    file = read_toml(path)
    wording = parse(Wording, file)
    _complete(file, "heads", [str(head) for head in Head if head not in wording.heads])
    _complete(file, "roles", [str(role) for role in LimbRole if role not in wording.roles])
    for table, slots in _SLOTS.items():
        _check_table(file, table, getattr(wording, table), slots)
    for head, words in wording.heads.items():
        for key in ("sentence", "supplement"):
            check_slots(file, getattr(words, key), _HEAD_SLOTS, "heads", key)
        if not words.subject:
            raise file.fault(f"「{head}」の subject に語がありません。", todo="一つは書いてください。")
    return wording


def _check_table(file: TomlFile, table: str, words: Any, slots: Mapping[str, tuple[str, ...]]) -> None:
    for field in fields(words):
        value = getattr(words, field.name)
        if isinstance(value, str):
            check_slots(file, value, slots.get(field.name, ()), table, field.name)


def _complete(file: TomlFile, table: str, missing: list[str]) -> None:
    if missing:
        raise file.fault(f"[{table}] に「{missing[0]}」がありません。", todo="書き足してください。")
