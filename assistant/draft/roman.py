"""Roman letters and kana: how a name may be spelt, read back so that every way of spelling it is one."""

from __future__ import annotations

import re
from functools import cache

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}  # fmt: skip
_MORE = {
    "shi": "し", "chi": "ち", "tsu": "つ", "fu": "ふ", "ji": "じ", "ya": "や", "yu": "ゆ", "yo": "よ", "wa": "わ",
    "wo": "お", "fa": "ふあ", "fi": "ふい", "fe": "ふえ", "fo": "ふお", "va": "ば", "vi": "び", "vu": "ぶ", "ve": "べ",
    "vo": "ぼ", "la": "ら", "li": "り", "lu": "る", "le": "れ", "lo": "ろ",
}  # fmt: skip
_GLIDES = {"ya": "や", "yu": "ゆ", "yo": "よ"}
_SOFT = {"sh": "し", "ch": "ち", "j": "じ", "cy": "ち", "jy": "じ", "ty": "ち", "sy": "し", "zy": "じ"}
_LONG = re.compile(
    r"(?<=[おこそとのほもよろをごぞどぼぽ])う|(?<=[うくすつぬふむゆるぐずづぶぷ])う|(?<=お)お|ー"
)
_FIRST_LETTERS = {"し": "S", "ち": "CT", "つ": "T", "ふ": "FH", "じ": "JZ", "ぢ": "JZ"}
_LONGEST = 3
_FEWEST_KANA = 2


@cache
def _table() -> dict[str, str]:
    table = dict(_MORE)
    for lead, row in _ROWS.items():
        table.update({f"{lead}{vowel}": kana for vowel, kana in zip("aiueo", row, strict=True)})
        if lead not in ("", "d", "t", "s", "z"):
            table.update({f"{lead}{glide}": row[1] + kana for glide, kana in _GLIDES.items()})
    for lead, kana in _SOFT.items():
        for vowel, small in zip("auo", "やゆよ", strict=True):
            table[f"{lead}{vowel}"] = kana + small
    return table


def kana_of(word: str) -> str:
    """Hiragana with large small letters for a word in Roman letters; empty where it is no Japanese word."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    letters = re.sub(r"m(?=[bmp])", "n", letters)
    letters = re.sub(r"(?<=o)h(?=[^aiueoy]|$)", "", letters)
    table, out, at = _table(), "", 0
    while at < len(letters):
        doubled = letters[at] == letters[at + 1 : at + 2] and letters[at] not in "aiueon"
        if doubled or letters.startswith("tch", at):
            out, at = out + "つ", at + 1
            continue
        for size in range(_LONGEST, 0, -1):
            if kana := table.get(letters[at : at + size]):
                out, at = out + kana, at + min(size, len(letters) - at)
                break
        else:
            if letters[at] != "n":
                return ""
            out, at = out + "ん", at + 1
    return out if len(out) >= _FEWEST_KANA else ""


def long_vowels_dropped(kana: str) -> str:
    """さとう and さと alike, since Sato, Satou and Satoh are one name."""
    return _LONG.sub("", kana)


@cache
def _letters() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for roman, kana in _table().items():
        if roman[0] not in "lv":
            found.setdefault(kana[0], set()).add(roman[0].upper())
    return {kana: "".join(sorted(letters)) for kana, letters in found.items()}


def initials_of(reading: str) -> frozenset[str]:
    """The letters a name read so may begin with in Roman letters; empty for no reading."""
    first = reading[:1]
    return frozenset(_FIRST_LETTERS.get(first) or _letters().get(first, ""))
