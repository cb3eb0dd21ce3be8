"""Documents and entities in a few words, for tests of policy and of proposing."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.domain.document import Document, Extent
from assistant.domain.entity import Entity, EntityKind, Explanation, Facts, Person, Standing, Trait

WHY = (Explanation(recognizer="test", pattern="test", score=1.0),)


def passage(text: str) -> Document:
    return Document.of_texts((text,), name="試験")


def entity(
    document: Document,
    text: str,
    kind: EntityKind,
    *traits: Trait,
    person: str | None = None,
    label: str | None = None,
    occurrence: int = 1,
) -> Entity:
    """The piece `text` (its n-th occurrence) on the first page."""
    page, start = document.pages[0], -1
    for _ in range(occurrence):
        start = page.text.index(text, start + 1)
    return Entity(
        kind=kind,
        extents=(Extent(page=page.number, start=start, end=start + len(text)),),
        text=text,
        explanations=WHY,
        standing=Standing(label=label),
        traits=frozenset(traits),
        person=person,
    )


def facts(
    entities: Iterable[Entity],
    *,
    persons: Iterable[Person] = (),
    traits: Iterable[Trait] = (),
    doc_type: str | None = None,
    warnings: Iterable[str] = (),
) -> Facts:
    return Facts(
        entities=tuple(entities),
        persons=tuple(persons),
        doc_type=doc_type,
        traits=frozenset(traits),
        warnings=tuple(warnings),
    )


def person(name: str, *traits: Trait, ident: str = "p1", aliases: tuple[str, ...] = ()) -> Person:
    return Person(id=ident, name=name, aliases=aliases, traits=frozenset(traits))
