"""What a sentence of a model claims, and what is said to the person about it: words read from claims.toml."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from assistant.corpus.datafile import REFUSING, TomlFile, parse, read_toml
from assistant.draft.templates import check_slots

_FILE = Path(__file__).with_name("claims.toml")
_SLOTS = {
    "failed": ("message",),
    "unverified": ("count",),
    "unsupported": ("count",),
    "unknown_provision": ("provision",),
    "history_left_out": ("count",),
    "part_shown": ("shown", "whole"),
    "findings_left_out": ("count",),
    "too_many": ("count",),
    "question_too_long": ("length", "limit"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWords:
    """Words by which a sentence claims law, or an earlier decision."""

    __pydantic_config__ = REFUSING

    law: tuple[str, ...]
    precedent: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWarnings:
    """What a person must know about an answer of a model."""

    __pydantic_config__ = REFUSING

    failed: str
    nothing_verified: str
    unverified: str
    unsupported: str
    unknown_provision: str
    cut_off: str
    stopped: str
    history_left_out: str
    part_shown: str
    findings_left_out: str
    too_many: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Why a question is not put at all."""

    __pydantic_config__ = REFUSING

    question_too_long: str
    no_room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Everything claims.toml says."""

    __pydantic_config__ = REFUSING

    claims: ClaimWords
    warnings: ModelWarnings
    errors: Refusals


@cache
def bundled_claims() -> Claims:
    """The words shipped with the program."""
    return read_claims(_FILE)


def read_claims(path: Path) -> Claims:
    """Raises DataFileError (with the line where it can) for anything not declared here, and for an empty word, which
    would stand in every sentence."""
    file = read_toml(path)
    read = parse(Claims, file)
    for table in ("warnings", "errors"):
        _check(file, table, getattr(read, table))
    for field in fields(read.claims):
        words = getattr(read.claims, field.name)
        if not words or not all(words):
            raise file.fault(
                f"「{field.name}」に空の語があるか、語が一つもありません。",
                "claims",
                field.name,
                todo="語を一つ以上書いてください。",
            )
    return read


def _check(file: TomlFile, table: str, words: Any) -> None:
    for field in fields(words):
        check_slots(file, getattr(words, field.name), _SLOTS.get(field.name, ()), table, field.name)
