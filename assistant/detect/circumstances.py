"""Facts that decide, read from the words of the document: before or after opening, concluded or pending, published …"""

from __future__ import annotations

import re
from datetime import date

from assistant.detect.patterns import in_order, one_of
from assistant.detect.words import Words
from assistant.domain.entity import Trait
from assistant.text.eras import find_dates
from assistant.text.folding import fold


class Circumstances:
    """Answers for a whole document and for one of its lines."""

    def __init__(self, words: Words) -> None:
        self._patterns = {
            key.removeprefix("facts."): re.compile(one_of(words[key]))
            for key in words.lists
            if key.startswith("facts.")
        }

        def listed(*names: str) -> re.Pattern[str]:
            return re.compile(one_of(word for name in names for word in words[f"context.{name}"]))

        self._press, self._settled, self._unsettled = (
            listed("press_titles"),
            listed("settled"),
            listed("unsettled"),
        )
        self._pending_title = listed("pending_titles")
        last = one_of(words["context.open_titles_end"])
        self._open_title = re.compile(rf"{one_of(words['context.open_titles'])}|{last}$")
        self._no_open_title = listed("not_open_titles")
        self._this_document = re.compile(one_of(words["context.this_document"]) + r"[^\n]{0,60}")
        self._on_condition = in_order(words.phrases, "on_condition")
        self._decision_day = listed("decision_day")
        # 入札公告 is read whole and then passed over, so that its 入札 is not taken for the word.
        self._opening_day = listed("opening_day", "not_opening_day")
        self._not_opening_day = frozenset(words["context.not_opening_day"])

    def says(self, what: str, text: str) -> bool:
        """Whether `text` (folded) has a word of the list facts.`what`."""
        return self._patterns[what].search(text) is not None

    def of_document(self, text: str, title: str, doc_type: str) -> frozenset[Trait]:
        """Traits of the whole document. `text`: all pages, folded."""
        traits: set[Trait] = set()
        if self._press.search(title) and not self.says("not_published", title):
            traits.add(Trait.PUBLISHED)
        notice = self._this_document.search(text)
        if notice and self.says("published", notice[0]):
            traits.add(Trait.PUBLISHED)
        traits |= self._opening(text)
        traits |= self._conclusion(text, title + doc_type)
        if self.says("on_condition", text) or self._on_condition.search(text):
            traits.add(Trait.ON_CONDITION)
        elif self.says("by_duty", text):  # a condition, where there is one, is what the paper is about
            traits.add(Trait.BY_DUTY)
        if self.says("announced", text):
            traits.add(Trait.ANNOUNCED)
        formal = self.says("formal_sanction", text) or Trait.PUBLISHED in traits
        if self.says("life_health", text) and formal:
            traits |= (
                {Trait.LIFE_AND_HEALTH, Trait.PUBLISHED}
                if self.says("published", text)
                else {Trait.LIFE_AND_HEALTH}
            )
        return frozenset(traits)

    def _opening(self, text: str) -> frozenset[Trait]:
        decided, opened = (
            self._day_beside(self._decision_day, text),
            self._day_beside(self._opening_day, text),
        )
        if decided and opened:
            return frozenset({Trait.AFTER_OPENING if opened <= decided else Trait.BEFORE_OPENING})
        if self.says("before_opening", text):
            return frozenset({Trait.BEFORE_OPENING})
        return frozenset({Trait.AFTER_OPENING}) if self.says("after_opening", text) else frozenset()

    def _day_beside(self, word: re.Pattern[str], text: str) -> date | None:
        """The first full date within ten letters after `word`, else a month and day read in the year of another date."""
        dates = find_dates(text)
        for match in word.finditer(text):
            if match[0] in self._not_opening_day:
                continue
            for start, _, day in dates:
                if 0 <= start - match.end() <= 10:
                    return day
            short = re.match(
                r"[^0-9\n]{0,6}([0-9]{1,2})月([0-9]{1,2})日", text[match.end() : match.end() + 16]
            )
            if short:
                year = dates[0][2].year if dates else 2000
                try:
                    return date(year, int(short[1]), int(short[2]))
                except ValueError:
                    continue
        return None

    def _conclusion(self, text: str, title: str) -> frozenset[Trait]:
        settled, unsettled = self._settled.search(text), self._unsettled.search(text)
        if settled:
            return frozenset({Trait.CONCLUDED})
        if self._pending_title.search(title):
            return frozenset({Trait.PENDING})
        if unsettled or (
            self.says("pending", title) or self._open_title.search(self._no_open_title.sub("", title))
        ):
            return frozenset({Trait.PENDING})
        return frozenset({Trait.CONCLUDED}) if self.says("concluded", text) else frozenset()

    def of_line(self, line: str) -> frozenset[Trait]:
        """Traits that what stands on this (folded) line takes from the words around it."""
        traits: set[Trait] = set()
        if self.says("not_published", line):
            return frozenset()
        if self.says("published", line):
            traits.add(Trait.PUBLISHED)
        if self.says("handed_to_all", line):
            traits.add(Trait.HANDED_TO_ALL)
        return frozenset(traits)


def plain(text: str) -> str:
    """Folded text with its white space, as the word lists expect it."""
    return fold(text).text
