"""Pieces of regular expressions the recognizers share, over folded text. All linear: no nested repetition."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.words import Phrase

KANJI = "一-鿿㐀-䶿豈-﫿々〆ヶケ"
HIRA = "ぁ-ゖ"
KATA = "ァ-ヺー"
SP = "[ \t]"
"""A space inside a line; an ideographic space has become a plain one by folding."""

NUMERAL = "0-9〇零一二三四五六七八九十百千壱弐参拾"
DASH = "[-ー−‐–—―]"


def one_of(words: Iterable[str]) -> str:
    """An alternation of literal words, longest first so that the longest wins."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w))) + ")"


def spaced(words: Iterable[str]) -> str:
    """Like `one_of`, with up to two spaces allowed between any two letters (氏　名, 申 請 者)."""
    forms = sorted(set(words), key=lambda w: (-len(w), w))
    return "(?:" + "|".join(" {0,3}".join(re.escape(letter) for letter in form) for form in forms) + ")"


def in_order(phrases: Iterable[Phrase], name: str) -> re.Pattern[str]:
    """Any of the phrases called `name`. Raises LookupError where there is none."""
    wanted = [phrase for phrase in phrases if phrase.name == name]
    if not wanted:
        raise LookupError(name)
    return re.compile("|".join(_in_order(phrase) for phrase in wanted))


def _in_order(phrase: Phrase) -> str:
    first, *rest = (one_of(part) for part in phrase.parts)
    return first + "".join(rf"[^。\n]{{0,{gap}}}{part}" for gap, part in zip(phrase.gaps, rest, strict=True))
