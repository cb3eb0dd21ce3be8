"""Numbers that stand for a person, a vehicle or a document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.patterns import one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

_VALUE = r"(?:\([^()\n]{1,10}\))? {0,3}[:=]? {0,3}(?:No\.?|第)? ?([A-Za-z0-9ぁ-んァ-ヺ一-鿿]{0,4}-?[0-9][A-Za-z0-9-]{1,18})(?:号)?"
_VEHICLE = re.compile(
    r"[一-鿿]{1,4} ?[0-9]{2,3}[A-Z]? ?[ぁ-ん] ?(?:[・.]{0,3}[0-9]{1,2} ?[-ー] ?[0-9]{2}|[・.]{1,3} ?[0-9]{1,3}|[0-9]{1,4})(?![0-9])"
)
# Behind a thing that is numbered only now and then: five letters or more, four of them digits, perhaps in groups
_LONG_VALUE = re.compile(
    r"[ :(]{0,3}(?:番号|記号|No\.?|第)?[ :]{0,2}(?:第 ?)?((?:[A-Z]{1,3}-?)?[0-9](?:[ -]?[0-9]){3,15}[A-Z]{0,2}(?: 番号 ?[0-9]{1,8})?)(?![0-9,]|\.[0-9]|[年月日円人件名台枚本%])"
)
_CHASSIS_VALUE = r" {0,3}:? {0,3}([A-Z0-9]{2,8}-?[0-9]{5,9})"


class Identifiers:
    """Labelled numbers of persons, number plates. `context` of the explanation names the label."""

    def __init__(self, words: Words) -> None:
        self._labelled = []
        self._columns: dict[str, EntityKind] = {}
        for meaning in words.identifiers:
            value = _CHASSIS_VALUE if meaning.kind is EntityKind.VEHICLE_NUMBER else _VALUE
            self._labelled.append((meaning.kind, re.compile(f"({one_of(meaning.words)}){value}")))
            self._columns.update(dict.fromkeys(meaning.columns, meaning.kind))
        self._numbered = re.compile(one_of(words["context.numbered_things"]))
        self._city = re.compile(one_of(words["context.city_vehicle"]))
        self._others = re.compile(one_of(words["context.other_vehicle"]))

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        text = sheet.text
        for kind, pattern in self._labelled:
            for match in pattern.finditer(text):
                yield self._candidate(kind, match.start(2), match.end(2), match[1], 0.9)
        for thing in self._numbered.finditer(text):
            value = _LONG_VALUE.match(text, thing.end())
            if value:
                yield self._candidate(EntityKind.ID_NUMBER, value.start(1), value.end(1), thing[0], 0.92)
        for match in _VEHICLE.finditer(text):
            start, _ = sheet.line(match.start())
            near = text[max(start, match.start() - 20) : match.start()]
            city = self._city.search(near) is not None and self._others.search(near) is None
            yield Candidate(
                kind=EntityKind.VEHICLE_NUMBER,
                start=match.start(),
                end=match.end(),
                recognizer="vehicle_number",
                pattern="number_plate",
                score=0.9,
                traits=frozenset({Trait.OF_CITY if city else Trait.OF_INDIVIDUAL}),
            )
        for field in sheet.fields:
            if field.column and field.form in self._columns:
                start, end = field.start, field.end
                yield self._candidate(self._columns[field.form], start, end, field.form, 0.85)

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
