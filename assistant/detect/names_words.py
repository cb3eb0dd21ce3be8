"""Names by Sudachi's parts of speech: 姓 and 名 side by side, or a 姓 where only a person can stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.detect.candidate import Candidate
from assistant.detect.names import SURNAME, NameShapes
from assistant.detect.patterns import HIRA, KANJI, KATA, one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import PARTIES, Words
from assistant.domain.entity import EntityKind
from assistant.text.morphemes import Morpheme

_GIVEN = re.compile(rf"[{KANJI}]{{1,4}}|[{HIRA}]{{2,4}}|[{KATA}]{{2,5}}|[{KANJI}]{{1,2}}[{HIRA}]{{1,2}}")
_BOUNDARY = re.compile(r" ?(?:[\n、。()「」,\t:0-9]|$)| {2}")
_PERSON_PARTICLE = re.compile(
    r"(?:は|が|も|に|と|を|や|から|より|へ|の|など|ら(?![ぁ-ゖ])|ら[はがもに]|さん|氏|、|・|」|、|。|\)|\(|:| |\n|$)"
)
_BEFORE_PERSON = re.compile(r"(?:^|[\s、。「(:・/者員長の及—―-])$")
_LETTERS = re.compile(rf"[{KANJI}{KATA}{HIRA}]+")
_ITEM = re.compile(
    rf" ?[、・,] ?([{KANJI}]{{1,4}} ?[{KANJI}{HIRA}{KATA}]{{1,4}}|[{KATA}]{{2,6}}[・ ]?[{KATA}]{{2,6}})(?:さん|氏|様)? ?[、・,] ?"
)
_SPACED_LETTERS = re.compile(rf"[{KANJI}{KATA}{HIRA}] $")
_FAMILY_BEFORE = re.compile(rf"(?:^|[^{KANJI}{KATA}{HIRA}])({SURNAME}) $")
_PROSE_BEFORE = ("助詞", "助動詞", "動詞", "形容詞", "副詞", "接続詞", "連体詞", "補助記号")
_PLACE_BEFORE = re.compile(
    r"(?:大字|字|市|区|町|村|県|郡|旧|株式会社|有限会社|\)|市道|県道|国道|第[0-9]|河川)$"
)


class NamesByWords:
    """Two words of a name beside each other, or one family name between boundaries."""

    def __init__(self, words: Words) -> None:
        self._shapes = NameShapes(words)
        self._introduced = re.compile(rf"{one_of(words['names.words_before_names'])}[ :・は「]{{0,2}}$")
        self._rank = re.compile(one_of(words["names.ranks"]))
        self._words_too = frozenset(words["names.given_names_that_are_words"])
        self._called = frozenset(word for key in ("roles.kinship", *PARTIES) for word in words[key])
        self._common = frozenset(words["names.family_names_that_are_words"])

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        words = [word for word in sheet.morphemes if word.start < word.end]
        listed: Candidate | None = None
        for index, word in enumerate(words):
            if "人名" not in word.part_of_speech or not _LETTERS.fullmatch(word.surface):
                continue
            before = sheet.text[max(0, word.start - 4) : word.start]
            if _PLACE_BEFORE.search(before) or (index and self._is_name(words[index - 1])):
                continue
            for found in self._from(sheet, words, index):
                yield found
                if found.pattern == "full_name":
                    yield from self._between(sheet, listed, found)
                    listed = found

    def _between(self, sheet: Sheet, first: Candidate | None, last: Candidate) -> Iterable[Candidate]:
        """田中 一郎、高原 零、佐藤 花: what a list holds between two names is one, too, whatever the dictionary says."""
        if first is None or not 4 <= last.start - first.end <= 12:
            return
        item = _ITEM.fullmatch(sheet.text, first.end, last.start)
        if item and self._shapes.plausible(item[1]):
            yield self._candidate(item.start(1), item.end(1), "in_list", 0.6)

    def _from(self, sheet: Sheet, words: Sequence[Morpheme], index: int) -> Iterable[Candidate]:
        word = words[index]
        end, full = self._full_name(sheet, words, index)
        if self._shapes.place_follows(sheet.text, end) or not self._shapes.plausible(
            sheet.text[word.start : end]
        ):
            return
        if full:
            yield self._candidate(word.start, end, "full_name", 0.85)
            return
        family = self._family_before(sheet, word) if "名" in word.part_of_speech else None
        if family is not None:
            yield self._candidate(family, end, "family_unknown", 0.7)
            return
        alone = self._alone(sheet, words, index, end)
        if alone is not None:
            yield self._candidate(word.start, end, *alone)

    def _family_before(self, sheet: Sheet, given: Morpheme) -> int | None:
        """矢ヶ部 慎也: where the family name begins that only its given name shows to be one."""
        first = max(0, given.start - 7)
        match = _FAMILY_BEFORE.search(sheet.text[first : given.start])
        if match is None or sheet.wide_gap(given.start - 1) or match[1] in self._called:
            return None
        begins = first + match.start(1)
        spaced = len(match[1]) == 1 and _SPACED_LETTERS.search(sheet.text[max(0, begins - 2) : begins])
        return begins if not spaced and self._shapes.plausible(match[1]) else None

    def _alone(
        self, sheet: Sheet, words: Sequence[Morpheme], index: int, end: int
    ) -> tuple[str, float] | None:
        """How a family or given name without the other is believed: where only a person can stand."""
        word, text = words[index], sheet.text
        if (
            len(word.surface) < 2
            or not re.search(rf"[{KANJI}]", word.surface)
            or not (_PERSON_PARTICLE.match(text, end) or self._rank.match(text, end))
            or (word.surface.endswith("又") and text.startswith("は", end))  # 国又は
        ):
            return None
        family = "姓" in word.part_of_speech
        if family and self._introduced.search(text[max(0, word.start - 6) : word.start]):
            return "introduced", 0.7
        if word.surface in self._common:
            return None
        parted = _BEFORE_PERSON.search(text[max(0, word.start - 1) : word.start]) is not None
        if family and parted:
            return "family_name", 0.55
        begins = parted or self._after_prose(words, index)
        return ("name_in_prose", 0.5) if begins and word.surface not in self._words_too else None

    def _after_prose(self, words: Sequence[Morpheme], index: int) -> bool:
        """送られている福留に: behind a particle or a verb a name begins anew; behind a noun it is part of that."""
        return index > 0 and words[index - 1].part_of_speech[0] in _PROSE_BEFORE

    def _full_name(self, sheet: Sheet, words: Sequence[Morpheme], index: int) -> tuple[int, bool]:
        """Where a name that begins with `words[index]` ends, and whether a given name was seen."""
        word = words[index]
        end, full = word.end, False
        if len(word.surface) == 1 and _SPACED_LETTERS.search(sheet.text[max(0, word.start - 2) : word.start]):
            return end, full  # 見 本 市 立 病 院: letters spaced one by one are no name for it
        following = index + 1
        if following < len(words) and words[following].surface in (" ", "  "):
            gap = words[following]
            match = _GIVEN.match(sheet.text, gap.end)
            if (
                match
                and not (re.match(rf"[{KATA}]", word.surface) and re.match(rf"[{KANJI}]", match[0]))
                and self._ends(sheet.text, match.end())
                and self._shapes.plausible_given(
                    match[0],
                    ends=_BOUNDARY.match(sheet.text, match.end()) is not None
                    or self._parted(sheet, match.end()),
                )
            ):
                return match.end(), True
            following += 1
            return end, full
        while following < len(words) and self._is_name(words[following]) and words[following].start == end:
            end, full = words[following].end, True
            following += 1
        # 山田太 + 郎: Sudachi sometimes leaves the last letter of a given name as a word of its own.
        if (
            full
            and following < len(words)
            and re.fullmatch(r"[郎子美夫雄男江代介助司之也香菜奈希乃人太平]", words[following].surface)
        ):
            end = words[following].end
        return end, full

    def _ends(self, text: str, position: int) -> bool:
        return re.match(rf"[^{KANJI}{KATA}]|$", text[position : position + 1]) is not None

    def _parted(self, sheet: Sheet, position: int) -> bool:
        return sheet.text[position : position + 1] == " " and sheet.wide_gap(position)

    def _is_name(self, word: Morpheme) -> bool:
        return "人名" in word.part_of_speech

    def _candidate(self, start: int, end: int, pattern: str, score: float) -> Candidate:
        return Candidate(
            kind=EntityKind.PERSON_NAME,
            start=start,
            end=end,
            recognizer="person_words",
            pattern=pattern,
            score=score,
        )
