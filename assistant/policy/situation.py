"""What is known about an entity when it is judged: its own traits, its person's, and the document's."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.domain.entity import Entity, EntityKind, Facts, Trait
from assistant.domain.finding import Decision
from assistant.policy.rules import Situation
from assistant.text.folding import fold

# Traits of which the nearer one counts: what stands beside the entity over what the person or the document is.
_RIVALS = (
    frozenset({Trait.BEFORE_OPENING, Trait.AFTER_OPENING}),
    frozenset({Trait.PENDING, Trait.CONCLUDED}),
    frozenset({Trait.ON_DUTY, Trait.PRIVATE_CAPACITY}),
    frozenset({Trait.ON_CONDITION, Trait.BY_DUTY}),
    frozenset({Trait.OF_INDIVIDUAL, Trait.OF_COMPANY, Trait.OF_CITY}),
    frozenset({Trait.NAME_WITHHELD, Trait.NAME_DISCLOSED}),
)

# That a person's name is public says nothing of their address or score.
_SAID_OF_THE_NAME = frozenset({Trait.PUBLISHED, Trait.HANDED_TO_ALL, Trait.ANNOUNCED})
_OF_THE_NAME = frozenset({EntityKind.PERSON_NAME, EntityKind.POST})


def situation_of(entity: Entity, facts: Facts, named: Mapping[str, Decision]) -> Situation:
    """The entity as rules see it. `named`: what became of each person's name (person id → decision), as far as known."""
    traits = entity.traits
    person = next((one for one in facts.persons if one.id == entity.person), None)
    if person is not None:
        own = entity.kind in _OF_THE_NAME
        traits = _with(traits, person.traits if own else person.traits - _SAID_OF_THE_NAME)
    traits = _with(traits, facts.traits)
    name = named.get(entity.person or "")
    if entity.kind is not EntityKind.PERSON_NAME and name is not None:
        disclosed = name is Decision.DISCLOSE
        traits = _with(traits, frozenset({Trait.NAME_DISCLOSED if disclosed else Trait.NAME_WITHHELD}))
    standing = entity.standing
    place = " ".join(part for part in (standing.label, standing.column, standing.section) if part)
    return Situation(
        kind=entity.kind,
        traits=traits,
        doc_type=fold(facts.doc_type or "", drop_space=True).text,
        place=fold(place, drop_space=True).text,
        about_person=entity.person is not None,
    )


def _with(near: frozenset[Trait], far: frozenset[Trait]) -> frozenset[Trait]:
    """Both, but nothing from afar that speaks against what is near."""
    shut = frozenset(trait for rivals in _RIVALS if rivals & near for trait in rivals)
    return near | (far - shut)
