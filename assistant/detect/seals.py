"""Seals and signatures: ㊞, 印影, a described seal in brackets, the letter 印 standing alone after a name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.overlap import Spans
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

_BRACKETED = re.compile(
    r"[\[〔【(<《][^\[\]〔〕【】()<>《》\n]{0,14}(?:印影|印鑑|印|押印|サイン|署名|自署)(?:あり|有|の写し|省略|済)?[\]〕】)>》]"
)
# A sentence about seals in general (印影は、…を除き) describes none: the word alone must end a cell, a bracket or a line.
_DESCRIBED = re.compile(
    r"(?:代表者|代表取締役|会社|法人|届出|銀行|個人|市長|公|職|社|実|認|丸|角|契)印(?:の)?(?:印影|押印)(?:あり)?"
    r"|印影(?:あり|(?=[ \t]*(?:[\n)\]】〕|,]|$)|[ \t]))"
)
_ALONE = re.compile(r"(?<=[ \t])印(?=[ \t\n)]|$)")
_CITY = re.compile(r"市長|公印|職印|市印|学校長|局長|課長|知事|教育長|署長")
_COMPANY = re.compile(r"代表|社印|会社|法人|角印|丸印|店印|取締役|理事長|契印")
_PERSONAL = re.compile(r"認印|実印|個人|本人|自署|サイン|署名|シャチハタ|私印")


class Seals:
    """One candidate a seal, with the brackets that describe it."""

    def __init__(self, words: Words) -> None:
        pass

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        spans: dict[tuple[int, int], str] = {}
        taken = Spans[None]()
        for name, pattern in (("bracketed", _BRACKETED), ("described", _DESCRIBED), ("alone", _ALONE)):
            for match in pattern.finditer(sheet.text):
                if not taken.over(*match.span()):
                    spans[match.span()] = name
                    taken.add(*match.span(), None)
        for position, letter in enumerate(sheet.page.text):
            if letter == "㊞":  # folding makes it the plain letter, so it is looked for on the page itself
                index = sheet.folded.index(position)
                if not taken.over(index, index + 1):
                    spans[index, index + 1] = "mark"
        for (start, end), name in sorted(spans.items()):
            yield self._candidate(sheet.text[start:end], start, end, name)

    def _candidate(self, text: str, start: int, end: int, pattern: str) -> Candidate:
        trait = (
            Trait.OF_CITY
            if _CITY.search(text)
            else Trait.OF_COMPANY
            if _COMPANY.search(text)
            else Trait.OF_INDIVIDUAL
            if _PERSONAL.search(text)
            else None
        )
        signed = re.search(r"サイン|署名|自署", text) is not None
        return Candidate(
            kind=EntityKind.SIGNATURE if signed else EntityKind.SEAL,
            start=start,
            end=end,
            recognizer="seal",
            pattern=pattern,
            score=0.9,
            traits=frozenset({trait}) if trait else frozenset(),
        )
