"""What a person's name looks like in Japanese records, and what looks like one and is not."""

from __future__ import annotations

import re

from assistant.detect.patterns import HIRA, KANJI, KATA, one_of
from assistant.detect.words import Words
from assistant.text.morphemes import tokenize

# 山田 太郎 / 山田太郎 / 山田 はなこ / 石 井 里 奈 (letters spaced one by one, perhaps over a line end)
_K = rf"[{KANJI}]"
_G = rf"[{KANJI}{HIRA}{KATA}]"
_BREAK = r"(?: {1,3}| ?\n {1,6})"  # a line break only where the next line is indented
# トシ子, よし江: kana and the letter many given names end in
MIXED_GIVEN = rf"[{KATA}{HIRA}]{{1,3}}[子江代枝美恵乃栄世香]"
# 二ッ木, 萩ノ浦: a small or plain kana between ideographs
SURNAME = rf"(?:{_K}{{1,2}}[ノのツッ]{_K}{{1,2}}|{_K}{{1,4}})"
FULL_NAME = (
    rf"(?:{_K}(?: {_K}){{1,3}}{_BREAK}{{1}}{_K}(?: {_G}){{0,3}}(?![{KANJI}])"  # 石 井 里 奈
    rf"|{SURNAME}{_BREAK}(?:{_K}{{1,4}}|{MIXED_GIVEN}|[{HIRA}]{{2,4}}|[{KATA}]{{2,4}}|{_K}{{1,2}}[{HIRA}{KATA}]{{1,2}}{_K}?)(?![{KANJI}{KATA}])"
    rf"|{_K}{{2,6}})"
)
KATAKANA_NAME = rf"[{KATA}]{{2,8}}(?:[・ =][{KATA}]{{1,10}}){{1,3}}"
HIRAGANA_NAME = rf"[{HIRA}]{{2,5}} [{HIRA}]{{2,5}}"


class NameShapes:
    """Judges whether a string that stands where a name may stand is one."""

    def __init__(self, words: Words) -> None:
        self._not_names = frozenset(words["names.not_names"])
        posts = {
            word
            for key in words.lists
            if key.startswith("roles.posts") or key == "roles.departments"
            for word in words[key]
        }
        self._posts = frozenset(posts)
        self._part = re.compile(one_of(words["names.not_name_parts"]))
        self._post_end = re.compile(rf"{one_of(word for word in posts if len(word) >= 2)}$")
        self._single = frozenset(words["names.family_name_alone"])
        self._place_after = re.compile(one_of(words["names.place_like_after"]))
        self._common_given = frozenset(words["names.given_names_that_are_words"])
        self._value = re.compile(rf"{FULL_NAME}|{KATAKANA_NAME}|{HIRAGANA_NAME}")

    def plausible(self, text: str) -> bool:
        """Whether the whole of `text` may be a name: no known other word, no word of organisations or acts in it."""
        plain = re.sub(r"\s", "", text)
        if not plain or plain in self._not_names or plain in self._posts or len(plain) > 16:
            return False
        if re.search(r"[0-9A-Za-z]", plain) or self._part.search(plain):
            return False
        if any(re.search(r"[者員官係課署局]$", part) for part in text.split() if len(part) >= 2):
            return False
        return not (self._post_end.search(plain) and len(plain) > 2)

    def plausible_given(self, text: str, *, ends: bool = False) -> bool:
        """Whether a second word may be a given name: no other word of two letters or more in it (運動場, 譲受人).

        `ends`: a boundary stands right after it; then a short word is believed (真理, トメ).
        """
        if not self.plausible(text):
            return False
        if ends and (len(text) <= 2 or re.fullmatch(rf"[{KATA}{HIRA}]{{2,4}}|{MIXED_GIVEN}", text)):
            return True
        if len(text) == 1 or text in self._common_given or re.fullmatch(rf"[{HIRA}]{{2,4}}", text):
            return True
        return not any(
            len(word.surface) >= 2
            and "人名" not in word.part_of_speech
            and word.part_of_speech[0]
            in ("名詞", "動詞", "副詞", "接続詞", "連体詞", "形容詞", "代名詞", "感動詞", "形状詞")
            and "固有名詞" not in word.part_of_speech
            for word in tokenize(text)
        )

    def is_given_too(self, word: str) -> bool:
        """Whether a word of the language is also a given name (弥生)."""
        return word in self._common_given

    def plausible_alone(self, text: str) -> bool:
        """The same for a single word of one letter: only letters that are family names."""
        return self.plausible(text) and (len(text.strip()) > 1 or text.strip() in self._single)

    def place_follows(self, text: str, end: int) -> bool:
        """Whether what follows makes the word a place or an organisation (山田町, 鈴木組)."""
        return self._place_after.match(text, end) is not None

    def value_at(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """The longest name that begins at `start` (after white space and opening brackets) and ends by `end`."""
        while start < end and text[start] in ' \t\n(「"':
            start += 1
        match = self._value.match(text, start, end)
        if match is None:
            return None
        stop = match.end()
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        return start, stop


_DATE_LETTERS = re.compile(r"(?:[年月日時分] +)+")


def behind_date(text: str, start: int, end: int) -> int:
    """Where a name begins that was taken from the last letters of a date on: 4月3日 白鳥弥生, 月 日 白鳥弥生.

    One letter alone is no date unless a figure stands before it (日 比 野 太 郎).
    """
    found = _DATE_LETTERS.match(text, start, end)
    if found is None or not (text[start - 1 : start].isdigit() or len(found[0].split()) > 1):
        return start
    return found.end()


def is_spaced_out(text: str) -> bool:
    """Whether every letter stands alone (石 井 里 奈)."""
    return len(text.split()) >= 3 and all(len(part) == 1 for part in text.split())
