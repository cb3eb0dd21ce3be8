"""Words that single somebody out: data in singling.toml, as patterns that take time linear in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from assistant.corpus.datafile import REFUSING, TomlFile, parse, read_toml
from assistant.domain.entity import EntityKind

FILE = Path(__file__).with_name("singling.toml")

_SPACED = ConfigDict(extra="forbid", str_strip_whitespace=False)  # a space may stand between words
_Word = Annotated[str, Field(min_length=1)]
_Words = tuple[_Word, ...]
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_NUMBER = "(?:(?<![0-9])[0-9]{1,3}|(?<![一二三四五六七八九十])[一二三四五六七八九十]{1,3})"


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitEntry:
    """One matter that helps to single somebody out. See singling.toml."""

    __pydantic_config__ = REFUSING

    name: _Word
    kinds: frozenset[EntityKind]
    words: _Words
    only: _Words = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SoleEntry:
    """How it is said that there is only one such person. See singling.toml."""

    __pydantic_config__ = _SPACED

    phrases: _Words
    groups: _Words
    joints: _Words
    counts: _Words
    beyond: _Words


@dataclass(frozen=True, slots=True, kw_only=True)
class SinglingFile:
    """The whole file."""

    __pydantic_config__ = REFUSING

    format: Literal[1]
    skip: _Words
    trait: Annotated[tuple[TraitEntry, ...], Field(min_length=2)]
    sole: SoleEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Singling:
    """The words, ready to be looked for in a text read by `plain`."""

    file: SinglingFile
    skip: re.Pattern[str]
    traits: tuple[tuple[str, re.Pattern[str]], ...]
    sole: re.Pattern[str]

    def names_of(self, kind: EntityKind, text: str) -> tuple[str, ...]:
        """What a piece of this kind tells of a person: names of matters."""
        return tuple(
            entry.name
            for entry in self.file.trait
            if kind in entry.kinds and (not entry.only or text.strip().endswith(entry.only))
        )

    def names_in(self, text: str) -> tuple[str, ...]:
        """The matters a plain text tells in words."""
        left = self._of_somebody(text)
        return tuple(name for name, pattern in self.traits if pattern.search(left))

    def tells_of_one(self, text: str) -> bool:
        """Whether a plain text says that there is only one such person."""
        return self.sole.search(self._of_somebody(text)) is not None

    def _of_somebody(self, text: str) -> str:
        return self.skip.sub("\0", text)


def plain(text: str) -> str:
    """The text with its digits in half width; every character stays in its place."""
    return text.translate(_DIGITS)


@cache
def singling() -> Singling:
    """The bundled words. Raises DataFileError."""
    return read_singling(FILE)


def read_singling(path: Path) -> Singling:
    """Raises DataFileError for what is not understood: an unknown item, a name told twice, a word that would be
    found in the middle of another matter's words."""
    file = read_toml(path)
    read = parse(SinglingFile, file)
    _check_names(file, read)
    sole = read.sole
    counted = (
        f"{_any(sole.groups)}{_any(sole.joints)}{{0,2}}(?<![0-9]){_any(sole.counts)}(?!{_any(sole.beyond)})"
    )
    return Singling(
        file=read,
        skip=re.compile(_any(read.skip)),
        traits=tuple((entry.name, re.compile(_any(entry.words))) for entry in read.trait if entry.words),
        sole=re.compile(f"(?<![0-9])(?:{_any(sole.phrases)}|{counted})"),
    )


def _check_names(file: TomlFile, read: SinglingFile) -> None:
    names: set[str] = set()
    for number, entry in enumerate(read.trait):
        if entry.name in names:
            raise file.fault(
                f"事柄「{entry.name}」が二つあります。", "trait", number, todo="一つにまとめてください。"
            )
        names.add(entry.name)
        if not entry.kinds and not entry.words:
            todo = "kinds か words を書いてください。"
            raise file.fault(
                f"事柄「{entry.name}」を見つける手掛かりがありません。", "trait", number, todo=todo
            )


def _any(words: tuple[str, ...]) -> str:
    """One of the words, the longest first; none of them where there is no word."""
    ordered = sorted(words, key=len, reverse=True)
    spelt = (re.escape(word).replace(r"\#", _NUMBER) for word in ordered)
    return f"(?:{'|'.join(spelt)})" if words else "(?!)"
