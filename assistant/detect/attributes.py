"""Whose age, telephone, illness, account it is: attributes linked to the person they stand beside."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
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
_MOST_NAMES = 50
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
        near = _Near(document, names)
        families = self._families(names)
        return [
            self._linked(near, entity)
            if entity.kind in _ATTRIBUTES or self._workplace(document, entity)
            else self._named_after(entity, families)
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

    def _families(self, names: Sequence[Entity]) -> dict[str, list[Entity]]:
        """Persons who are not to be known, by the first two letters of the family name."""
        families: dict[str, list[Entity]] = {}
        for name in names:
            family = name.text.split()[0] if name.text.split() else ""
            private = not name.traits & (_NOT_PRIVATE | {Trait.SOLE_PROPRIETOR, Trait.EMPLOYEE})
            if private and len(family) >= 2:
                families.setdefault(family[:2], []).append(name)
        return families

    def _named_after(self, entity: Entity, families: Mapping[str, Sequence[Entity]]) -> Entity:
        """山田食堂 where a 山田 is not to be known: the shop gives the family away."""
        if entity.kind not in (EntityKind.ORGANIZATION, EntityKind.TRADE_NAME):
            return entity
        for name in families.get(entity.text[:2], ()):
            if entity.text != name.text:
                return replace(entity, person=name.person)
        return entity

    def _linked(self, near: _Near, entity: Entity) -> Entity:
        place = entity.extents[0]
        line = near.line(place)
        fitting = [name for name in near.names(place) if self._may_own(entity, name)]
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
                and near.lines_between(n.extents[0], place) <= _LINES_ABOVE
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


class _Near:
    """Names by where they stand, so that an attribute asks only those on its line and just above."""

    def __init__(self, document: Document, names: Sequence[Entity]) -> None:
        self._document = document
        self._names = names
        by_page: dict[int, list[tuple[int, int]]] = {}
        for number, name in enumerate(names):
            by_page.setdefault(name.extents[0].page, []).append((name.extents[0].start, number))
        self._by_page = {page: sorted(rows) for page, rows in by_page.items()}

    def names(self, extent: Extent) -> list[Entity]:
        """Those from some lines above to the end of the line, in the order in which they were given."""
        first, last = self.line(extent)
        text = self._document.page(extent.page).text
        for _ in range(_LINES_ABOVE):
            first = text.rfind("\n", 0, max(0, first - 1)) + 1
        rows = self._by_page.get(extent.page, [])
        here = bisect_left(rows, (extent.start, 0))
        # A line with a hundred names is no line anybody wrote: the nearest are asked, and the time stays linear.
        lowest, highest = max(0, here - _MOST_NAMES), here + _MOST_NAMES
        found = rows[
            bisect_left(rows, (first, 0), lowest, here) : bisect_left(
                rows, (last, 0), here, min(highest, len(rows))
            )
        ]
        return [self._names[number] for number in sorted(number for _, number in found)]

    def line(self, extent: Extent) -> tuple[int, int]:
        """Start and end of the line."""
        text = self._document.page(extent.page).text
        start = text.rfind("\n", 0, extent.start) + 1
        end = text.find("\n", extent.end)
        return start, len(text) if end < 0 else end

    def lines_between(self, first: Extent, second: Extent) -> int:
        """Line breaks between the two."""
        return self._document.page(first.page).text.count("\n", first.end, second.start)
