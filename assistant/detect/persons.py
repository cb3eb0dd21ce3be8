"""Who is the same person: every mention of a document gathered under one identity (design.md D11)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.domain.entity import Entity, Trait
from assistant.text.folding import folded_text
from assistant.text.morphemes import tokenize

_KANA = re.compile(r"[ァ-ヺー]+")
_HONORIFIC = re.compile(r"(?:さん|様|さま|氏|殿|くん|ちゃん)$")
# What a person said of themselves or was called in a form weighs more than a title met elsewhere.
_PRIVATE = frozenset((Trait.COMPLAINANT, Trait.CHILD, Trait.GUARDIAN, Trait.LANDOWNER, Trait.DECEASED))
_PUBLIC = frozenset((Trait.OFFICIAL, Trait.BOARD_MEMBER, Trait.COUNCILLOR))


@dataclass(slots=True, kw_only=True)
class Identity:
    """One person while the document is being read. `family`, `given`: folded, without white space."""

    family: str
    given: str
    reading: str
    mentions: list[int] = field(default_factory=list)
    traits: set[Trait] = field(default_factory=set)
    forms: dict[str, None] = field(default_factory=dict)

    @property
    def full(self) -> str:
        """Family and given name without anything between."""
        return self.family + self.given


def identities(names: Sequence[Entity]) -> list[Identity]:
    """Gather `names` (person_name entities in reading order) by person; `mentions` index into `names`."""
    parts = [name_parts(entity.text) for entity in names]
    people: list[Identity] = []
    whole: dict[str, Identity] = {}
    for number, (family, given) in enumerate(parts):
        if given:
            person = whole.get(family + given)
            if person is None:
                person = Identity(family=family, given=given, reading=reading_of(family))
                whole[person.full] = person
                people.append(person)
            _join(person, number, names[number])
    called: dict[str, list[tuple[int, Identity]]] = {}
    for place, person in enumerate(people):
        _list_calls(called, place, person)
    for number, (family, given) in enumerate(parts):
        if not given:
            person = _known(called, family, number)
            if person is None:
                person = Identity(family=family, given="", reading=reading_of(family))
                _list_calls(called, len(people), person)
                people.append(person)
            _join(person, number, names[number])
    for person in people:
        person.mentions.sort()
        settle_traits(person)
    return sorted(people, key=lambda p: p.mentions[0])


def _join(person: Identity, number: int, entity: Entity) -> None:
    person.mentions.append(number)
    person.traits |= entity.traits
    person.forms[entity.text] = None


def _list_calls(called: dict[str, list[tuple[int, Identity]]], place: int, person: Identity) -> None:
    """Under every word that may mean the person, so that a lone word asks only those it may mean."""
    for word in {person.family, person.full, person.given or person.family, person.reading or person.family}:
        called.setdefault(word, []).append((place, person))


def _known(called: Mapping[str, Sequence[tuple[int, Identity]]], word: str, number: int) -> Identity | None:
    """The person a lone word means: by family name, whole name, given name or reading; of several the last met."""
    kana = hiragana_to_katakana(word)
    keys = (word, kana, *(word[:end] for end in range(2, len(word))))
    asked = {place: person for key in keys for place, person in called.get(key, ())}
    fits = [
        p
        for _, p in sorted(asked.items())
        if word in (p.family, p.full)
        or (p.given and word == p.given)
        or (_KANA.fullmatch(kana) and len(kana) >= 2 and p.reading and kana in (p.reading, p.family))
        or (len(word) > len(p.family) >= 2 and not p.given and word.startswith(p.family))
    ]
    before = [p for p in fits if p.mentions and p.mentions[0] < number]
    met = before or fits
    return met[-1] if met else None


def settle_traits(person: Identity) -> None:
    """A person with a private part in the matter acts privately, whatever their office (domain.md §4.1)."""
    traits = person.traits
    private = traits & _PRIVATE
    complains = bool(traits & {Trait.COMPLAINANT, Trait.DECEASED})
    if Trait.PRIVATE_CAPACITY in traits or (complains and Trait.OFFICIAL in traits):
        traits.discard(Trait.ON_DUTY)
        traits |= {Trait.PRIVATE_CAPACITY, Trait.RESIDENT}
    if traits & {Trait.EMPLOYEE, Trait.SITE_AGENT} and Trait.OFFICIAL in traits:
        traits -= {
            Trait.OFFICIAL,
            Trait.ON_DUTY,
        }  # only a company beside the name makes an employee: it is surer
    if Trait.REPORTER in traits:
        traits -= _PUBLIC | {Trait.ON_DUTY}
    if private and Trait.BOARD_MEMBER in traits and Trait.COMPLAINANT in traits:
        traits.discard(Trait.BOARD_MEMBER)
    if Trait.COUNCILLOR in traits:
        traits -= {Trait.COMPLAINANT, Trait.RESIDENT, Trait.PRIVATE_CAPACITY}
    if traits & {Trait.REPRESENTATIVE, Trait.SIGNING_BRANCH_HEAD, Trait.SOLE_PROPRIETOR}:
        traits.discard(Trait.EMPLOYEE)
        if not traits & {Trait.COMPLAINANT, Trait.REPORTER}:
            traits.discard(Trait.RESIDENT)


def name_parts(text: str) -> tuple[str, str]:
    """Family and given name, folded: by the space between them, else by the dictionary, else the whole is the family name."""
    plain = re.sub(r"\s+", " ", folded_text(text, drop_space=False, variants=True)).strip()
    plain = _HONORIFIC.sub("", plain).strip()
    pieces = plain.split(" ")
    if len(pieces) == 2:
        return pieces[0], pieces[1]
    joined = "".join(pieces)
    if len(joined) <= 2:
        return joined, ""
    words = [word.surface for word in tokenize(joined)]
    if len(words) >= 2 and len(joined) >= 3 and len(words[0]) <= 3 and not _KANA.fullmatch(joined):
        return words[0], "".join(words[1:])
    if len(joined) >= 4 and not _KANA.fullmatch(joined):
        return joined[:2], joined[2:]
    return joined, ""


def reading_of(family: str) -> str:
    """The reading Sudachi gives, in katakana; empty for names already in kana or unreadable."""
    if not family or _KANA.fullmatch(hiragana_to_katakana(family)):
        return ""
    reading = "".join(word.reading_form for word in tokenize(family))
    return reading if _KANA.fullmatch(reading) else ""


def hiragana_to_katakana(text: str) -> str:
    """Letter by letter; other letters stay."""
    return "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in text)


def katakana_to_hiragana(text: str) -> str:
    """Letter by letter; other letters stay."""
    return "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in text)
