"""Everything that can be found on one page without a model (design.md §4): recognizers, then who stands where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.detect.accounts import BankAccounts
from assistant.detect.addresses import Addresses
from assistant.detect.affiliation import Affiliation, Anchor
from assistant.detect.candidate import Candidate
from assistant.detect.contacts import Emails, Phones
from assistant.detect.identifiers import Identifiers
from assistant.detect.injection import AddressedToAssistant, silenced
from assistant.detect.money import Money
from assistant.detect.named import NamesByFinder
from assistant.detect.names_foreign import ForeignNames
from assistant.detect.names_form import NamesByForm
from assistant.detect.names_words import NamesByWords
from assistant.detect.network import NetworkDetails
from assistant.detect.numbers import CorporateNumbers, MyNumbers
from assistant.detect.organizations import Organizations
from assistant.detect.overlap import Places, Spans
from assistant.detect.ownership import Ownership
from assistant.detect.personal_data import PersonalData
from assistant.detect.ports import NameFinder
from assistant.detect.recognizer import Recognizer
from assistant.detect.scores import Scores
from assistant.detect.seals import Seals
from assistant.detect.sheet import LabelIndex, Sheet
from assistant.detect.statements import Statements
from assistant.detect.titles import Titles
from assistant.detect.words import Words, load_words
from assistant.domain.document import Page
from assistant.domain.entity import Entity, EntityKind, Explanation, Standing

_EXACT = (
    MyNumbers,
    CorporateNumbers,
    Emails,
    Phones,
    BankAccounts,
    Seals,
    PersonalData,
    Addresses,
    Organizations,
    Identifiers,
    Money,
    Scores,
    NetworkDetails,
    Statements,
)
# A number that one of these has taken is not read again as another.
_EXCLUSIVE = (
    EntityKind.MY_NUMBER,
    EntityKind.CORPORATE_NUMBER,
    EntityKind.EMAIL,
    EntityKind.BANK_ACCOUNT,
    EntityKind.PHONE,
    EntityKind.NETWORK,
    EntityKind.VEHICLE_NUMBER,
    EntityKind.EMPLOYEE_NUMBER,
    EntityKind.ID_NUMBER,
    EntityKind.ADDRESS,
)
_NOT_A_PERSON = frozenset(
    (EntityKind.ORGANIZATION, EntityKind.ADDRESS, EntityKind.EMAIL, EntityKind.TRADE_NAME)
)
_PROSE = "statement"
_LIST_MARK = r" ?(?:、|・|,|及び|並びに) ?"
_YIELDS_NOTHING = frozenset((_PROSE, "organization", "seal"))


class Detector:
    """Stateless after construction; safe to share between threads when the name finder is."""

    def __init__(self, words: Words | None = None, finder: NameFinder | None = None) -> None:
        self.words = words if words is not None else load_words()
        self._labels = LabelIndex(self.words)
        self._addressed = AddressedToAssistant(self.words)
        self._recognizers: tuple[Recognizer, ...] = tuple(recognizer(self.words) for recognizer in _EXACT)
        names: list[Recognizer] = [
            NamesByForm(self.words),
            NamesByWords(self.words),
            ForeignNames(self.words),
        ]
        if finder is not None:
            names.append(NamesByFinder(self.words, finder))
        self._names = tuple(names)
        self._affiliation = Affiliation(self.words)
        self._titles = Titles(self.words)
        self._ownership = Ownership(self.words, self._affiliation)

    def detect(self, page: Page) -> tuple[Entity, ...]:
        """What stands on `page`, in reading order; spans of different kinds may overlap."""
        if not page.text.strip():
            return ()
        sheet = Sheet(page, self._labels)
        addressed = [self._entity(sheet, [c]) for c in self._addressed.find(sheet)]
        spoken = [entity for entity in addressed if entity is not None]
        found = self._found(sheet)
        if spoken:
            # What stands in such a sentence is found as anywhere; what stands outside, as if it were not there.
            there = Places[None]()
            for extent in (extent for entity in spoken for extent in entity.extents):
                there.add(extent, None)
            inside = [one for one in found if any(there.over(extent) for extent in one.extents)]
            found = [*spoken, *inside, *self._found(Sheet(silenced(page, spoken), self._labels))]
        return tuple(sorted(found, key=lambda e: (e.extents[0].start, -e.extents[0].end, e.kind)))

    def _found(self, sheet: Sheet) -> list[Entity]:
        found = _without_rereading([c for r in self._recognizers for c in r.find(sheet)])
        anchors = self._affiliation.anchors(sheet, found)
        names = self._named(sheet, anchors, found)
        owned = [self._ownership.of(sheet, anchors, names, candidate) for candidate in found]
        entities = [entity for c in owned if (entity := self._entity(sheet, [c])) is not None]
        entities += self._titled(sheet, names)
        entities += [entity for group in names if (entity := self._entity(sheet, group)) is not None]
        return entities

    def _named(
        self, sheet: Sheet, anchors: Sequence[Anchor], found: Sequence[Candidate]
    ) -> list[list[Candidate]]:
        """Mentions of persons: each a group of candidates of which the first gives the span and the traits."""
        taken = Spans[Candidate]()
        for c in found:
            if c.kind in _NOT_A_PERSON:
                taken.add(c.start, c.end, c)
        candidates = [
            c
            for recognizer in self._names
            for c in recognizer.find(sheet)
            if not any(_inside(c, other) for other in taken.over(c.start, c.end))
        ]
        groups: list[list[Candidate]] = []
        heads = Spans[list[Candidate]]()
        for candidate in sorted(candidates, key=lambda c: (-c.score, -(c.end - c.start), c.start)):
            met = heads.over(candidate.start, candidate.end)
            if met:
                met[0].append(candidate)
            else:
                groups.append([candidate])
                heads.add(candidate.start, candidate.end, groups[-1])
        settled: list[list[Candidate]] = []
        groups.sort(key=lambda g: g[0].start)
        ends = self._affiliation.titled_ends(sheet, [group[0] for group in groups])
        for group in groups:
            traits, said_by = self._affiliation.person_traits(sheet, anchors, group[0], ends)
            if (
                settled
                and not traits
                and re.fullmatch(_LIST_MARK, sheet.text[settled[-1][0].end : group[0].start])
            ):
                traits = settled[-1][0].traits  # 相談員 甘木、乙川
            first = replace(
                group[0], traits=traits, context=tuple(dict.fromkeys((*group[0].context, *said_by)))
            )
            settled.append([first, *group[1:]])
        return settled

    def _titled(self, sheet: Sheet, names: Sequence[Sequence[Candidate]]) -> list[Entity]:
        """Posts beside names; a career in the bracket after a name is private life until the name is shown."""
        spans = [(group[0].start, group[0].end) for group in names]
        found = []
        for start, end, what in self._titles.around(sheet, spans):
            kind = EntityKind.POST if what == "post" else EntityKind.PRIVATE_LIFE
            candidate = Candidate(
                kind=kind, start=start, end=end, recognizer="title", pattern=what, score=0.8
            )
            entity = self._entity(sheet, [candidate])
            if entity is not None:
                found.append(entity)
        return found

    def _entity(self, sheet: Sheet, group: Sequence[Candidate]) -> Entity | None:
        first = group[0]
        extents = sheet.extents(first.start, first.end)
        if not extents:
            return None
        field = sheet.field_at(first.start)
        explanations = tuple(
            Explanation(
                recognizer=c.recognizer,
                pattern=c.pattern,
                score=c.score,
                context=c.context,
                checked=c.checked,
            )
            for c in group
        )
        return Entity(
            kind=first.kind,
            extents=extents,
            text="".join(sheet.page.cut(extent) for extent in extents),
            explanations=explanations,
            standing=Standing(
                label=field.form if field and not field.column else None,
                column=field.form if field and field.column else None,
                section=field.label if field else None,
                line=sheet.line_number(first.start),
            ),
            traits=first.traits,
        )


def _inside(candidate: Candidate, other: Candidate) -> bool:
    """Whether a name lies in an organisation or address; one that only ends like an organisation yields to a label."""
    if not candidate.overlaps(other):
        return False
    weak = other.kind is EntityKind.ORGANIZATION and other.pattern == "suffix"
    return not (weak and candidate.score >= 0.9 and other.start >= candidate.start)


def _without_rereading(candidates: list[Candidate]) -> list[Candidate]:
    """Drop money, ages and weaker numbers that lie in a span another recognizer has read as a number of its own."""
    # Statements may cover what others read inside them, so they neither take a place nor yield one.
    exclusive = sorted(
        (c for c in candidates if c.kind in _EXCLUSIVE and c.recognizer != _PROSE),
        key=lambda c: (_EXCLUSIVE.index(c.kind), -c.score),
    )
    kept: list[Candidate] = []
    places = Spans[Candidate]()
    for candidate in exclusive:
        if not places.over(candidate.start, candidate.end):
            kept.append(candidate)
            places.add(candidate.start, candidate.end, candidate)
    rest = [
        c
        for c in candidates
        if c.recognizer in _YIELDS_NOTHING or (c.kind not in _EXCLUSIVE and not places.over(c.start, c.end))
    ]
    return kept + rest
