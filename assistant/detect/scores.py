"""Marks given to persons and proposals: 得点, per-judge marks, ranks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.patterns import one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

_POINTS_VALUE = r"(?:試験)?[ :は]{0,3}(?P<points>[0-9]{1,4}(?:\.[0-9])?(?:点|位|番)?(?:/[0-9]{2,4}点?)?)(?!点?満点|[0-9人名件年])"
# 31 小田 篤 78 66 144 合格: numbers after a name, in a list of an examination
_AFTER_NAME = re.compile(
    r"(?<=[一-鿿ぁ-ゖァ-ヺ] )[0-9]{1,3}(?:[ \t]+[0-9]{1,4}){1,6}(?: +(?:合格|不合格|補欠|[A-E]))?"
)


class Scores:
    """`pattern` is points or column. A mark in a record of an examination belongs to a person."""

    def __init__(self, words: Words) -> None:
        self._points = re.compile(f"(?P<label>{one_of(words['context.marks'])}){_POINTS_VALUE}")
        self._of_all = frozenset(words["context.marks_of_all"])
        self._statistics = re.compile(one_of(words["context.statistics_of_marks"]))
        last = one_of(words["context.mark_columns_end"])
        self._columns = re.compile(rf"{one_of(words['context.mark_columns'])}|{last}$")
        self._of_persons = re.compile(one_of(words["context.examination_titles"]))

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        personal = self._of_persons.search(sheet.title) is not None
        for match in self._points.finditer(sheet.text):
            general = match["label"] in self._of_all
            line = sheet.text[slice(*sheet.line(match.start()))]
            if not general and self._statistics.search(line):
                continue
            if not match["points"].endswith("点") and not personal:
                continue
            start = match.start("label") if general else match.start("points")
            yield self._candidate(start, match.end("points"), "points", personal and not general)
        if personal:
            for match in _AFTER_NAME.finditer(sheet.text):
                yield self._candidate(match.start(), match.end(), "after_name", True)
        for field in sheet.fields:
            if (
                field.column
                and self._columns.search(field.form)
                and re.search(r"[0-9]", sheet.text[field.start : field.end])
            ):
                yield self._candidate(field.start, field.end, "column", personal)

    def _candidate(self, start: int, end: int, pattern: str, personal: bool) -> Candidate:
        return Candidate(
            kind=EntityKind.SCORE,
            start=start,
            end=end,
            recognizer="score",
            pattern=pattern,
            score=0.8,
            traits=frozenset({Trait.OF_INDIVIDUAL}) if personal else frozenset(),
        )
