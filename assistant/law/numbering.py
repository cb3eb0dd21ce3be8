"""How provisions are numbered: branch numbers, and the letters of sub-items in either of the two styles in use.

Municipal style: 号 (1), then ア, (ア), a, (a). National style: 号 一, then イ, (1), (i). The same letter is another number
in the other style (イ is the second of アイウ and the first of イロハ), so a style always goes with a letter.
"""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.text.numerals import parse_number, to_kanji

_GOJUON = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_LATIN = "abcdefghijklmnopqrstuvwxyz"
NUMBER = r"[0-9〇一二三四五六七八九十百千]{1,7}"
"""A number of an article, paragraph or item in folded text."""
BRANCH = rf"{NUMBER}(?:の{NUMBER})*"
_BRACKETS = re.compile(r"[()（）]")


class SubitemStyle(StrEnum):
    """Which alphabet letters the first level under a 号."""

    GOJUON = "アイウ"
    IROHA = "イロハ"


def branch_number(text: str) -> str:
    """十七の二 or 17の2 → "17_2". Raises ValueError."""
    return "_".join(str(parse_number(piece)) for piece in text.split("の"))


def printed(number: str) -> str:
    """ "17_2" → 17の2."""
    return number.replace("_", "の")


def printed_kanji(number: str) -> str:
    """ "17_2" → 十七の二."""
    return "の".join(to_kanji(int(piece)) for piece in number.split("_"))


def subitem_number(letter: str, level: int, style: SubitemStyle) -> str:
    """The ordinal of a sub-item's letter (without or with brackets) at `level` (0 = first). Raises ValueError.

    A branch is kept: アの2 → "1_2".
    """
    bare, *branches = _BRACKETS.sub("", letter).split("の")
    ordinal = _letters(level, style).index(bare) + 1
    return "_".join([str(ordinal), *(str(parse_number(branch)) for branch in branches)])


def subitem_letter(number: str, level: int, style: SubitemStyle) -> str:
    """The sub-item's letter as printed, brackets included: ("2", 1, GOJUON) → (イ). Raises ValueError."""
    ordinal, *branches = number.split("_")
    letters = _letters(level, style)
    if not 0 < int(ordinal) <= len(letters):
        raise ValueError("no letter for this number")
    letter = letters[int(ordinal) - 1]
    tail = "".join(f"の{branch}" for branch in branches)
    return f"({letter}){tail}" if _bracketed(level, style) else letter + tail


def _bracketed(level: int, style: SubitemStyle) -> bool:
    return level >= 1 if style is SubitemStyle.IROHA else level in (1, 3)


def _letters(level: int, style: SubitemStyle) -> tuple[str, ...]:
    if style is SubitemStyle.GOJUON:
        return tuple(_GOJUON) if level < 2 else tuple(_LATIN)
    if level == 0:
        return tuple(_IROHA)
    return tuple(str(number) for number in range(1, 100)) if level == 1 else _ROMAN


def follows(number: str, previous: str | None) -> bool:
    """Whether `number` may stand right after `previous` (None: first): 8 after 7, 7_2 after 7, 8 after 7_2."""
    parts = [int(piece) for piece in number.split("_")]
    if previous is None:
        return parts == [1]
    before = [int(piece) for piece in previous.split("_")]
    if parts == [*before, 2]:
        return True
    depth = len(parts)
    return depth <= len(before) and parts[:-1] == before[: depth - 1] and parts[-1] == before[depth - 1] + 1
