"""What kinds of information are called, and in which words sources speak of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.domain.entity import EntityKind
from assistant.domain.provision import Head
from assistant.errors import DataFileError

_FILE = Path(__file__).with_name("words.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """`name`: in a notice and on screen; `look_for`: in sources; `heads`: under which it is usually tested."""

    name: str
    look_for: tuple[str, ...]
    heads: tuple[Head, ...]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)

    name: str
    look_for: tuple[str, ...]
    heads: tuple[Head, ...]


def words_of(kind: EntityKind) -> KindWords:
    """The words of a kind."""
    return _table()[kind]


@cache
def _table() -> Mapping[EntityKind, KindWords]:
    with _FILE.open("rb") as file:
        data = tomllib.load(file)
    if set(data) != {str(kind) for kind in EntityKind}:
        raise DataFileError(
            _FILE,
            "種別の表に過不足があります。",
            todo="EntityKindの全種別を一つずつ書いてください。",
        )
    try:
        entries = {EntityKind(kind): _Entry.model_validate(entry) for kind, entry in data.items()}
    except ValidationError as error:
        raise DataFileError(
            _FILE, "種別の語を読めません。", todo="name、look_for、heads を書いてください。"
        ) from error
    return MappingProxyType(
        {
            kind: KindWords(name=entry.name, look_for=entry.look_for, heads=entry.heads)
            for kind, entry in entries.items()
        }
    )
