"""Names by the grammar of records: after a label, after a post or section, before an honorific or post, in cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.detect.candidate import Candidate
from assistant.detect.names import MIXED_GIVEN, SURNAME, NameShapes, behind_date, is_spaced_out
from assistant.detect.patterns import HIRA, KANJI, KATA, one_of, spaced
from assistant.detect.sheet import Field, Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

_JOINERS = re.compile(r"及び|並びに|又は|若しくは|および|ならびに|または")
_SEPARATOR = re.compile(r"[、,・/;／]|(?<=\)) ?(?=\S)")
_NOT_HONOURED = re.compile(
    r"(?:皆|みな|お客|客|奥|旦那|殿|神|何|各位|御一同|利用者|保護者|市長|課長|部長|担当者|業者|関係者|お母|お父|母|父|姉|兄|おじい|おばあ|お子|子|娘|息子|孫|主人|嫁|婆|爺|叔母|叔父|御|同|両|仕|多|模|左|王|仏)$"
)
_KANA_HONORIFIC = re.compile(
    rf"(?<![{KATA}])[{KATA}]{{2,8}}(?=(?:さん|様|さま|氏|くん|ちゃん))|(?<![{HIRA}])[{HIRA}]{{2,4}}(?=(?:さん|くん|ちゃん|君))"
)
# やまだ　たろう様
_HIRAGANA_HONOURED = re.compile(
    rf"(?<![{HIRA}])[{HIRA}]{{2,5}} [{HIRA}]{{2,5}}(?= ?(?:さん|様|さま|氏|くん|ちゃん|君|殿))"
)
_INTRODUCES = re.compile(
    rf"([{KANJI}]{{1,4}}(?: [{KANJI}{HIRA}]{{1,4}})?|[{KATA}]{{2,8}})(?=と(?:申し|いい|言い|名乗|称する|いう者)|です。)"
)
_TRANSFER_NAME = re.compile(rf"[1249] [0-9]{{7}} ([{KATA}]{{2,10}} [{KATA}]{{2,10}})(?= )")
_SPACED = re.compile(
    rf"(?<![{KANJI}{KATA}])({SURNAME}) ([{KANJI}]{{1,3}}|[{KATA}]{{2,4}}|{MIXED_GIVEN}|[{HIRA}]{{2,4}}(?![{HIRA}]))"
    rf"(?=(?:さん|様|氏)?(?:[はがをにとのもで、。()」・（:|│／/\"\t]| |\n|$))"
)
# 山田さん（ヤマダ　ソウタ）: kana alone in the bracket after a word a name may end with
_READING = re.compile(
    rf"(?:[{KANJI}]|さん|様|氏|くん|ちゃん)\(([{KATA}]{{2,8}}[ ・=]{{1,2}}[{KATA}]{{2,8}}|[{HIRA}]{{2,6}} {{1,2}}[{HIRA}]{{2,6}})\)"
)
# 山田(ヤマダ): kana in the bracket right behind a name
_READING_OF_ONE = re.compile(rf"\(([{KATA}]{{2,8}}|[{HIRA}]{{2,8}})\)")
# (フリガナ)  アオキ ハナ
_BESIDE_READING = re.compile(
    rf"(?:フリガナ|ふりがな|カタカナ|カナ|なまえ)[)】]? {{0,12}}:? {{0,12}}([{KATA}]{{2,8}} [{KATA}]{{2,8}}|[{HIRA}]{{2,6}} [{HIRA}]{{2,6}})(?![{KATA}{HIRA}])"
)
_LETTER = re.compile(r"(?:From|差出人|件名|Subject|お世話に|拝啓|市長への手紙)")
# 避難支援者, 立退対象者: a label nobody listed that names a person
_PERSON_LABEL = re.compile(r"^[一-鿿]{2,8}(?:者|人|主|役)$")
_AFTER_NAME = re.compile(r"(?= {0,2}(?:[\n、。,・()/:」】〕\]]|$|[0-9〒]))|(?= {2,})")
_SHORT_RUN = re.compile(rf"(?:^|[^{KANJI}{KATA}])[{KANJI}{KATA}]{{1,3}}$")
_OF_WORDS = ("接尾辞", "接頭辞", "形状詞", "副詞")
_PARTICLE = re.compile(r"[はがをにとでものへやか]|から|より")


class NamesByForm:
    """Candidates of kind person_name; `pattern` says which grammar: label, post_before, honorific, …"""

    def __init__(self, words: Words) -> None:
        self._shapes = NameShapes(words)
        self._kana_not = frozenset(words["names.kana_not_names"])
        posts = [
            word
            for key in words.lists
            if key.startswith("roles.posts") or key in ("roles.kinship",)
            for word in words[key]
        ]
        self._post_words = frozenset(posts)
        departments = one_of(words["roles.departments"])
        self._post_before = re.compile(
            rf"(?P<post>{one_of(posts)})(?:\([^()\n]{{1,10}}\))?(?P<gap>[ :]{{0,2}})(?=[{KANJI}{KATA}])"
        )
        self._spaced_post = re.compile(
            rf"(?P<post>{spaced(word for word in posts if len(word) == 2)})(?P<gap> {{1,3}})(?=[{KANJI}])"
        )
        self._section_before = re.compile(
            rf"(?<=[{KANJI}{KATA}]){departments}(?: ?\([^()\n]{{1,8}}\))?(?P<gap> {{1,2}})(?=[{KANJI}])"
        )
        suffixes = one_of(word for word in posts if len(word) >= 2 and word not in words["roles.kinship"])
        self._post_after = re.compile(
            rf"(?<![{KANJI}{KATA}])(?P<name>[{KANJI}]{{1,4}}?)(?:{suffixes})(?![{KANJI}])"
        )
        honorifics = one_of(words["roles.honorifics"])
        self._honorific = re.compile(
            rf"(?<![{KANJI}])(?P<name>[{KANJI}](?: [{KANJI}]){{0,3}}(?: {{1,3}}[{KANJI}{HIRA}](?: ?[{KANJI}{HIRA}]){{0,3}})?|[{KANJI}]{{1,5}}(?: [{KANJI}{HIRA}{KATA}]{{1,4}})?) ?(?P<honorific>{honorifics})(?![{KANJI}])(?!さん|様|氏)"
        )
        kinship = one_of(words["roles.kinship"])
        self._last_title = re.compile(
            rf"(?:{spaced(w for w in posts if len(w) >= 2)}|(?P<section>{departments}(?=[ :]|$))|{one_of(words['organizations.legal_forms'])}"
            rf"|(?<![{KANJI}]){kinship})(?:\([^()\n]{{1,10}}\))?(?=[ :]|$|[{KANJI}])"
        )
        self._sections_in_names = re.compile(rf"{one_of(words['names.family_names_like_sections'])}$")
        self._not_section = re.compile(
            rf"(?:{one_of(words['roles.not_sections'])}|[住居場箇]所|(?:^|[^{KANJI}{KATA}])[{KANJI}]{{1,2}})$"
        )
        self._kanji_honorifics = frozenset(("君", "家", "宅", "邸", "殿", "先生", "夫妻"))

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        text = _JOINERS.sub(lambda match: "、" * len(match[0]), sheet.text)
        yield from self._by_label(sheet, text)
        yield from self._by_title(sheet, text)
        yield from self._by_honorific(sheet, text)
        for match in self._post_after.finditer(text):
            name = match["name"]
            start, end = match.span("name")
            if self._shapes.plausible_alone(name) and self._is_person(sheet, start, end):
                yield self._candidate(start, end, "post_after", 0.85)
        for match in _INTRODUCES.finditer(text):
            if self._shapes.plausible_alone(match[1]) and self._named_or_said(sheet, match):
                yield self._candidate(match.start(1), match.end(1), "introduces", 0.9)
        yield from self._spaced_names(sheet, text)
        for match in _READING.finditer(text):
            yield self._candidate(match.start(1), match.end(1), "reading", 0.7)
        for match in _READING_OF_ONE.finditer(text):
            before = sheet.words_in(match.start() - 1, match.start()) if match.start() else ()
            if before and "人名" in before[-1].part_of_speech:
                yield self._candidate(match.start(1), match.end(1), "reading", 0.6)
        for match in _HIRAGANA_HONOURED.finditer(text):
            yield self._candidate(match.start(), match.end(), "kana_honorific", 0.7)
        for match in _BESIDE_READING.finditer(text):
            yield self._candidate(match.start(1), match.end(1), "reading", 0.7)
        for match in _TRANSFER_NAME.finditer(text):
            yield self._candidate(match.start(1), match.end(1), "transfer_data", 0.85)

    def _by_label(self, sheet: Sheet, text: str) -> Iterator[Candidate]:
        for field in sheet.fields:
            unlisted = field.known is None and not field.column and _PERSON_LABEL.search(field.form)
            if (field.known is not None and field.known.person) or unlisted:
                yield from self._names_of_value(sheet, text, field)

    def _names_of_value(self, sheet: Sheet, text: str, field: Field) -> Iterator[Candidate]:
        """A value may be a list; each item may begin with a section or post and end with a note in brackets."""
        position = field.start
        value_end = min(field.end, field.start + 400)
        limit = 12
        family = (
            Trait.CHILD in field.known.traits or Trait.GUARDIAN in field.known.traits
            if field.known
            else False
        )
        seen = False
        for match in (*_SEPARATOR.finditer(text, field.start, value_end), None):
            end = match.start() if match else value_end
            limit -= 1
            if limit < 0:
                return
            found = self._name_of_item(sheet, text, position, end)
            listed = field.known is not None and field.known.party
            if found and not listed and field.label != "氏名" and self._is_common_word(sheet, *found):
                found = None
            if found is None and seen and family:  # 児童　山田 花子（5歳）、太郎（2歳）
                given = re.compile(rf"[ 、]*([{KANJI}]{{1,3}}|[{HIRA}]{{2,4}})(?=[ (]|$)").match(
                    text, position, end
                )
                found = given.span(1) if given and self._shapes.plausible(given[1]) else None
            if found and seen and not family and not self._sure(sheet, text, *found):
                found = None
            if found:
                seen = True
                yield self._candidate(*found, "cell" if field.column else "label", 0.9, field.form)
            position = match.end() if match else end

    def _sure(self, sheet: Sheet, text: str, start: int, end: int) -> bool:
        """An item after the first is a name only if the dictionary knows one in it, or a title stands before it."""
        return (
            self._is_family_name(sheet, start, end)
            or " " in text[start:end]
            or re.search(r"[長員事査師者任官 ] ?$", text[max(0, start - 2) : start]) is not None
            or end - start <= 3
        )

    def _name_of_item(self, sheet: Sheet, text: str, start: int, end: int) -> tuple[int, int] | None:
        bracket = text.find("(", start, end)
        if bracket > start:
            end = bracket
        last = None
        for match in self._last_title.finditer(text, start, end):
            short = (
                match["section"] and match.end("section") - start <= 2
            )  # 鰐部 ソノ子: no section is so short
            named = match["section"] and (
                self._sections_in_names.search(text[start : match.end("section")])
                or self._given_follows(sheet, match.end("section"))
            )
            if not (short or named):
                last = match
        titled = last is not None
        if last is not None:
            start = last.end()
        while start < end and text[start] in " :":
            start += 1
        found = self._shapes.value_at(text, start, end)
        if found is None:
            single = re.compile(rf"[{KANJI}](?= *$| {{2,}}|\n)").match(text, start, end)
            if single and self._shapes.plausible_alone(single[0]):
                return single.span()
            return None
        name = text[found[0] : found[1]]
        rest = text[found[1] : end]
        parts = name.split()
        if not self._shapes.plausible(name) or (
            len(parts) == 2
            and not self._shapes.plausible_given(
                parts[1], ends=not rest.strip() or self._parted(sheet, found[1])
            )
        ):
            return self._shorter(text, found, end)
        if rest.strip() and not re.match(r" |\n|様|さん|氏|殿|印|、|\(|\"|<", rest):
            return None
        return found if titled or not re.match(r"[ぁ-ゖ]", rest) else None

    def _given_follows(self, sheet: Sheet, position: int) -> bool:
        """矢ヶ部 慎也: what looks like a section and has a given name right behind it is a family name."""
        words = sheet.words_in(position + 1, position + 2) if sheet.text.startswith(" ", position) else ()
        return bool(words) and words[0].part_of_speech[3:4] == ("名",)

    def _shorter(self, text: str, found: tuple[int, int], end: int) -> tuple[int, int] | None:
        """山田 頭痛: the second word is no given name; the first alone may be a family name."""
        first = re.match(rf"[{KANJI}]{{1,4}}(?= )", text[found[0] : end])
        if first and self._shapes.plausible_alone(first[0]):
            return found[0], found[0] + first.end()
        return None

    def _spaced_names(self, sheet: Sheet, text: str) -> Iterator[Candidate]:
        """久我 陸斗を: two short words of ideographs parted by one plain space, which prose does not do otherwise."""
        for match in _SPACED.finditer(text):
            before = text[max(0, match.start() - 2) : match.start()]
            if before[-1:].isdecimal() or (
                re.match(rf"[{KANJI}{KATA}0-9] ", before) and not sheet.wide_gap(match.start() - 1)
            ):
                continue
            if sheet.wide_gap(match.end(1)) or (
                sheet.text.startswith(" ", match.end()) and not self._parted(sheet, match.end())
            ):
                continue
            if (
                self._shapes.plausible(match[1])
                and self._shapes.plausible(match[0])
                and not self._is_common_word(sheet, *match.span(1))
                and self._shapes.plausible_given(match[2], ends=re.search(rf"[{KATA}]", match[2]) is not None)
            ):
                yield self._candidate(match.start(), match.end(), "spaced", 0.6)

    def _by_title(self, sheet: Sheet, text: str) -> Iterator[Candidate]:
        for name, pattern in (
            ("post_before", self._post_before),
            ("post_before", self._spaced_post),
            ("section_before", self._section_before),
        ):
            for match in pattern.finditer(text):
                before = text[max(0, match.start("gap") - 8) : match.start("gap")]
                if name == "section_before" and (
                    self._sections_in_names.search(before[-4:])
                    or self._not_section.search(before)
                    or (_SHORT_RUN.search(before) and self._given_follows(sheet, match.start("gap")))
                ):
                    continue
                found = self._shapes.value_at(text, match.end(), min(len(text), match.end() + 18))
                if found is None:
                    found = self._single_letter(sheet, text, match.end())
                if found is None:
                    continue
                yield from self._titled(sheet, text, match, found, name)

    def _single_letter(self, sheet: Sheet, text: str, start: int) -> tuple[int, int] | None:
        if (
            start < len(text)
            and self._shapes.plausible_alone(text[start])
            and (_AFTER_NAME.match(text, start + 1) or self._parted(sheet, start + 1))
        ):
            return start, start + 1
        return None

    def _titled(
        self, sheet: Sheet, text: str, match: re.Match[str], found: tuple[int, int], pattern: str
    ) -> Iterator[Candidate]:
        start, end = found
        if not self._shapes.plausible(text[start:end]):
            shorter = self._shorter(text, found, end)
            if shorter is None:
                return
            start, end = shorter
        elif " " in text[start:end].strip() and not is_spaced_out(text[start:end]):
            # 主任 沖 現地: two words of which only the first may be the name
            second = text[start:end].rsplit(maxsplit=1)[-1]
            if not self._shapes.plausible_given(second, ends=self._parted(sheet, end)):
                end = start + len(text[start:end].split(" ", maxsplit=1)[0])
        ends_well = (
            _AFTER_NAME.match(text, end) is not None
            or self._parted(sheet, end)
            or re.match(r" ?(?:さん|様|氏|殿)", text[end : end + 3]) is not None
        )
        certain = self._is_family_name(sheet, start, end)
        if not certain and (
            not match["gap"] or text[end : end + 1].isdecimal() or self._is_common_word(sheet, start, end)
        ):
            return
        if not ends_well and not (certain and (_PARTICLE.match(text, end) or text[end : end + 1] == " ")):
            return
        if pattern == "section_before" and not (certain or ends_well):
            return
        yield self._candidate(start, end, pattern, 0.9 if certain else 0.75)
        position = end
        while text[position : position + 1] in ("、", "・"):  # 楢崎、久木野
            while text[position : position + 1] == "、":
                position += 1
            item = self._shapes.value_at(text, position, min(len(text), position + 14))
            if (
                item is None
                or not self._shapes.plausible(text[item[0] : item[1]])
                or not _AFTER_NAME.match(text, item[1])
            ):
                return
            if not (self._is_family_name(sheet, *item) or len(text[item[0] : item[1]].replace(" ", "")) <= 4):
                return
            yield self._candidate(*item, pattern, 0.7)
            position = item[1]

    def _by_honorific(self, sheet: Sheet, text: str) -> Iterator[Candidate]:
        for match in self._honorific.finditer(text):
            end = match.end("name")
            start = behind_date(text, match.start("name"), end)
            name = text[start:end]
            if " " in name and not is_spaced_out(name):
                parts = name.split()
                if not self._shapes.plausible(parts[0]) or self._shapes_post(parts[0]):
                    start = end - len(parts[-1])
                    name = parts[-1]
            if _NOT_HONOURED.search(name) or not self._shapes.plausible_alone(name):
                continue
            if match["honorific"] in self._kanji_honorifics and not self._is_family_name(sheet, start, end):
                continue
            if len(name.replace(" ", "")) > 4 and not self._is_family_name(sheet, start, end):
                continue
            yield self._candidate(start, end, "honorific", 0.9)
        for match in _KANA_HONORIFIC.finditer(text):
            begin = self._kana_start(sheet, match.start(), match.end())
            if begin is not None and text[begin : match.end()] not in self._kana_not:
                yield self._candidate(begin, match.end(), "kana_honorific", 0.7)

    def _kana_start(self, sheet: Sheet, start: int, end: int) -> int | None:
        """Where the name in kana begins: behind particles (をはなさん); None where さん or the kana are part of a word (たくさん)."""
        for word in sheet.words_in(start, end):
            if word.start < start or word.end > end:
                return None
            if word.part_of_speech[0] != "助詞":
                return word.start if end - word.start >= 2 else None
        return None

    def _shapes_post(self, text: str) -> bool:
        return text in self._post_words

    def _named_or_said(self, sheet: Sheet, match: re.Match[str]) -> bool:
        if not sheet.text.startswith("です。", match.end(1)):
            return True
        if _LETTER.search(sheet.text):  # a letter or mail in which the writer gives their name
            return sheet.text[match.start(1) - 1 : match.start(1)] == "の"
        return self._is_family_name(sheet, *match.span(1)) and sheet.text[
            match.start(1) - 1 : match.start(1)
        ] in ("の", "、", " ", "。")

    def _is_family_name(self, sheet: Sheet, start: int, end: int) -> bool:
        """Whether Sudachi reads a person's name at `start`, or a place's name that is also a family name."""
        return any(
            "人名" in word.part_of_speech or ("地名" in word.part_of_speech and word.end <= end)
            for word in sheet.words_in(start, end)
        )

    def _parted(self, sheet: Sheet, position: int) -> bool:
        """Whether a wide gap follows: an ideographic space parts what a plain one may join."""
        return sheet.text[position : position + 1] == " " and sheet.wide_gap(position)

    def _is_common_word(self, sheet: Sheet, start: int, end: int) -> bool:
        """積算, 開票立会人: words of the language and nothing else, in a place where a name may stand."""
        words = sheet.words_in(start, end)
        return any("普通名詞" in word.part_of_speech and len(word.surface) >= 2 for word in words) and all(
            word.known and (word.part_of_speech[0] in _OF_WORDS or "普通名詞" in word.part_of_speech)
            for word in words
        )

    def _is_person(self, sheet: Sheet, start: int, end: int) -> bool:
        """The same before a post; 広島県議会議員 and 日本代表 speak of places."""
        if any("人名" in word.part_of_speech for word in sheet.words_in(start, end)):
            return True
        country = any("国" in word.part_of_speech for word in sheet.words_in(start, end))
        return not (country or self._shapes.place_follows(sheet.text, end)) and self._is_family_name(
            sheet, start, end
        )

    def _candidate(self, start: int, end: int, pattern: str, score: float, label: str = "") -> Candidate:
        return Candidate(
            kind=EntityKind.PERSON_NAME,
            start=start,
            end=end,
            recognizer="person_name",
            pattern=pattern,
            score=score,
            context=(label,) if label else (),
        )
