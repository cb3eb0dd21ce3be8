"""What an amount of money means in this kind of record: the same words mean a tax here and a fee there."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.detect.patterns import one_of
from assistant.detect.words import Words
from assistant.domain.entity import Entity, EntityKind, Trait

_CONSUMPTION = "消費"  # 消費税額: part of a price
_MONEY = frozenset(
    (
        EntityKind.PRICE, EntityKind.INCOME, EntityKind.TAX, EntityKind.NEGOTIATION, EntityKind.UNIT_PRICE,
        EntityKind.COMPENSATION, EntityKind.FINANCIALS, EntityKind.RESERVE_PRICE,
    )
)  # fmt: skip


class RecordedAmounts:
    """Gives an amount the meaning it has in the record it stands in."""

    def __init__(self, words: Words) -> None:
        def listed(name: str) -> re.Pattern[str]:
            return re.compile(one_of(words[f"context.{name}"]))

        self._tax, self._fee, self._income = (
            listed("tax_titles"),
            listed("fee_titles"),
            listed("income_titles"),
        )
        self._talks, self._land = listed("talks_titles"), listed("land_titles")
        self._of_nobody = listed("of_nobody")
        self._by_rule = re.compile(rf"^[^\n]{{0,4}}\([^()\n]{{0,24}}{one_of(words['context.set_by_rule'])}")

    def in_record(self, entity: Entity, title: str, line: str, after: str, *, published: bool) -> Entity:
        """`entity` with the kind and traits its amount has in a record of this title.

        `line`: the folded line it stands on; `after`: the text behind it; `published`: the whole record is.
        """
        if entity.kind not in _MONEY or entity.explanations[0].recognizer != "money":
            return entity
        kind, traits = entity.kind, set(entity.traits)
        before = line.split(entity.text.strip(), maxsplit=1)[0][-24:]
        word = "".join(entity.explanations[0].context)
        general = kind is EntityKind.INCOME and (published or self._of_nobody.search(before))
        if general or self._by_rule.search(after):
            kind = EntityKind.PRICE
            traits.add(Trait.PUBLISHED)
        elif kind in (EntityKind.PRICE, EntityKind.INCOME, EntityKind.TAX) and self._fee.search(title):
            kind = EntityKind.PRICE
            traits.add(Trait.OF_INDIVIDUAL)
        elif kind is EntityKind.TAX and not self._tax.search(title):
            of_person = _CONSUMPTION not in word and self._income.search(title)
            kind = EntityKind.INCOME if of_person else EntityKind.PRICE
        elif kind is EntityKind.NEGOTIATION and not self._talks.search(title):
            kind = EntityKind.RESERVE_PRICE
        if kind in (EntityKind.PRICE, EntityKind.UNIT_PRICE, EntityKind.COMPENSATION) and self._land.search(
            title
        ):
            traits.add(Trait.LANDOWNER)
        return replace(entity, kind=kind, traits=frozenset(traits))
