"""Prose that no word of a list marks, but the record does: sentences about a person in records of their care, what
was told on condition, what is still being weighed (words/modes.toml).

Works sentence by sentence on the whole document, after its circumstances are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.detect.overlap import Places
from assistant.detect.patterns import one_of
from assistant.detect.words import ModeRule, Words
from assistant.domain.document import Document, Extent, Page
from assistant.domain.entity import Entity, Explanation, Standing, Trait
from assistant.text.folding import fold

_PIECE = re.compile(r"[^。\n\t|]+")
_CELL = re.compile(r"[^,]+")
_HEAD = re.compile(
    r"^[\s・○●■□◆◇*→⇒※().、:-]*(?:[0-9]{1,2}[ .)] ?)?(?:[^\s:、。]{1,14} ?: ?|[一-鿿ァ-ヺーぁ-ゖ]{2,10} {2,})?"
)
_DATE_ONLY = re.compile(r"[\s0-9年月日時分()火水木金土曜~:./令和平成昭RHS午前後頃ころ-]+")
_MEASURE = re.compile(
    r"[0-9一二三四五六七八九十] ?(?:%|円|人|名|台|社|割|倍|トン|t|kg|か所|棟|店|室|席|便|万|億|千|床|頭|羽|本|個|ポイント|m2|ha)"
)


def _pieces(text: str) -> Iterator[re.Match[str]]:
    """Sentences; the cells of a line that is a row of a table in commas."""
    position = 0
    for line in text.split("\n"):
        end = position + len(line)
        row = line.count(",") >= 3 and "。" not in line
        if not (row and not re.search(r"[0-9]", line)):  # a header says nothing
            yield from (_CELL if row else _PIECE).finditer(text, position, end)
        position = end + 1


class Mode:
    """One rule of modes.toml, compiled."""

    def __init__(self, rule: ModeRule) -> None:
        self.rule = rule
        self._titles = re.compile(one_of(rule.titles)) if rule.titles else None
        self._words = re.compile(one_of(rule.words))
        self._unless = re.compile(one_of(rule.unless)) if rule.unless else None

    def applies(self, title: str, traits: frozenset[Trait]) -> bool:
        """Whether the record is of this kind and in this state."""
        if self.rule.state is not None and self.rule.state not in traits:
            return False
        if self.rule.state is None and Trait.PUBLISHED in traits:
            return False
        return self._titles is None or self._titles.search(title) is not None

    def speaks(self, piece: str) -> bool:
        """Whether the sentence is one of this mode's."""
        if self._unless is not None and self._unless.search(piece):
            return False
        return self._words.search(piece) is not None or (
            self.rule.measure and _MEASURE.search(piece) is not None
        )


class Narratives:
    """Entities for sentences that only the kind and state of the record mark; their scores are low on purpose."""

    def __init__(self, words: Words) -> None:
        self._modes = tuple(Mode(rule) for rule in words.modes)
        self._open = re.compile(one_of(words["facts.published"]))

    def find(
        self, document: Document, title: str, traits: frozenset[Trait], taken: Sequence[Entity]
    ) -> list[Entity]:
        """Sentences not already taken by a statement. `title`: folded title and kind of record."""
        held = Places[None]()
        for extent in (extent for entity in taken for extent in entity.extents):
            held.add(extent, None)
        found: list[Entity] = []
        for mode in self._modes:
            if not mode.applies(title, traits):
                continue
            for page in document.pages:
                for entity in self._of_page(page, mode):
                    if not any(held.over(extent) for extent in entity.extents):
                        for extent in entity.extents:
                            held.add(extent, None)
                        found.append(entity)
        return found

    def _of_page(self, page: Page, mode: Mode) -> Iterator[Entity]:
        folded = fold(page.text)
        text = folded.text
        first_line = len(text) - len(text.lstrip())
        title_end = text.find("\n", first_line)
        begin = title_end if 0 <= title_end <= 80 else 0
        for match in _pieces(text):
            piece = match[0]
            head = _HEAD.match(piece)
            skip = head.end() if head else 0
            body = piece[skip:].strip()
            if (
                match.start() < begin
                or len(body) < 5
                or _DATE_ONLY.fullmatch(body)
                or self._open.search(piece)
            ):
                continue
            if not mode.speaks(piece):
                continue
            start = match.start() + skip + (len(piece[skip:]) - len(piece[skip:].lstrip()))
            first, last = folded.span(start, start + len(body))
            extent = Extent(page=page.number, start=first, end=last)
            yield Entity(
                kind=mode.rule.kind,
                extents=(extent,),
                text=page.cut(extent),
                explanations=(Explanation(recognizer="narrative", pattern=mode.rule.name, score=0.5),),
                standing=Standing(line=page.text.count("\n", 0, first)),
            )
