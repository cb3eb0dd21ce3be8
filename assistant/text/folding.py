"""Fold text so that two ways of writing the same thing compare equal, and map every position back.

Folding: NFKC over each character with its combining marks (half-width kana with its dakuten become one letter),
radicals written for ideographs, dashes. On request white space goes, and variant forms of a character in names
(異体字) become one. Source of the tables: `tables.toml`, written by us.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from assistant.errors import DataFileError

_TABLES = Path(__file__).with_name("tables.toml")
_SECTIONS = ("radicals", "dashes", "variants")
_JOINING = "ﾞﾟ\u3099\u309a"  # voiced marks, half-width and combining
# Format and control characters that are invisible on paper: they must not hide a name from comparison.
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text with the source position of every character.

    `starts[i]`, `ends[i]`: code point offsets in the original of the cluster that character i came from. One
    cluster may give several characters (㈱ → (株)), several characters may be one cluster (ｶﾞ → ガ).
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span that holds every character of the folded span. Raises ValueError when empty."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError("a folded span must be non-empty and inside the text")
        return self.starts[start], self.ends[end - 1]

    def index(self, position: int) -> int:
        """The first folded index at or after an original `position`."""
        return bisect_left(self.starts, position)


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    with _TABLES.open("rb") as file:
        data = tomllib.load(file)
    if tuple(data) != _SECTIONS:
        raise DataFileError(
            _TABLES, "知らない表があります。", todo=f"{'、'.join(_SECTIONS)} の順に書いてください。"
        )
    tables: dict[str, Mapping[str, str]] = {}
    for section, entries in data.items():
        table: dict[str, str] = {}
        for target, forms in entries.items():
            for form in forms:
                if table.setdefault(form, target) != target:
                    raise DataFileError(_TABLES, f"{section}の{form!r}が二つの字に畳まれています。")
        tables[section] = MappingProxyType(table)
    return MappingProxyType(tables)


# Blocks whose letters mostly fold letter for letter: ASCII, marks and kana, circled ideographs, full width.
_PLAIN_BLOCKS = ((0x20, 0x7E), (0x3000, 0x30FF), (0x3200, 0x33FF), (0xFF01, 0xFF60))
_IDEOGRAPHS = "㐀-鿿"  # NFKC leaves every one of them alone; our tables take letter for letter


@cache
def _letter_for_letter(drop_space: bool, variants: bool) -> tuple[re.Pattern[str], Mapping[int, str]]:
    """A run of letters each of which folds to one letter (most of any text), and what those that change become."""
    tables = _tables()
    listed = {ord(form) for table in tables.values() for form in table}
    becomes: dict[int, str] = {}
    same: list[str] = [] if drop_space else ["\n", "\t"]
    for code in sorted(listed.union(*(range(first, last + 1) for first, last in _PLAIN_BLOCKS))):
        letter = chr(code)
        folded = _fold_letter(letter, drop_space, variants)
        if len(folded) == 1 and not _is_joining(letter):
            same.append(letter)
            if folded != letter:
                becomes[code] = folded
    letters = "".join(re.escape(letter) for letter in same)
    return re.compile(f"[{_IDEOGRAPHS}{letters}]+"), MappingProxyType(becomes)


@cache
def _variants() -> Mapping[int, str]:
    return MappingProxyType({ord(form): usual for form, usual in _tables()["variants"].items()})


def with_usual_forms(text: str) -> str:
    """`text` with 異体字 made one, letter for letter: every position stays."""
    return text.translate(_variants())


@lru_cache(maxsize=65_536)
def _fold_cluster(cluster: str, drop_space: bool, variants: bool) -> str:
    return _fold_letter(cluster, drop_space, variants)


def _fold_letter(cluster: str, drop_space: bool, variants: bool) -> str:
    tables = _tables()
    out = []
    for letter in unicodedata.normalize("NFKC", cluster):
        plain = tables["dashes"].get(letter) or tables["radicals"].get(letter, letter)
        if variants:
            plain = tables["variants"].get(plain, plain)
        if not (drop_space and unicodedata.category(plain) in _INVISIBLE_CATEGORIES):
            out.append(plain)
    return "".join(out)


def fold(text: str, *, drop_space: bool = False, variants: bool = False) -> Folded:
    """Fold `text`; linear in its length.

    `drop_space` drops white space, line breaks, control and zero-width characters; `variants` makes 異体字 one.
    """
    pieces: list[str] = []
    starts, ends = array("L"), array("L")
    position, length = 0, len(text)
    plain, becomes = _letter_for_letter(drop_space, variants)
    while position < length:
        run = plain.match(text, position)
        if run:
            # The last letter goes with a mark that combines with it.
            stop = run.end() - _is_joining(text[run.end() : run.end() + 1])
            pieces.append(text[position:stop].translate(becomes))
            starts.extend(range(position, stop))
            ends.extend(range(position + 1, stop + 1))
            position = stop
            if position == length:
                break
        stop = position + 1
        while stop < length and _is_joining(text[stop]):
            stop += 1
        folded = _fold_cluster(text[position:stop], drop_space, variants)
        pieces.append(folded)
        starts.extend([position] * len(folded))
        ends.extend([stop] * len(folded))
        position = stop
    return Folded("".join(pieces), starts, ends)


def _is_joining(letter: str) -> bool:
    return letter != "" and (letter in _JOINING or unicodedata.combining(letter) != 0)


def folded_text(text: str, *, drop_space: bool = True, variants: bool = False) -> str:
    """Only the folded text, for comparing two strings."""
    return fold(text, drop_space=drop_space, variants=variants).text
