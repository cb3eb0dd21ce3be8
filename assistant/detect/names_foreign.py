"""Names from other languages: katakana alone or in a chain (グエン・ヴァン・アン), with 世, beside kin or office; Latin letters.

A word of katakana is believed where Sudachi knows it as a name, or knows no such word and what stands beside it is
said of persons only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.detect.candidate import Candidate
from assistant.detect.names import NameShapes
from assistant.detect.patterns import KANJI, KATA, one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import PARTIES, Words
from assistant.domain.entity import EntityKind

_LONGEST = 14
_WORD = rf"(?<![{KATA}・=A-Za-z])[{KATA}]{{2,{_LONGEST}}}(?![{KATA}・=])"
_CHAIN = re.compile(
    rf"(?<![{KATA}・=A-Za-z])[{KATA}]{{1,{_LONGEST}}}(?:[・=][{KATA}]{{1,{_LONGEST}}}){{1,4}}(?![{KATA}・=])"
)
_SINGLE = re.compile(_WORD)
_NUMBERED = re.compile(
    rf"(?<![{KATA}])[{KATA}・]{{2,20}} ?[0-9一二三四五六七八九十]{{1,3}}世(?![紀代界帯間相論])"
)
_ENDS = re.compile(rf"(?:[^{KANJI}{KATA}A-Za-z0-9]|$)")
_BEFORE = re.compile(rf"(?:[^{KANJI}{KATA}A-Za-z0-9ー]|^)$")
_CAPITALIZED = r"[A-Z][a-z'’]{1,14}"
_LATIN = re.compile(
    rf"(?<![A-Za-z0-9.@/_-])(?:(?:Mr|Ms|Mrs|Dr|Prof)\.? ?)?((?:{_CAPITALIZED}|[A-Z]{{2,14}})(?:[ -](?:(?:de|van|von|bin|da|del|la) )?(?:{_CAPITALIZED}|(?!TEL|FAX|MAIL|ID)[A-Z]{{2,14}}|[A-Z]\.)){{1,4}})(?![A-Za-z0-9@/_-])"
)
_LATIN_HONOURED = re.compile(
    rf"(?:(?<![A-Za-z])(?:Mr|Ms|Mrs|Dr)\.? ?({_CAPITALIZED})(?![A-Za-z])|(?<![A-Za-z0-9.@])({_CAPITALIZED})(?=さん|様|氏|先生))"
)
_SENDER = re.compile(r"(?:From|To|Cc|Name|NAME|差出人|宛先|送信者|氏名|名前) ?:? ?\"?$")
_INITIAL = re.compile(rf"(?<![A-Za-z.])[A-Z]\. ?{_CAPITALIZED}(?![A-Za-z])")


class ForeignNames:
    """Candidates of kind person_name; `pattern`: chain, known_katakana, numbered, kin_before, kin_after, office, latin."""

    def __init__(self, words: Words) -> None:
        self._shapes = NameShapes(words)
        kin = one_of(word for word in words["roles.kinship"])
        posts = [
            word
            for key in words.lists
            if key.startswith("roles.posts") and key not in PARTIES
            for word in words[key]
            if len(word) >= 2
        ]
        called = one_of([*words["roles.honorifics"], *words["names.ranks"], *posts])
        self._called = re.compile(rf"{called}(?![{KATA}])")
        self._kin_before = re.compile(rf"(?:^|[^{KANJI}])(?:{kin}|{one_of(words['names.ranks'])}|子)$")
        self._before = re.compile(rf"(?:{kin}|{one_of(words['names.ranks'])}|{one_of(posts)}) {{0,2}}$")
        self._kin_after = re.compile(rf"の(?:{kin}|子(?![どは])|妃|后)")

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        text = sheet.text
        for match in _NUMBERED.finditer(text):
            yield self._candidate(match.start(), match.end(), "numbered", 0.75)
        for match in _CHAIN.finditer(text):
            if self._is_chain_of_names(sheet, match):
                yield self._candidate(match.start(), match.end(), "chain", 0.7)
        for match in _SINGLE.finditer(text):
            found = self._single(sheet, match)
            if found is not None:
                yield self._candidate(match.start(), match.end(), *found)
        yield from self._latin(sheet)

    def _is_chain_of_names(self, sheet: Sheet, match: re.Match[str]) -> bool:
        """A name or words nobody knows, or a person's part before it; and nothing behind it that makes it a firm."""
        text = sheet.text
        parts = [word for word in sheet.words_in(match.start(), match.end()) if word.surface not in "・="]
        named = any("人名" in word.part_of_speech for word in parts) and not any(
            word.known and len(word.surface) >= 5 and "固有名詞" not in word.part_of_speech for word in parts
        )
        strange = any(not word.known and len(word.surface) >= 3 for word in parts) and not any(
            word.known and len(word.surface) >= 3 for word in parts
        )
        introduced = self._before.search(text[max(0, match.start() - 10) : match.start()]) is not None
        if not (named or strange or introduced):
            return False
        ends = _ENDS.match(text, match.end()) or self._called.match(text, match.end())
        return ends is not None and self._shapes.plausible(match[0][:16])

    def _single(self, sheet: Sheet, match: re.Match[str]) -> tuple[str, float] | None:
        text, start, end = sheet.text, match.start(), match.end()
        words = sheet.words_in(start, end)
        if len(words) != 1 or (words[0].start, words[0].end) != (start, end):
            return None
        known = "人名" in words[0].part_of_speech
        if not (known or not words[0].known) or not self._shapes.plausible(match[0]):
            return None
        if self._called.match(text, end):
            return "office", 0.6
        ends, before = _ENDS.match(text, end) is not None, text[max(0, start - 6) : start]
        field = sheet.field_at(start)
        if field is not None and field.known is not None and field.known.person:
            return ("labelled_katakana", 0.7) if ends and not text[field.start : start].strip() else None
        if self._kin_before.search(before) and ends:
            return "kin_before", 0.6
        return self._by_what_follows(text, match, known=known and ends)

    def _by_what_follows(self, text: str, match: re.Match[str], *, known: bool) -> tuple[str, float] | None:
        if len(match[0]) < 3:
            return None
        if self._kin_after.match(text, match.end()):
            return "kin_after", 0.55
        begins = _BEFORE.search(text[max(0, match.start() - 1) : match.start()])
        return ("known_katakana", 0.5) if known and begins else None

    def _latin(self, sheet: Sheet) -> Iterator[Candidate]:
        """Words with capitals: in a field for a person, before a honorific, in the head of a mail."""
        text = sheet.text
        for match in _LATIN.finditer(text):
            field = sheet.field_at(match.start(1))
            labelled = field is not None and field.known is not None and field.known.person
            before = text[max(0, match.start(1) - 8) : match.start(1)]
            if (
                labelled
                or self._called.match(text, match.end())
                or re.search(r"(?:Mr|Ms|Mrs|Dr|Prof)\.? ?$", before)
                or (
                    _SENDER.search(before)
                    and text[match.end() : match.end() + 2].strip()[:1] in ("<", "", "(", '"', "T")
                )
            ):
                yield self._candidate(match.start(1), match.end(1), "latin", 0.8 if labelled else 0.7)
        for match in _INITIAL.finditer(text):
            if _SENDER.search(text[max(0, match.start() - 8) : match.start()]) or self._called.match(
                text, match.end()
            ):
                yield self._candidate(match.start(), match.end(), "latin", 0.7)
        for match in _LATIN_HONOURED.finditer(text):
            group = 1 if match[1] else 2
            yield self._candidate(match.start(group), match.end(group), "latin", 0.7)

    def _candidate(self, start: int, end: int, pattern: str, score: float) -> Candidate:
        return Candidate(
            kind=EntityKind.PERSON_NAME,
            start=start,
            end=end,
            recognizer="person_words",
            pattern=pattern,
            score=score,
        )
