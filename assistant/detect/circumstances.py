"""Facts that decide, read from the words of the document: before or after opening, concluded or pending, published …"""

from __future__ import annotations

import re
from datetime import date

from assistant.detect.patterns import one_of
from assistant.detect.words import Words
from assistant.domain.entity import Trait
from assistant.text.eras import find_dates
from assistant.text.folding import fold

_PRESS = re.compile(r"報道発表|記者発表|プレスリリース|報道提供|被表彰者|お知らせ|公表資料")
_SETTLED = re.compile(
    r"可決|議決|策定・公表|公表済|締結済|登記済|施行|成立|契約済|決定済|策定済|発令済|確定した|廃止した|交渉成立|承認済|採択"
)
_UNSETTLED = re.compile(
    r"検討中|交渉中|協議中|調整中|未決定|未定稿|未締結|審議中|係争中|正式決定前|決定前|公表前|妥結前|契約前|策定中|交渉方針|たたき台|素案|内部検討|まだ|検討段階|検討メモ|公表していない|未公表"
)
_ON_CONDITION = re.compile(
    r"(?:公に|公表|公開|開示|口外|他言|外部に|第三者に|社外に|漏ら|明らかに)[^。\n]{0,8}(?:ない|せず|不可|禁|無用)[^。\n]{0,10}(?:条件|約束|前提|こと(?:で|と)|旨の|の上)"
    r"|(?:条件|約束|前提)(?:に|で|として)[^。\n]{0,10}(?:提供|回答|聴取|協力|入手|借用|話)"
    r"|任意(?:の|に|で)?(?:協力|提供|回答|提出|聴取|調査)|(?:部|社|関係者)外秘|秘密保持"
)
_DECISION_DAY = re.compile(r"開示決定(?:予定)?(?:日|期限)?|決定期限|処理期限|開示等?決定")
_OPENING_DAY = re.compile(r"開札|入札(?!公告)|見積合せ|審査(?!会)|プレゼンテーション|選定")


class Circumstances:
    """Answers for a whole document and for one of its lines."""

    def __init__(self, words: Words) -> None:
        self._patterns = {
            key.removeprefix("facts."): re.compile(one_of(words[key]))
            for key in words.lists
            if key.startswith("facts.")
        }

    def says(self, what: str, text: str) -> bool:
        """Whether `text` (folded) has a word of the list facts.`what`."""
        return self._patterns[what].search(text) is not None

    def of_document(self, text: str, title: str, doc_type: str) -> frozenset[Trait]:
        """Traits of the whole document. `text`: all pages, folded."""
        traits: set[Trait] = set()
        if _PRESS.search(title) and not self.says("not_published", title):
            traits.add(Trait.PUBLISHED)
        notice = re.search(r"(?:本資料|この資料|本発表)[^\n]{0,60}", text)
        if notice and self.says("published", notice[0]):
            traits.add(Trait.PUBLISHED)
        traits |= self._opening(text)
        traits |= self._conclusion(text, title + doc_type)
        if self.says("on_condition", text) or _ON_CONDITION.search(text):
            traits.add(Trait.ON_CONDITION)
        if self.says("announced", text):
            traits.add(Trait.ANNOUNCED)
        formal = self.says("formal_sanction", text) or Trait.PUBLISHED in traits
        if self.says("life_health", text) and formal:
            traits |= (
                {Trait.LIFE_AND_HEALTH, Trait.PUBLISHED}
                if self.says("published", text)
                else {Trait.LIFE_AND_HEALTH}
            )
        return frozenset(traits)

    def _opening(self, text: str) -> frozenset[Trait]:
        decided, opened = self._day_beside(_DECISION_DAY, text), self._day_beside(_OPENING_DAY, text)
        if decided and opened:
            return frozenset({Trait.AFTER_OPENING if opened <= decided else Trait.BEFORE_OPENING})
        if self.says("before_opening", text):
            return frozenset({Trait.BEFORE_OPENING})
        return frozenset({Trait.AFTER_OPENING}) if self.says("after_opening", text) else frozenset()

    def _day_beside(self, word: re.Pattern[str], text: str) -> date | None:
        """The first full date within ten letters after `word`, else a month and day read in the year of another date."""
        dates = find_dates(text)
        for match in word.finditer(text):
            for start, _, day in dates:
                if 0 <= start - match.end() <= 10:
                    return day
            short = re.match(
                r"[^0-9\n]{0,6}([0-9]{1,2})月([0-9]{1,2})日", text[match.end() : match.end() + 16]
            )
            if short:
                year = dates[0][2].year if dates else 2000
                try:
                    return date(year, int(short[1]), int(short[2]))
                except ValueError:
                    continue
        return None

    def _conclusion(self, text: str, title: str) -> frozenset[Trait]:
        settled, unsettled = _SETTLED.search(text), _UNSETTLED.search(text)
        if settled:
            return frozenset({Trait.CONCLUDED})
        if re.search(r"交渉|折衝|検討|たたき台|素案", title):
            return frozenset({Trait.PENDING})
        if unsettled or (self.says("pending", title) or re.search(r"検討|案$|たたき台|協議", title)):
            return frozenset({Trait.PENDING})
        return frozenset({Trait.CONCLUDED}) if self.says("concluded", text) else frozenset()

    def of_line(self, line: str) -> frozenset[Trait]:
        """Traits that what stands on this (folded) line takes from the words around it."""
        traits: set[Trait] = set()
        if self.says("not_published", line):
            return frozenset()
        if self.says("published", line):
            traits.add(Trait.PUBLISHED)
        if self.says("handed_to_all", line):
            traits.add(Trait.HANDED_TO_ALL)
        return frozenset(traits)


def plain(text: str) -> str:
    """Folded text with its white space, as the word lists expect it."""
    return fold(text).text
