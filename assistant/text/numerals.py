"""Numbers as Japanese texts write them: 漢数字, full-width and half-width digits."""

from __future__ import annotations

import re

_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "元": 1,
}
_DAIJI = {"壱": 1, "弐": 2, "参": 3}
_UNITS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "億": 100_000_000}
NUMERAL_CLASS = "0-9０-９〇零一二三四五六七八九壱弐参十拾百千万億"
"""Characters a number may be written with, for use inside a regular expression's brackets."""


def parse_number(text: str) -> int:
    """The value of 七, ７, 7, 十五, 百二, 二〇二四, 一万二千. Raises ValueError for anything else."""
    plain = text.strip().translate(str.maketrans("０１２３４５６７８９，", "0123456789,")).replace(",", "")
    if re.fullmatch(r"[0-9]+", plain):
        return int(plain)
    digits = _DIGITS | _DAIJI
    if plain and all(letter in digits for letter in plain):
        return int("".join(str(digits[letter]) for letter in plain))
    return _parse_positional(plain, digits)


def _parse_positional(plain: str, digits: dict[str, int]) -> int:
    total = section = current = 0
    seen = False
    for letter in plain:
        if letter in digits:
            current = current * 10 + digits[letter]
        elif letter.isascii() and letter.isdigit():
            current = current * 10 + int(letter)
        elif letter in _UNITS:
            section += (current or 1) * _UNITS[letter]
            current = 0
        elif letter in _MYRIADS:
            total += (section + current or 1) * _MYRIADS[letter]
            section = current = 0
        else:
            raise ValueError("not a number")
        seen = True
    if not seen:
        raise ValueError("not a number")
    return total + section + current


def to_kanji(number: int) -> str:
    """漢数字 as statutes write it: 7 → 七, 10 → 十, 17 → 十七, 105 → 百五. For 0 < number < 10,000."""
    if not 0 < number < 10_000:
        raise ValueError("only 1 to 9,999 is written in a statute's numbering")
    out = ""
    for value, unit in ((1000, "千"), (100, "百"), (10, "十")):
        count, number = divmod(number, value)
        if count:
            out += ("" if count == 1 else "〇一二三四五六七八九"[count]) + unit
    return out + ("〇一二三四五六七八九"[number] if number else "")
