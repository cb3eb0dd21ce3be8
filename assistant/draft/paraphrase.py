"""Close enough to give it away: the same content in other words, another order, other numbers, another script.

Saying what *kind* of information is withheld is what a reason is for (健康に関する情報), so only what narrows the
content counts: a matter named by any of its names, words that no ordinary reason uses, a number near enough, a name by
its initials. What the document leaves open beside the marks is open in the reason, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.draft.disguise import is_person_name, plain, words_of
from assistant.draft.paraphrase_data import retelling
from assistant.draft.paraphrase_dates import date_shows
from assistant.draft.paraphrase_names import (
    Named,
    address_shows,
    contact_shows,
    firm_shows,
    is_firm,
    person_shows,
)
from assistant.draft.paraphrase_numbers import quantities, quantity_shows
from assistant.draft.vocabulary import Vocabulary
from assistant.text.eras import ERA_BEFORE
from assistant.text.morphemes import Morpheme

_TELLING = ("名詞", "動詞", "形容詞", "形状詞", "副詞")
_EMPTY = ("数詞", "非自立可能", "助数詞可能", "助動詞語幹")
_ENOUGH = 1.5
_MOST_OF_SHORT = 0.6  # of a text of one or two telling words
_LONG_STEM = 3
_CACHE = 4096


@dataclass(frozen=True)
class _Words:
    """The words of a text that could tell something, the compounds they make, and the matters it speaks of."""

    forms: frozenset[str]
    compounds: frozenset[str]
    matters: frozenset[int]


class Retold:
    """One reason, read once, asked about every withheld text."""

    def __init__(self, reason: str, open_text: str, vocabulary: Vocabulary) -> None:
        self._reason, self._vocabulary = reason, vocabulary
        self._open = open_text
        self._said = _words_in(reason)

    @cached_property
    def _named(self) -> Named:
        return Named(self._reason, f"{self._vocabulary.text}\n{self._open}")

    @cached_property
    def _open_words(self) -> _Words:
        return _words_in(self._open)

    @cached_property
    def _letters(self) -> frozenset[str]:
        return frozenset(letter for letter in plain(self._reason) if _is_ideograph(letter))

    def shows(self, text: str) -> bool:
        """Whether the withheld text can be told from the reason."""
        if len(plain(text)) < 2:
            return False
        return (
            quantity_shows(text, self._reason, self._open)
            or date_shows(text, self._reason, self._vocabulary.day)
            or contact_shows(text, self._named)
            or address_shows(text, self._named)
            or firm_shows(text, self._named)
            or (not is_person_name(text) and self._same_matter(text))
            or (not is_person_name(text) and not is_firm(text) and self._same_words(text))
        )

    def names(self, name: str) -> bool:
        """Whether a person can be told: initials, Roman letters, letters left out."""
        return len(plain(name)) >= 2 and person_shows(name, self._named)

    def _same_matter(self, text: str) -> bool:
        return bool(_words_in(text).matters & self._said.matters - self._open_words.matters)

    def _same_words(self, text: str) -> bool:
        told = {
            word: weight for word in _words_in(text).forms if (weight := self._vocabulary.weight(word)) > 0
        }
        total = sum(told.values())
        shared = [weight for word, weight in told.items() if self._has(word)]
        if shared and self._shares_compound(text):
            shared.append(1.0)
        if len(shared) >= 2 and sum(shared) >= _ENOUGH:
            return True
        if quantities(text, bare=True):  # beside a number a word says what is counted: 年収480万円
            return False
        return total <= _ENOUGH and sum(shared) >= 1 and sum(shared) >= total * _MOST_OF_SHORT

    def _shares_compound(self, text: str) -> bool:
        both = _words_in(text).compounds & self._said.compounds - self._open_words.compounds
        return any(not self._vocabulary.is_public(compound) for compound in both)

    def _has(self, word: str) -> bool:
        """The word itself, part of a longer one, or another word with its rarest ideographs."""
        if word in self._open_words.forms:
            return False
        if word in self._said.forms:
            return True
        if len(word) >= _LONG_STEM and any(word in said or said in word for said in self._longer):
            return True
        rare = [letter for letter in word if _is_ideograph(letter) and self._vocabulary.is_rare(letter)]
        return bool(rare) and self._letters.issuperset(rare)

    @cached_property
    def _longer(self) -> tuple[str, ...]:
        return tuple(
            word for word in self._said.forms if len(word) >= _LONG_STEM and self._vocabulary.weight(word) > 0
        )


def retold_in(
    reason: str, withheld: Iterable[str], names: Iterable[str], open_text: str, vocabulary: Vocabulary
) -> bool:
    """Whether the reason says any of the withheld texts, or names any of the persons, in other words."""
    told = Retold(reason, open_text, vocabulary)
    return any(told.shows(text) for text in withheld) or any(told.names(name) for name in names)


def telling(word: Morpheme) -> bool:
    """Whether a word has content of its own: no particle, number, auxiliary or single kana."""
    speech = word.part_of_speech
    if speech[0] not in _TELLING or any(kind in speech for kind in _EMPTY):
        return False
    form = word.normalized_form
    if form in ERA_BEFORE:
        return False
    return len(form) >= 2 or _is_ideograph(form)


@lru_cache(maxsize=_CACHE)
def _words_in(text: str) -> _Words:
    words = words_of(text)
    forms = frozenset(word.normalized_form for word in words if telling(word))
    starts, ends, said = set(), set(), ""
    for word in words:
        starts.add(len(said))
        said += plain(word.surface)
        ends.add(len(said))
    matters = frozenset(
        number
        for number, names in enumerate(_matters())
        if any(_stands(n, said, starts, ends) for n in names)
    )
    return _Words(forms, _compounds(words), matters)


def _compounds(words: Iterable[Morpheme]) -> frozenset[str]:
    """Runs of two nouns or more (東門, 業務提携), and each pair in a longer run."""
    found: set[str] = set()
    run: list[str] = []
    for word in words:
        noun = word.part_of_speech[0] in ("名詞", "接尾辞", "接頭辞") and "数詞" not in word.part_of_speech
        run = [*run, word.surface] if noun else []
        if len(run) >= 2:
            found |= {"".join(run[-2:]), "".join(run)}
    return frozenset(found)


def _stands(form: str, said: str, starts: set[int], ends: set[int]) -> bool:
    """Whether a form begins where a word begins; one in kana is held by word or ideograph on both sides, as in 肺がん
    and うつ病 but not in スローガン."""
    at = said.find(form)
    while at >= 0:
        end = at + len(form)
        kana = not any(_is_ideograph(letter) for letter in form)
        begins = at in starts or (kana and _is_ideograph(said[at - 1]))
        ended = not kana or len(form) > _LONG_STEM or end in ends or _is_ideograph(said[end])
        if begins and ended:
            return True
        at = said.find(form, at + 1)
    return False


@lru_cache(maxsize=1)
def _matters() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(plain(form) for form in matter.forms) for matter in retelling().matter)


def _is_ideograph(letter: str) -> bool:
    return "一" <= letter <= "鿿" or "㐀" <= letter <= "䶿"
