"""Amounts of money, told apart by what stands before them: price, reserve price, income, compensation …"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind

_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_AMOUNT = re.compile(
    rf"(?:金|月額|年額|日額|時給|年|約)? ?[¥△▲-]? ?(?:{_DIGITS}) ?(?:千|百万|十万|万|億)?円(?:/[^\s、。()]{{1,4}}|×[0-9]+[日名人回]?)?"
    rf"|¥ ?(?:{_DIGITS})-?|(?<![0-9A-Za-z.,])(?:[0-9]+(?:\.[0-9]+)?)(?:万|億)円?(?=[\s、。)]|$)"
    r"|(?:金 ?)?[一二三四五六七八九十百千万億〇壱弐参拾]{2,16}円(?:也)?"
)
_NUMBER = re.compile(rf"[△▲-]?(?:{_DIGITS})")
# Ordered: the first that stands nearest before the amount in its clause wins by position, then by this order.
_MEANINGS: tuple[tuple[EntityKind, re.Pattern[str]], ...] = (
    (
        EntityKind.RESERVE_PRICE,
        re.compile(
            r"予定価格|最低制限価格|調査基準価格|失格基準|設計金額|設計額|予定金額|積算額|基準価格|入札書比較価格|秘密の上限|見積限度"
        ),
    ),
    (
        EntityKind.COMPENSATION,
        re.compile(r"補償(?:金|額|費)?|移転料|立木|営業補償|物件移転|慰謝料|見舞金|解決金|損害賠償"),
    ),
    (EntityKind.NEGOTIATION, re.compile(r"上限額?|限度額?|提示額?|譲歩|和解金|腹案|落としどころ")),
    (
        EntityKind.TAX,
        re.compile(r"税額|課税標準|滞納|所得割|均等割|納付額|未納|延滞金|差押|分納|市県?民税|固定資産税"),
    ),
    (
        EntityKind.INCOME,
        re.compile(
            r"年収|月収|収入|所得|年金|給料|給与|俸給|手当|賞与|ボーナス|預金|貯金|貯蓄|資産|家賃|扶助|保護費|仕送り|控除|差引支給|報酬月額|生活費|養育費|借金|ローン|掛金|組合費|共済|保険料|負債|残高|支給額|賃金日額|財形|団体生命|奨学金"
        ),
    ),
    (
        EntityKind.FINANCIALS,
        re.compile(
            r"売上|利益|原価|人件費|労務|時給|賃金|借入|資本|仕入|粗利|経費率|手数料率|卸|在庫|請負額|受注額|日額|送客手数料"
        ),
    ),
    (EntityKind.UNIT_PRICE, re.compile(r"単価|見積|内訳|諸経費|値引|1社|歩掛")),
)
# The name of the item alone tells something of the person's life (組合費: a member of the union).
_TELLING = re.compile(
    r"(?:財形貯蓄?|団体生命(?:保険)?|組合費|生命保険料?|医療費控除|障害者控除|寡婦控除|ひとり親控除|養育費|互助会費|貸付償還|扶養手当|住居手当|児童手当|寄附金控除) {0,2}$"
)
_COLUMN_MEANINGS: tuple[tuple[EntityKind, re.Pattern[str]], ...] = (
    (EntityKind.RESERVE_PRICE, re.compile(r"予定価格|最低制限|設計金額|設計額|調査基準")),
    (EntityKind.COMPENSATION, re.compile(r"補償|移転料")),
    (EntityKind.TAX, re.compile(r"税額|課税標準|滞納|未納|所得割|年税|本税|延滞")),
    (
        EntityKind.INCOME,
        re.compile(r"年収|収入|所得|給料|給与|報酬|年金|手当|支給額|家賃|保護費|扶助|月額|賃金"),
    ),
    (EntityKind.FINANCIALS, re.compile(r"売上|利益|原価|人件費|資本|借入|出荷額|仕入")),
    (EntityKind.UNIT_PRICE, re.compile(r"単価|見積")),
    (
        EntityKind.PRICE,
        re.compile(
            r"金額|価格|代金|補助額|交付額|契約額|委託料|入札額|支払額|支出額|請求額|落札額|\(円\)|\(千円\)"
        ),
    ),
)
_CLAUSE_BREAK = re.compile(r"[。、;／/\n\t)]")
_LOOK_BACK = 22
_PAY_STEP = re.compile(r"[0-9]{1,2}級(?: ?[0-9]{1,3}号(?:給|俸)?)?|[0-9]{1,3}号(?:給|俸)")


class Money:
    """One candidate an amount; `context` names the word that gave it its meaning."""

    def __init__(self, words: Words) -> None:
        pass

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        seen: set[int] = set()
        for match in _AMOUNT.finditer(sheet.text):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            kind, word = self._meaning(sheet, start)
            if kind is EntityKind.INCOME:
                telling = _TELLING.search(sheet.text[max(0, start - 12) : start])
                start -= len(telling[0]) if telling else 0
            seen.add(sheet.line_number(start))
            yield self._candidate(kind, start, match.end(), "amount", word)
        for field in sheet.fields:
            if not field.column:
                continue
            for kind, pattern in _COLUMN_MEANINGS:
                if pattern.search(field.form):
                    number = _NUMBER.search(sheet.text, field.start, field.end)
                    if number and not _AMOUNT.search(sheet.text, field.start, field.end):
                        yield self._candidate(kind, number.start(), number.end(), "column", field.form)
                    break
        for match in _PAY_STEP.finditer(sheet.text):
            if self._is_pay_step(sheet, match):
                yield self._candidate(EntityKind.PAY_STEP, match.start(), match.end(), "pay_step", "")

    def _meaning(self, sheet: Sheet, start: int) -> tuple[EntityKind, str]:
        line_start, _ = sheet.line(start)
        before = sheet.text[max(line_start, start - _LOOK_BACK) : start]
        clauses = _CLAUSE_BREAK.split(before.rstrip("( 「"))
        field = sheet.field_at(start)
        if field is not None and field.column:
            for kind, pattern in _COLUMN_MEANINGS:
                if pattern.search(field.form):
                    return kind, field.form
        near = clauses[-1] or (clauses[-2] if len(clauses) > 1 else "")
        best: tuple[int, EntityKind, str] | None = None
        for kind, pattern in _MEANINGS:
            for match in pattern.finditer(near):
                if best is None or match.end() > best[0]:
                    best = (match.end(), kind, match[0])
        return (best[1], best[2]) if best else (EntityKind.PRICE, "")

    def _is_pay_step(self, sheet: Sheet, match: re.Match[str]) -> bool:
        before = sheet.text[max(0, match.start() - 12) : match.start()]
        if re.search(r"号(?:給|俸)$", match[0]):
            return True
        return (
            re.search(r"(?:級号給|給料表|職務の級|級|行政職\(?[一1]?\)?|等級)[ :(]{0,3}$", before) is not None
            and "障害" not in before
        )

    def _candidate(self, kind: EntityKind, start: int, end: int, pattern: str, word: str) -> Candidate:
        return Candidate(
            kind=kind,
            start=start,
            end=end,
            recognizer="money",
            pattern=pattern,
            score=0.85,
            context=(word,) if word else (),
        )
