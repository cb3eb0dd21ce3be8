"""Text in the record that speaks to the machine that reads it: data like any other, changes nothing, is reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.detect.candidate import Candidate
from assistant.detect.patterns import one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.document import Page
from assistant.domain.entity import Entity, EntityKind, Trait
from assistant.text.sentences import sentences


class AddressedToAssistant:
    """A sentence that orders how to judge, with a machine named in it or within two sentences before it.

    Some orders are given to nobody but a machine (ignore all previous instructions), whoever is named. A sentence that
    calls a machine (AI様へ：) speaks to it whatever it says; if it only calls, so does the next.
    """

    def __init__(self, words: Words) -> None:
        self._machine = _whole(words["facts.to_assistant"])
        self._order = _whole(words["facts.to_assistant_orders"])
        self._only_machines = _whole(words["facts.to_machines_only"])
        self._calls = re.compile(
            rf"(?:{self._machine.pattern})[^\s。]{{0,8}}?(?:へ|宛て?|あて|向け)(?=[ :、。)\]】〕]|$)"
        )

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        spans = sentences(sheet.text)
        distance, told, called = 99, -1, False
        for number, (begins, ends) in enumerate(spans):
            text = sheet.text[begins:ends]
            distance = 0 if self._machine.search(text) else distance + 1
            alone = self._only_machines.search(text) is not None
            call = self._calls.search(text)
            spoken = alone or called or call is not None
            called = call is not None and not any(letter.isalnum() for letter in text[call.end() :])
            if not spoken and (distance > 2 or not self._order.search(text)):
                continue
            # The sentence that names the machine belongs to the order.
            first = number if spoken else max(told + 1, number - distance)
            distance, told = 0, number
            for spoken_from, spoken_to in spans[first : number + 1]:
                start, end = _with_signs(sheet.text, spoken_from, spoken_to)
                yield Candidate(
                    kind=EntityKind.FACT,
                    start=start,
                    end=end,
                    recognizer="injection",
                    pattern="order_to_machine",
                    score=0.8,
                    traits=frozenset({Trait.ADDRESSED_TO_AI}),
                )


def _with_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """The place with the signs that would be left alone on its line: <!-- … -->."""
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    last = len(text) if last < 0 else last
    start = start if any(letter.isalnum() for letter in text[first:start]) else first
    return start, end if any(letter.isalnum() for letter in text[end:last]) else last


def _whole(words: Sequence[str]) -> re.Pattern[str]:
    """Any of the words. Latin ones only whole: the AI in CHAIR is none; those in capitals only so: Ai is a given name."""
    latin = [word for word in words if word[0].isascii() and word[0].isalpha()]
    exact = [word for word in latin if word != word.lower()]
    others = [word for word in words if word not in latin]
    parts = [one_of(others)] if others else []
    parts += [rf"(?<![A-Za-z]){one_of(exact)}(?![A-Za-z])"] if exact else []
    loose = [word for word in latin if word not in exact]
    parts += [rf"(?i:(?<![A-Za-z]){one_of(loose)}(?![a-rt-z]))"] if loose else []
    return re.compile("|".join(parts))


def silenced(page: Page, entities: Iterable[Entity]) -> Page:
    """The page with blanks, letter for letter, where it speaks to the assistant: nothing else is read in its light."""
    text = page.text
    for entity in entities:
        if Trait.ADDRESSED_TO_AI in entity.traits:
            for extent in entity.extents:
                if extent.page == page.number:
                    blank = re.sub(r"[^\n]", " ", text[extent.start : extent.end])
                    text = text[: extent.start] + blank + text[extent.end :]
    return page if text == page.text else replace(page, text=text)
