"""What is still open of somebody whose name is withheld, and may tell who it is when put together (モザイク).

Identification includes matching with other information (domain.md §4.1): a name alone may be withheld in vain where age,
work and school stay, where the passage says that there is only one, or where the same person is named in another way.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.domain.document import Document, Extent
from assistant.domain.entity import Entity, EntityKind, Facts
from assistant.domain.finding import Decision, Finding
from assistant.domain.provision import Head
from assistant.policy.singling import Singling, plain, singling
from assistant.text.sentences import sentences

ENOUGH = 2
"""Matters about one person that must stay open before they are said to combine."""
LONGEST = 300
"""Characters of a sentence; in a longer one (a table run together) words beside a name need not be about it."""

_NAMES = frozenset({EntityKind.PERSON_NAME, EntityKind.TRADE_NAME})
_OF_SOMEBODY = frozenset(
    {
        EntityKind.PERSON_NAME,
        EntityKind.HEALTH,
        EntityKind.FAMILY,
        EntityKind.PRIVATE_LIFE,
        EntityKind.DISCIPLINE,
        EntityKind.EVALUATION,
        EntityKind.SCORE,
        EntityKind.INCOME,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """One way in which somebody may still be told. `matters`: names from singling.toml; never document text.

    "together": several matters of one person; "sole": it is said that there is only one; "called": another name or
    trade name of the person stays open.
    """

    way: Literal["together", "sole", "called"]
    page: int
    matters: tuple[str, ...] = ()


def remaining(document: Document, facts: Facts, findings: Sequence[Finding]) -> tuple[Remaining, ...]:
    """At most one of each way, by the first person or place that shows it. Takes time linear in the document."""
    words = singling()
    left = _Left(document, findings)
    ways = (
        _together(facts, findings, left, words),
        _sole(findings, left, words),
        _called(facts, findings, left),
    )
    return tuple(way for way in ways if way is not None)


class _Left:
    """The text that stays: a page's letters, with digits in half width and a NUL for whatever goes."""

    def __init__(self, document: Document, findings: Sequence[Finding]) -> None:
        self._texts: dict[int, str] = {}
        self._sentences: dict[int, list[tuple[int, int]]] = {}
        gone: dict[int, list[Extent]] = defaultdict(list)
        for finding in findings:
            if finding.decision is Decision.WITHHOLD:
                for extent in finding.extents:
                    gone[extent.page].append(extent)
        for page in document.pages:
            letters = list(plain(page.text))
            for extent in gone[page.number]:
                letters[extent.start : extent.end] = "\0" * len(extent)
            self._texts[page.number] = "".join(letters)
            self._sentences[page.number] = sentences(page.text)

    def text(self, extent: Extent) -> str:
        """What stays of a place."""
        return self._texts[extent.page][extent.start : extent.end]

    def page(self, number: int) -> str:
        """What stays of a page."""
        return self._texts[number]

    def open(self, entity: Entity) -> bool:
        """Whether any of it stays."""
        return any(letter != "\0" and not letter.isspace() for e in entity.extents for letter in self.text(e))

    def sentence(self, extent: Extent, *, before: int = 0) -> Extent:
        """The sentence a place begins in, with so many before it."""
        spans = self._sentences[extent.page]
        at = max(bisect_right(spans, extent.start, key=lambda span: span[0]) - 1, 0)
        if not spans:
            return extent
        return Extent(page=extent.page, start=spans[max(at - before, 0)][0], end=spans[at][1])


def _together(facts: Facts, findings: Sequence[Finding], left: _Left, words: Singling) -> Remaining | None:
    unnamed = _unnamed(facts, left)
    matters: dict[str, dict[str, int]] = defaultdict(dict)
    for entity in facts.entities:
        if entity.person and entity.person in unnamed and left.open(entity):
            for name in words.names_of(entity.kind, entity.text):
                matters[entity.person].setdefault(name, entity.extents[0].page)
    beside = [(person, left.sentence(extent)) for person, extents in unnamed.items() for extent in extents]
    # Somebody may be spoken of without a name: then what tells who it is stands in the same sentence or before it.
    beside += [(one.id, left.sentence(one.extents[0], before=1)) for one in findings if _is_of_somebody(one)]
    told: dict[Extent, tuple[str, ...]] = {}
    for whose, place in beside:
        if place not in told:
            told[place] = words.names_in(left.text(place)) if len(place) <= LONGEST else ()
        for name in told[place]:
            matters[whose].setdefault(name, place.page)
    found = next((one for one in matters.values() if len(one) >= ENOUGH), None)
    return Remaining(way="together", page=min(found.values()), matters=tuple(found)) if found else None


def _sole(findings: Sequence[Finding], left: _Left, words: Singling) -> Remaining | None:
    """Only on a page that is about somebody: a lone bidder for a contract singles out nobody."""
    for page in sorted({finding.extents[0].page for finding in findings if _is_of_somebody(finding)}):
        if words.tells_of_one(left.page(page)):
            return Remaining(way="sole", page=page)
    return None


def _called(facts: Facts, findings: Sequence[Finding], left: _Left) -> Remaining | None:
    """Of those whose name is withheld for itself: an official's that goes with a statement stays open elsewhere."""
    unnamed = {one.person for one in findings if one.kind in _NAMES and one.decision is Decision.WITHHOLD}
    for entity in facts.entities:
        if entity.kind in _NAMES and entity.person and entity.person in unnamed and left.open(entity):
            return Remaining(way="called", page=entity.extents[0].page)
    return None


def _unnamed(facts: Facts, left: _Left) -> Mapping[str, tuple[Extent, ...]]:
    """The persons whose name goes somewhere, with the places where it does."""
    named: dict[str, list[Extent]] = defaultdict(list)
    for entity in facts.entities:
        if entity.kind is EntityKind.PERSON_NAME and entity.person and not left.open(entity):
            named[entity.person] += entity.extents
    return {person: tuple(extents) for person, extents in named.items()}


def _is_of_somebody(finding: Finding) -> bool:
    """Whether it is a private matter that is not simply disclosed."""
    return (
        finding.kind in _OF_SOMEBODY
        and finding.decision is not Decision.DISCLOSE
        and finding.head is Head.INDIVIDUAL
    )
