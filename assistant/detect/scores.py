"""Marks given to persons and proposals: 得点, per-judge marks, ranks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

_POINTS = re.compile(
    r"(?P<label>得点|点数|総得点|合計点?|素点|評点|筆記|面接|論文|作文|適性|一般教養|専門|評価点|採点|内申点?|偏差値|順位|合格ライン|合格最低点|平均点|最高点|最低点)"
    r"(?:試験)?[ :は]{0,3}(?P<points>[0-9]{1,4}(?:\.[0-9])?(?:点|位|番)?(?:/[0-9]{2,4}点?)?)(?!点?満点|[0-9人名件年])"
)
# 31 小田 篤 78 66 144 合格: numbers after a name, in a list of an examination
_AFTER_NAME = re.compile(
    r"(?<=[一-鿿ぁ-ゖァ-ヺ] )[0-9]{1,3}(?:[ \t]+[0-9]{1,4}){1,6}(?: +(?:合格|不合格|補欠|[A-E]))?"
)
_COLUMNS = re.compile(r"委員別|審査員別|各委員|得点|素点|評点$|個人点|面接点|筆記点|偏差値|席次")
_OF_PERSONS = re.compile(r"試験|面接|評定|成績|選考|受験|受検|通知表|指導要録|調査書|検査|内申|考査|認定")
_LINE = re.compile(r"合格ライン|合格最低点|最低点|平均点|最高点")


class Scores:
    """`pattern` is points or column. A mark in a record of an examination belongs to a person."""

    def __init__(self, words: Words) -> None:
        pass

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        personal = _OF_PERSONS.search(sheet.title) is not None
        for match in _POINTS.finditer(sheet.text):
            general = _LINE.fullmatch(match["label"]) is not None
            line = sheet.text[slice(*sheet.line(match.start()))]
            if not general and re.search(r"平均|最高点|最低点|配点|受験者数|合格基準|合格者数", line):
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
                and _COLUMNS.search(field.form)
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
