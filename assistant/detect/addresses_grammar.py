"""How the end of a Japanese address is written: 丁目 番地 号, chains of numbers, 地番, 条 and 線 of Hokkaido, building, room.

Pieces of regular expressions over folded text. All repetition is bounded, so matching is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.patterns import HIRA, KANJI, KATA, one_of

LETTER = rf"[{KANJI}{KATA}{HIRA}]"
_KANJI_NUMERAL = "一二三四五六七八九十百千〇壱弐参拾"
_NUMBER = rf"(?:(?<![0-9.,])[0-9]{{1,5}}(?![0-9])|[{_KANJI_NUMERAL}]{{1,7}})"
# 3-4, 3ー4 (a long vowel for a hyphen), 3の4, but not 4の2階
_SEPARATOR = r" ?(?:[-ー]|[のノ之](?! ?[0-9]{1,4} ?(?:階|号室|F|人|つ|件|項))) ?"
# 地番 of villages and of Ishikawa, Toyama: イ123, 123番地ロ, 甲45の6
_MARK = r"(?:[甲乙丙丁戊己庚辛壬癸イロハニホヘトチリヌルヲワカヨタレソツネ](?![ァ-ヺー一-鿿]))"
_BAN = r"番(?![町丁街目組館台線車勝手茶号])(?: ?地(?![域区方上下中点元])| {1,3}号)?"
_LEADING = (
    rf"{_NUMBER} ?(?:丁 ?目|丁(?= ?[0-9{_KANJI_NUMERAL}])|番丁|{_BAN}|番街|号(?= ?[0-9])|地割|線(?:[東西南北])?(?= ?[0-9第])"
    rf"|条(?:通り?|[東西南北])?(?= ?[0-9{_KANJI_NUMERAL}]{{1,3}} ?(?:丁|[-番])))"
)
_NOT_COUNTED = r"(?![0-9]|\.[0-9]|[年月時分円人件回歳才階棟割倍秒つ箇]|[かカヶケ][所月国]|日(?!本)|[%~])"
_NOT_AFTER = rf"(?!,[0-9]){_NOT_COUNTED}"
_GO = r"号(?![室棟線館車機炉議様証俸給泊報外])"
_FINAL = rf"(?:{_NUMBER} ?(?:丁 ?目|{_BAN}|地割|{_GO})|{_NUMBER}{_NOT_COUNTED}|{_MARK}(?:{_SEPARATOR}[0-9]{{1,4}}{_NOT_COUNTED})?)"
BLOCK = re.compile(
    rf"(?:第?{_LEADING}(?:{_SEPARATOR}| ?\n {{1,8}}(?=[0-9]{{1,5}} ?[-番])| ?)|{_NUMBER}{_SEPARATOR}){{1,6}}(?:{_MARK} ?)?{_FINAL}(?:・[0-9]{{1,4}}{_NOT_COUNTED}){{0,3}}"
    rf"|第?{_NUMBER} ?(?:丁 ?目|番丁|{_BAN}|地割|{_GO})"
    rf"|(?<![0-9.,-])[0-9]{{1,5}}{_NOT_AFTER}|無番地|番外地"
)
"""From the first numeral of an address to its last, without building and room."""

# Read backwards from the first numeral: letters, single spaces, and numerals that belong to a town's name (1番町, 9線).
_RUN_BACKWARDS = re.compile(rf"(?: ?(?:[町街丁]番|[条線])[0-9]{{1,2}}| ?{LETTER}){{1,48}}")
_LONGEST_RUN = 72


def run_before(text: str, position: int) -> int:
    """Where the unbroken run of letters that ends at `position` begins."""
    window = text[max(0, position - _LONGEST_RUN) : position][::-1]
    gap = 1 if window.startswith(" ") else 0
    match = _RUN_BACKWARDS.match(window, gap)
    return position - match.end() if match else position


def is_strong(block: str) -> bool:
    """Whether only an address is counted so: 丁目, 番地, 番…号, 地割."""
    return re.search(r"丁 ?目|番 ?地|番 ?[^ ]{1,5}号|地割|番外|番丁", block) is not None


def is_chain(block: str) -> bool:
    """Whether several numbers stand in a row (3-4-8, 3番4)."""
    return (
        re.search(rf"[0-9{_KANJI_NUMERAL}{KATA}](?: ?[-ー] ?|[のノ之]|番 ?)[0-9{_KANJI_NUMERAL}]", block)
        is not None
    )


class Tails:
    """What may stand behind the numbers: a room, a building with its room, somebody's house (方)."""

    def __init__(self, building_words: Iterable[str]) -> None:
        room = (
            r"(?:(?:[A-Z]{1,2}-?)?[0-9]{1,4} ?(?:号室|号棟|号|階(?!建)|F(?![A-Za-z]))(?:の?[0-9]{1,4}(?:号室?)?(?![0-9年月日人円件]))?"
            r"|[A-Z]{0,2}-?[0-9]{2,4}(?=[\s、。,()」]|$)|-[A-Z](?![A-Za-z0-9]))"
        )
        name = rf"[{KANJI}{KATA}{HIRA}A-Za-z0-9・&']"
        wing = r"(?: ?(?:[A-Z0-9]{1,3}|[一二三壱弐参東西南北本別新])(?:号?棟|号館|番館|館|街区))?"
        words = one_of(word for word in building_words if word != "方")
        building = rf"{name}{{1,18}}?{words}(?:第?[0-9]{{1,2}}(?![0-9年月日人円件])|[ⅠⅡⅢIVX]{{1,3}}(?![A-Za-z]))?{wing}"
        self._room = re.compile(rf"[ -]?{room}")
        self._building = re.compile(
            rf"(?: {{0,2}}|、(?={name}{{1,24}}[0-9]{{1,4}}号))「?(?![はをにとでもへのがや](?!ん))"
            rf"(?:{building}」?(?:の? ?{room}|(?=[^{KANJI}{KATA}A-Za-z0-9]|$))"
            rf"|[{KATA}A-Za-z・ ]{{2,16}}[{KANJI}]{{0,4}}[0-9]{{0,2}} ?[0-9]{{2,4}}(?:号室?)?(?=[\s、。,()」のにでへ]|$)"
            rf"|{name}{{2,16}}?[0-9]{{2,4}}号室"
            rf"|[{KANJI}{KATA}]{{1,6}}(?: [{KANJI}]{{1,4}})?(?:様)?方(?![{KANJI}]))"
        )

    def end(self, text: str, position: int) -> int:
        """Where the address ends whose numbers end at `position`."""
        room = self._room.match(text, position)
        if room:
            return room.end()
        line_end = text.find("\n", position)
        building = self._building.match(text, position, line_end if line_end >= 0 else len(text))
        return building.end() if building else position
