"""Whose age, telephone, illness, account it is: attributes linked to the person they stand beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.detect.words import Words
from assistant.domain.document import Document, Extent
from assistant.domain.entity import Entity, EntityKind, Person, Trait

_ATTRIBUTES = frozenset(
    (
        EntityKind.AGE, EntityKind.SEX, EntityKind.OCCUPATION, EntityKind.BIRTH_DATE, EntityKind.HEALTH,
        EntityKind.INCOME, EntityKind.FAMILY, EntityKind.PRIVATE_LIFE, EntityKind.LEAVE, EntityKind.PAY_STEP,
        EntityKind.EVALUATION, EntityKind.SCORE, EntityKind.ID_NUMBER, EntityKind.EMPLOYEE_NUMBER,
        EntityKind.DISCIPLINE, EntityKind.PHONE, EntityKind.ADDRESS, EntityKind.BANK_ACCOUNT, EntityKind.SEAL,
        EntityKind.SIGNATURE, EntityKind.EMAIL, EntityKind.MY_NUMBER, EntityKind.COMPENSATION, EntityKind.POST,
    )
)  # fmt: skip
_OWNED = frozenset(
    (
        EntityKind.PHONE,
        EntityKind.ADDRESS,
        EntityKind.BANK_ACCOUNT,
        EntityKind.SEAL,
        EntityKind.SIGNATURE,
        EntityKind.EMAIL,
    )
)
_LINES_ABOVE = 4
_NOT_PRIVATE = frozenset((Trait.OFFICIAL, Trait.REPRESENTATIVE, Trait.BOARD_MEMBER, Trait.COUNCILLOR))


class Attributes:
    """An attribute belongs to the nearest person before it on the line, else after it, else in the lines above."""

    def __init__(self, words: Words) -> None:
        pass

    def linked(
        self, document: Document, others: Sequence[Entity], names: Sequence[Entity], persons: Sequence[Person]
    ) -> list[Entity]:
        """`others` with `person` set where a person stands near enough."""
        return [
            self._linked(document, entity, names)
            if entity.kind in _ATTRIBUTES or self._workplace(document, entity)
            else self._named_after(entity, names)
            for entity in others
        ]

    def _workplace(self, document: Document, entity: Entity) -> bool:
        """〇〇株式会社勤務: an organisation that is said of a person."""
        if entity.kind is not EntityKind.ORGANIZATION:
            return False
        place = entity.extents[-1]
        text = document.page(place.page).text
        return (
            text.startswith(("勤務", "に勤務", "に勤め", "社員"), place.end)
            or entity.standing.section == "職業"
        )

    def _named_after(self, entity: Entity, names: Sequence[Entity]) -> Entity:
        """山田食堂 where a 山田 is not to be known: the shop gives the family away."""
        if entity.kind not in (EntityKind.ORGANIZATION, EntityKind.TRADE_NAME):
            return entity
        for name in names:
            family = name.text.split()[0] if name.text.split() else ""
            private = not name.traits & (_NOT_PRIVATE | {Trait.SOLE_PROPRIETOR, Trait.EMPLOYEE})
            if (
                private
                and len(family) >= 2
                and entity.text.startswith(family[:2])
                and entity.text != name.text
            ):
                return replace(entity, person=name.person)
        return entity

    def _linked(self, document: Document, entity: Entity, names: Sequence[Entity]) -> Entity:
        place = entity.extents[0]
        line = self._line(document, place)
        fitting = [
            name for name in names if name.extents[0].page == place.page and self._may_own(entity, name)
        ]
        same = [name for name in fitting if line[0] <= name.extents[0].start < line[1]]
        before = [name for name in same if name.extents[-1].end <= place.start]
        owner = before[-1] if before else None
        if entity.kind is EntityKind.POST:  # a title stands right before its bearer, or in the bracket after
            following = [name for name in same if 0 <= name.extents[0].start - entity.extents[-1].end <= 3]
            owner = following[0] if following else owner
        if owner is None and same:
            owner = min(same, key=lambda name: abs(name.extents[0].start - place.start))
        if owner is None:
            above = [
                n
                for n in fitting
                if n.extents[0].start < place.start
                and self._lines_between(document, n.extents[0], place) <= _LINES_ABOVE
            ]
            owner = above[-1] if above else None
        return replace(entity, person=owner.person) if owner is not None else entity

    def _may_own(self, entity: Entity, name: Entity) -> bool:
        if entity.kind not in _OWNED:
            return True
        public = bool(name.traits & _NOT_PRIVATE) and Trait.PRIVATE_CAPACITY not in name.traits
        if Trait.OF_CITY in entity.traits:
            return False
        belongs = entity.traits & {Trait.OF_INDIVIDUAL, Trait.OF_COMPANY, Trait.HOME}
        if entity.kind is EntityKind.ADDRESS and not belongs:
            return False  # a site, a parcel: the person on the line does not live there
        if Trait.OF_COMPANY in entity.traits:
            return bool(name.traits & {Trait.REPRESENTATIVE, Trait.SOLE_PROPRIETOR, Trait.EMPLOYEE})
        return (
            not public
            or Trait.HOME in entity.traits
            or entity.kind in (EntityKind.SEAL, EntityKind.BANK_ACCOUNT)
        )

    def _line(self, document: Document, extent: Extent) -> tuple[int, int]:
        text = document.page(extent.page).text
        start = text.rfind("\n", 0, extent.start) + 1
        end = text.find("\n", extent.end)
        return start, len(text) if end < 0 else end

    def _lines_between(self, document: Document, first: Extent, second: Extent) -> int:
        return document.page(first.page).text.count("\n", first.end, second.start)
