"""Labels and headers nobody listed, known by a word in them: what kind of value stands under them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.detect.patterns import one_of
from assistant.detect.words import FOLDER, read_label_words
from assistant.domain.entity import EntityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelWord:
    """One rule of labels_by_word.toml, compiled."""

    kind: EntityKind
    words: re.Pattern[str]
    titles: re.Pattern[str] | None


class LabelWords:
    """Tells the kind of a value from its label and the title of the record."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._rules = tuple(
            LabelWord(
                kind=kind,
                words=re.compile(one_of(words)),
                titles=re.compile(one_of(titles)) if titles else None,
            )
            for kind, words, titles in read_label_words(folder)
        )

    def may_be(self, form: str) -> bool:
        """Whether any rule could speak about this label, whatever the record."""
        return any(rule.words.search(form) for rule in self._rules)

    def kind_of(self, form: str, title: str) -> tuple[int, EntityKind] | None:
        """The kind under `form` (folded, without spaces) in a record of this title, with the number of the rule."""
        for number, rule in enumerate(self._rules):
            if rule.words.search(form) and (rule.titles is None or rule.titles.search(title)):
                return number, rule.kind
        return None
