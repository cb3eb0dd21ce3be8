"""Who is the same as whom among the secrets of an errand, over documents, questions and turns of a conversation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.domain.entity import EntityKind
from assistant.model.errand import Secret
from assistant.model.loose import loose_text, without_legal_form
from assistant.model.placeholders import OWN_WORDS, SHARED, book

_NO_DIGIT = re.compile(r"[^0-9]")
_NUMBERED = frozenset(("phone", "my_number", "corporate_number", "account"))
"""Groups in which a number written with and without what stands between its digits is one."""
_NAMES = frozenset((EntityKind.PERSON_NAME, EntityKind.SIGNATURE))


@dataclass(slots=True)
class Owner:
    """One person or thing. `forms`: as they are looked for; `surfaces`: as they were written, first met first."""

    group: str
    word: str
    forms: dict[str, None] = field(default_factory=dict)
    surfaces: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Someone:
    """A person while it is being found out who is who. `texts`: where the ids came from."""

    names: dict[str, None]
    texts: set[str]

    @property
    def fullest(self) -> str:
        return max(self.names, key=len)


def owners_of(secrets: Sequence[Secret]) -> tuple[Owner, ...]:
    """Everybody and everything in the order of the secrets.

    Two persons of different texts are the same where the fullest name of one is among the names of the other, and of
    nobody else. A name that several persons share is no one's: it has an owner of its own, as 共通名.
    """
    told = [
        (secret, form)
        for secret in secrets
        if secret.kind in book().hidden and (form := loose_text(secret.text)) not in book().ordinary and form
    ]
    people = _people([(one, form) for one, form in told if one.kind in _NAMES])
    shared = _shared(people.values())
    owners: dict[tuple[str, str | int], Owner] = {}
    for secret, form in told:
        manner = book().hidden[secret.kind]
        group, word = manner.group, manner.word_for(secret.traits)
        if secret.kind in _NAMES and form in shared:
            group, word = SHARED, OWN_WORDS[SHARED]
        place: tuple[str, str | int] = (group, _core_of(group, form))
        if group != SHARED and secret.kind in _NAMES:
            place = (group, id(people[_id_of(secret, form)]))
        owner = owners.setdefault(place, Owner(group, word))
        owner.forms[form] = None
        owner.surfaces[secret.text] = None
    return tuple(owners.values())


def _people(names: Sequence[tuple[Secret, str]]) -> dict[str, _Someone]:
    """Id → person; several ids may be one."""
    by_id: dict[str, _Someone] = {}
    for secret, form in names:
        name = _id_of(secret, form)
        by_id.setdefault(name, _Someone({}, {name.rpartition(":")[0] if secret.person else name})).names[
            form
        ] = None
    met: list[_Someone] = []
    for name, someone in by_id.items():
        same = [one for one in met if not one.texts & someone.texts and _are_one(one, someone)]
        if len(same) == 1:
            same[0].names |= someone.names
            same[0].texts |= someone.texts
            by_id[name] = same[0]
        else:
            met.append(someone)
    return by_id


def _core_of(group: str, form: str) -> str:
    """What two ways of writing the same thing have in common."""
    if group in _NUMBERED:
        return _NO_DIGIT.sub("", form) or form
    return without_legal_form(form) if group == "organization" else form


def _id_of(secret: Secret, form: str) -> str:
    """Without a person a name is known by itself; the mark cannot stand in an id of a document."""
    return secret.person or f"={form}"


def _are_one(one: _Someone, other: _Someone) -> bool:
    return one.fullest in other.names or other.fullest in one.names


def _shared(people: Iterable[_Someone]) -> set[str]:
    seen: dict[str, int] = {}
    for someone in {id(one): one for one in people}.values():
        for name in someone.names:
            seen[name] = seen.get(name, 0) + 1
    return {name for name, count in seen.items() if count > 1}
