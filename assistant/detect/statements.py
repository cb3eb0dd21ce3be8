"""Prose of a kind: values of fields whose label says what they are, clauses with words that say it.

Which rules count in a document is decided when it is read together (`together.py`): the kind of record stands on
the first page, a clause may stand on the tenth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.patterns import one_of
from assistant.detect.sheet import Field, Sheet
from assistant.detect.words import StatementRule, Words

_CLAUSE = re.compile(r"[^。、,;()「」『』\n\t|／※→]+")
_EDGE = re.compile(r"^[\s・○●■□◆:0-9①-⑳.]*(?=\S)")
_EMPTY_VALUES = frozenset(
    ("", "なし", "無", "無し", "有", "あり", "同上", "-", "ー", "―", "未", "済", "適", "否", "可", "不明", "別紙", "別紙のとおり", "特になし", "該当なし", "変更済", "*")
)


class Statements:
    """Candidates of every rule of statements.toml; `pattern` is "label:<rule>" or "word:<rule>"."""

    def __init__(self, words: Words) -> None:
        self._rules = [(rule, self._compile(rule.words), self._compile(rule.unless)) for rule in words.statements]
        self._by_label: dict[str, list[StatementRule]] = {}
        for rule in words.statements:
            for label in rule.labels:
                self._by_label.setdefault(label.replace(" ", ""), []).append(rule)

    @staticmethod
    def _compile(words: tuple[str, ...]) -> re.Pattern[str] | None:
        return re.compile(one_of(words)) if words else None

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        for field in sheet.fields:
            yield from self._of_field(sheet, field)
        for match in _CLAUSE.finditer(sheet.text):
            clause = match[0]
            if len(clause.strip()) < 2:
                continue
            for rule, words, unless in self._rules:
                word = words.search(clause) if words else None
                if word and not (unless and unless.search(clause)):
                    start, end = self._trim(sheet.text, match.start(), match.end())
                    yield self._candidate(rule, start, end, f"word:{rule.name}", 0.6, word[0])

    def _of_field(self, sheet: Sheet, field: Field) -> Iterable[Candidate]:
        rules = self._by_label.get(field.form.replace(" ", "")) or self._by_label.get(field.label, [])
        if not rules:
            return
        start, end = self._trim(sheet.text, field.start, field.end)
        value = sheet.text[start:end]
        if value in _EMPTY_VALUES or not re.search(r"\w", value):
            return
        for rule in rules:
            yield self._candidate(rule, start, end, f"label:{rule.name}", 0.8, field.form)

    def _trim(self, text: str, start: int, end: int) -> tuple[int, int]:
        edge = _EDGE.match(text[start:end])
        start += edge.end() if edge else 0
        while end > start and text[end - 1].isspace():
            end -= 1
        return start, end

    def _candidate(self, rule: StatementRule, start: int, end: int, pattern: str, score: float, word: str) -> Candidate:
        return Candidate(
            kind=rule.kind, start=start, end=end, recognizer="statement", pattern=pattern, score=score, context=(word,)
        )
