"""Which kinds of information cannot meet the test of a head: data in heads.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from assistant.corpus.datafile import REFUSING, parse, read_toml
from assistant.domain.entity import EntityKind
from assistant.domain.provision import Head

FILE = Path(__file__).with_name("heads.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverEntry:
    """Kinds that cannot be of these heads, and the test they fail. See heads.toml."""

    __pydantic_config__ = REFUSING

    heads: Annotated[frozenset[Head], Field(min_length=1)]
    kinds: Annotated[frozenset[EntityKind], Field(min_length=1)]
    test: Annotated[str, Field(min_length=4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsFile:
    """The whole file."""

    __pydantic_config__ = REFUSING

    format: Literal[1]
    never: Annotated[tuple[NeverEntry, ...], Field(min_length=1)]


def failed_test(kind: EntityKind, head: Head) -> str | None:
    """The test of the head, where this kind cannot meet it; None where it may."""
    return _bundled().get((kind, head))


@cache
def _bundled() -> Mapping[tuple[EntityKind, Head], str]:
    return read_heads(FILE)


def read_heads(path: Path) -> Mapping[tuple[EntityKind, Head], str]:
    """The failed test by kind and head. Raises DataFileError for what is not understood or said twice."""
    file = read_toml(path)
    tests: dict[tuple[EntityKind, Head], str] = {}
    for number, entry in enumerate(parse(HeadsFile, file).never):
        for head in entry.heads:
            for kind in entry.kinds:
                if (kind, head) in tests:
                    problem = f"事由「{head}」の種別「{kind}」が二度書かれています。"
                    raise file.fault(problem, "never", number, todo="一方を消してください。")
                tests[kind, head] = entry.test
    return MappingProxyType(tests)
