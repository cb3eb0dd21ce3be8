"""A person found once is found everywhere: other mentions of known persons in the whole document (design.md D11)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.detect.names import NameShapes
from assistant.detect.overlap import Places
from assistant.detect.patterns import KANJI, KATA, one_of
from assistant.detect.persons import Identity, katakana_to_hiragana
from assistant.detect.words import Words
from assistant.domain.document import Extent, Page
from assistant.domain.entity import Entity, EntityKind, Explanation
from assistant.text.folding import Folded, fold

_SURE_NEXT = re.compile(r"[はがもにとをへのやで、。)」:・,(\s]|から|より|宛|両|夫妻|$")


class Spread:
    """Looks for the family name, the whole name, the given name with a honorific, and the reading of known persons."""

    def __init__(self, words: Words) -> None:
        self._shapes = NameShapes(words)
        posts = [w for key in words.lists if key.startswith("roles.posts") for w in words[key] if len(w) >= 2]
        self._called = re.compile(rf"{one_of([*words['roles.honorifics'], *posts])}")
        self._honorific = re.compile(one_of(words["roles.honorifics"]))
        self._post_before = re.compile(rf"(?:{one_of(posts)}|[課係室局部署])$")

    def find(
        self, pages: Sequence[Page], people: Sequence[Identity], taken: Iterable[Extent]
    ) -> Iterator[tuple[int, Entity]]:
        """(number of the person, mention) for every place not yet `taken`, in order of pages and persons."""
        held = Places[None]()
        for extent in taken:
            held.add(extent, None)
        called = _Called(people)
        for page in pages:
            folded = fold(page.text, drop_space=True, variants=True)
            asked: set[str] = set()  # what one of several persons of a name has taken is held for all of them
            for number, person in called.perhaps_in(folded.text):
                for start, end in self._places(folded, person, asked):
                    entity = self._mention(page, folded, start, end)
                    if not any(held.over(extent) for extent in entity.extents):
                        for extent in entity.extents:
                            held.add(extent, None)
                        yield number, entity

    def _places(self, folded: Folded, person: Identity, asked: set[str]) -> Iterator[tuple[int, int]]:
        text = folded.text
        if person.given and _is_new(f"full {person.full}", asked):
            yield from _occurrences(text, person.full)
        if _is_new(f"family {person.family}", asked):
            for start, end in _occurrences(text, person.family):
                if self._stands_alone(text, start, end):
                    yield start, end
        if len(person.given) >= 2 and _is_new(f"given {person.given}", asked):
            for start, end in _occurrences(text, person.given):
                if self._honorific.match(text, end):
                    yield start, end
        if len(person.reading) >= 3 and _is_new(f"reading {person.reading}", asked):
            for form in (person.reading, katakana_to_hiragana(person.reading)):
                for start, end in _occurrences(text, form):
                    before = text[start - 1 : start]
                    same_script = rf"[{KATA}]" if form == person.reading else "[ぁ-ゖ]"
                    if self._honorific.match(text, end) and (
                        not re.match(same_script, before) or form != person.reading
                    ):
                        yield start, end

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        before = text[max(0, start - 8) : start]
        if re.search(rf"[{KANJI}{KATA}]$", before) and not self._post_before.search(before):
            return False
        if self._called.match(text, end):
            return True
        if end - start == 1 or self._shapes.place_follows(text, end):
            return False
        return _SURE_NEXT.match(text, end) is not None

    def _mention(self, page: Page, folded: Folded, start: int, end: int) -> Entity:
        first, last = folded.span(start, end)
        extents = []
        position = first
        for piece in re.split(r"(\n)", page.text[first:last]):
            left, right = len(piece) - len(piece.lstrip()), len(piece.rstrip())
            if left < right:
                extents.append(Extent(page=page.number, start=position + left, end=position + right))
            position += len(piece)
        return Entity(
            kind=EntityKind.PERSON_NAME,
            extents=tuple(extents),
            text="".join(page.cut(extent) for extent in extents),
            explanations=(Explanation(recognizer="person_again", pattern="known_name", score=0.8),),
        )


class _Called:
    """Persons by the first two letters of what they are called: a page is asked about those it may name, not about all."""

    def __init__(self, people: Sequence[Identity]) -> None:
        self._longest_first = sorted(enumerate(people), key=lambda p: -len(p[1].full))
        self._by_start: dict[str, list[int]] = {}
        for place, (_, person) in enumerate(self._longest_first):
            kana = katakana_to_hiragana(person.reading)
            starts = {word[:2] for word in (person.full, person.family, person.given, person.reading, kana)}
            for start in starts - {""}:
                self._by_start.setdefault(start, []).append(place)

    def perhaps_in(self, text: str) -> Iterator[tuple[int, Identity]]:
        """(number, person) of everybody who may be called somewhere in `text`, longest names first."""
        met = {text[at : at + size] for size in (1, 2) for at in range(len(text))}
        for place in sorted({one for start in met for one in self._by_start.get(start, ())}):
            yield self._longest_first[place]


def _is_new(question: str, asked: set[str]) -> bool:
    """Whether `question` has not been asked on this page yet; it has been from now on."""
    if question in asked:
        return False
    asked.add(question)
    return True


def _occurrences(text: str, word: str) -> Iterator[tuple[int, int]]:
    position = text.find(word) if word else -1
    while position >= 0:
        yield position, position + len(word)
        position = text.find(word, position + len(word))
