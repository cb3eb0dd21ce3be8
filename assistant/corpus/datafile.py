"""Read a TOML data file into frozen dataclasses, refusing what is not understood with file, line and what to do.

The line is found textually, because tomllib keeps none: the n-th `[[table]]` header, then the key below it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError

from assistant.errors import DataFileError
from assistant.law.datafile import read_text

T = TypeVar("T")
REFUSING = ConfigDict(extra="forbid", str_strip_whitespace=True, str_min_length=0)
"""For `__pydantic_config__` of a dataclass that a data file fills: unknown keys are refused."""

_DECODE_LINE = re.compile(r"\(at line (?P<line>\d+)")
_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
_PROBLEMS = {
    "extra_forbidden": ("「{key}」という項目は知りません。", "項目の名を確かめてください。"),
    "unexpected_keyword_argument": ("「{key}」という項目は知りません。", "項目の名を確かめてください。"),
    "missing": ("「{key}」がありません。", "書き加えてください。"),
    "missing_argument": ("「{key}」がありません。", "書き加えてください。"),
    "enum": ("「{key}」の値が、決められた語のどれでもありません。", "次の語を使ってください：{expected}。"),
    "literal_error": (
        "「{key}」の値が、決められた語のどれでもありません。",
        "次の語を使ってください：{expected}。",
    ),
}


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file as read."""

    path: Path
    text: str
    data: dict[str, Any]

    def line_of(self, *location: str | int) -> int | None:
        """The 1-based line of a place such as ("units", 2, "part"): its key, else the header above it."""
        return _line_of(self.text.split("\n"), location)

    def fault(self, problem: str, *location: str | int, todo: str = "") -> DataFileError:
        """An error about that place."""
        return DataFileError(self.path, problem, line=self.line_of(*location), todo=todo)


def read_toml(path: Path) -> TomlFile:
    """Raises DataFileError when the file is missing, not UTF-8 or not TOML."""
    text = read_text(path)
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = _DECODE_LINE.search(str(error))
        line = int(found["line"]) if found else text.rstrip().count("\n") + 1  # "at end of document"
        todo = "引用符の閉じ忘れ、項目の重なり、全角の記号がないかを確かめてください。"
        raise DataFileError(path, "TOMLとして読めません。", line=line, todo=todo) from error


def parse(kind: type[T], file: TomlFile) -> T:
    """The file's data as `kind`, a frozen dataclass with `__pydantic_config__ = REFUSING`. Raises DataFileError."""
    try:
        read: T = _adapter(cast("Hashable", kind)).validate_python(file.data)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        # A misspelt key is both unknown and missing: the unknown one shows where it stands.
        first = next((each for each in errors if each["type"] in _UNKNOWN), errors[0])
        location = tuple(part for part in first["loc"] if part != "[key]")
        key = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
        problem, todo = _PROBLEMS.get(
            first["type"], ("「{key}」の値の形が違います。", "書き方を確かめてください。")
        )
        expected = str(first.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", "、")
        raise file.fault(
            problem.format(key=key), *location, todo=todo.format(expected=expected.replace(", ", "、"))
        ) from error
    return read


@cache  # building an adapter costs more than validating with it
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("type[Any]", kind))


def _line_of(lines: list[str], location: tuple[str | int, ...]) -> int | None:
    """Follow names and indexes: a key in the table that is open, else the header of a table further down."""
    start, found = 0, None
    for position, name in enumerate(location):
        if isinstance(name, int):
            continue
        after = location[position + 1 : position + 2]
        key = _key_line(lines, start, name, inside=found is not None)
        if key is not None:
            return key + 1
        count = after[0] if after and isinstance(after[0], int) else 0
        header = re.compile(rf"\s*\[\[?\s*{re.escape(name)}\s*\]\]?\s*(?:#.*)?")
        heads = [index for index in range(start, len(lines)) if header.fullmatch(lines[index])]
        if len(heads) <= count:
            return found
        start, found = heads[count], heads[count] + 1
    return found


def _key_line(lines: list[str], start: int, name: str, *, inside: bool) -> int | None:
    """The index of the line `name = …` before the next table begins."""
    key = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=")
    for index in range(start + inside, len(lines)):
        if lines[index].lstrip().startswith("["):
            return None
        if key.match(lines[index]):
            return index
    return None
