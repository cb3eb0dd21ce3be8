"""Names by a statistical finder (the NameFinder port), held against our notion of what a name looks like."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.names import NameShapes
from assistant.detect.patterns import KANJI, KATA
from assistant.detect.ports import NameFinder
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind

_HONORIFIC = re.compile(r"(?:さん|様|さま|氏|殿|くん|ちゃん|先生|君)$")


class NamesByFinder:
    """What the finder calls a person, without honorific, if the words in it may be a name."""

    def __init__(self, words: Words, finder: NameFinder) -> None:
        self._shapes = NameShapes(words)
        self._finder = finder

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        text = sheet.text
        for span in self._finder.find(text):
            if span.label != "person":
                continue
            start, end = span.start, span.end
            honoured = _HONORIFIC.search(text[start:end])
            if honoured and honoured.start() > 0:
                end = start + honoured.start()
            parts = text[start:end].split()
            if len(parts) > 1 and not self._shapes.plausible(parts[0]):
                start = text.index(parts[1], start)  # 主査 山田
            parts = text[start:end].split()
            if len(parts) == 2 and not self._shapes.plausible_given(parts[1]):
                end = start + len(parts[0])  # 仲田　運動場は…: a speaker and what is said
            if "\n" in text[start:end] or not self._shapes.plausible_alone(text[start:end]):
                continue
            if self._shapes.place_follows(text, end) or re.search(
                r"[ぁ-ゖ]{3}$|^[ぁ-ゖ]{1,2}$|^[ァ-ヺー]$|[「」]", text[start:end]
            ):
                continue
            if not self._may_be_person(sheet, start, end):
                continue
            yield Candidate(
                kind=EntityKind.PERSON_NAME,
                start=start,
                end=end,
                recognizer="person_ner",
                pattern="finder",
                score=0.65,
            )

    def _may_be_person(self, sheet: Sheet, start: int, end: int) -> bool:
        """Whether the dictionary leaves room for a person: a name in it, a word it does not know, or no other word.

        福音書, 連邦 and ゴールキーパー are words it knows; 吉野川 is a place with something behind it.
        """
        words = [word for word in sheet.words_in(start, end) if word.surface.strip()]
        if not words or any("人名" in word.part_of_speech for word in words):
            return True
        if len(words) > 1 and "地名" in words[0].part_of_speech and words[0].end < end:
            return False
        if len(words) == 1 and "地名" in words[0].part_of_speech:
            return re.fullmatch(rf"[{KANJI}]{{2,3}}", words[0].surface) is not None
        if not all(word.known for word in words):
            return True
        if len(words) == 1 and re.fullmatch(rf"[{KATA}]{{2,4}}", words[0].surface):
            return True  # ノア: short words of katakana are names as often as not
        return all(len(word.surface) == 1 or self._shapes.is_given_too(word.surface) for word in words)
