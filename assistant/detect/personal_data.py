"""Birth dates, ages, sex and occupation of a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.sheet import Field, Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind

_ERA = r"(?:明治|大正|昭和|平成|令和|西暦|[MTSHR]\.?)"
_N = r"[0-9〇一二三四五六七八九十元壱弐参拾]{1,5}"
_BORN = re.compile(
    rf"(?:{_ERA} ?)?{_N} ?年(?: ?{_N} ?月)?(?: ?{_N} ?日)?(?= ?(?:生(?![活徒産命])|生まれ|出生))"
    rf"|[MTSHR]\.?[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-][0-9]{{1,2}}(?= ?生)"
    rf"|[0-9]{{4}}[./-][0-9]{{1,2}}[./-][0-9]{{1,2}}(?= ?生)"
)
_BORN_TAIL = re.compile(r" ?(?:生まれ|生|出生)")
_ANY_DATE = re.compile(
    rf"(?:{_ERA} ?)?{_N} ?[年./-] ?{_N} ?[月./-] ?{_N} ?日?|{_ERA} ?[0-9]{{1,2}}(?:年(?:{_N}月)?)?|[0-9]{{4}}年?"
)
_AGE = re.compile(
    r"(?<![0-9第~-])(?:満|当時)? ?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3}) ?(?:歳|才)(?:代|[0-9]{1,2}(?:か月|ヶ月|カ月))?"
    r"(?! ?(?:以上|未満|以下|児|から|まで|到達|~|の部|人口|を対象|級|区分))"
    r"|(?<![0-9])[1-9]0代(?:前半|後半|半ば)?(?= ?(?:の)?(?:男|女|[、)(・ ]))"
)
# 尾上 春奈(34): two digits alone in brackets after a word
_BRACKETED_AGE = re.compile(r"(?<=[一-鿿ぁ-ゖァ-ヺ])\(([1-9][0-9])\)(?=[ 　、。\n]|$)")
_GRADE = re.compile(r"(?<=[、( ])(?:小|中|高)[1-6]年?(?=[、)男女])|(?:小学校?|中学校?|高校) ?[1-6] ?年生?")
_BARE_AGE = re.compile(r"(?<![0-9])[0-9]{1,3}(?![0-9])")
_SEX = re.compile(r"(?<![長次二三四五善信一])(?:男性|女性|男児|女児|男子|女子|男|女)(?![・/性児子声])")
_SEX_NEAR = re.compile(r"(?:[歳才代、)(・ ]|小[1-6]|中[1-3]|年) ?(?:の)?$")
_OCCUPATION = re.compile(
    r"(?<![ァ-ヺー一-鿿])(?:無職|会社員|会社役員|団体職員|団体役員|自営業|専業主婦|主婦|年金生活者?|年金受給者|アルバイト|パート(?:勤務)?|派遣社員|"
    r"契約社員|学生|大学生|高校生|中学生|農業|漁業|林業|介護職|看護師|教員|タクシー運転手|トラック運転手|運転手|飲食店経営|飲食店勤務|"
    r"建設業|土木作業員|作業員|大工|美容師|理容師|保育士|公務員|警備員|調理師|工員|フリーター)(?=[、)(\s。・/]|$|[0-9])"
)
_LOOK_BACK = 6


class PersonalData:
    """What forms and reports say of a person beside the name."""

    def __init__(self, words: Words) -> None:
        pass

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        text = sheet.text
        for match in _BORN.finditer(text):
            tail = _BORN_TAIL.match(text, match.end())
            end = tail.end() if tail else match.end()
            yield self._candidate(EntityKind.BIRTH_DATE, match.start(), end, "born", 0.95)
        ages = list(_AGE.finditer(text))
        for match in ages:
            yield self._candidate(EntityKind.AGE, match.start(), match.end(), "age", 0.9)
        for match in _BRACKETED_AGE.finditer(text):
            yield self._candidate(EntityKind.AGE, match.start(1), match.end(1), "in_brackets", 0.6)
        for match in _GRADE.finditer(text):
            yield self._candidate(EntityKind.AGE, match.start(), match.end(), "grade", 0.7)
        for match in _SEX.finditer(text):
            if self._beside_age(text, match, ages):
                yield self._candidate(EntityKind.SEX, match.start(), match.end(), "beside_age", 0.8)
        for match in _OCCUPATION.finditer(text):
            yield self._candidate(EntityKind.OCCUPATION, match.start(), match.end(), "listed", 0.7)
        for field in sheet.fields:
            yield from self._of_field(text, field)

    def _beside_age(self, text: str, match: re.Match[str], ages: list[re.Match[str]]) -> bool:
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        follows_age = any(0 <= age.start() - match.end() <= 3 for age in ages)
        near_age = any(0 <= match.start() - age.end() <= 3 for age in ages)
        return (
            (near_age and _SEX_NEAR.search(before) is not None)
            or follows_age
            or re.search(r"小[1-6]$|中[1-3]$|年生?$", before) is not None
        )

    def _of_field(self, text: str, field: Field) -> Iterable[Candidate]:
        kind = field.known.kind if field.known else None
        if kind is EntityKind.BIRTH_DATE:
            match = _ANY_DATE.search(text, field.start, field.end)
        elif kind is EntityKind.AGE:
            match = _BARE_AGE.search(text, field.start, min(field.end, field.start + 8))
        elif kind is EntityKind.SEX:
            match = _SEX.match(text, field.start, field.end)
        else:
            return
        if match:
            yield self._candidate(kind, match.start(), match.end(), "labelled", 0.9)

    def _candidate(self, kind: EntityKind, start: int, end: int, pattern: str, score: float) -> Candidate:
        return Candidate(kind=kind, start=start, end=end, recognizer=str(kind), pattern=pattern, score=score)
