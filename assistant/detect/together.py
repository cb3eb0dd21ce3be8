"""Read the whole document together: who is who, whose is what, and the facts that decide (design.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from assistant.detect.attributes import Attributes
from assistant.detect.circumstances import Circumstances, plain
from assistant.detect.injection import silenced
from assistant.detect.overlap import Places
from assistant.detect.persons import Identity, identities, settle_traits
from assistant.detect.prose import Prose
from assistant.detect.spread import Spread
from assistant.detect.surroundings import Surroundings
from assistant.detect.words import Words, load_words
from assistant.domain.document import Document
from assistant.domain.entity import Entity, EntityKind, Facts, Person, Trait

_TITLE_LENGTH, _SHORT_TITLE = 60, 14
_NOT_A_NAME = frozenset(
    (EntityKind.ORGANIZATION, EntityKind.ADDRESS, EntityKind.EMAIL, EntityKind.TRADE_NAME)
)
_SHOWN = frozenset(
    (Trait.OFFICIAL, Trait.BOARD_MEMBER, Trait.COUNCILLOR, Trait.REPRESENTATIVE, Trait.PUBLISHED)
)
_BY_WORDS, _BY_FINDER = ("person_name", "person_words"), "person_ner"


class Reader:
    """Reads documents with one set of word lists; stateless, safe to share."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._circumstances = Circumstances(words)
        self._spread = Spread(words)
        self._prose = Prose(words, self._circumstances)
        self._surroundings = Surroundings(words, self._circumstances)
        self._attributes = Attributes(words)

    def read(self, document: Document, detected: Sequence[Sequence[Entity]]) -> Facts:
        """`detected`: what `Detector.detect` gave for each page, in the order of the pages."""
        pages = (silenced(page, here) for page, here in zip(document.pages, detected, strict=True))
        whole, document = document, replace(document, pages=tuple(pages))
        title = title_of(document)
        text = plain("\n".join(page.text for page in document.pages))
        traits = self._circumstances.of_document(text, plain(title), plain(document.doc_type or ""))
        everything = [entity for page in detected for entity in page]
        names = [entity for entity in everything if entity.kind is EntityKind.PERSON_NAME]
        others = [entity for entity in everything if entity.kind is not EntityKind.PERSON_NAME]
        names = self._mended(whole, names, others)
        people = identities(names)
        names, people = self._with_other_mentions(whole, names, people, others)
        self._surroundings.settle_people(document, names, people, traits, title)
        persons = tuple(_person(number, person) for number, person in enumerate(people, 1))
        owner = {
            mention: person.id
            for person, identity in zip(persons, people, strict=True)
            for mention in identity.mentions
        }
        # What a mention alone seemed to say is settled over the person: the person's traits are the mention's.
        named = [
            self._surroundings.widened(
                document,
                replace(entity, person=owner[n], traits=frozenset(people[_index(owner[n])].traits)),
            )
            for n, entity in enumerate(names)
        ]
        others = self._prose.kept(document, others, named, title, traits)
        others = self._surroundings.placed(document, others, title, traits)
        others = self._attributes.linked(document, others, named, persons)
        shown = {person.id for person in persons if person.traits & _SHOWN}
        # What a shown person was before is part of the title under which they act.
        others = [e for e in others if not (e.explanations[0].pattern == "career" and e.person in shown)]
        entities = sorted((*named, *others), key=lambda e: (e.extents[0], e.kind))
        return Facts(
            entities=tuple(entities),
            persons=persons,
            doc_type=document.doc_type or (title.split("\n")[0].strip() or None),
            traits=traits,
            warnings=self._warnings(entities, plain(title)),
            found_by_both=sum(_found_by(e) == (True, True) for e in names),
            found_by_one=(
                sum(_found_by(e) == (True, False) for e in names),
                sum(_found_by(e) == (False, True) for e in names),
            ),
        )

    def _mended(self, document: Document, names: list[Entity], others: Sequence[Entity]) -> list[Entity]:
        """桐 / 島さん: a known name broken over a line takes the place of the piece that was read as a name."""
        taken = [extent for entity in others if entity.kind in _NOT_A_NAME for extent in entity.extents]
        broken = [
            entity
            for _, entity in self._spread.find(document.pages, identities(names), taken)
            if len(entity.extents) > 1
        ]
        pieces = Places[None]()
        for entity in broken:
            for extent in entity.extents:
                pieces.add(extent, None)
        touched = [any(pieces.over(extent) for extent in entity.extents) for entity in names]
        whole = [entity for entity, cut in zip(names, touched, strict=True) if not cut]
        shortest = min((len(entity.text) for entity in broken), default=0)
        if any(cut and len(entity.text) >= shortest for entity, cut in zip(names, touched, strict=True)):
            return names  # a piece longer than the broken name is a name of its own
        return sorted([*whole, *broken], key=lambda entity: entity.extents[0])

    def _with_other_mentions(
        self, document: Document, names: list[Entity], people: list[Identity], others: Sequence[Entity]
    ) -> tuple[list[Entity], list[Identity]]:
        taken = [extent for entity in names for extent in entity.extents]
        taken += [extent for entity in others if entity.kind in _NOT_A_NAME for extent in entity.extents]
        for number, entity in self._spread.find(document.pages, people, taken):
            people[number].mentions.append(len(names))
            people[number].forms[entity.text] = None
            names.append(entity)
        return names, people

    def _warnings(self, entities: Sequence[Entity], title: str) -> tuple[str, ...]:
        codes = []
        if any(Trait.ADDRESSED_TO_AI in entity.traits for entity in entities):
            codes.append("addressed_to_ai")
        if self._circumstances.says("existence", title):
            codes.append("existence_refusal")
        return tuple(codes)


@cache
def _default_reader() -> Reader:
    return Reader(load_words())


def read_together(
    document: Document, detected: Sequence[Sequence[Entity]], words: Words | None = None
) -> Facts:
    """What reading the whole document together establishes, with the bundled word lists unless others are given."""
    reader = _default_reader() if words is None else Reader(words)
    return reader.read(document, detected)


def title_of(document: Document) -> str:
    """The line that says what record it is, of the first page with any letter; with the next one where the first is too short to say it."""
    first = next((page.text for page in document.pages if page.text.strip()), "")
    lines = [line.strip() for line in first.split("\n") if line.strip()]
    title = [line[:_TITLE_LENGTH] for line in lines[:1]]
    if lines and len(lines[0]) <= _SHORT_TITLE:
        title += [line[:_TITLE_LENGTH] for line in lines[1:2]]
    return "\n".join(title)


def _person(number: int, identity: Identity) -> Person:
    settle_traits(identity)
    forms = tuple(identity.forms)
    return Person(
        id=f"p{number}",
        name=max(forms, key=lambda form: (len("".join(form.split())), -forms.index(form))),
        aliases=forms,
        traits=frozenset(identity.traits),
    )


def _index(person: str) -> int:
    return int(person[1:]) - 1


def _found_by(entity: Entity) -> tuple[bool, bool]:
    recognizers = {explanation.recognizer for explanation in entity.explanations}
    return bool(recognizers & set(_BY_WORDS)), _BY_FINDER in recognizers
