"""Numbers closed or opened by statute: individual numbers (個人番号) and corporate numbers (法人番号)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.check_digits import is_corporate_number, is_my_number
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

# Twelve digits, whatever stands between them on a form: nothing, spaces, hyphens, one line break.
_TWELVE = re.compile(
    r"(?<![0-9A-Za-z,.])(?:[0-9](?: ?[-ー‐] ?| {1,3}|[-ー‐ ]?\n {0,4}[-ー‐]?)?){11}[0-9](?![0-9A-Za-z,])"
)
_THIRTEEN = re.compile(r"(?<![0-9A-Za-z])T?[0-9]{1}[- ]?[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9A-Za-z])")
_MY_NUMBER_WORDS = re.compile(r"個 ?人 ?番 ?号|マイ ?ナンバー|特定個人")
_OTHER_NUMBER = re.compile(
    r"(?:番号|No\.?|№|コード|ID|JAN|ファイル名?)(?:\([^()]{0,12}\))? {0,2}[:.]? {0,2}$"
)
_GROUPED = re.compile(r"[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}")
_LOOK_BACK = 24


class MyNumbers:
    """個人番号: twelve digits with a right check digit, or so labelled even when a digit was misread."""

    def __init__(self, words: Words) -> None:
        pass

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        for match in _TWELVE.finditer(sheet.digits):
            digits = re.sub(r"[^0-9]", "", match[0])
            checked = is_my_number(digits)
            pattern = self._pattern(sheet, match, checked)
            if pattern is None:
                continue
            yield Candidate(
                kind=EntityKind.MY_NUMBER,
                start=match.start(),
                end=match.end(),
                recognizer="my_number",
                pattern=pattern,
                score=0.99 if checked and pattern == "labelled" else 0.8 if checked else 0.6,
                traits=frozenset({Trait.OF_INDIVIDUAL}),
                checked="check_digit" if checked else None,
            )

    def _pattern(self, sheet: Sheet, match: re.Match[str], checked: bool) -> str | None:
        before = sheet.text[max(0, match.start() - _LOOK_BACK) : match.start()]
        field = sheet.field_at(match.start())
        if _MY_NUMBER_WORDS.search(before) or (field is not None and field.label == "個人番号"):
            return "labelled"
        if not checked or _OTHER_NUMBER.search(before) or (field is not None and field.form.endswith("番号")):
            return None
        return "grouped" if _GROUPED.fullmatch(match[0]) else None


class CorporateNumbers:
    """法人番号 and the 登録番号 of invoices, which is T before it. Both are published."""

    def __init__(self, words: Words) -> None:
        pass

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        for match in _THIRTEEN.finditer(sheet.text):
            if is_corporate_number(re.sub(r"[^0-9]", "", match[0])):
                yield Candidate(
                    kind=EntityKind.CORPORATE_NUMBER,
                    start=match.start(),
                    end=match.end(),
                    recognizer="corporate_number",
                    pattern="registration" if match[0].startswith("T") else "plain",
                    score=0.9,
                    traits=frozenset({Trait.OF_COMPANY, Trait.PUBLISHED}),
                    checked="check_digit",
                )
