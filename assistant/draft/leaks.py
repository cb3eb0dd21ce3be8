"""Says too much? Whatever is withheld, in whatever dress, must not be readable from a reason (domain.md §6).

A match is innocent only where it stands inside words that are public anyway: with the letter before and after it, it
occurs in the ordinance or in our own wording (the surname 公文 in 「公文書」).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding
from assistant.draft.disguise import (
    all_digits,
    counted,
    digit_streams,
    is_person_name,
    name_parts,
    named_in,
    plain,
    readings,
    unvoiced,
    words_of,
)
from assistant.draft.paraphrase import retold_in
from assistant.draft.vocabulary import Vocabulary, vocabulary_of
from assistant.draft.wording import bundled_wording
from assistant.law.references import find_references
from assistant.policy.words import words_of as words_of_kind
from assistant.review.areas import covered_by
from assistant.text.eras import find_dates
from assistant.text.morphemes import Morpheme

Which = Literal["whole", "part", "reading", "number", "date", "fragment", "paraphrase"]
_SHORT_LINE = 40  # letters
_LONG_NUMBER = 4
_NAMES = frozenset({EntityKind.PERSON_NAME, EntityKind.SIGNATURE})


@dataclass(frozen=True)
class OpenWords:
    """Text that anybody may know: the ordinance on the day, the city's labels, our own wording.

    `vocabulary`: the words of ordinary reasons, against which a paraphrase is told (None: it is not looked for);
    `disclosed`: what the document leaves open.
    """

    text: str
    vocabulary: Vocabulary | None = None
    disclosed: str = ""

    @cached_property
    def plain(self) -> str:
        """In the form in which reasons are compared."""
        return plain(self.text)

    @cached_property
    def counted(self) -> str:
        """With numerals as values."""
        return counted(self.text)


def open_words(corpus: Corpus, day: date) -> OpenWords:
    """The public words of a city on a day."""
    wording = bundled_wording()
    city = corpus.city
    pieces = [p.text for p in corpus.ordinance.as_of(day) if p.parent is None]
    pieces += [city.ordinance.title, city.ordinance.number, city.name]
    pieces += [words for entry in city.heads for words in (entry.label, entry.subject, entry.harm)]
    pieces += [words_of_kind(kind).name for kind in EntityKind]
    for head in wording.heads.values():
        pieces += [head.sentence, head.supplement, head.harm_text]
    pieces += [role.not_so for role in wording.roles.values()]
    pieces += [*wording.by.values(), *wording.statutes.values()]
    pieces += [wording.row.severable, wording.row.open_from, wording.row.proviso, wording.row.every]
    text = "\n".join(pieces)
    return OpenWords(text, vocabulary_of(corpus, day, text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What no reason about a document may tell: `texts`, the `names` of its persons, and what is open (`known`)."""

    texts: tuple[str, ...]
    names: tuple[str, ...]
    known: OpenWords


def hidden_in(findings: Sequence[Finding], document: Document, corpus: Corpus, day: date) -> Hidden:
    """What is asked counts, too: it may yet be withheld, and a reason must not give it away either."""
    hidden = [
        finding
        for finding in findings
        if finding.decision is not Decision.DISCLOSE
        and not (finding.decided is not None and finding.decided.state == "rejected")
    ]
    covered = {
        (extent.page, at)
        for finding in hidden
        for extent in covered_by(document, finding)
        for at in range(extent.start, extent.end)
    }
    disclosed = "\n".join(
        "".join(" " if (page.number, at) in covered else letter for at, letter in enumerate(page.text))
        for page in document.pages
    )
    return Hidden(
        texts=tuple(
            dict.fromkeys(text for one in hidden for text in (one.text, *_under(one, document)) if text)
        ),
        names=tuple(dict.fromkeys(one.text for one in hidden if one.kind in _NAMES and one.text)),
        known=replace(open_words(corpus, day), disclosed=disclosed),
    )


def _under(finding: Finding, document: Document) -> list[str]:
    """The short lines under an area: a longer one is prose, of which every reason says a few words."""
    own = set(finding.extents)
    runs = [extent for extent in covered_by(document, finding) if extent not in own]
    lines = (line.strip() for extent in runs for line in document.cut(extent).splitlines())
    return [line for line in lines if line and len(line) <= _SHORT_LINE]


def leaks(reason: str, withheld: Iterable[str], names: Iterable[str], known: OpenWords) -> tuple[Which, ...]:
    """In which ways the reason gives something away; empty when it does not.

    `withheld`: texts that are blacked out; `names`: persons and all they are called, whatever they look like.
    """
    texts, called = tuple(withheld), tuple(names)
    found = list(shown_in(reason, texts, called, known))
    if known.vocabulary is not None:
        pronouns = {plain(word) for word in bundled_wording().checks.pronouns}
        secret = [text for text in texts if plain(text) not in pronouns]
        persons = [name for name in (*called, *filter(is_person_name, secret)) if plain(name) not in pronouns]
        if retold_in(reason, secret, persons, known.disclosed, known.vocabulary):
            found.append("paraphrase")
    return tuple(found)


def shown_in(text: str, withheld: Iterable[str], names: Iterable[str], known: OpenWords) -> tuple[Which, ...]:
    """The same for what is there in its own letters, however dressed; no paraphrase."""
    pronouns = {plain(word) for word in bundled_wording().checks.pronouns}
    told = _Told(text, known)
    found: list[Which] = []
    called = [name for name in names if plain(name) not in pronouns]
    for secret in dict.fromkeys(each for each in withheld if plain(each) not in pronouns):
        found += told.shows(secret)
        if is_person_name(secret):
            called.append(secret)
    for name in dict.fromkeys(called):
        found += told.names(name)
    return tuple(dict.fromkeys(found))


class _Told:
    """One reason in all forms in which it is compared, each made once."""

    def __init__(self, reason: str, known: OpenWords) -> None:
        self._reason = reason
        self._known = known
        self._plain = plain(reason)
        self._counted = counted(reason)
        uncited = _without_references(reason)
        self._plain_uncited, self._uncited = plain(uncited), counted(uncited)

    @cached_property
    def _streams(self) -> list[str]:
        return digit_streams(self._reason)

    @cached_property
    def _dates(self) -> frozenset[date]:
        return frozenset(day for _, _, day in find_dates(self._reason))

    @cached_property
    def _read(self) -> list[tuple[str, str]]:
        """(surface, reading) of each word of the reason; 砂糖 is no way of writing 佐藤 and is not read."""
        return [
            (plain(word.surface), "" if _is_plain_noun(word) else unvoiced(word.reading_form))
            for word in words_of(self._reason)
        ]

    def shows(self, text: str) -> list[Which]:
        found: list[Which] = []
        whole = plain(text)
        if len(whole) < 2:  # one letter (男, 印) tells nothing by itself and stands in every reason
            return found
        numbered = len(whole) <= _LONG_NUMBER and any(letter.isdigit() for letter in whole)
        if self._has(self._plain_uncited if numbered else self._plain, whole, self._known.plain):
            found.append("whole")
        if self._has_number(text):
            found.append("number")
        if any(day in self._dates for _, _, day in find_dates(text)):
            found.append("date")
        if self._has_fragment(whole, self._plain, self._known.plain) or self._has_fragment(
            counted(text), self._counted, self._known.counted
        ):
            found.append("fragment")
        if any(self._has(self._plain, name, self._known.plain) for name in named_in(text)):
            found.append("part")
        core = _without_form(whole)
        if core != whole and len(core) >= 2 and self._has(self._plain, core, self._known.plain):
            found.append("part")
        return found

    def names(self, name: str) -> list[Which]:
        found: list[Which] = []
        whole = plain(name)
        if len(whole) < 2:
            return found
        if self._has(self._plain, whole, self._known.plain):
            found.append("whole")
        if any(self._has(self._plain, part, self._known.plain) for part in name_parts(name)):
            found.append("part")
        if any(self._is_read(reading) for reading in readings(name)):
            found.append("reading")
        return found

    def _has_number(self, text: str) -> bool:
        needle = counted(text)
        if needle == plain(text) and not any(letter.isdigit() for letter in needle):
            return False
        short = len(needle) <= _LONG_NUMBER
        if len(needle) > 1 and self._has(
            self._uncited if short else self._counted, needle, self._known.counted
        ):
            return True
        digits = all_digits(text)
        mostly_digits = len(digits) >= _LONG_NUMBER and 2 * len(digits) >= len(plain(text))
        return mostly_digits and any(digits in stream for stream in self._streams)

    @staticmethod
    def _has_fragment(whole: str, hay: str, public: str) -> bool:
        size = bundled_wording().checks.fragment
        if len(whole) <= size:
            return False
        pieces = {whole[at : at + size] for at in range(len(whole) - size + 1)}
        said = (hay[at : at + size] for at in range(len(hay) - size + 1))
        return any(piece in pieces and piece not in public for piece in said)

    def _is_read(self, reading: str) -> bool:
        if self._has(unvoiced(self._reason), reading, unvoiced(self._known.text)):
            return True
        words = self._read
        for start in range(len(words)):
            said = surface = ""
            for written, sound in words[start:]:
                said, surface = said + sound, surface + written
                if len(said) >= len(reading):
                    break
            if said == reading and surface not in self._known.plain:
                return True
        return False

    def _has(self, hay: str, needle: str, public: str) -> bool:
        """Whether `needle` stands in the reason outside public words; a bare or short number only as a whole one."""
        whole = needle.isdigit() or len(needle) <= _LONG_NUMBER
        at = hay.find(needle)
        while at >= 0:
            end = at + len(needle)
            before, after = hay[max(0, at - 1) : at], hay[end : end + 1]
            cut = (needle[0].isdigit() and before.isdigit()) or (needle[-1].isdigit() and after.isdigit())
            if not (whole and cut) and f"{before}{needle}{after}" not in public:
                return True
            at = hay.find(needle, at + 1)
        return False


def _is_plain_noun(word: Morpheme) -> bool:
    """A noun of the dictionary, in ideographs, that is not also a name."""
    written = all("一" <= letter <= "鿿" for letter in word.surface)
    return written and len(word.surface) > 1 and word.known and "普通名詞" in word.part_of_speech


def _without_form(whole: str) -> str:
    """A company's name without 株式会社 and the like."""
    for form in bundled_wording().checks.corporate_forms:
        if plain(form) and (whole.startswith(plain(form)) or whole.endswith(plain(form))):
            return whole.removeprefix(plain(form)).removesuffix(plain(form))
    return whole


def _without_references(text: str) -> str:
    """The text without the numbers of clauses, which a short number would be found in."""
    kept, end = [], 0
    for start, stop, _ in find_references(text, foreign=True):
        kept.append(text[end:start])
        end = stop
    return "。".join([*kept, text[end:]])


def leak_texts(which: Sequence[Which]) -> str:
    """What shows through, in words, never the content."""
    words = bundled_wording().messages.which
    return "、".join(str(getattr(words, name)) for name in which)
