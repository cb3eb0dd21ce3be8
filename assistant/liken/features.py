"""What the labeller sees of a page: one row of numbers for each word.

A word is Sudachi's (short unit) over the folded text. Beside the word itself a row tells where it stands (line,
column, the label of its field) and what the rules found there, so that the labeller learns how far the rules are
right as well as what they miss.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.detect.sheet import Sheet
from assistant.domain.entity import Entity, Trait
from assistant.domain.finding import Decision, Finding
from assistant.liken.alphabet import ALL_HEADS, DECISIONS, KINDS, TRAITS
from assistant.text.morphemes import Morpheme, tokenize

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

SURFACES, LETTERS, PARTS, SHAPES, FORMS = 4096, 1024, 128, 256, 1024
"""Sizes of the hashed vocabularies: words, first and last letters, parts of speech, shapes, labels of fields."""
STEPS = 10  # positions in line, column, lines from the top and from the end are counted up to here
LENGTHS = 20  # digits in a number

_KIND = {kind: number for number, kind in enumerate(KINDS, 1)}
_TRAIT = {trait: number for number, trait in enumerate(TRAITS)}
_DECISION = {decision: number for number, decision in enumerate(DECISIONS, 1)}
_HEAD = {head: number for number, head in enumerate(ALL_HEADS, 1)}
_SEVERITY = {Decision.DISCLOSE: 0, Decision.ASK: 1, Decision.WITHHOLD: 2}
_PARTING = re.compile(r"[\t|,:;]| {2,}")
_CLASSES = (
    ("0", re.compile(r"[0-9〇零一二三四五六七八九十百千万億]")),
    ("あ", re.compile(r"[ぁ-ゖ]")),
    ("ア", re.compile(r"[ァ-ヺー]")),
    ("a", re.compile(r"[a-z]")),
    ("A", re.compile(r"[A-Z]")),
    ("漢", re.compile(r"[㐀-䶿一-鿿々〆豈-﫿]")),
    ("_", re.compile(r"\s")),
)


class WordRows(Protocol):
    """Word vectors by row: `row` is −1 for a word without a vector."""

    def row(self, normalized_form: str, surface: str) -> int:
        """Row of a word's vector."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The rows of one page, column by column; all arrays have one entry a word.

    `spans`: start and end of each word on the page, shape (n, 2). `ids`: shape (n, IDS), see `ID_SIZES`. `rows`: row
    of the word vector or −1. `line`, `form`: number of the word's line, and of its field in `forms` or −1. `forms`:
    rows of the words of each field's label. `traits`: shape (n, len(TRAITS)), 0 or 1.
    """

    spans: Ints
    ids: Ints
    rows: Ints
    line: Ints
    form: Ints
    forms: tuple[tuple[int, ...], ...]
    traits: Floats

    def __len__(self) -> int:
        return len(self.spans)

    def cut(self, start: int, end: int) -> Columns:
        """The rows of the words from `start` to `end`, as they stand on their page."""
        if start == 0 and end == len(self):
            return self
        used, form = np.unique(self.form[start:end], return_inverse=True)
        none = int(bool(len(used)) and used[0] < 0)  # −1: words under no label, which sort first
        return Columns(
            spans=self.spans[start:end],
            ids=self.ids[start:end],
            rows=self.rows[start:end],
            line=self.line[start:end],
            form=form.astype(np.int32) - none,
            forms=tuple(self.forms[number] for number in used[none:]),
            traits=self.traits[start:end],
        )


ID_SIZES: tuple[int, ...] = (
    SURFACES,
    LETTERS,
    LETTERS,
    PARTS,
    SHAPES,
    LENGTHS,
    STEPS,  # words before it in its line
    STEPS,  # parting signs before it in its line
    STEPS,  # lines before it
    STEPS,  # lines after it
    FORMS,
    len(KINDS) + 1,  # narrowest entity
    len(KINDS) + 1,  # strictest finding: kind, decision, head
    len(DECISIONS) + 1,
    len(ALL_HEADS) + 1,
)
LINES_BEFORE, LINES_AFTER = 8, 9
"""Columns of `ids` that count the lines above and below, up to STEPS − 1."""
FIRST_OF_RULES = 11
"""`ids` from this column on, and `traits`, are what the rules found."""
RULED_DECISION = 13
"""Column of `ids` with the decision of the strictest finding; its head stands in the next."""


def columns_of(
    sheet: Sheet, entities: Sequence[Entity], findings: Sequence[Finding], vectors: WordRows
) -> Columns:
    """The rows of a page; `entities` and `findings` are those of this page (others are passed over).

    Words that speak to the assistant have no row: what is not read changes nothing about the rest (design.md D4).
    """
    words, spans = _read_words(sheet, entities)
    form, forms, form_ids = _forms(sheet, words, vectors)
    line, places = _places(sheet, words)
    ruled, traits = _ruled(sheet, spans, entities, findings)
    plain = np.asarray([_word_ids(word.surface, word.part_of_speech) for word in words], dtype=np.int32)
    ids = np.concatenate([plain.reshape(-1, 6), places, form_ids[:, None], ruled], axis=1)
    rows = np.asarray([vectors.row(word.normalized_form, word.surface) for word in words], dtype=np.int32)
    return Columns(spans=spans, ids=ids, rows=rows, line=line, form=form, forms=forms, traits=traits)


def _read_words(sheet: Sheet, entities: Sequence[Entity]) -> tuple[Sequence[Morpheme], Ints]:
    """The words to be read with their places on the page."""
    spoken = [
        extent
        for entity in entities
        if Trait.ADDRESSED_TO_AI in entity.traits
        for extent in entity.extents
        if extent.page == sheet.page.number
    ]
    words, spans = [], []
    for word in sheet.morphemes:
        start, end = sheet.folded.span(word.start, word.end)
        if any(extent.start <= start < extent.end for extent in spoken):
            continue
        # Blanks stand for what is spoken: the end of the line before it must not grow by them.
        cut = min((extent.start for extent in spoken if start < extent.start < end), default=end)
        words.append(word if cut == end else word._replace(surface=word.surface[: cut - start]))
        spans.append((start, cut))
    return words, np.asarray(spans, dtype=np.int32).reshape(-1, 2)


def _hashed(text: str, size: int) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % size


@lru_cache(maxsize=65536)
def _word_ids(surface: str, part_of_speech: tuple[str, ...]) -> tuple[int, ...]:
    shape = "".join(_class(letter) for letter in surface)
    digits = sum(letter == "0" for letter in shape)
    plain = "".join(
        "0" if kind == "0" and letter.isascii() else letter
        for kind, letter in zip(shape, surface, strict=True)
    )
    return (
        _hashed(plain, SURFACES),
        _hashed(surface[:1], LETTERS),
        _hashed(surface[-1:], LETTERS),
        _hashed("/".join(part_of_speech[:3]), PARTS),
        _hashed(re.sub(r"(.)\1+", r"\1\1", shape)[:6], SHAPES),
        min(digits, LENGTHS - 1),
    )


@lru_cache(maxsize=8192)
def _class(letter: str) -> str:
    for name, pattern in _CLASSES:
        if pattern.match(letter):
            return name
    return letter if letter.isprintable() else "_"


def _places(sheet: Sheet, words: Sequence[Morpheme]) -> tuple[Ints, Ints]:
    """Number of each word's line, and (n, 4) places: in the line by words and by parting signs, lines before, after."""
    line = np.zeros(len(words), dtype=np.int32)
    places = np.zeros((len(words), 4), dtype=np.int32)
    full = sorted({sheet.line_number(word.start) for word in words if not word.surface.isspace()})
    rank = {number: place for place, number in enumerate(full)}
    held, at, parted = -1, 0, 0
    for index, word in enumerate(words):
        number = sheet.line_number(word.start)
        if number != held:
            held, at, parted = number, 0, 0
        line[index] = number
        place = rank.get(number, 0)
        places[index] = (
            min(at, STEPS - 1),
            min(parted, STEPS - 1),
            min(place, STEPS - 1),
            min(len(full) - 1 - place, STEPS - 1),
        )
        at += not word.surface.isspace()
        parted += bool(_PARTING.match(word.surface))
    return line, np.maximum(places, 0)


def _forms(
    sheet: Sheet, words: Sequence[Morpheme], vectors: WordRows
) -> tuple[Ints, tuple[tuple[int, ...], ...], Ints]:
    """Field of each word, rows of the words of each field's label, and the label's number in its hashed vocabulary."""
    form = np.full(len(words), -1, dtype=np.int32)
    ids = np.zeros(len(words), dtype=np.int32)
    numbers: dict[str, int] = {}
    forms: list[tuple[int, ...]] = []
    for index, word in enumerate(words):
        field = sheet.field_at(word.start)
        if field is None:
            continue
        if field.form not in numbers:
            numbers[field.form] = len(forms)
            read = (vectors.row(part.normalized_form, part.surface) for part in tokenize(field.form))
            forms.append(tuple(row for row in read if row >= 0))
        form[index] = numbers[field.form]
        ids[index] = 1 + _hashed(field.label, FORMS - 1)
    return form, tuple(forms), ids


def _ruled(
    sheet: Sheet, spans: Ints, entities: Sequence[Entity], findings: Sequence[Finding]
) -> tuple[Ints, Floats]:
    """(n, 4) narrowest entity's kind, strictest finding's kind, decision, head; and (n, traits) of the entity."""
    number, length = sheet.page.number, len(sheet.page.text) + 1
    narrow = np.zeros(length, dtype=np.int32)
    for place, entity in enumerate(sorted(entities, key=lambda one: -sum(map(len, one.extents)))):
        for extent in entity.extents:
            if extent.page == number:
                narrow[extent.start : extent.end] = place + 1
    ordered = sorted(entities, key=lambda one: -sum(map(len, one.extents)))
    strict = np.zeros((length, 3), dtype=np.int32)
    for finding in sorted(findings, key=lambda one: _SEVERITY[one.decision]):
        row = (_KIND[finding.kind], _DECISION[finding.decision], _HEAD[finding.head] if finding.head else 0)
        for extent in finding.extents:
            if extent.page == number:
                strict[extent.start : extent.end] = row
    kinds = np.asarray([0, *(_KIND[one.kind] for one in ordered)], dtype=np.int32)
    marks = np.zeros((len(ordered) + 1, len(TRAITS)), dtype=np.float32)
    for place, entity in enumerate(ordered, 1):
        for trait in entity.traits:
            marks[place, _TRAIT[trait]] = 1
    at = spans[:, 0] if len(spans) else np.zeros(0, dtype=np.int32)
    chosen = narrow[at]
    ids = np.concatenate([kinds[chosen][:, None], strict[at]], axis=1).astype(np.int32)
    return ids, marks[chosen]
