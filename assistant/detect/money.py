"""Amounts of money, told apart by what stands before them: price, reserve price, income, compensation …"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.patterns import one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind

# Bounded, so that a page of digits is read in linear time.
_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3}){1,6}(?:\.[0-9]{1,6})?|[0-9]{1,16}(?:\.[0-9]{1,6})?"
_AMOUNT = re.compile(
    rf"(?:金|月額|年額|日額|時給|年|約)? ?[¥△▲-]? ?(?:{_DIGITS}) ?(?:千|百万|十万|万|億)?円(?:/[^\s、。()]{{1,4}}|×[0-9]{{1,6}}[日名人回]?)?"
    rf"|¥ ?(?:{_DIGITS})-?|(?<![0-9A-Za-z.,])(?:[0-9]{{1,16}}(?:\.[0-9]{{1,6}})?)(?:万|億)円?(?=[\s、。)]|$)"
    r"|(?:金 ?)?[一二三四五六七八九十百千万億〇壱弐参拾]{2,16}円(?:也)?"
)
_NUMBER = re.compile(rf"[△▲-]?(?:{_DIGITS})")
_CLAUSE_BREAK = re.compile(r"[。、;／/\n\t)]")
_LOOK_BACK = 22
_TELLING_ROOM = 12
_PAY_STEP = re.compile(r"[0-9]{1,2}級(?: ?[0-9]{1,3}号(?:給|俸)?)?|[0-9]{1,3}号(?:給|俸)")


class Money:
    """One candidate an amount; `context` names the word that gave it its meaning."""

    def __init__(self, words: Words) -> None:
        # Of several words the nearest before the amount counts, then the order of amounts.toml.
        self._before = [(m.kind, re.compile(one_of(m.words))) for m in words.amounts if m.words]
        self._columns = [(m.kind, re.compile(one_of(m.columns))) for m in words.amounts if m.columns]
        # The name of the item alone tells something of the person's life (組合費: a member of the union).
        self._telling = re.compile(one_of(words["context.telling_items"]) + r" {0,2}$")
        self._step = re.compile(one_of(words["context.pay_step_before"]) + r"[ :(]{0,3}$")
        self._no_step = re.compile(one_of(words["context.not_pay_step_before"]))

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        seen: set[int] = set()
        for match in _AMOUNT.finditer(sheet.text):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            kind, word = self._meaning(sheet, start)
            if kind is EntityKind.INCOME:
                telling = self._telling.search(sheet.text[max(0, start - _TELLING_ROOM) : start])
                start -= len(telling[0]) if telling else 0
            seen.add(sheet.line_number(start))
            yield self._candidate(kind, start, match.end(), "amount", word)
        for field in sheet.fields:
            if not field.column:
                continue
            for kind, pattern in self._columns:
                if pattern.search(field.form):
                    number = _NUMBER.search(sheet.text, field.start, field.end)
                    if number and not _AMOUNT.search(sheet.text, field.start, field.end):
                        yield self._candidate(kind, number.start(), number.end(), "column", field.form)
                    break
        for match in _PAY_STEP.finditer(sheet.text):
            if self._is_pay_step(sheet, match):
                yield self._candidate(EntityKind.PAY_STEP, match.start(), match.end(), "pay_step", "")

    def _meaning(self, sheet: Sheet, start: int) -> tuple[EntityKind, str]:
        line_start, _ = sheet.line(start)
        before = sheet.text[max(line_start, start - _LOOK_BACK) : start]
        clauses = _CLAUSE_BREAK.split(before.rstrip("( 「"))
        field = sheet.field_at(start)
        if field is not None and field.column:
            for kind, pattern in self._columns:
                if pattern.search(field.form):
                    return kind, field.form
        near = clauses[-1] or (clauses[-2] if len(clauses) > 1 else "")
        best: tuple[int, EntityKind, str] | None = None
        for kind, pattern in self._before:
            for match in pattern.finditer(near):
                if best is None or match.end() > best[0]:
                    best = (match.end(), kind, match[0])
        return (best[1], best[2]) if best else (EntityKind.PRICE, "")

    def _is_pay_step(self, sheet: Sheet, match: re.Match[str]) -> bool:
        before = sheet.text[max(0, match.start() - 12) : match.start()]
        if re.search(r"号(?:給|俸)$", match[0]):
            return True
        return self._step.search(before) is not None and self._no_step.search(before) is None

    def _candidate(self, kind: EntityKind, start: int, end: int, pattern: str, word: str) -> Candidate:
        return Candidate(
            kind=kind,
            start=start,
            end=end,
            recognizer="money",
            pattern=pattern,
            score=0.85,
            context=(word,) if word else (),
        )
