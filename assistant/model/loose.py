"""How a secret is looked for: in any width, case and old or new form of its letters, spaced or broken over lines.

Everything that hides, and the last check before sending, compares in this one way: what one finds the other finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from string import ascii_lowercase, ascii_uppercase

from assistant.detect.patterns import one_of
from assistant.detect.words import load_words
from assistant.text.folding import Folded, fold

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def loose(text: str) -> Folded:
    """`text` as it is compared, with the source position of every letter."""
    folded = fold(text, drop_space=True, variants=True)
    return Folded(folded.text.translate(_LOWER), folded.starts, folded.ends)


def loose_text(text: str) -> str:
    """Only the letters."""
    return loose(text).text


def without_legal_form(letters: str) -> str:
    """The name of an organisation (as `loose` writes it) without 株式会社 and the like; as it is where no more is."""
    return _legal_forms().sub("", letters) or letters


@cache
def _legal_forms() -> re.Pattern[str]:
    legal = one_of(loose_text(form) for form in load_words()["organizations.legal_forms"])
    return re.compile(rf"\A{legal}|{legal}\Z")


def occurrences(text: str, wanted: str) -> Iterator[int]:
    """Where `wanted` (not empty) stands in `text`, one place not inside another."""
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + len(wanted))


def holds_any(text: str, forms: Iterable[str]) -> bool:
    """Whether one of the folded `forms` is in the folded `text`."""
    return any(form in text for form in forms)
