"""役所用語: what is said at the desk, in the words of ordinances. Words are data; the loader refuses what it does not know."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.errors import DataFileError
from assistant.text.folding import fold

_FILE = Path(__file__).with_name("thesaurus.toml")
_SECTIONS = frozenset({"same", "words"})
_KATAKANA = re.compile(r"[ァ-ヺー]")
_ASCII = re.compile(r"[0-9A-Za-z]")


@dataclass(frozen=True)
class Thesaurus:
    """`official`: folded spoken word → official words; `pattern` finds the longest spoken words first."""

    official: Mapping[str, tuple[str, ...]]
    pattern: re.Pattern[str]

    def expand(self, text: str) -> tuple[str, ...]:
        """The official words for what `text` says, in order, each once, without those that `text` says already."""
        plain = fold(text).text
        found: dict[str, None] = {}
        for match in self.pattern.finditer(plain):
            if is_whole(plain, match.start(), match.end()):
                found.update(dict.fromkeys(self.official[match.group()]))
        return tuple(word for word in found if word not in plain)


def is_whole(text: str, start: int, end: int) -> bool:
    """Not a piece of a longer run of katakana or of Latin letters (「メモ」 in 「メモリ」, "CD" in "ABCD")."""
    for script in (_KATAKANA, _ASCII):
        if start > 0 and script.match(text[start]) and script.match(text[start - 1]):
            return False
        if end < len(text) and script.match(text[end - 1]) and script.match(text[end]):
            return False
    return True


@cache
def bundled_thesaurus() -> Thesaurus:
    """The thesaurus shipped with the program."""
    return read_thesaurus(_FILE)


def read_thesaurus(path: Path) -> Thesaurus:
    """Raises DataFileError for anything but the two tables described at the top of the shipped file."""
    try:
        raw = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(path, "読めません。", todo="UTF-8 で保存してください。") from error
    try:
        data = tomllib.loads(raw)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(
            path, f"TOML として読めません（{error}）。", todo="同じことばが二度ないかも確かめてください。"
        ) from error
    unknown = sorted(set(data) - _SECTIONS)
    if unknown:
        raise DataFileError(
            path,
            f"知らない表「{unknown[0]}」があります。",
            line=_line(raw, unknown[0]),
            todo="[same] と [words] だけが使えます。",
        )
    official: dict[str, tuple[str, ...]] = {}
    for group in _table(path, raw, data, "same").values():
        for word in group:
            _add(path, raw, official, word, tuple(other for other in group if other != word))
    for word, meant in _table(path, raw, data, "words").items():
        _add(path, raw, official, word, meant)
    if not official:
        raise DataFileError(path, "ことばが一つもありません。", todo="[words] に書いてください。")
    longest_first = sorted(official, key=len, reverse=True)
    return Thesaurus(official=official, pattern=re.compile("|".join(map(re.escape, longest_first))))


def _table(path: Path, raw: str, data: Mapping[str, object], name: str) -> dict[str, tuple[str, ...]]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise DataFileError(path, f"「{name}」は表でなければなりません。", line=_line(raw, name))
    for key, value in table.items():
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            raise DataFileError(
                path,
                f"「{key}」の右側が、ことばの並びになっていません。",
                line=_line(raw, key),
                todo='"ハンコ" = ["印影"] の形で書いてください。',
            )
    return {key: tuple(value) for key, value in table.items()}


def _add(
    path: Path, raw: str, official: dict[str, tuple[str, ...]], word: str, meant: tuple[str, ...]
) -> None:
    spoken = fold(word).text
    if len(spoken.strip()) < 2:
        raise DataFileError(
            path, f"「{word}」は短すぎます。", line=_line(raw, word), todo="二文字以上で書いてください。"
        )
    if any(not each.strip() for each in meant):
        raise DataFileError(path, f"「{word}」に空のことばがあります。", line=_line(raw, word))
    if spoken in official:
        raise DataFileError(
            path, f"「{word}」が二度出てきます。", line=_line(raw, word), todo="一つにまとめてください。"
        )
    official[spoken] = meant


def _line(raw: str, key: str) -> int | None:
    for number, line in enumerate(raw.splitlines(), 1):
        if key in line and not line.lstrip().startswith("#"):
            return number
    return None
