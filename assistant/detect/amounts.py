"""What an amount of money means in this kind of record: the same words mean a tax here and a fee there."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.domain.entity import Entity, EntityKind, Trait

_TAX_RECORD = re.compile(r"滞納|課税|納税|徴収|固定資産税|市民税|住民税|所得証明|税務|減免|賦課|差押")
_FEE_RECORD = re.compile(r"報償|謝金|謝礼|講師料|報酬|賃貸借|任命名簿|派遣依頼|原稿料|出演")
_TALKS = re.compile(r"交渉|用地|示談|和解|訴訟|賠償|補償|協議|立退|移転|調停|買収|方針|折衝|事故")
_LAND = re.compile(r"土地|用地|買収|売買|売渡|借地|地上権|収用")
_INCOME_RECORD = re.compile(
    r"給与|給料|年金|生活保護|収入|所得|家計|手当|減免|奨学|貸付|課税|納税|滞納|扶助|就学援助|入居|家賃|資産|相談|ケース|申請|認定|世帯|保育|養育|介護|医療"
)
_BY_RULE = re.compile(r"^[^\n]{0,4}\([^()\n]{0,24}(?:条例|規則|要綱|告示|公表|基準表)")
_AVERAGE = re.compile(r"平均|総額|給料表|初任給|基準額|標準")
_MONEY = frozenset(
    (
        EntityKind.PRICE, EntityKind.INCOME, EntityKind.TAX, EntityKind.NEGOTIATION, EntityKind.UNIT_PRICE,
        EntityKind.COMPENSATION, EntityKind.FINANCIALS, EntityKind.RESERVE_PRICE,
    )
)  # fmt: skip


def in_record(entity: Entity, title: str, line: str, after: str, *, published: bool) -> Entity:
    """`entity` with the kind and traits its amount has in a record of this title.

    `line`: the folded line it stands on; `after`: the text behind it; `published`: the whole record is.
    """
    if entity.kind not in _MONEY or entity.explanations[0].recognizer != "money":
        return entity
    kind, traits = entity.kind, set(entity.traits)
    before = line.split(entity.text.strip(), maxsplit=1)[0][-24:]
    word = "".join(entity.explanations[0].context)
    if (kind is EntityKind.INCOME and (published or _AVERAGE.search(before))) or _BY_RULE.search(after):
        kind = EntityKind.PRICE
        traits.add(Trait.PUBLISHED)
    elif kind in (EntityKind.PRICE, EntityKind.INCOME, EntityKind.TAX) and _FEE_RECORD.search(title):
        kind = EntityKind.PRICE
        traits.add(Trait.OF_INDIVIDUAL)
    elif kind is EntityKind.TAX and not _TAX_RECORD.search(title):
        kind = (
            EntityKind.PRICE
            if "消費" in word
            else EntityKind.INCOME
            if _INCOME_RECORD.search(title)
            else EntityKind.PRICE
        )
    elif kind is EntityKind.NEGOTIATION and not _TALKS.search(title):
        kind = EntityKind.RESERVE_PRICE
    if kind in (EntityKind.PRICE, EntityKind.UNIT_PRICE, EntityKind.COMPENSATION) and _LAND.search(title):
        traits.add(Trait.LANDOWNER)
    return replace(entity, kind=kind, traits=frozenset(traits))
