"""Addresses: prefecture, municipality, town, 丁目 番地 号, 大字 and 字, building and room; postal codes.

An address without a municipality is taken where the town's ending or a label says that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.overlap import Spans
from assistant.detect.patterns import HIRA, KANJI, KATA, one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind

_N = "(?:[0-9]{1,5}|[一二三四五六七八九十百千〇壱弐参拾]{1,7})"
_D = " ?(?:[-ー−]|の(?![0-9]+階)) ?"
_LETTER = rf"[{KANJI}{KATA}{HIRA}]"
_POSTAL = re.compile(
    r"〒 ?[0-9]{3} ?[-ー] ?[0-9]{4}(?![0-9])|(?<![0-9-])[0-9]{3}-[0-9]{4}(?=[ 　]{1,2}[一-鿿]{2,4}[都道府県市])"
)
# What may stand between a town's name and the end of the house number.
_BLOCK = (
    rf"(?:{_N} ?丁 ?目(?: ?{_N} ?番(?: ?地)?(?:{_D}{_N}|(?:の)?{_N} ?号?(?![室棟]))?(?: ?号)?|(?: ?{_N})(?:{_D}{_N}){{0,3}}(?: ?号(?!室))?)?"
    rf"|{_N} ?番 ?(?:地)?(?: ?(?:の(?![0-9]+階)|[ー-])? ?{_N})?(?: ?号(?!室))?(?:{_D}{_N}){{0,2}}"
    rf"|[0-9]{{1,5}}(?:{_D}[0-9]{{1,5}}){{1,4}}(?: ?号(?!室))?"
    rf"|[0-9]{{1,5}})"
)
_TOWN = rf"{_LETTER}(?: ?{_LETTER}){{0,11}}? ?"
_STRONG_BLOCK = re.compile(r"丁 ?目|番")
_STOP = re.compile(
    r"(?:が(?!丘|台|原|浜|崎|谷|峰|池|岡|瀬|森|城|島|野|関)|の(?![一-鿿]{1,3}(?:町|台|丘|通|目)?[0-9一二三四五六七八九十 ])|[はをにとでもへ、。:])(?=[^\s]*$)|(?:住所|所在地?|自宅|事務所|店舗|場所|建築主|送付先|居所|本籍|勤務先|現住所|農園|工場|本社|本店|転居先|及び|並びに|又は|から|より|ため|同じ|添付|様式|別紙|別表|資料|"
    r"令和|平成|昭和|午前|午後|第|約|合計|年度|議案|条例|規則|法|電話|内線|番号|単価|金額|人口|総数|面積|毎月|翌|同|計|各|平日|土日|毎朝|毎夜|深夜|早朝|質問|回答|定型|得点|基準|工区|工事)"
)
_TAIL_PLACES = re.compile(r"(?: ?(?:先|付近|地内|の一部))?")
_ROOM = r"(?:[ 、]?[0-9]{1,4} ?号室|[ ]?[A-Z]?[0-9]{2,4}(?:号室?)?(?=[\s、。()」（）]|$)|[0-9]{1,2}階(?:[0-9]{3}号室?)?)"


class Addresses:
    """One candidate an address. `pattern` tells how it was bounded: municipality, large_section, town, labelled, rest."""

    def __init__(self, words: Words) -> None:
        prefectures = one_of(words["places.prefectures"])
        suffixes = one_of(words["places.town_suffixes"])
        buildings = one_of(words["places.building_words"])
        municipality = rf"(?:{prefectures} ?)?(?:[{KANJI}{KATA}ぁ-ん]{{1,5}}郡 ?)?[{KANJI}{KATA}ぁ-ん](?: ?[{KANJI}{KATA}ぁ-ん]){{0,5}}? ?(?:市|町|村|区)(?: ?[{KANJI}]{{1,3}}区)?"
        self._full = re.compile(rf"(?:{municipality}|{prefectures}) ?{_TOWN}{_BLOCK}")
        self._place_only = re.compile(
            rf"{prefectures}[{KANJI}{KATA}ぁ-ん]{{1,8}}[市区町村郡](?= *$| *\n|,|\t| {{2}})", re.MULTILINE
        )
        self._large = re.compile(
            rf"(?:{municipality})? ?大字[{KANJI}{KATA}{HIRA}]{{1,8}}?(?:字[{KANJI}{KATA}{HIRA}]{{1,8}}?)?{_BLOCK}"
            rf"|(?<![文数漢赤ロ])字[{KANJI}{KATA}{HIRA}]{{1,6}}?{_BLOCK}"
        )
        self._town = re.compile(rf"{_TOWN}{_BLOCK}")
        self._suffix = re.compile(rf"{suffixes} ?$")
        self._large_suffix = re.compile(r"(?:町|台|丘|新田|団地|ニュータウン|通り?) ?$")
        self._building = re.compile(
            rf"[ 、]?[「]?[{KANJI}{KATA}{HIRA}A-Za-z・]{{0,15}}{buildings}[{KANJI}{KATA}{HIRA}]{{0,6}}[」]?[0-9]{{0,4}}(?:[A-Z0-9]{{1,3}}(?:棟|号棟))?(?:{_ROOM})?"
        )
        self._room = re.compile(_ROOM)

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        text = sheet.text
        for match in _POSTAL.finditer(text):
            yield self._candidate(match.start(), match.end(), "postal_code", 0.9)
        yield from self._municipality_only(sheet)
        taken = Spans[None]()
        for name, pattern in (("large_section", self._large), ("town", self._town)):
            for match in pattern.finditer(text):
                if taken.over(match.start(), match.end()):
                    continue
                bounded = self._bounded(sheet, match, name)
                if bounded is None:
                    continue
                start, how, score = bounded
                end = self._with_building(text, match.end())
                taken.add(start, end, None)
                yield self._candidate(start, end, how, score)

    def _municipality_only(self, sheet: Sheet) -> Iterable[Candidate]:
        """住所　東京都世田谷区: a field of an address may hold no more than the municipality."""
        for field in sheet.fields:
            if field.label == "住所":
                match = self._place_only.match(sheet.text, field.start, field.end)
                if match:
                    yield self._candidate(match.start(), match.end(), "municipality_only", 0.7)

    def _bounded(self, sheet: Sheet, match: re.Match[str], name: str) -> tuple[int, str, float] | None:
        """Where the address starts, and how sure that is; None where it is no address."""
        if name == "large_section":
            return match.start(), name, 0.95
        head = re.match(rf"(?:{_LETTER} ?)+?(?={_BLOCK})", match[0])
        town_end = match.start() + (head.end() if head else 0)
        bound = sheet.field_at(town_end)
        if bound is not None and match.start() < bound.start < town_end:
            return self._judged(sheet, bound.start, town_end, match.end())
        return self._judged(sheet, match.start(), town_end, match.end())

    def _judged(  # noqa: PLR0911 - one question after another, each answered at once
        self, sheet: Sheet, first: int, town_end: int, block_end: int
    ) -> tuple[int, str, float] | None:
        text = sheet.text
        block = text[town_end:block_end]
        town_text = text[first:town_end]
        stops = [match.end() for match in _STOP.finditer(town_text)]
        start = first + (stops[-1] if stops else 0)
        start = self._after_other_words(text, start, town_end)
        town = text[start:town_end]
        if (
            not town.strip()
            or re.match(r"[年月日時分円人名件回号歳度個台本枚条項項目点%]", text[block_end : block_end + 1])
            or re.match(r" ?[~〜][0-9]|[区班組] ?(?![0-9])|番街|号線", text[block_end : block_end + 6])
        ):
            return None
        if re.search(r"[年月日時分円第約計等級組番号目回]$", town.strip()) or re.match(
            r" ?(?:\.[0-9]|,[0-9]{3}(?![0-9-]))", text[block_end : block_end + 6]
        ):
            return None
        field = sheet.field_at(town_end)
        labelled = field is not None and field.label in ("住所", "所在地")
        if field is not None and field.label in ("電話", "個人番号", "口座", "年齢", "生年月日", "法人番号"):
            return None
        hyphen = re.search(_D.replace(" ?", ""), block) is not None
        if re.search(r"[都道府県市区郡]", town[:-1]) and (
            hyphen or _STRONG_BLOCK.search(block) or self._suffix.search(town)
        ):
            return start, "municipality", 0.95
        if _STRONG_BLOCK.search(block):
            return start, "block", 0.9
        if (
            self._large_suffix.search(town)
            and len(town.strip()) >= 2
            and (hyphen or text[block_end : block_end + 1] != "歳")
        ):
            return start, "town", 0.85 if hyphen else 0.7
        if hyphen and (self._suffix.search(town) and len(town.replace(" ", "")) >= 2):
            return start, "town", 0.75
        return (start, "labelled", 0.85) if labelled else None

    def _after_other_words(self, text: str, start: int, end: int) -> int:
        """Leave out words before the town that a space parts from it; letters spaced one by one are one word."""
        for match in re.finditer(r" +", text[start:end].rstrip()):
            before = text[start : start + match.start()].rsplit(" ", maxsplit=1)[-1] if match.start() else ""
            rest = text[start + match.end() : end].strip()
            if not before or (
                any(len(chunk) >= 2 for chunk in rest.split(" "))
                and not re.search(r"[都道府県市区郡町村]$", before)
            ):
                return self._after_other_words(text, start + match.end(), end)
        return start

    def _with_building(self, text: str, end: int) -> int:
        room = self._room.match(text, end)
        if room:
            end = room.end()
        storeys = re.match(r"の?[0-9]{1,2}階建て?", text[end : end + 6])
        if storeys:
            return end + storeys.end()
        building = self._building.match(text, end)
        if building and "\n" not in building[0]:
            end = building.end()
        return end

    def _candidate(self, start: int, end: int, pattern: str, score: float) -> Candidate:
        return Candidate(
            kind=EntityKind.ADDRESS, start=start, end=end, recognizer="address", pattern=pattern, score=score
        )
