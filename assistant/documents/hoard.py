"""The hidden things of one file, collected within bounds, and the Japanese names of what files say about themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.corpus.datafile import REFUSING, parse, read_toml
from assistant.domain.document import Hidden, HiddenKind

Inner = Callable[[str, bytes], str]
"""The text of a file inside a file (name, bytes), empty where it has none that can be read."""

MOST_ENTRIES = 3_000
MOST_LETTERS = 200_000  # of one entry; what is beyond is said to be there, not dropped in silence
MOST_LETTERS_IN_ALL = 3_000_000
_CUT = "（ここまでで打ち切りました。続きは元のファイルで確かめてください。）"


def nothing_inside(name: str, data: bytes) -> str:
    """For where files inside files are not read."""
    return ""


class Hoard:
    """Collects `Hidden`. Repeats of kind, place and text are said once."""

    def __init__(self) -> None:
        self._kept: dict[Hidden, None] = {}
        self._letters = 0
        self._full = False

    def add(self, kind: HiddenKind, place: str, text: str, *, page: int | None = None) -> None:
        """One hidden thing; text of spaces alone still tells that the thing exists."""
        if self._full:
            return
        if len(self._kept) >= MOST_ENTRIES or self._letters >= MOST_LETTERS_IN_ALL:
            self._full = True
            place, text, page = "ほかの隠れた内容", _CUT, None
        words = _shown(text)
        if len(words) > MOST_LETTERS:
            words = words[:MOST_LETTERS] + _CUT
        self._letters += len(words)
        self._kept[Hidden(kind=kind, place=place, text=words, page=page)] = None

    def add_words(self, kind: HiddenKind, place: str, text: str, *, page: int | None = None) -> None:
        """As `add`, but only where there are words."""
        if text.strip():
            self.add(kind, place, text, page=page)

    @property
    def found(self) -> tuple[Hidden, ...]:
        """What was added, in that order."""
        return tuple(self._kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unsaid:
    __pydantic_config__ = REFUSING
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Properties:
    __pydantic_config__ = REFUSING
    names: dict[str, str]
    unsaid: _Unsaid


def property_place(of: str, name: str) -> str | None:
    """Where a property stands (「文書のプロパティ（作成者）」); None for counts and settings that say nothing of anybody."""
    known = _properties()
    if name in known.unsaid.names:
        return None
    return f"{of}（{known.names.get(name, name)}）"


@cache
def _properties() -> _Properties:
    return parse(_Properties, read_toml(Path(__file__).with_name("properties.toml")))


def _shown(text: str) -> str:
    """Without what no database takes: NUL and lone surrogates."""
    return "".join(
        "\ufffd" if letter == "\x00" or "\ud800" <= letter <= "\udfff" else letter for letter in text.strip()
    )
