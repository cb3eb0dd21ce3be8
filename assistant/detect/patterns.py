"""Pieces of regular expressions the recognizers share, over folded text. All linear: no nested repetition."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
