"""Ways of writing one thing: forms in which a name, number or date compares equal however it is dressed up.

`plain`: folded, variants of characters made one, lower case, katakana as hiragana, small kana as large, and nothing but
letters, digits and ideographs. `counted`: the same with every numeral as its value (三百五十万 → 3500000).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assistant.draft.wording import bundled_wording
from assistant.text.folding import fold
from assistant.text.morphemes import Morpheme, tokenize
from assistant.text.numerals import parse_number

_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_NUMERALS = re.compile(r"[0-9〇零一二三四五六七八九壱弐参拾十百千万億]+")
_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九壱弐参", "00123456789123")
_DIGIT = "[0-9〇零一二三四五六七八九壱弐参]"
# What people put between the digits of one number; the long vowel mark and の stand for hyphens in careless typing.
_STREAM = re.compile(rf"{_DIGIT}(?:[-ー~〜/・.,、。:：_＿|｜()\[\]「」〔〕\s]{{0,3}}の?{_DIGIT})*")
_NAME_LETTERS = re.compile(r"[々〆ヵヶぁ-んァ-ヴー一-鿿㐀-䶿\U00020000-\U0003ffff]+")
_KANA = re.compile(r"[ぁ-んァ-ヴー・]+")
_BETWEEN_WORDS = ("助詞", "助動詞")
_LONGEST_NAME = 16
_CACHE = 4096


@lru_cache(maxsize=_CACHE)
def plain(text: str) -> str:
    """Only what tells: letters, digits, ideographs, in one form."""
    folded = fold(text, drop_space=True, variants=True).text.casefold()
    kept = "".join(letter for letter in folded if letter.isalnum())
    return kept.translate(_HIRAGANA).translate(_SMALL)


@lru_cache(maxsize=_CACHE)
def counted(text: str) -> str:
    """`plain` with numerals as values and the words of a block address between them left out (1丁目2番3号 → 123)."""
    words = "|".join(map(re.escape, bundled_wording().checks.address_words))
    valued = _NUMERALS.sub(_value, plain(text))
    joined = re.sub(rf"(?<=[0-9])(?:{words})(?=[0-9])", "", valued)
    return re.sub(rf"(?<=[0-9])(?:{words})$", "", joined)


def _value(match: re.Match[str]) -> str:
    try:
        return str(parse_number(match.group()))
    except ValueError:
        return match.group()


def digit_streams(text: str) -> list[str]:
    """Runs of digits with whatever stands between them left out: 〇九三―一二三 → 093123."""
    folded = fold(text).text
    return [
        "".join(letter for letter in run.translate(_KANJI_DIGITS) if letter.isdigit())
        for run in _STREAM.findall(folded)
    ]


def all_digits(text: str) -> str:
    """Every digit of a text in order, 漢数字 as digits."""
    return "".join(letter for letter in plain(text).translate(_KANJI_DIGITS) if letter.isdigit())


@lru_cache(maxsize=_CACHE)
def unvoiced(text: str) -> str:
    """`plain` kana without voiced marks: the dictionary's サメシマ is the person's さめじま."""
    return "".join(
        letter for letter in unicodedata.normalize("NFD", plain(text)) if not unicodedata.combining(letter)
    )


@lru_cache(maxsize=_CACHE)
def words_of(text: str) -> tuple[Morpheme, ...]:
    """The words of a text without white space, so that a spaced name is one again."""
    return tuple(tokenize(fold(text, drop_space=True, variants=True).text))


def is_person_name(text: str) -> bool:
    """Whether a short text is written like a name and the dictionary knows a part of it as one."""
    squeezed = fold(text, drop_space=True, variants=True).text.strip("様氏")
    if not 1 < len(squeezed) <= _LONGEST_NAME or not _NAME_LETTERS.fullmatch(squeezed.replace("・", "")):
        return False
    if len(squeezed) > 2 and _KANA.fullmatch(squeezed):
        return True  # the furigana of a name, which the dictionary rarely knows
    words = words_of(squeezed)
    if any(word.part_of_speech[0] in _BETWEEN_WORDS for word in words):
        return False  # a phrase in which somebody is named: its pieces are looked for as fragments
    return any("人名" in word.part_of_speech for word in words)


def named_in(text: str) -> tuple[str, ...]:
    """Personal names inside a longer text, in the plain form; two letters or more."""
    names = (plain(word.surface) for word in words_of(text) if "人名" in word.part_of_speech)
    return tuple(dict.fromkeys(name for name in names if len(name) >= 2))


def name_parts(name: str) -> tuple[str, ...]:
    """What gives a name away in part: beginnings (姓) and ends (名) of two letters or more, and the pieces as written."""
    whole = plain(name)
    pieces = [plain(piece) for piece in re.split(r"[\s・,、=＝]+", name)]
    ends = [whole[:cut] for cut in range(2, len(whole))] + [whole[cut:] for cut in range(1, len(whole) - 1)]
    return tuple(dict.fromkeys(part for part in [*pieces, *ends] if 2 <= len(part) < len(whole)))


def readings(name: str) -> tuple[str, ...]:
    """How a name is read, whole and by word, in unvoiced hiragana; only those long enough to tell (three letters)."""
    read = [unvoiced(word.reading_form) for word in words_of(name)]
    return tuple(dict.fromkeys(reading for reading in ["".join(read), *read] if len(reading) >= 3))
