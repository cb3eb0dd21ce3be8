"""Text in the record that speaks to the machine that reads it: data like any other, changes nothing, is reported."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.patterns import one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait
from assistant.text.sentences import sentences


class AddressedToAssistant:
    """A sentence that orders how to judge, with a machine named in it or within two sentences before it."""

    def __init__(self, words: Words) -> None:
        self._machine = re.compile(one_of(words["facts.to_assistant"]))
        self._order = re.compile(one_of(words["facts.to_assistant_orders"]))

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        spans = sentences(sheet.text)
        distance = 99
        for start, end in spans:
            text = sheet.text[start:end]
            distance = 0 if self._machine.search(text) else distance + 1
            if distance <= 2 and self._order.search(text):
                distance = 0
                yield Candidate(
                    kind=EntityKind.FACT,
                    start=start,
                    end=end,
                    recognizer="injection",
                    pattern="order_to_machine",
                    score=0.8,
                    traits=frozenset({Trait.ADDRESSED_TO_AI}),
                )
