"""Prose of a kind: values of fields whose label says what they are, clauses with words that say it.

Which rules count in a document is decided when it is read together (`prose.py`): the kind of record stands on the
first page, a clause may stand on the tenth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.label_words import LabelWords
from assistant.detect.patterns import one_of
from assistant.detect.sheet import Field, Sheet
from assistant.detect.words import StatementRule, Words
from assistant.domain.entity import EntityKind

# Marks that end a clause; a comma or colon between digits is part of a number or a ratio.
_MARK = re.compile(r"[。、;()「」『』\n\t|／※→]|(?<![0-9])[,:]|[,:](?![0-9])")
_EDGE = re.compile(r"^[\s・○●■□◆→※:①-⑳.]*(?:[0-9]{1,2}[ .)] ?(?=[^0-9\s]))?(?=\S)")
_EMPTY_VALUES = frozenset(
    (
        "", "なし", "無", "無し", "有", "あり", "同上", "-", "ー", "―", "未", "済", "適", "否", "可", "不明", "別紙",
        "別紙のとおり", "特になし", "該当なし", "変更済", "*",
    )
)  # fmt: skip
# Small counts and dates alone say nothing under a label that nobody listed.
_PLAIN_VALUE = re.compile(
    r"[0-9]{1,2}|(?:令和|平成|昭和|[RHS])?[0-9元]{1,4}[年./-][0-9]{1,2}(?:[月./-](?:[0-9]{1,2}日?)?)?[\s0-9:時分()火水木金土曜頃ころ~]*"
)
# 腰を痛め、今週から休んでいる: a short clause without a subject of its own goes on about the same.
_GOES_ON = re.compile(
    r"(?:(?!説明|確認|伝え|報告|連絡|実施|案内|通知|対応|訪問|円)[^はが、。()「」\n\t :]){4,20}(?=[。」)\n]|$)"
)
# Values that are amounts: what follows a comma or a bracket in them is another matter.
_AMOUNTS = frozenset((EntityKind.FINANCIALS, EntityKind.TAX, EntityKind.INCOME))
_AMOUNT_END = re.compile(r"[(、](?![0-9])|。")


class Statements:
    """Candidates of every rule of statements.toml; `pattern` is "label:<rule>" or "word:<rule>"."""

    def __init__(self, words: Words) -> None:
        self._rules = [
            (rule, self._compile(rule.words), self._compile(rule.unless)) for rule in words.statements
        ]
        self._label_words = LabelWords()
        self._by_label: dict[str, list[StatementRule]] = {}
        for rule in words.statements:
            for label in rule.labels:
                self._by_label.setdefault(label.replace(" ", ""), []).append(rule)

    @staticmethod
    def _compile(words: tuple[str, ...]) -> re.Pattern[str] | None:
        return re.compile(one_of(words)) if words else None

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        title_end = self._title_end(sheet)
        for field in sheet.fields:
            if field.label_start >= title_end and (field.column or not sheet.is_header(field.label_start)):
                yield from self._of_field(sheet, field)
        for start, end in self._clauses(sheet):
            if start < title_end or end - start < 2 or sheet.is_header(start):
                continue
            clause = sheet.text[start:end]
            for rule, words, unless in self._rules:
                word = words.search(clause) if words else None
                if word and not (unless and unless.search(clause)):
                    first, last = self._reach(sheet, rule, start, end)
                    yield self._candidate(rule, first, last, f"word:{rule.name}", 0.6, word[0])

    def _title_end(self, sheet: Sheet) -> int:
        """The first line, if it is a title and no sentence, says what record it is and nothing about anybody."""
        for start, end in sheet.lines:
            line = sheet.text[start:end].strip()
            if line:
                return end if len(line) <= 60 and "。" not in line and ":" not in line else 0
        return 0

    def _clauses(self, sheet: Sheet) -> Iterable[tuple[int, int]]:
        """Trimmed spans between marks; an ideographic space parts fields, so it ends a clause, too."""
        start = 0
        page = sheet.page.text
        marks = [m.span() for m in _MARK.finditer(sheet.text)]
        wide = [(i, i + 1) for i, s in enumerate(sheet.folded.starts) if page[s] == "　"]
        labels = [(f.label_start, f.start) for f in sheet.fields if not f.column]
        for a, b in (*sorted([*marks, *wide, *labels]), (len(sheet.text), len(sheet.text))):
            if a > start:
                yield self._trim(sheet.text, start, a)
            start = max(start, b)

    def _reach(self, sheet: Sheet, rule: StatementRule, start: int, end: int) -> tuple[int, int]:
        """How far the statement goes: the whole sentence where the rule says so, else with the bracket after it."""
        text = sheet.text
        line_start, line_end = sheet.line(start)
        field = sheet.field_at(start)
        if rule.whole_sentence and not (field is not None and field.column):
            first = max(text.rfind("。", line_start, start) + 1, line_start)
            stop = text.find("。", end, line_end)
            return self._trim(text, first, stop if stop >= 0 else line_end)
        if rule.person and text[end : end + 1] == "、":
            more = _GOES_ON.match(text, end + 1, line_end)
            end = more.end() if more else end
        if text[end : end + 1] == "(":
            close = text.find(")", end, line_end)
            if 0 <= close - end <= 40:
                return start, close + 1
        return start, end

    def _of_unlisted(self, sheet: Sheet, field: Field) -> Iterable[Candidate]:
        """A label known by a word in it: the rule is chosen when the title of the whole document is known."""
        form = field.form.replace(" ", "")
        if field.known is not None and (field.known.kind is not None or field.known.person):
            return
        if not self._label_words.may_be(form):
            return
        start, end = self._trim(sheet.text, field.start, field.end)
        value = sheet.text[start:end]
        if value in _EMPTY_VALUES or not re.search(r"\w", value) or _PLAIN_VALUE.fullmatch(value):
            return
        yield Candidate(
            kind=EntityKind.OTHER,
            start=start,
            end=end,
            recognizer="statement",
            pattern=f"form:{form}",
            score=0.5,
            context=(field.label,),
        )

    def _of_field(self, sheet: Sheet, field: Field) -> Iterable[Candidate]:
        rules = self._by_label.get(field.form.replace(" ", "")) or self._by_label.get(field.label, [])
        yield from self._of_unlisted(sheet, field)
        if not rules:
            return
        start, end = self._trim(sheet.text, field.start, field.end)
        value = sheet.text[start:end]
        if value in _EMPTY_VALUES or not re.search(r"\w", value):
            return
        for rule in rules:
            stop = _AMOUNT_END.search(sheet.text, start, end) if rule.kind in _AMOUNTS else None
            # 在庫(…): a sum that is cut off at its bracket has nothing before it when the value begins with one.
            if stop is None or stop.start() > start:
                reach = stop.start() if stop else end
                yield self._candidate(rule, start, reach, f"label:{rule.name}", 0.8, field.form)

    def _trim(self, text: str, start: int, end: int) -> tuple[int, int]:
        edge = _EDGE.match(text[start:end])
        start += edge.end() if edge else 0
        while end > start and text[end - 1].isspace():
            end -= 1
        return start, end

    def _candidate(  # noqa: PLR0917 - the parts of one candidate, in the order they are read
        self, rule: StatementRule, start: int, end: int, pattern: str, score: float, word: str
    ) -> Candidate:
        return Candidate(
            kind=rule.kind,
            start=start,
            end=end,
            recognizer="statement",
            pattern=pattern,
            score=score,
            context=(word,),
        )
