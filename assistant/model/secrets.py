"""Which of the things detected must not leave the house under `pseudonymize` (design.md D6).

What is hidden and what stays is decided by kind in `placeholders.toml`. Every string that is given here is hidden
wherever it stands, so a name brings its parts with it: 烏丸 花代 also leaves neither as 烏丸 nor as カラスマ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from assistant.detect.patterns import one_of
from assistant.detect.persons import name_parts, reading_of
from assistant.detect.together import read_together
from assistant.detect.words import load_words
from assistant.domain.document import Document, Page
from assistant.domain.entity import Entity, EntityKind, Person, Trait
from assistant.domain.finding import Finding
from assistant.model.errand import Secret
from assistant.model.loose import loose_text, without_legal_form
from assistant.model.placeholders import Book, book
from assistant.text.folding import fold
from assistant.text.morphemes import tokenize

_NAMES = frozenset((EntityKind.PERSON_NAME, EntityKind.SIGNATURE))
_ORGANIZATIONS = frozenset((EntityKind.ORGANIZATION, EntityKind.TRADE_NAME))
_IN_DIGITS = frozenset((EntityKind.PHONE, EntityKind.MY_NUMBER, EntityKind.CORPORATE_NUMBER))
_ASCII_RUN = re.compile(r"[!-~]{4,}")
_HIRAGANA = re.compile(r"[ぁ-ゖー]+")
_BEHIND = re.compile(r"[ 　]{1,2}([一-鿿々ぁ-ゖァ-ヺー]{1,4})(?![一-鿿々ぁ-ゖァ-ヺー])")
_LOOSE_PATTERNS = frozenset(("suffix", "labelled"))
_SHORTEST_READING, _SHORTEST_HIRAGANA, _FEWEST_DIGITS = 3, 3, 8
_SHORTEST_COMPANY = 3
_NEAR = 2
# 市 and 区 end the area; 町 and 村 only behind a prefecture or a 郡, since elsewhere they are a section of a city.
_LETTERS = r"[一-鿿々ヶケぁ-ゖァ-ヺー]"
_CITY = rf"{_LETTERS}{{1,6}}?市市?(?![場内外民営立])(?:[一-鿿]{{1,4}}?区(?![画域分間]))?"
_TOWN = rf"{_LETTERS}{{1,6}}?[町村]"
_COUNTY = rf"{_LETTERS}{{1,5}}?郡{_TOWN}"
_WARD = r"[一-鿿]{1,4}区(?![画域分間])"
_BARE_BLOCK = re.compile(r"[0-9\-ー、,.]*")
_SHORTEST_REST = 4


def secrets_of(
    document: Document, entities: Sequence[Entity], persons: Sequence[Person]
) -> tuple[Secret, ...]:
    """Secrets of a document in reading order, each string once, with every way its persons are called."""
    known = {person.id: person for person in persons}
    found: dict[tuple[str, str | None], Secret] = {}
    for entity in sorted(entities, key=lambda one: (one.extents[0], -len(one.text))):
        for secret in _of_entity(document, entity, known):
            key = (secret.text, secret.person if secret.kind in _NAMES else None)
            held = found.get(key)
            found[key] = secret if held is None else replace(held, near=held.near | secret.near)
    return tuple(found.values())


def secrets_in(text: str, detect: Callable[[Page], tuple[Entity, ...]]) -> tuple[Secret, ...]:
    """Secrets of a text that is no document: a question, a precedent, the words of a request.

    The ids of its persons begin with a digest of the text, so that they are not taken for those of another.
    """
    document = Document.of_texts((text,), name="")
    facts = read_together(document, [detect(page) for page in document.pages])
    return tuple(
        replace(one, person=f"{document.sha256[:12]}:{one.person}") if one.person else one
        for one in secrets_of(document, facts.entities, facts.persons)
    )


def told_by(findings: Iterable[Finding], known: Iterable[Entity]) -> tuple[Entity, ...]:
    """What findings speak of beside the `known` entities: worked passages, a model and staff find names, too."""
    held = {(one.kind, one.extents) for one in known}
    return tuple(
        Entity(kind=one.kind, extents=one.extents, text=one.text, explanations=())
        for one in findings
        if one.kind in book().hidden and (one.kind, one.extents) not in held
    )


def _of_entity(document: Document, entity: Entity, known: Mapping[str, Person]) -> Iterator[Secret]:
    words = book()
    manner = words.hidden.get(entity.kind)
    if manner is None or (entity.kind in _ORGANIZATIONS and _is_public(entity, words)):
        return
    person = known.get(entity.person or "")
    traits = entity.traits | person.traits if person is not None and entity.kind in _NAMES else entity.traits
    for text in dict.fromkeys(_texts_of(document, entity, person)):
        letters = loose_text(text)
        if letters and letters not in words.ordinary:
            near = _surroundings(document, entity) if len(letters) == 1 else frozenset()
            yield Secret(text=text, kind=entity.kind, person=entity.person, traits=traits, near=near)


def _texts_of(document: Document, entity: Entity, person: Person | None) -> Iterable[str]:
    manner = book().hidden[entity.kind]
    pieces = _pieces(document, entity)
    if entity.kind in _NAMES:
        return _names_of([*pieces, *_with_given(document, entity)], person)
    if manner.only == "ascii":
        # in folded text the full-width ones are ASCII too; what is looked for is folded all the same
        return [run for piece in pieces for run in _ASCII_RUN.findall(fold(piece).text)]
    if entity.kind is EntityKind.ADDRESS:
        return [rest for piece in pieces if (rest := without_area(piece))]
    if entity.kind is EntityKind.ORGANIZATION:
        letters = loose_text(entity.text)
        bare = without_legal_form(letters)
        return [*pieces, *([bare] if bare != letters and len(bare) >= _SHORTEST_COMPANY else [])]
    return [*pieces, *_numbers_in(entity)]


def _numbers_in(entity: Entity) -> list[str]:
    """The number without its hyphens, or without the bank before it: so it may stand elsewhere."""
    letters = loose_text(entity.text)
    if entity.kind in _IN_DIGITS:
        digits = re.sub(r"[^0-9]", "", letters)
        return [digits] if len(digits) >= _FEWEST_DIGITS else []
    return re.findall(r"[0-9]{6,}", letters) if entity.kind is EntityKind.BANK_ACCOUNT else []


def _pieces(document: Document, entity: Entity) -> list[str]:
    """The text in one, or piece by piece where other text stands between the pieces."""
    first, last = entity.extents[0], entity.extents[-1]
    if first.page == last.page:
        between = document.page(first.page).text[first.start : last.end]
        if loose_text(between) == loose_text(entity.text):
            return [between]
    pieces = [document.cut(extent) for extent in entity.extents]
    return [entity.text, *(piece for piece in pieces if len(loose_text(piece)) > 1)]


def _names_of(pieces: Sequence[str], person: Person | None) -> Iterator[str]:
    """As it stands there, then every other way the document calls the person, then the parts of the name."""
    called = list(person.aliases) if person is not None else []
    bare = [loose_text(_honorific().sub("", name)) for name in called]
    here = []
    for piece in pieces:
        letters = loose_text(piece)
        # 長男 時任 誠一: the name is known by itself, the son stays
        if not any(name and letters.endswith(name) and name != letters for name in bare):
            here.append(piece)
    names = [_honorific().sub("", name).strip() for name in (*here, *called)]
    names = [name for name in names if name and not _is_common(name)]
    yield from names
    for name in names:
        yield from _parts_of(name)


def _with_given(document: Document, entity: Entity) -> Iterator[str]:
    """A family name with the given name behind a space that the detector did not take for one (佐保 健)."""
    last = entity.extents[-1]
    behind = _BEHIND.match(document.page(last.page).text, last.end)
    if behind is None or name_parts(entity.text)[1]:
        return
    if all(word.part_of_speech[2] == "人名" for word in tokenize(behind[1])):
        yield f"{entity.text}{behind[0]}"


@cache
def _honorific() -> re.Pattern[str]:
    return re.compile(rf"\s*{one_of(book().honorifics)}$")


def _parts_of(name: str) -> Iterator[str]:
    """Family name, given name and reading, where they are long enough to mean nobody else's words."""
    pieces = name.split()
    if len(pieces) > 2 and all(len(piece) > 1 for piece in pieces):
        return  # who stands before or behind the name is not known: nothing is cut out of it
    family, given = name_parts(name)
    if not given or _is_common(family):
        return
    yield from (part for part in (family, given) if _stands_for_itself(part))
    reading = reading_of(family)
    if len(reading) >= _SHORTEST_READING:
        yield reading


def _stands_for_itself(part: str) -> bool:
    return len(part) >= (_SHORTEST_HIRAGANA if _HIRAGANA.fullmatch(part) or part.isascii() else 2)


def _is_common(word: str) -> bool:
    return loose_text(word) in book().ordinary


def _is_public(entity: Entity, words: Book) -> bool:
    """Whether a name is that of a public body, or none at all (都市計画道路)."""
    if Trait.OF_CITY in entity.traits or Trait.OFFICIAL in entity.traits:
        return True
    name = loose_text(entity.text)
    if name.endswith(words.public_ends) or any(mark in name for mark in words.public_within):
        return True
    if without_legal_form(name) != name:
        return False
    patterns = {one.pattern for one in entity.explanations}
    if not patterns <= _LOOSE_PATTERNS:
        return False
    if "suffix" in patterns and not name.endswith(words.loose_ends):
        return False
    return not _has_own_name(entity.text)


def _has_own_name(text: str) -> bool:
    """Whether a word in it is a proper name, or one that no dictionary has."""
    return any(word.part_of_speech[1] == "固有名詞" or not word.known for word in tokenize(fold(text).text))


def _surroundings(document: Document, entity: Entity) -> frozenset[tuple[str, str]]:
    found = set()
    for extent in entity.extents:
        text = document.page(extent.page).text
        # twice as far, since white space does not count
        before = loose_text(text[max(0, extent.start - 4 * _NEAR) : extent.start])[-_NEAR:]
        after = loose_text(text[extent.end : extent.end + 4 * _NEAR])[:_NEAR]
        found.add((before, after))
    return frozenset(found)


def without_area(address: str) -> str:
    """An address without prefecture and municipality, which stay; empty where it is no more than these.

    Where nothing but numbers would be left, the whole address: 3-2 is no string to look for.
    """
    area = _area().match(address)
    if area is None:
        return address.strip()
    rest = address[area.end() :].strip()
    if not rest:
        return ""
    letters = loose_text(rest)
    return address.strip() if len(letters) < _SHORTEST_REST or _BARE_BLOCK.fullmatch(letters) else rest


@cache
def _area() -> re.Pattern[str]:
    prefecture = one_of(load_words()["places.prefectures"])
    return re.compile(rf"{prefecture}\s*(?:{_COUNTY}|{_CITY}|{_WARD}|{_TOWN})?|{_COUNTY}|{_CITY}|{_WARD}")
