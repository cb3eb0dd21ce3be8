"""Placeholders for one errand: what leaves says 〔氏名1〕, what comes back says the name, letter for letter.

The number is the person's (or the thing's); another way of writing the same one is 〔氏名1の2〕, so that what comes back
is the very string that stood there. Numbers follow the order of the secrets; the same secrets and context give the
same placeholders.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.model.errand import Secret
from assistant.model.lookalikes import Lookalike, lookalikes, unfinished
from assistant.model.loose import holds_any, loose, loose_text, occurrences
from assistant.model.placeholders import ORIGINAL, OWN_WORDS, book
from assistant.model.sameness import Owner, owners_of
from assistant.text.folding import Folded

_MOST_NUMBERS = 100_000
_MOST_ROUNDS = 8
_KEPT_TEXTS = 32
_MOST_GAPS = 1_000  # behind these a secret is so short that the last check has to stop it
_BEHIND_ALONE = frozenset("はがもにとをへでや、。,.)）」』】〕〉》]:：;；／/｜|・\n\t 　")


@dataclass(slots=True)
class _Thing:
    """One person, address, number …: the words of its placeholder, and every way it was found written.

    `surfaces[n - 1]`: what 〔氏名1のn〕 stands for; None where that very placeholder would hold one of the `forms`.
    """

    group: str
    word: str
    number: int
    forms: tuple[str, ...]
    ways: dict[str, str] = field(default_factory=dict)
    surfaces: list[str | None] = field(default_factory=list)

    def way_of(self, surface: str) -> str:
        """The placeholder of a surface, which gets the next way where it is new."""
        told = self.ways.get(surface)
        while told is None:
            way = len(self.surfaces) + 1
            worded = f"〔{self.word}{self.number}〕" if way == 1 else f"〔{self.word}{self.number}の{way}〕"
            if way == 1 or way > _MOST_GAPS or not holds_any(loose_text(worded), self.forms):
                told = self.ways[surface] = worded
            self.surfaces.append(surface if told else None)
        return told


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch of a text that is replaced."""

    start: int
    end: int
    thing: _Thing


class Pseudonyms:
    """Built once per errand from its secrets and from every text that will be part of it; safe to share by threads."""

    def __init__(self, secrets: Sequence[Secret], context: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._hidden: OrderedDict[str, str] = OrderedDict()
        owners = owners_of(secrets)
        self._near = _near(secrets)
        forms = [form for owner in owners for form in owner.forms]
        self.forms = tuple(
            sorted({form for form in forms if len(form) > 1}, key=lambda one: (-len(one), one))
        )
        """Every string of two letters or more that may not leave, as `loose` writes it, longest first."""
        self._edged = tuple(form for form in self.forms if "〔" in form or "〕" in form)
        self._letters = tuple(dict.fromkeys(form for form in forms if len(form) == 1))
        texts = tuple(context)
        self._taken = {(one.group, one.number) for text in texts for one in lookalikes(text)}
        self._things: dict[tuple[str, int], _Thing] = {}
        self._last: dict[str, int] = {}
        self._owner: dict[str, _Thing] = {}
        for owner in owners:
            self._give(owner)
        self._original = self._new(ORIGINAL, (OWN_WORDS[ORIGINAL],))
        for text in texts:
            for mark in self._marks(text):
                mark.thing.way_of(text[mark.start : mark.end])

    def hide(self, text: str) -> str:
        """The text as it may leave. `restore` gives back exactly this text.

        Whatever in it would be read as one of our placeholders is replaced as well, as 〔原文1〕.
        """
        with self._lock:
            known = self._hidden.get(text)
            if known is None:
                known = self._hide(text)
                self._hidden[text] = known
                while len(self._hidden) > _KEPT_TEXTS:
                    self._hidden.popitem(last=False)
            return known

    def restore(self, text: str) -> str:
        """The text with every placeholder as it stood; what is not known to be one stays."""
        pieces, done = [], 0
        for one in lookalikes(text):
            surface, end = self._meant(one)
            if surface is not None:
                pieces += [text[done : one.start], surface, one.tail]
                done = end
        return "".join([*pieces, text[done:]])

    def pending(self, text: str) -> int:
        """See `model.errand.Escort.pending`."""
        return unfinished(text)

    def count(self, text: str) -> int:
        """How many different things stand in `text` as placeholders."""
        return len({(one.group, one.number) for one in lookalikes(text)} & self._things.keys())

    def _give(self, owner: Owner) -> None:
        thing = self._new(owner.group, (owner.word,))
        for surface in owner.surfaces:
            thing.way_of(surface)
        for form in owner.forms:
            self._owner.setdefault(form, thing)

    def _new(self, group: str, words: Iterable[str]) -> _Thing:
        """The next number that stands in none of the texts, in a word that holds no secret itself."""
        for word in (*words, *book().spare):
            if holds_any(loose_text(f"〔{word}"), self.forms):
                continue
            place = group if book().words.get(word) == group else "spare"
            for number in range(self._last.get(place, 0) + 1, _MOST_NUMBERS):
                written = (loose_text(f"{word}{number}{end}") for end in "〕の")
                if (place, number) in self._taken or any(holds_any(one, self.forms) for one in written):
                    continue
                self._last[place] = number
                thing = self._things[place, number] = _Thing(place, word, number, self.forms)
                return thing
        # Every word is a secret: what is left cannot be sent, and the last check says so.
        number = self._last["spare"] = self._last.get("spare", 0) + 1
        thing = self._things["spare", number] = _Thing("spare", book().spare[0], number, self.forms)
        return thing

    def _meant(self, one: Lookalike) -> tuple[str | None, int]:
        """What stood where this stands now, and where this ends; None where it is none of ours."""
        thing = self._things.get((one.group, one.number))
        if thing is None or not thing.surfaces:
            return None, one.end
        way = one.way or 1
        surface = thing.surfaces[way - 1] if way <= len(thing.surfaces) else None
        if surface is not None:
            return surface, one.end
        if one.bare_end is not None:
            return thing.surfaces[0], one.bare_end
        return None, one.end

    def _hide(self, text: str) -> str:
        """Round after round, until what is told comes back as it was: then it does so by construction."""
        marks = self._marks(text)
        for _ in range(_MOST_ROUNDS):
            told, spots = _assembled(text, marks)
            stray = list(self._stray(told, spots))
            if not stray:
                return told
            marks = _widened(marks, [_back(spots, *span) for span in stray], self._original)
        return _assembled(text, [_Mark(0, len(text), self._original)])[0]

    def _marks(self, text: str) -> list[_Mark]:
        """What is replaced: the longest first, never one inside another, in order."""
        folded = loose(text)
        taken = bytearray(len(text))
        marks = []
        for form in self.forms:
            for at in occurrences(folded.text, form):
                start, end = folded.span(at, at + len(form))
                if not any(taken[start:end]):
                    taken[start:end] = b"\1" * (end - start)
                    marks.append(_Mark(start, end, self._owner[form]))
        for letter in self._letters:
            for at in occurrences(folded.text, letter):
                start, end = folded.span(at, at + 1)
                if not any(taken[start:end]) and self._is_named(text, folded, at, letter):
                    taken[start:end] = b"\1" * (end - start)
                    marks.append(_Mark(start, end, self._owner[letter]))
        return sorted(marks, key=lambda mark: mark.start)

    def _is_named(self, text: str, folded: Folded, at: int, letter: str) -> bool:
        """Whether a lone letter is the name: where it was found, or with nothing of a word before and behind it."""
        before, after = folded.text[max(0, at - 2) : at], folded.text[at + 1 : at + 3]
        if (before, after) in self._near[letter]:
            return True
        start, end = folded.span(at, at + 1)
        alone = start == 0 or not text[start - 1].isalnum()
        behind = text[end : end + 1]
        return alone and (not behind or behind in _BEHIND_ALONE or text.startswith(_called(), end))

    def _stray(self, told: str, spots: Sequence[_Spot]) -> Iterator[tuple[int, int]]:
        """Stretches of `told` that would not come back as they are."""
        ours = {spot.start: spot for spot in spots}
        read = set()
        for one in lookalikes(told):
            spot = ours.get(one.start)
            surface, end = self._meant(one)
            if spot is not None and spot.end == end and not one.tail and surface == spot.surface:
                read.add(one.start)
            elif surface is not None or (one.group, one.number) in self._things:
                # also a way of writing that may become known later
                yield one.start, one.end
        yield from ((spot.start, spot.end) for spot in spots if spot.start not in read)
        if self._edged:  # only such a one can come into being where a placeholder meets what stands beside it
            folded = loose(told)
            for form in self._edged:
                yield from (folded.span(at, at + len(form)) for at in occurrences(folded.text, form))


@dataclass(frozen=True, slots=True)
class _Spot:
    """A placeholder in the hidden text, and the stretch of the text it stands for."""

    start: int
    end: int
    surface: str
    mark: _Mark


def _assembled(text: str, marks: Sequence[_Mark]) -> tuple[str, list[_Spot]]:
    pieces, spots, done, length = list[str](), list[_Spot](), 0, 0
    for mark in marks:
        surface = text[mark.start : mark.end]
        told = mark.thing.way_of(surface)
        length += mark.start - done
        pieces += [text[done : mark.start], told]
        spots.append(_Spot(length, length + len(told), surface, mark))
        length += len(told)
        done = mark.end
    return "".join([*pieces, text[done:]]), spots


def _back(spots: Sequence[_Spot], start: int, end: int) -> tuple[int, int]:
    """A stretch of the hidden text as a stretch of the text; a placeholder it touches belongs to it whole."""
    before = bisect_right(spots, start, key=_start) - 1
    if before >= 0 and spots[before].end > start:
        first = spots[before].mark.start
    else:
        first = start + _shift(spots, before)
    inside = bisect_left(spots, end, key=_start) - 1
    if inside >= 0 and spots[inside].end >= end:
        return first, spots[inside].mark.end
    return first, end + _shift(spots, inside)


def _start(spot: _Spot) -> int:
    return spot.start


def _shift(spots: Sequence[_Spot], last: int) -> int:
    return spots[last].mark.end - spots[last].end if last >= 0 else 0


def _widened(marks: Sequence[_Mark], stray: Sequence[tuple[int, int]], original: _Thing) -> list[_Mark]:
    """The marks with each stray stretch as one of its own; what it touches goes into it."""
    own = (_Mark(start, end, original) for start, end in stray)
    joined = list[_Mark]()
    for mark in sorted((*marks, *own), key=lambda mark: (mark.start, -mark.end)):
        if joined and mark.start < joined[-1].end:
            joined[-1] = _Mark(joined[-1].start, max(joined[-1].end, mark.end), original)
        else:
            joined.append(mark)
    return joined


def _called() -> tuple[str, ...]:
    return (*book().honorifics, *book().posts)


def _near(secrets: Sequence[Secret]) -> Mapping[str, frozenset[tuple[str, str]]]:
    found: dict[str, frozenset[tuple[str, str]]] = {}
    for secret in secrets:
        letter = loose_text(secret.text)
        if len(letter) == 1:
            found[letter] = found.get(letter, frozenset()) | secret.near
    return found
