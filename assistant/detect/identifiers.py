"""Numbers that stand for a person, a vehicle or a document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

_VALUE = r"(?:\([^()\n]{1,10}\))? {0,3}[:=]? {0,3}(?:No\.?|第)? ?([A-Za-z0-9ぁ-んァ-ヺ一-鿿]{0,4}-?[0-9][A-Za-z0-9-]{1,18})(?:号)?"
_PERSONAL = re.compile(
    r"((?:運転)?免許(?:証)?(?:の)?番号|免許証|被保険者(?:等)?(?:証)?(?:の?記号)?(?:・?番号)?|保険証(?:の)?(?:記号)?(?:番号)?|旅券番号|パスポート番号|"
    r"在留カード(?:番号)?|受験番号|受検番号|学籍番号|出席番号|受給者(?:証)?番号|患者(?:番号|ID)|カルテ(?:番号|No\.?)|診察券番号|会員(?:番号|No\.?)|"
    r"宛名(?:番号|コード)|世帯(?:番号|コード)|納税(?:通知書|者)?番号|利用者(?:番号|ID|カード番号)|手帳番号|(?:基礎)?年金番号|お客様番号|契約者番号|"
    r"ケース番号|申込(?:者)?番号|整理番号|住民票コード|登録者番号|図書カード番号|貸出券番号|応募番号|児童番号|個人コード|調査対象番号|証明書番号)"
    + _VALUE
)
_EMPLOYEE = re.compile(r"((?:職員|社員|従業員|人事)(?:番号|コード|No\.?|ID))" + _VALUE)
_VEHICLE = re.compile(
    r"[一-鿿]{1,4} ?[0-9]{2,3}[A-Z]? ?[ぁ-ん] ?(?:[・.]{0,3}[0-9]{1,2} ?[-ー] ?[0-9]{2}|[・.]{1,3} ?[0-9]{1,3}|[0-9]{1,4})(?![0-9])"
)
_CHASSIS = re.compile(r"車(?:台|体)番号 {0,3}:? {0,3}([A-Z0-9]{2,8}-?[0-9]{5,9})")
_CITY_VEHICLE = re.compile(r"公用車|当方|庁用車|本市|市有|消防車|救急車|パトカー|パッカー車|市の車両")
_COLUMNS = {
    "受験番号": EntityKind.ID_NUMBER,
    "整理番号": EntityKind.ID_NUMBER,
    "学籍番号": EntityKind.ID_NUMBER,
    "会員番号": EntityKind.ID_NUMBER,
    "受給者番号": EntityKind.ID_NUMBER,
    "被保険者番号": EntityKind.ID_NUMBER,
    "宛名番号": EntityKind.ID_NUMBER,
    "利用者番号": EntityKind.ID_NUMBER,
    "ケース番号": EntityKind.ID_NUMBER,
    "職員番号": EntityKind.EMPLOYEE_NUMBER,
    "社員番号": EntityKind.EMPLOYEE_NUMBER,
}


class Identifiers:
    """Labelled numbers of persons, number plates. `context` of the explanation names the label."""

    def __init__(self, words: Words) -> None:
        pass

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        text = sheet.text
        for kind, pattern in ((EntityKind.EMPLOYEE_NUMBER, _EMPLOYEE), (EntityKind.ID_NUMBER, _PERSONAL)):
            for match in pattern.finditer(text):
                yield self._candidate(kind, match.start(2), match.end(2), match[1], 0.9)
        for match in _VEHICLE.finditer(text):
            start, _ = sheet.line(match.start())
            near = text[max(start, match.start() - 20) : match.start()]
            city = _CITY_VEHICLE.search(near) is not None and "相手" not in near
            yield Candidate(
                kind=EntityKind.VEHICLE_NUMBER,
                start=match.start(),
                end=match.end(),
                recognizer="vehicle_number",
                pattern="number_plate",
                score=0.9,
                traits=frozenset({Trait.OF_CITY if city else Trait.OF_INDIVIDUAL}),
            )
        for match in _CHASSIS.finditer(text):
            yield self._candidate(EntityKind.VEHICLE_NUMBER, match.start(1), match.end(1), "車台番号", 0.9)
        for field in sheet.fields:
            if field.column and field.form in _COLUMNS:
                start, end = field.start, field.end
                yield self._candidate(_COLUMNS[field.form], start, end, field.form, 0.85)

    def _candidate(self, kind: EntityKind, start: int, end: int, label: str, score: float) -> Candidate:
        return Candidate(
            kind=kind,
            start=start,
            end=end,
            recognizer=str(kind),
            pattern="labelled",
            score=score,
            context=(label,),
        )
