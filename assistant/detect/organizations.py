"""Organisations: a legal form beside a name, or a name that ends as names of organisations do; trade names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.overlap import Spans
from assistant.detect.patterns import KANJI, KATA, one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

# Letters of a name; a run of hiragana is part of it only if it is too long to be a particle.
_UNIT = rf"(?:[{KANJI}{KATA}A-Za-z0-9・&'.]|(?<![ぁ-ゖ])[ぁ-ゖ]{{3,8}}(?![ぁ-ゖ])|(?<![ぁ-ゖ])[のケヶ](?=[{KANJI}{KATA}]))"
_NAME = rf"{_UNIT}{{1,24}}"
_QUOTED = r"「([^「」\n]{1,20})」"
_KANA_COMPANY = re.compile(
    rf"(?:[カユシド]\)|\([カユシ]\))[{KATA}]{{2,20}}|[{KATA}]{{2,20}}(?:\([カユシ]\)?)"
)
_LABELLED = re.compile(rf"[{KANJI}{KATA}ぁ-ゖA-Za-z0-9・&'ー]{{2,20}}(?=[ (（、。/\n\t「]|$)")
_WORDY = re.compile(rf"[{KANJI}{KATA}A-Za-z]{{2}}")
_CLEAN_HEAD = re.compile(
    r"^(?:及び|並びに|又は|および|から|より|受託者|請負者|受注者|販売店|業者|相手方|申請者|事業者|提案者|代表団体|経営|発注|委託先|納入|施設|設置者|営業者)"
)


class Organizations:
    """Names of organisations. `pattern`: legal_form, suffix, kana, quoted."""

    def __init__(self, words: Words) -> None:
        legal = one_of(words["organizations.legal_forms"])
        suffix = one_of(words["organizations.name_suffixes"])
        self._before = re.compile(rf"(?:(?<![{KANJI}{KATA}A-Za-z]){legal} ?|{legal})(?:{_QUOTED}|{_NAME})")
        self._after = re.compile(rf"(?<![{KANJI}{KATA}A-Za-z0-9]){_NAME}{legal}(?![{KANJI}])")
        self._suffix = re.compile(
            rf"(?<![{KANJI}{KATA}A-Za-z0-9]){_UNIT}{{1,14}}?{suffix}(?![{KANJI}{KATA}ぁ-ゖA-Za-z0-9])|(?<![{KANJI}{KATA}A-Za-z0-9]){_UNIT}{{1,14}}?{suffix}(?=[はがをにとでものへや])"
        )
        self._prefix = re.compile(
            rf"(?<![{KANJI}{KATA}])(?P<mark>{one_of(words['organizations.name_prefixes'])})[・ ]?{_NAME}"
        )
        self._trade = re.compile(
            rf"(?:{one_of(words['organizations.trade_name_marks'])})[ :]{{0,3}}{_QUOTED}|{_QUOTED}(?=[ ]?(?:{one_of(('園主', '店主', '代表', '経営', '営業者'))}))"
        )
        self._legal = frozenset(words["organizations.legal_forms"])

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        text = sheet.text
        taken = Spans[None]()
        for name, pattern, score in (
            ("legal_form", self._after, 0.95),
            ("legal_form", self._before, 0.95),
            ("kana", _KANA_COMPANY, 0.9),
            ("prefix", self._prefix, 0.7),
            ("suffix", self._suffix, 0.6),
        ):
            for match in pattern.finditer(text):
                start, end = match.span()
                head = _CLEAN_HEAD.match(text[start:end])
                if head and head.end() < end - start:
                    start += head.end()
                if text[start:end] in self._legal or taken.over(start, end):
                    continue
                if name == "prefix" and sheet.words_in(start, start + 1)[0].end > match.end("mark"):
                    continue  # バーベンベルク is no バー
                taken.add(start, end, None)
                yield self._candidate(EntityKind.ORGANIZATION, start, end, name, score)
        for field in sheet.fields:
            if field.label == "提案者" and field.form not in ("名称",):
                value = _LABELLED.match(text, field.start, field.end)
                if value and re.match(
                    rf" [{KANJI}]{{1,3}}(?:[ (、,\t\n]|$)", text[value.end() : value.end() + 5]
                ):
                    continue  # 交付先　山田 太郎: a person
                if value and not taken.over(value.start(), value.end()) and _WORDY.search(value[0]):
                    taken.add(value.start(), value.end(), None)
                    yield self._candidate(
                        EntityKind.ORGANIZATION, value.start(), value.end(), "labelled", 0.65
                    )
        for match in self._trade.finditer(text):
            group = 1 if match[1] is not None else 2
            yield self._candidate(EntityKind.TRADE_NAME, match.start(group), match.end(group), "quoted", 0.8)

    def _candidate(self, kind: EntityKind, start: int, end: int, pattern: str, score: float) -> Candidate:
        return Candidate(
            kind=kind,
            start=start,
            end=end,
            recognizer="organization",
            pattern=pattern,
            score=score,
            traits=frozenset({Trait.OF_COMPANY}),
        )
