"""Which of the things detected must not leave the house under `pseudonymize` (design.md D6)."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain.document import Document
from assistant.domain.entity import Entity, Person
from assistant.model.errand import Secret


def secrets_of(
    document: Document, entities: Sequence[Entity], persons: Sequence[Person]
) -> tuple[Secret, ...]:
    """Secrets of a document in reading order, with every way its persons are called."""
    return tuple(
        Secret(text=one.text, kind=one.kind, person=one.person, traits=one.traits) for one in entities
    )
