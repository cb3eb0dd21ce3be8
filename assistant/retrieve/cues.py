"""Turns of phrase by which a question shows what it is about. Phrases are data; the loader refuses what it does not know."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.domain.provision import Head, Topic
from assistant.errors import DataFileError
from assistant.retrieve.thesaurus import is_whole
from assistant.text.folding import fold

_FILE = Path(__file__).with_name("cues.toml")
_SECTIONS: Mapping[str, type[Head] | type[Topic]] = {"topics": Topic, "heads": Head}
# Stands for up to twelve characters of the same sentence: bounded, so the search stays linear.
_GAP = "…"
_GAP_PATTERN = r"[^。？?！!\n]{0,12}?"


@dataclass(frozen=True)
class Cues:
    """For each head and topic the pattern of its phrases."""

    patterns: Mapping[Head | Topic, re.Pattern[str]]

    def of(self, text: str) -> frozenset[Head | Topic]:
        """The heads and topics `text` has a phrase of."""
        plain = fold(text).text
        return frozenset(
            about
            for about, pattern in self.patterns.items()
            if any(is_whole(plain, found.start(), found.end()) for found in pattern.finditer(plain))
        )


@cache
def bundled_cues() -> Cues:
    """The cues shipped with the program."""
    return read_cues(_FILE)


def read_cues(path: Path) -> Cues:
    """Raises DataFileError for anything but the two tables described at the top of the shipped file."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(path, "読めません。", todo="UTF-8 で保存してください。") from error
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(
            path, f"TOML として読めません（{error}）。", todo="書き方を直してください。"
        ) from error
    unknown = sorted(set(data) - set(_SECTIONS))
    if unknown:
        raise DataFileError(
            path, f"知らない表「{unknown[0]}」があります。", todo="[topics] と [heads] だけが使えます。"
        )
    patterns: dict[Head | Topic, re.Pattern[str]] = {}
    for section, nouns in _SECTIONS.items():
        table = data.get(section, {})
        if not isinstance(table, dict):
            raise DataFileError(
                path, f"「{section}」は表でなければなりません。", todo=f"[{section}] と書いてください。"
            )
        for name, phrases in table.items():
            patterns[_noun(path, nouns, name)] = _pattern(path, name, phrases)
    if not patterns:
        raise DataFileError(path, "手がかりが一つもありません。", todo="[topics] に書いてください。")
    return Cues(patterns=patterns)


def _noun(path: Path, nouns: type[Head] | type[Topic], name: str) -> Head | Topic:
    try:
        return nouns(name)
    except ValueError:
        known = "、".join(nouns)
        raise DataFileError(
            path, f"「{name}」は知りません。", todo=f"{known}のどれかにしてください。"
        ) from None


def _pattern(path: Path, name: str, phrases: object) -> re.Pattern[str]:
    if not isinstance(phrases, list) or not phrases or not all(isinstance(each, str) for each in phrases):
        raise DataFileError(
            path,
            f"「{name}」の右側が、ことばの並びになっていません。",
            todo='["コピー代"] の形で書いてください。',
        )
    return re.compile("|".join(_phrase(path, each) for each in _longest_first(phrases)))


def _longest_first(phrases: Iterable[str]) -> list[str]:
    return sorted(phrases, key=len, reverse=True)


def _phrase(path: Path, phrase: str) -> str:
    pieces = [fold(piece).text.strip() for piece in phrase.split(_GAP)]
    if not all(pieces) or sum(map(len, pieces)) < 2:
        raise DataFileError(
            path,
            f"「{phrase}」は短すぎます。",
            todo="「…」を除いて二文字以上、「…」の前後に一文字以上を書いてください。",
        )
    return _GAP_PATTERN.join(map(re.escape, pieces))
