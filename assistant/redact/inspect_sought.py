"""Find secrets in text and in bytes, however they are written: width, 異体字, radicals, spaces, breaks, backwards.

A secret that also stands in disclosed text is no leak there: what counts is how often it stands beyond what is
expected. Short ones ("12", 男) stand everywhere by chance; they are sought where text is compared with what is
expected, and elsewhere only where chance is out of the question.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assistant.redact.marks import Secret
from assistant.text.folding import fold, folded_text

ENCODINGS: Final = ("utf-8", "utf-16-be", "utf-16-le", "cp932", "euc_jp", "iso2022_jp")
_BACKWARDS = 3  # letters from which a word is sought backwards
_BARE = 4  # letters from which punctuation between them is overlooked
_SHORT = 5  # letters below which a number must not be part of a longer one
_LONG = 24  # letters from which parts of a text are sought too
_WINDOW = 16
_TELLING = 3  # letters from which a word outside the pages is no chance; two, where none is ASCII
_BYTES_TEXT = 6  # bytes of a written secret that are no chance in text, and in anything else
_BYTES_ANY = 8
_HEAD = 4  # bytes by which one is recognized; fewer than any of the two


@dataclass(frozen=True, slots=True)
class Key:
    """One way in which a secret could stand: its number in the list, and the way."""

    secret: int
    way: str


class Sought:
    """The secrets, ready to be looked for. `expected`: what is disclosed, page by page; None where that is not known."""

    def __init__(self, secrets: Sequence[Secret], expected: Sequence[str] | None = None) -> None:
        self.secrets = tuple(secrets)
        self._ways: dict[Key, str] = {}
        self._strict: dict[Key, re.Pattern[str]] = {}
        for number, secret in enumerate(self.secrets):
            self._add(number, secret.text)
        self._plain = _Words({key: way for key, way in self._ways.items() if key.way != "bare"})
        self._bare = _Words({key: way for key, way in self._ways.items() if key.way == "bare"})
        self._pages = tuple(expected or ())
        # Words that disclosed letters make by chance where readers set lines in another order: no leak on a page that
        # has no letter more than is disclosed there.
        self._loose = {number for number, secret in enumerate(self.secrets) if _is_loose(secret.text)}
        self._expected = [self._allowed(page) for page in expected] if expected is not None else None
        allowed = set().union(*self._expected) if self._expected else set()
        open_ = {key.secret for key in allowed if key.way in {"plain", "bare"}}
        self._telling = {key for key in self._ways if key.secret not in open_ and self._is_telling(key)}
        self._in_text = self._bytes_of(_BYTES_TEXT)
        self._in_any = self._bytes_of(_BYTES_ANY)

    def __len__(self) -> int:
        return len(self.secrets)

    def on_page(self, number: int, text: str) -> Counter[int]:
        """How often each secret stands in the text of a page (from 1) beyond what is expected there."""
        found = self._counts(text)
        if self._expected is not None and 0 < number <= len(self._expected):
            found = found - self._expected[number - 1]
            if any(key.secret in self._loose for key in found) and not self._beyond(number, text):
                found = Counter({key: count for key, count in found.items() if key.secret not in self._loose})
        elif self._expected is None:
            found = Counter({key: count for key, count in found.items() if key.way != "backwards"})
        return _by_secret(found)

    def _beyond(self, number: int, text: str) -> bool:
        """Whether a page has a letter more than is disclosed on it."""
        return bool(_letters(text) - _letters(self._pages[number - 1]))

    def seen(self, number: int, text: str) -> Counter[int]:
        """The same for text read from a picture: of telling words only, since reading errs, and not of those that
        letters standing side by side make by chance."""
        found = self.solid(self.on_page(number, text))
        long = {key.secret for key in self._ways if self._is_telling(key) and key.way == "plain"}
        return Counter({secret: count for secret, count in found.items() if secret in long})

    def elsewhere(self, text: str) -> Counter[int]:
        """How often each secret that is telling stands in text that is on no page; disclosed words are free."""
        found = self._counts(text)
        return _by_secret(Counter({key: count for key, count in found.items() if key in self._telling}))

    def solid(self, found: Counter[int]) -> Counter[int]:
        """Without those that disclosed letters may make by chance: for what pages are drawn with."""
        return Counter({secret: count for secret, count in found.items() if secret not in self._loose})

    def in_bytes(self, data: bytes, *, text: bool) -> Counter[int]:
        """The same for bytes, in the encodings of Japanese offices; `text`: whether the bytes are text of some kind."""
        return (self._in_text if text else self._in_any).count(data)

    def letters(self, number: int) -> str:
        """The letters of a secret, folded."""
        return self._ways.get(Key(number, "plain"), "")

    def _add(self, number: int, text: str) -> None:
        plain = _folded(text)
        if not any(letter.isalnum() for letter in plain):
            return  # a seal's sign alone: found by its place
        self._ways[Key(number, "plain")] = plain
        bare = "".join(letter for letter in plain if letter.isalnum())
        if len(bare) >= _BARE and bare != plain:
            self._ways[Key(number, "bare")] = bare
        if len(plain) >= _BACKWARDS and plain != plain[::-1]:
            self._ways[Key(number, "backwards")] = plain[::-1]
        if len(plain) > _LONG:
            for at in range(0, len(plain) - _WINDOW + 1, _WINDOW // 2):
                self._ways[Key(number, f"part{at}")] = plain[at : at + _WINDOW]
        if len(plain) < _SHORT and plain.isascii():
            spaced = folded_text(text, drop_space=False, variants=True).strip()
            self._strict[Key(number, "plain")] = re.compile(
                rf"(?<![0-9A-Za-z]){re.escape(spaced)}(?![0-9A-Za-z])"
            )

    def _allowed(self, text: str) -> Counter[Key]:
        """How often it is expected; words that taking something out has pushed together are expected too."""
        counts = self._counts(text)
        joined = self._counts("".join(letter for letter in text if letter != "\ufffc"))
        if any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text):
            counts |= self._counts(
                text[::-1]
            )  # readers disagree about the order of letters written right to left
        return counts | joined

    def _counts(self, text: str) -> Counter[Key]:
        folded = _folded(text)
        found = self._plain.count(folded)
        if self._bare.any:
            found += self._bare.count("".join(letter for letter in folded if letter.isalnum()))
        if not any(key in self._strict for key in found):
            return found
        spaced = folded_text(text, drop_space=False, variants=True)
        for key in [key for key in found if key in self._strict]:
            found[key] = len(self._strict[key].findall(spaced))
        return +found

    def _is_telling(self, key: Key) -> bool:
        way = self._ways[key]
        if key.way == "backwards":
            return False
        ascii_letters = sum(letter.isascii() for letter in way)
        return (
            len(way) >= _SHORT
            or (len(way) >= _TELLING and ascii_letters == 0)
            or (len(way) > 1 and not ascii_letters)
        )

    def _bytes_of(self, least: int) -> _Bytes:
        written: dict[bytes, int] = {}
        for key in self._telling:
            forms = (
                {self._ways[key], "".join(self.secrets[key.secret].text.split())}
                if key.way == "plain"
                else set()
            )
            for form in forms:
                for data in _written(form):
                    if len(data) >= (least if not form.isascii() else _BYTES_ANY):
                        written.setdefault(data, key.secret)
        return _Bytes(written)


class _Bytes:
    """Many byte strings sought at once: the places where four of their bytes fit are few, and looked at."""

    def __init__(self, written: Mapping[bytes, int]) -> None:
        self._first = np.zeros(1 << 16, dtype=bool)
        self._second = np.zeros(1 << 16, dtype=bool)
        self._by_head: dict[bytes, list[tuple[bytes, int]]] = {}
        for data, secret in written.items():
            self._first[data[0] << 8 | data[1]] = True
            self._second[data[2] << 8 | data[3]] = True
            self._by_head.setdefault(data[:_HEAD], []).append((data, secret))

    def count(self, data: bytes) -> Counter[int]:
        """How often something written of each secret stands in `data`."""
        found: Counter[int] = Counter()
        if not self._by_head or len(data) < _HEAD:
            return found
        letters = np.frombuffer(data, dtype=np.uint8).astype(np.uint16)
        pairs = letters[:-1] << 8 | letters[1:]
        for at in np.flatnonzero(self._first[pairs[:-2]] & self._second[pairs[2:]]).tolist():
            for one, secret in self._by_head.get(data[at : at + _HEAD], ()):
                if data.startswith(one, at):
                    found[secret] += 1
        return found


def _is_loose(text: str) -> bool:
    """A number or word in ASCII that is short or stands in pieces; Japanese words meet less often by chance."""
    folded = _folded(text)
    return folded.isascii() and (len(folded) < _SHORT or len(text.split()) > 1)


def _letters(text: str) -> Counter[str]:
    return Counter(letter for letter in _folded(text) if letter.isalnum())


def _folded(text: str) -> str:
    return fold(text, drop_space=True, variants=True).text


class _Words:
    """Many words sought at once: only those that begin with the two letters at a place are compared there."""

    def __init__(self, ways: Mapping[Key, str]) -> None:
        self._by_head: dict[str, list[tuple[str, Key]]] = {}
        for key, way in ways.items():
            self._by_head.setdefault(way[:2], []).append((way, key))
        firsts = sorted({way[0] for way in ways.values()})
        self.any = bool(firsts)
        self._first = re.compile("[" + "".join(map(re.escape, firsts)) + "]") if firsts else None

    def count(self, text: str) -> Counter[Key]:
        """How often each stands in `text`, also over one another."""
        found: Counter[Key] = Counter()
        if self._first is None:
            return found
        for match in self._first.finditer(text):
            at = match.start()
            for head in {text[at], text[at : at + 2]}:
                for way, key in self._by_head.get(head, ()):
                    if text.startswith(way, at):
                        found[key] += 1
        return found


def _written(text: str) -> set[bytes]:
    found = set()
    for encoding in ENCODINGS:
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        if encoding == "iso2022_jp":
            data = data.removesuffix(b"\x1b(B").removeprefix(b"\x1b$B")
        found.add(data)
        if encoding.startswith("utf-16"):
            found |= {data.hex().encode(), data.hex().upper().encode()}
    return found


def _by_secret(found: Mapping[Key, int]) -> Counter[int]:
    """One way is enough, and a word found in two ways was found once."""
    told: Counter[int] = Counter()
    for key, count in found.items():
        told[key.secret] = max(told[key.secret], count)
    return Counter({secret: count for secret, count in told.items() if count > 0})
