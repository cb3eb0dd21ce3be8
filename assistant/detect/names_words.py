"""Names by Sudachi's parts of speech: 姓 and 名 side by side, or a 姓 where only a person can stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.detect.candidate import Candidate
from assistant.detect.names import NameShapes
from assistant.detect.patterns import HIRA, KANJI, KATA
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind
from assistant.text.morphemes import Morpheme

_GIVEN = re.compile(rf"[{KANJI}]{{1,4}}|[{HIRA}]{{2,4}}|[{KATA}]{{2,5}}|[{KANJI}]{{1,2}}[{HIRA}]{{1,2}}")
_BOUNDARY = re.compile(r" ?(?:[\n、。()「」,\t:0-9]|$)| {2}")
_PERSON_PARTICLE = re.compile(r"(?:は|が|も|に|と|を|から|より|へ|の|」|、|。|\)|\(|:| |\n|$)")
_BEFORE_PERSON = re.compile(r"(?:^|[\s、。「(:・/者員長の及—―-])$")
_PLACE_BEFORE = re.compile(
    r"(?:大字|字|市|区|町|村|県|郡|旧|株式会社|有限会社|\)|市道|県道|国道|第[0-9]|河川)$"
)


class NamesByWords:
    """Two words of a name beside each other, or one family name between boundaries."""

    def __init__(self, words: Words) -> None:
        self._shapes = NameShapes(words)

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        words = [word for word in sheet.morphemes if word.start < word.end]
        for index, word in enumerate(words):
            if "人名" not in word.part_of_speech or not re.fullmatch(
                rf"[{KANJI}{KATA}{HIRA}]+", word.surface
            ):
                continue
            before = sheet.text[max(0, word.start - 4) : word.start]
            if _PLACE_BEFORE.search(before) or (index and self._is_name(words[index - 1])):
                continue
            yield from self._from(sheet, words, index)

    def _from(self, sheet: Sheet, words: Sequence[Morpheme], index: int) -> Iterable[Candidate]:
        word = words[index]
        end, full = self._full_name(sheet, words, index)
        if self._shapes.place_follows(sheet.text, end) or not self._shapes.plausible(
            sheet.text[word.start : end]
        ):
            return
        if full:
            yield self._candidate(word.start, end, "full_name", 0.85)
        elif (
            "姓" in word.part_of_speech
            and len(word.surface) >= 2
            and re.search(rf"[{KANJI}]", word.surface)
            and _PERSON_PARTICLE.match(sheet.text, end)
            and _BEFORE_PERSON.search(sheet.text[max(0, word.start - 1) : word.start])
        ):
            yield self._candidate(word.start, end, "family_name", 0.55)

    def _full_name(self, sheet: Sheet, words: Sequence[Morpheme], index: int) -> tuple[int, bool]:
        """Where a name that begins with `words[index]` ends, and whether a given name was seen."""
        word = words[index]
        end, full = word.end, False
        following = index + 1
        if following < len(words) and words[following].surface in (" ", "  "):
            gap = words[following]
            match = _GIVEN.match(sheet.text, gap.end)
            if (
                match
                and self._ends(sheet.text, match.end())
                and self._shapes.plausible_given(
                    match[0], ends=_BOUNDARY.match(sheet.text, match.end()) is not None
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
