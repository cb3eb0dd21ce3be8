"""Prose that no word of a list marks, but the record does: sentences about a person in records of their care, what
was told on condition, what is still being weighed.

Works line by line on the whole document, after the circumstances are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.detect.patterns import one_of
from assistant.detect.words import Words
from assistant.domain.document import Document, Extent, Page
from assistant.domain.entity import Entity, EntityKind, Explanation, Standing, Trait
from assistant.text.folding import fold

_PIECE = re.compile(r"[^。\n\t|]+")
_HEAD = re.compile(r"^[\s・○●■□◆◇*\-→⇒※①-⑳0-9().、:]*(?:[^\s:、。]{1,14} ?: ?|[一-鿿ァ-ヺーぁ-ゖ]{2,10}(?: {2,}|　))?")
_FRAME = re.compile(
    r"^(?:日時|日付|場所|件名|受付|作成|担当|記録|記入|起案|出席|宛|差出|題|様式|文書|所管|報告者|対応者|事務局|問合|会場|根拠|資料|別紙|以上|次回|相談員|対象|期間)"
)
_DATE_ONLY = re.compile(r"[\s0-9年月日時分()月火水木金土曜~:./令和平成昭和RHS午前後頃ころ-]+")
_MEASURE = re.compile(r"[0-9一二三四五六七八九十]+ ?(?:%|円|人|名|台|件|社|割|倍|トン|t|kg|日|年|月|か所|棟|店|室|席|便|時間|万|億|千|床|頭|羽|本|個|ポイント|歳)")
_TOLD = re.compile(r"予定|計画|方針|見込|検討|希望|意向|考え|困|不足|撤退|縮小|拡大|移転|閉鎖|増|減|取引|採用|理由|課題|不満|要望|懸念|導入|更新|廃業|後継|価格|値|依存|契約|提供|利用|占め|当社|同社|弊社|自社|うち|客|率")
_WEIGHED = re.compile(r"案|べき|方向|統合|廃止|移転|新設|引上げ|引き上げ|値上げ|引下げ|候補|優先|試算|縮小|削減|設ける|導入|見直|ではないか|反対|難し|避け|したい|想定|見込|時期|検討|賛成|慎重|異論|理解を得|財源|負担|影響|売却|民営|委託する|存続|集約|再編|建替|公表|先送り|折衷|段階的|前提|不十分|疑問|懸念")
_PERSON = re.compile(
    r"本人|母|父|長男|長女|二男|次男|次女|二女|姉|妹|兄|弟|祖父|祖母|夫|妻|内縁|同人|児童|生徒|園児|世帯|息子|娘|孫|女児|男児|家族|両親|当該|利用者|患者|相談者|申請者|受給者|同居|友人|交際|(?<![A-Za-z0-9])[A-Z](?=[はがのにをもと、])|[甲乙丙丁](?=[はがのにをもと、])"
)
_STAFF = re.compile(r"(?:説明し|案内し|伝え|助言し|確認し|報告し|決定し|連絡し|協議し|指導し|依頼し|交付し|受理し|送付し|通知し|訪問し|検討する|対応する|予定する|引き継|支給し|実施し|設置し|手続|情報共有|見守り)")
_STAFF_FORM = re.compile(r"(?:説明|案内|助言|確認|報告|連絡|協議|指導|依頼|受理|送付|通知|訪問|実施|対応|了承|承認|支給|共有)(?:済み?|予定|した|する|。|$)")


class Narratives:
    """Entities for sentences that only the kind and state of the record mark; scores are low on purpose."""

    def __init__(self, words: Words) -> None:
        self._care = re.compile(one_of(words["facts.care_records"]))
        self._open = re.compile(one_of(words["facts.published"]))
        self._conditions = re.compile(one_of(words["facts.on_condition"]))
        self._weighing = re.compile(one_of(words["facts.deliberation_records"]))

    def find(
        self, document: Document, title: str, traits: frozenset[Trait], taken: Sequence[Entity]
    ) -> list[Entity]:
        """Sentences not already taken by a statement."""
        modes: list[tuple[EntityKind, str]] = []
        if Trait.ON_CONDITION in traits:
            modes.append((EntityKind.VOLUNTARY_INFO, "told_on_condition"))
        elif Trait.PENDING in traits and self._weighing.search(title):
            modes.append((EntityKind.DELIBERATION, "being_weighed"))
        if self._care.search(title) and Trait.PUBLISHED not in traits:
            modes.append((EntityKind.PRIVATE_LIFE, "care_record"))
        held = [extent for entity in taken for extent in entity.extents]
        found: list[Entity] = []
        for kind, mode in modes:
            for page in document.pages:
                for entity in self._of_page(page, kind, mode):
                    if not any(extent.overlaps(other) for extent in entity.extents for other in held):
                        held.extend(entity.extents)
                        found.append(entity)
        return found

    def _of_page(self, page: Page, kind: EntityKind, mode: str) -> Iterator[Entity]:
        folded = fold(page.text)
        first_line = len(folded.text) - len(folded.text.lstrip())
        title_end = folded.text.find("\n", first_line)
        for match in _PIECE.finditer(folded.text):
            if match.start() < (title_end if 0 <= title_end <= 80 else 0):
                continue
            piece = match[0]
            head = _HEAD.match(piece)
            skip = head.end() if head else 0
            body = piece[skip:].strip()
            if len(body) < 5 or _FRAME.match(piece.strip(" ・○●■□")) or _DATE_ONLY.fullmatch(body) or self._open.search(piece):
                continue
            if not self._speaks(mode, body):
                continue
            start = match.start() + skip + (len(piece[skip:]) - len(piece[skip:].lstrip()))
            first, last = folded.span(start, start + len(body))
            extent = Extent(page=page.number, start=first, end=last)
            yield Entity(
                kind=kind,
                extents=(extent,),
                text=page.cut(extent),
                explanations=(Explanation(recognizer="narrative", pattern=mode, score=0.5),),
                standing=Standing(line=page.text.count("\n", 0, first)),
            )

    def _speaks(self, mode: str, body: str) -> bool:
        if mode == "told_on_condition":
            return not self._conditions.search(body) and bool(_MEASURE.search(body) or _TOLD.search(body))
        if mode == "being_weighed":
            return bool(_WEIGHED.search(body))
        return bool(_PERSON.search(body)) and not (_STAFF.search(body) or _STAFF_FORM.search(body))
