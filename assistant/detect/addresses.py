"""Addresses: prefecture, municipality, town, 丁目 番地 号, 大字 and 字, building and room; postal codes.

Read from the numbers backwards: the letters before them are cut where an address can begin (a prefecture, a
municipality, after a particle or a word that is no place), then judged: what has a municipality needs little more,
a bare town needs 丁目 or 番地, a town's ending, or a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.detect.addresses_grammar import BLOCK, LETTER, Tails, is_chain, is_strong, run_before
from assistant.detect.candidate import Candidate
from assistant.detect.patterns import KANJI, one_of
from assistant.detect.sheet import Field, Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

_POSTAL = re.compile(
    r"〒 ?[0-9]{3} ?[-ー] ?[0-9]{4}(?![0-9])|(?<![0-9-])[0-9]{3}-[0-9]{4}(?=[ 　]{1,2}[一-鿿]{2,4}[都道府県市])"
)
# 市 and 町 end a municipality unless they begin another word: 市内, 町民, 区役所, 村立
_MUNICIPALITY = re.compile(
    rf"{LETTER}(?:市(?![内外民長立議営道場販政債街])|[区町村](?![内外民長役立議営道画域分間会])|郡(?![部内]))"
)
_LARGE = re.compile(r"大字|(?<![文数漢赤名苗ロ大小])字(?=.)")
_BREAKING_PARTICLES = frozenset("はをにとでもへやがか") | {"から", "より", "まで", "など", "では", "には"}
_GA_IN_NAMES = re.compile(r"が(?=丘|台|原|浜|崎|谷|峰|池|岡|瀬|森|城|島|野|関|岳|沢|根|花|鼻|峠)")
_NO_IN_NAMES = re.compile(rf"(?:^|[^{KANJI}])[{KANJI}]の(?=[{KANJI}])")
_VERBS = frozenset(("動詞", "助動詞", "接続詞", "副詞", "連体詞", "形容詞"))
# What cannot stand in an address, but may in the name of a town behind a prefecture (内久宝寺町, 道野辺)
_UNLESS_PREFECTURE = re.compile(r"[都道府県市区町村]内|[国県市町村]道|全国")
_ERA_BEFORE_YEAR = re.compile(r"(?:令和|平成|昭和|大正|明治)(?= ?$| ?元)")
_KYOTO = re.compile(r"[上下]る|[東西]?入る?|[上下]|る")  # 通り名: 上る, 下る, 東入
_NOT_A_TOWN = re.compile(r"[年月日時分円第約計等級組番号目回]$")
_COUNTED = re.compile(
    r"[年月日時分円人名件回号歳度個台本枚条項目点%校館世戸軒週期学]|か所|箇所|か月| ?[~〜][0-9]|[区班組] ?(?![0-9])|番街|号線|,[0-9]{3}(?![0-9-])|\.[0-9]"
)
_GOES_ON = re.compile(rf"(?:{LETTER}| (?=[^ ])|\n {{0,8}}){{1,48}}")
_OTHER_FIELDS = ("電話", "個人番号", "口座", "年齢", "生年月日", "法人番号")
_ADDRESS_FIELDS = ("住所", "所在地")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Town:
    """The letters before the numbers. `head`: whether a prefecture or municipality is among them."""

    start: int
    end: int
    text: str
    prefecture: bool
    head: bool
    large: bool


class Addresses:
    """One candidate an address. `pattern` tells how it was bounded: municipality, large_section, town, labelled, rest."""

    def __init__(self, words: Words) -> None:
        prefectures = one_of(words["places.prefectures"])
        self._prefecture = re.compile(prefectures)
        self._place_only = re.compile(
            rf"(?:{prefectures})?{LETTER}{{1,8}}[市区町村郡]{LETTER}{{0,16}}(?= *$| *\n|,|\t| {{2}})", re.M
        )
        self._break = re.compile(one_of(words["places.words_before_addresses"]))
        self._suffix = re.compile(rf"{one_of(words['places.town_suffixes'])} ?$")
        self._large_suffix = re.compile(r"(?:町|台|丘|新田|団地|ニュータウン|通り?) ?$")
        self._public = re.compile(rf" ?の?(?:[東西南北]側の?)?{one_of(words['places.public_places_after'])}")
        self._company = re.compile(rf"{one_of(words['organizations.name_suffixes'])}$")
        self._tails = Tails(words["places.building_words"])

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        text = sheet.text
        for match in _POSTAL.finditer(text):
            yield self._candidate(match.start(), match.end(), "postal_code", 0.9)
        yield from self._municipality_only(sheet)
        reach = 0
        for match in BLOCK.finditer(text):
            if match.start() < reach:
                continue
            first = max(reach, run_before(text, match.start()))
            field = sheet.field_at(match.start())
            if field is not None and field.label in _OTHER_FIELDS:
                continue
            town = self._town(sheet, first, match.start(), field)
            judged = self._judged(text, town, match, field) if town is not None else None
            if town is None or judged is None:
                continue
            reach = self._tails.end(text, match.end())
            public = (
                re.search(r"丁 ?目$", match[0]) is not None and self._public.match(text, reach) is not None
            )
            yield self._candidate(town.start, reach, *judged, public=public)

    def _municipality_only(self, sheet: Sheet) -> Iterable[Candidate]:
        """住所　東京都世田谷区: a field of an address may hold no more than municipality and town."""
        for field in sheet.fields:
            if field.label == "住所":
                match = self._place_only.match(sheet.text, field.start, field.end)
                if (
                    match
                    and _MUNICIPALITY.search(match[0])
                    and not self._has_other_words(sheet, *match.span())
                ):
                    yield self._candidate(match.start(), match.end(), "municipality_only", 0.7)

    def _has_other_words(self, sheet: Sheet, start: int, end: int) -> bool:
        return self._break.search(sheet.text, start, end) is not None or any(
            word.part_of_speech[0] in _VERBS or word.surface in _BREAKING_PARTICLES
            for word in sheet.words_in(start, end)
        )

    def _town(self, sheet: Sheet, first: int, end: int, field: Field | None) -> _Town | None:
        """The letters that belong to the address, of the run that begins at `first`."""
        text = sheet.text
        if field is not None and field.label in _ADDRESS_FIELDS:
            before = sheet.line(end)[0]
            if field.start < before and _GOES_ON.fullmatch(text, field.start, end):
                first = field.start  # the value of the field goes on in the next line
        if field is not None and first < field.start < end:
            first = field.start
        start, prefecture = first, False
        for match in self._prefecture.finditer(text, first, end):
            start, prefecture = match.start(), True
        if not prefecture and not re.search(rf"{LETTER}", text[start:end]):
            return None
        start, broken = self._after_breaks(sheet, start, end, prefecture=prefecture)
        prefecture = prefecture and not broken
        if not prefecture:
            start = self._after_other_words(text, start, end)
        town = text[start:end]
        large = _LARGE.search(town)
        head = prefecture or _MUNICIPALITY.search(town) is not None
        if (
            large
            and large[0] == "大字"
            and not _MUNICIPALITY.search(town[: large.start()])
            and not prefecture
        ):
            start, town = start + large.start(), town[large.start() :]
        if not town.strip():
            return None
        return _Town(
            start=start, end=end, text=town.strip(), prefecture=prefecture, head=head, large=large is not None
        )

    def _after_breaks(self, sheet: Sheet, start: int, end: int, *, prefecture: bool) -> tuple[int, bool]:
        """Behind the last word or particle an address cannot contain, and whether there was one."""
        text = sheet.text
        last = start
        for match in self._break.finditer(text, start, end):
            last = max(last, match.end())
        for pattern in (_ERA_BEFORE_YEAR,) if prefecture else (_ERA_BEFORE_YEAR, _UNLESS_PREFECTURE):
            last = max([last, *(match.end() for match in pattern.finditer(text, start, end))])
        for word in sheet.words_in(start, end):
            if word.start < start or word.end > end or word.end <= last:
                continue
            speech = word.part_of_speech[0]
            if speech == "助詞":
                breaks = self._particle_breaks(text, start, word.start, word.surface, prefecture=prefecture)
            else:
                breaks = speech in _VERBS and not prefecture and not _KYOTO.fullmatch(word.surface)
            if breaks:
                last = word.end
        return last, last > start

    def _particle_breaks(
        self, text: str, start: int, position: int, surface: str, *, prefecture: bool
    ) -> bool:
        if surface == "が" and _GA_IN_NAMES.match(text, position):
            return False
        if surface == "の":  # 北山市西の里, 四の宮; but 北山市の東町, 市内の緑町
            inside = text[position - 1] not in "市区町村内" and _MUNICIPALITY.search(text, start, position)
            return not (
                prefecture or inside or _NO_IN_NAMES.search(text[max(start, position - 2) : position + 2])
            )
        return surface in _BREAKING_PARTICLES

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

    def _judged(  # noqa: PLR0911 - one question after another, each answered at once
        self, text: str, town: _Town, match: re.Match[str], field: Field | None
    ) -> tuple[str, float] | None:
        """How the address is bounded and how sure that is; None where it is no address."""
        block, end = match[0], match.end()
        strong, chain = is_strong(block), is_chain(block)
        if town.large:
            return None if _COUNTED.match(text, end) and not strong else ("large_section", 0.95)
        if _COUNTED.match(text, end) and not (town.head and (strong or chain)):
            return None
        large = self._large_suffix.search(town.text) is not None
        named = self._company.search(town.text) is not None and not large and not strong
        if not town.prefecture and (named or (_NOT_A_TOWN.search(town.text) and not town.head)):
            return None
        if town.head and (chain or strong or town.prefecture or self._suffix.search(town.text)):
            return "municipality", 0.95
        if strong:
            return "block", 0.9
        if large and len(town.text) >= 2 and (chain or text[end : end + 1] != "歳"):
            return "town", 0.85 if chain else 0.7
        if chain and self._suffix.search(town.text) and len(town.text.replace(" ", "")) >= 2:
            return "town", 0.75
        labelled = field is not None and field.label in _ADDRESS_FIELDS
        return ("labelled", 0.85) if labelled else None

    def _candidate(
        self, start: int, end: int, pattern: str, score: float, *, public: bool = False
    ) -> Candidate:
        """`public`: a crossing or park that a 丁目 leads to is the city's, not anybody's home."""
        return Candidate(
            kind=EntityKind.ADDRESS,
            start=start,
            end=end,
            recognizer="address",
            pattern=pattern,
            score=score,
            traits=frozenset({Trait.OF_CITY}) if public else frozenset(),
        )
