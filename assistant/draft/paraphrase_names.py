"""Names given away without being written: initials, Roman letters, letters left out, a quarter, a firm's short name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise

from assistant.detect.persons import name_parts
from assistant.draft.disguise import all_digits, digit_streams, plain, unvoiced, words_of
from assistant.draft.paraphrase_data import retelling
from assistant.draft.paraphrase_numbers import without_citations
from assistant.draft.roman import initials_of, kana_of, long_vowels_dropped
from assistant.draft.wording import bundled_wording
from assistant.text.folding import folded_text

_LATIN = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]")
_PAIR = re.compile(r"(?<![A-Za-z0-9])([A-Z])\s*[.・･,]\s*([A-Z])(?![A-Za-z0-9])")
_LETTER_WORDS = ("イニシャル", "頭文字")
_TOWN = re.compile(
    r"(?:[^\s0-9]{0,12}[都道府県市区郡])?(?:大字|字)?(?P<town>[^\s0-9、。都道府県市区郡]{2,9}?)(?:字[^\s0-9]{1,8})?$"
)
_CHOME = re.compile(r"[0-9〇一二三四五六七八九十]+(?:丁目|番地|番(?!号)|[-ー][0-9])")
_HOUSE = re.compile(r"[^\s0-9、。・()-]{3,}")
_OWN_TOWN = re.compile(r"(?P<place>[^\s0-9]{2,5}[市区町村])(?=[^\s])")
_FEW = 4
_MANY = 7
_CACHE = 2048


@dataclass(frozen=True)
class Named:
    """A reason in the forms in which names are looked for. `public`: text in which a name may stand anyway."""

    reason: str
    public: str = ""

    @cached_property
    def folded(self) -> str:
        """As written, in usual letters without white space."""
        return folded_text(self.reason, variants=True)

    @cached_property
    def plain(self) -> str:
        """See `disguise.plain`."""
        return plain(self.reason)

    @cached_property
    def plain_public(self) -> str:
        """The public text in the same form."""
        return plain(self.public)

    @cached_property
    def latin(self) -> frozenset[str]:
        """Words in Roman letters, read as kana."""
        words = _LATIN.findall(folded_text(self.reason, drop_space=False))
        runs = [*words, *("".join(pair) for pair in pairwise(words))]
        return frozenset(long_vowels_dropped(unvoiced(kana)) for run in runs if (kana := kana_of(run)))

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Two letters with a stop between them, or two before さん and the like."""
        called = "|".join(map(re.escape, retelling().names.called))
        said = folded_text(self.reason, drop_space=False)
        close = re.findall(rf"(?<![A-Za-z0-9])([A-Z])([A-Z])(?={called})", said)
        return frozenset([*_PAIR.findall(said), *close])

    def letters(self, after: tuple[str, ...]) -> frozenset[str]:
        """Single letters before one of `after`, unless they merely count persons off (Ａ氏, Ｂ氏)."""
        listed = "|".join(map(re.escape, after))
        found = set(re.findall(rf"(?<![A-Za-z0-9.・])([A-Z])(?={listed})", self.folded))
        if any(word in self.folded for word in _LETTER_WORDS):
            return frozenset([*found, *re.findall(r"(?<![A-Za-z0-9])([A-Z])(?![A-Za-z0-9])", self.folded)])
        counted = {chr(ord("A") + at) for at in range(len(found))}
        return frozenset() if found == counted else frozenset(found)

    def has(self, needle: str) -> bool:
        """Whether the reason holds it, and what is public does not."""
        return needle in self.plain and needle not in self.plain_public


def person_shows(name: str, told: Named) -> bool:
    """Whether a person can be told who is not named."""
    words = retelling().names
    family, given = name_parts(name)
    first, second = _read(family), _read(given)
    spelt = (first, second, first + second, second + first)
    if any(_sound(reading) in told.latin for reading in spelt if reading):
        return True
    one, two = initials_of(first), initials_of(second)
    if any((a in one and b in two) or (a in two and b in one) for a, b in told.pairs):
        return True
    if one & told.letters(words.called) or (two & told.letters(words.called)):
        return True
    if len(family) == 1 and given and _called_by_one_letter(family, told):
        return True
    return _masked(family + given, told)


def is_firm(text: str) -> bool:
    """Whether a text is written like the name of an organisation."""
    return _core(text) is not None


def firm_shows(text: str, told: Named) -> bool:
    """Whether an organisation can be told by a short name, its reading, or its first letters."""
    names = [text, *(piece for piece in text.split() if piece != text)]
    return any(_firm_shows(*core, told) for name in names if (core := _core(name)) is not None)


def _firm_shows(stem: str, trades: tuple[str, ...], told: Named) -> bool:
    words = retelling().names
    called = "|".join(map(re.escape, words.firm_called))
    kana = not re.search(r"[一-鿿]", stem)
    if (
        len(stem) >= 2
        and told.has(stem)
        and (len(stem) >= 3 or not kana or re.search(rf"{re.escape(stem)}(?:{called})", told.plain))
    ):
        return True
    reading = _read(stem)
    if len(reading) >= 3 and (_sound(reading) in told.latin or told.has(reading)):
        return True
    firsts = [f"{stem[:1]}{trade[:1]}" for trade in trades if not kana]
    if any(
        re.search(rf"{re.escape(short)}(?:{called}|の|は|が|、|に|と)", told.folded) and told.has(short)
        for short in firsts
    ):
        return True
    if initials_of(reading) & told.letters(words.firm_called):
        return True
    return _masked(stem, told)


def address_shows(text: str, told: Named) -> bool:
    """Whether a withheld address shows by its quarter, its house or the place it lies in."""
    words = retelling().names
    for piece in _pieces(text):
        needle = plain(piece)
        if len(needle) >= 2 and told.has(needle):
            return True
        stem = needle.removesuffix("町")
        living = "|".join(plain(word) for word in words.living)
        if len(stem) >= 2 and stem != needle and re.search(rf"{re.escape(stem)}(?:{living})", told.plain):
            return stem not in told.plain_public
    return False


def contact_shows(text: str, told: Named) -> bool:
    """Whether the beginning or end of a long number, or a part of an address for mail, stands in the reason."""
    said = folded_text(text)
    if "@" in said:
        pieces = [piece for piece in re.split(r"[@]", said) if len(piece) >= 3]
        return any(told.has(plain(piece)) for piece in pieces)
    digits = all_digits(said)
    if len(digits) < _MANY or 2 * len(digits) < len(plain(said)) or "円" in said or "年" in said:
        return False
    streams = [stream for stream in digit_streams(without_citations(told.reason)) if len(stream) >= _FEW]
    return any(digits.startswith(stream) or digits.endswith(stream) for stream in streams)


@lru_cache(maxsize=_CACHE)
def _read(name: str) -> str:
    """In hiragana, voiced as the dictionary has it."""
    return "".join(plain(word.reading_form or word.surface) for word in words_of(name)) if name else ""


def _sound(reading: str) -> str:
    return long_vowels_dropped(unvoiced(reading))


def _called_by_one_letter(family: str, told: Named) -> bool:
    """林氏, 林さん: one letter is a name where it is called so."""
    called = "|".join(map(re.escape, retelling().names.called))
    return bool(re.search(rf"(?<![一-鿿]){re.escape(family)}(?:{called})", told.folded))


def _masked(name: str, told: Named) -> bool:
    """鮫○, ○島さん, 鮫の字: letters of the name beside what stands for the others."""
    letters = "".join(
        letter for letter in name if letter.isalpha() and letter not in "〇一二三四五六七八九十の会"
    )
    if not letters:
        return False
    one, mask = f"[{re.escape(letters)}]", f"[{re.escape(retelling().names.masks)}]"
    called = "|".join(map(re.escape, retelling().names.called))
    first, last = re.escape(name[0]), re.escape(name[-1])
    said = told.folded
    return bool(
        re.search(rf"(?<![一-鿿]){first}{mask}+(?:{one}|{called}|商|建|[、。）)」のとがはに])", said)
        or re.search(rf"{mask}+{one}{mask}+", said)
        or re.search(rf"{mask}+{last}(?:{called})", said)
        or re.search(rf"[「『]?{one}[」』]?(?:の字|という字|で始まる|から始まる|で終わる)", said)
    )


@lru_cache(maxsize=_CACHE)
def _core(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The telling part of an organisation's name and the words of its trade taken off; None for other texts."""
    whole = plain(text)
    if len(whole) > 24:
        return None
    core, trades, formed = whole, list[str](), False
    for form in map(plain, bundled_wording().checks.corporate_forms):
        if form and (core.startswith(form) or core.endswith(form)):
            core, formed = core.removeprefix(form).removesuffix(form), True
    for _ in range(3):
        trade = next((word for word in _trades() if core.endswith(word) and len(core) - len(word) >= 2), None)
        if trade is None:
            break
        core = core.removesuffix(trade)
        trades.append(trade)
    firm = formed or any(len(trade) >= 2 for trade in trades)
    return (core, tuple(reversed(trades))) if firm and len(core) >= 2 else None


@cache
def _trades() -> tuple[str, ...]:
    return tuple(sorted((plain(word) for word in retelling().names.trades), key=len, reverse=True))


@lru_cache(maxsize=_CACHE)
def _pieces(text: str) -> tuple[str, ...]:
    """The quarter and the house of an address; nothing for other texts."""
    said = folded_text(text, drop_space=False, variants=True)
    block = _CHOME.search(said)
    if block is None:
        return ()
    lead = re.split(r"[\s:：、]", said[: block.start()].rstrip())[-1]
    pieces = []
    if town := _TOWN.search(lead):
        pieces.append(town["town"])
    if own := _OWN_TOWN.match(re.sub(r"^[^\s]{2,3}?[都道府県]", "", lead)):
        pieces.append(own["place"])
    rest = _CHOME.sub(" ", said[block.start() :])
    kinds = retelling().names.buildings
    for house in _HOUSE.findall(rest):
        bare = re.sub(rf"^(?:{'|'.join(kinds)})|(?:{'|'.join(kinds)})$", "", house).removesuffix("号室")
        if len(bare) >= 2:
            pieces.append(bare)
    return tuple(pieces)
