"""How staff ask about each provision: for retrieval only, never cited."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.corpus.datafile import REFUSING, TomlFile, parse, read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEntry:
    """A provision's label and what staff ask about it."""

    __pydantic_config__ = REFUSING

    provision: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _QuestionsFile:
    __pydantic_config__ = REFUSING

    provision: tuple[QuestionEntry, ...] = ()


def read_questions(path: Path) -> tuple[tuple[QuestionEntry, ...], TomlFile]:
    """The entries in order and their file. Raises DataFileError."""
    file = read_toml(path)
    return parse(_QuestionsFile, file).provision, file
