"""What is plainly open by its shape or the name of its field, where nothing was found: data in plain.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from assistant.corpus.datafile import REFUSING, parse, read_toml
from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind
from assistant.text.folding import fold

FILE = Path(__file__).with_name("plain.toml")
_BEFORE = 24  # characters in which the name of a field must end
_BETWEEN = " \t:：|,、　"  # what may stand between a field's name and its value

_Words = tuple[Annotated[str, Field(min_length=1)], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainEntry:
    """One kind that is open wherever it stands. See plain.toml."""

    __pydantic_config__ = REFUSING

    kind: EntityKind
    rule: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    longest: Annotated[int, Field(ge=1)]
    digits: Literal["some", "none"]
    count: int | None = None
    labels: _Words = ()
    holds: _Words = ()
    ends: _Words = ()
    unlike: _Words = ()

    def fits(self, words: str, before: str) -> bool:
        """Whether folded words are of this kind; `before`: what stands on their line in front of them."""
        label = next((label for label in self.labels if words.startswith(label)), "")
        if label:  # marked with the name of its field
            words, before = words.removeprefix(label).lstrip(_BETWEEN), label
        if words.endswith(self.unlike):
            return False
        digits = sum(letter.isdigit() for letter in words)
        if not words or len(words) > self.longest or (digits > 0) != (self.digits == "some"):
            return False
        if self.count is not None and digits != self.count:
            return False
        shaped = bool(self.holds or self.ends)
        shaped = shaped and (not self.holds or any(word in words for word in self.holds))
        shaped = shaped and (not self.ends or words.endswith(self.ends))
        return shaped or (bool(self.labels) and before.rstrip(_BETWEEN).endswith(self.labels))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainFile:
    """The whole file."""

    __pydantic_config__ = REFUSING

    format: Literal[1]
    plain: Annotated[tuple[PlainEntry, ...], Field(min_length=1)]


def plainly_open(document: Document, extents: tuple[Extent, ...]) -> PlainEntry | None:
    """The kind of which every one of the places plainly is."""
    kinds = {_entry(document, extent) for extent in extents}
    return kinds.pop() if len(kinds) == 1 else None


def _entry(document: Document, extent: Extent) -> PlainEntry | None:
    text = document.page(extent.page).text
    words = fold(text[extent.start : extent.end], drop_space=True).text
    line = text[max(0, extent.start - _BEFORE) : extent.start].rpartition("\n")[2]
    before = fold(line).text
    return next((entry for entry in _bundled() if entry.fits(words, before)), None)


@cache
def _bundled() -> tuple[PlainEntry, ...]:
    return read_plain(FILE)


def read_plain(path: Path) -> tuple[PlainEntry, ...]:
    """Raises DataFileError for what is not understood, or for an entry that would fit anything."""
    file = read_toml(path)
    entries = parse(PlainFile, file).plain
    for number, entry in enumerate(entries):
        if not (entry.labels or entry.holds or entry.ends):
            problem = f"種別「{entry.kind}」を見分ける手掛かりがありません。"
            raise file.fault(problem, "plain", number, todo="labels、holds、ends のどれかを書いてください。")
    return entries
