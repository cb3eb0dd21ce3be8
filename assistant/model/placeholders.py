"""Which kinds leave as a placeholder, and how placeholders are worded: read from `placeholders.toml`.

Every EntityKind stands in the file once, as hidden or as kept: a kind that is added and not decided is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import ConfigDict

from assistant.corpus.datafile import REFUSING, TomlFile, parse, read_toml
from assistant.domain.entity import EntityKind, Trait
from assistant.text.folding import folded_text

FILE = Path(__file__).with_name("placeholders.toml")
SHARED, ORIGINAL = "shared", "original"
OWN_WORDS = {SHARED: "共通名", ORIGINAL: "原文"}
"""Groups that no kind has: a name that several persons share, and text that only looks like a placeholder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a hidden kind is worded. Kinds of one `group` share their numbers, so that a word that comes back changed
    can mean no other."""

    __pydantic_config__: ClassVar[ConfigDict] = REFUSING

    group: str
    word: str
    by: list[tuple[Trait, str]]
    only: Literal["ascii"] | None = None

    def word_for(self, traits: frozenset[Trait]) -> str:
        """The word of the first trait that fits, else the plain one."""
        return next((word for trait, word in self.by if trait in traits), self.word)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    __pydantic_config__: ClassVar[ConfigDict] = REFUSING

    judged: list[EntityKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    note: str
    ordinary: list[str]
    public_within: list[str]
    public_ends: list[str]
    loose_ends: list[str]
    spare: list[str]
    honorifics: list[str]
    posts: list[str]
    hidden: dict[EntityKind, Manner]
    kept: _Kept
    aliases: dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The file as the program uses it. `words`: every word of our own by group; `aliases`: what may come back for it."""

    note: str
    hidden: Mapping[EntityKind, Manner]
    ordinary: frozenset[str]  # folded
    public_within: tuple[str, ...]
    public_ends: tuple[str, ...]
    loose_ends: tuple[str, ...]
    spare: tuple[str, ...]
    honorifics: tuple[str, ...]
    posts: tuple[str, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)


def note() -> str:
    """What a system prompt says of the placeholders; the same for every question, so that a provider may cache it."""
    return book().note


@cache
def book() -> Book:
    """The bundled file. Raises DataFileError."""
    return load_book(FILE)


def load_book(path: Path) -> Book:
    """Raises DataFileError: unknown keys, a kind that is not decided or decided twice, a word of two groups."""
    file = read_toml(path)
    read = parse(_File, file)
    _check_kinds(file, read)
    if not all((*read.honorifics, *read.posts)):
        raise file.fault("honorifics か posts に空の語があります。", todo="語を書くか、消してください。")
    words = _words(file, read)
    return Book(
        note=read.note.rstrip(),
        hidden=MappingProxyType(dict(read.hidden)),
        ordinary=frozenset(folded_text(word, variants=True) for word in read.ordinary),
        public_within=tuple(read.public_within),
        public_ends=tuple(read.public_ends),
        loose_ends=tuple(read.loose_ends),
        spare=tuple(read.spare),
        honorifics=tuple(read.honorifics),
        posts=tuple(read.posts),
        words=MappingProxyType(words),
        aliases=MappingProxyType(_aliases(file, read, words)),
    )


def _check_kinds(file: TomlFile, read: _File) -> None:
    kept = read.kept.judged
    twice = sorted({kind for kind in kept if kind in read.hidden or kept.count(kind) > 1})
    if twice:
        raise file.fault(
            f"「{twice[0]}」が二度書かれています。",
            "kept",
            "judged",
            todo="hidden か kept のどちらかにしてください。",
        )
    undecided = sorted(set(EntityKind) - set(kept) - set(read.hidden))
    if undecided:
        raise file.fault(
            f"「{undecided[0]}」を伏せるかどうかが決まっていません。",
            "kept",
            "judged",
            todo="伏せるなら hidden に、判断の材料として残すなら kept に書き加えてください。",
        )


def _words(file: TomlFile, read: _File) -> dict[str, str]:
    """Word → group."""
    found = {word: group for group, word in OWN_WORDS.items()}
    for kind, manner in read.hidden.items():
        for word in (manner.word, *(word for _, word in manner.by)):
            if not word or not word.isalpha() or found.setdefault(word, manner.group) != manner.group:
                raise file.fault(
                    f"「{word}」は、記号の語に使えません。",
                    "hidden",
                    str(kind),
                    todo="字だけで書き、ほかの group と重ならない語にしてください。",
                )
    return found


def _aliases(file: TomlFile, read: _File, words: Mapping[str, str]) -> dict[str, str]:
    groups = set(words.values())
    found: dict[str, str] = {}
    for group, names in read.aliases.items():
        for name in names:
            if (
                group not in groups
                or words.get(name, group) != group
                or found.setdefault(name, group) != group
            ):
                raise file.fault(
                    f"「{name}」の言い換え先がはっきりしません。",
                    "aliases",
                    group,
                    todo="一つの group にだけ書いてください。",
                )
    return found
