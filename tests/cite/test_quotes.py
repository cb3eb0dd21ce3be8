"""Quotes against their sources: folding differences are forgiven, one other character is not."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.cite import quote_of, verify
from assistant.corpus.load import Corpus, load_city
from assistant.domain.finding import CitationStatus
from assistant.domain.source import Source, SourceKind
from assistant.text.folding import folded_text

MIHON = Path(__file__).resolve().parents[2] / "ordinances" / "mihon"
CLAUSE = "provision:j7_k1_g2@2023-04-01"


@cache
def corpus() -> Corpus:
    return load_city(MIHON)


@cache
def source_ids() -> tuple[str, ...]:
    return tuple(sorted(corpus().sources))


TABLE = [
    ("特定の個人を識別することができるもの", CLAUSE, CitationStatus.VERIFIED),
    ("特定の個人を識別 することが\nできるもの", CLAUSE, CitationStatus.VERIFIED),  # broken over a line
    ("（事業を営む個人の当該事業に関する情報を除く。）", CLAUSE, CitationStatus.VERIFIED),
    ("(事業を営む個人の当該事業に関する情報を除く。)", CLAUSE, CitationStatus.VERIFIED),  # other brackets
    (
        "ア　法令の規定により",
        CLAUSE,
        CitationStatus.VERIFIED,
    ),  # the letter of a sub-item is in the text
    ("特定の個人を識別することができるものではない", CLAUSE, CitationStatus.NOT_FOUND),  # more than is there
    ("個人を識別できるもの", CLAUSE, CitationStatus.NOT_FOUND),  # said in other words
    ("", CLAUSE, CitationStatus.NOT_FOUND),
    (" \n　\u200b", CLAUSE, CitationStatus.NOT_FOUND),  # nothing but what folding drops
    ("個人に", CLAUSE, CitationStatus.NOT_FOUND),  # too short to prove anything
    ("特定の個人を識別することができるもの", "provision:j7_k1_g2@2024-01-01", CitationStatus.NOT_FOUND),
    (
        "特定の個人を識別することができるもの",
        "provision:j7_k1_g5@2002-04-01",
        CitationStatus.NOT_FOUND,
    ),  # another clause
]


@pytest.mark.parametrize(("quote", "source_id", "status"), TABLE)
def test_quotes(quote: str, source_id: str, status: CitationStatus) -> None:
    citation = verify(quote, source_id, corpus())
    assert citation.status is status
    assert (citation.quote, citation.source) == (quote, source_id)  # shown as given, never dropped


def test_an_unknown_source_has_no_kind() -> None:
    citation = verify("特定の個人を識別することができるもの", "precedent:2099-999#1", corpus())
    assert (citation.kind, citation.status) == (None, CitationStatus.NOT_FOUND)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (None, CitationStatus.VERIFIED),
        (date(2023, 4, 1), CitationStatus.VERIFIED),
        (date(2023, 3, 31), CitationStatus.OUT_OF_SCOPE),  # the day before it came into force
    ],
)
def test_the_day_of_the_decision(day: date | None, status: CitationStatus) -> None:
    assert verify("第2条第2項に規定する個人識別符号", CLAUSE, corpus(), as_of=day).status is status


def test_a_repealed_text_is_out_of_scope() -> None:
    old = "provision:j21_k1@2002-04-01"
    quote = "不服申立てがあったときは"
    assert verify(quote, old, corpus(), as_of=date(2016, 3, 31)).status is CitationStatus.VERIFIED
    assert verify(quote, old, corpus(), as_of=date(2016, 4, 1)).status is CitationStatus.OUT_OF_SCOPE


def _argued() -> Source:
    found = (source for source in corpus().sources.values() if source.unit and source.unit.argument)
    return next(source for source in found if source.unit and source.unit.argument[:20] not in source.text)


def test_what_a_party_argued_is_not_a_holding() -> None:
    source = _argued()
    assert source.unit is not None
    citation = verify(source.unit.argument[:20], source.id, corpus())
    assert (citation.kind, citation.status) == (SourceKind.PRECEDENT, CitationStatus.OUT_OF_SCOPE)
    assert verify(source.unit.holding, source.id, corpus()).status is CitationStatus.VERIFIED


def test_a_precedent_cannot_support_an_earlier_decision() -> None:
    source = _argued()
    assert source.precedent is not None
    quote = source.text[:20]
    before = date.fromordinal(source.precedent.date.toordinal() - 1)
    assert verify(quote, source.id, corpus(), as_of=before).status is CitationStatus.OUT_OF_SCOPE
    assert verify(quote, source.id, corpus(), as_of=source.precedent.date).status is CitationStatus.VERIFIED


@st.composite
def quotes(draw: st.DrawFn) -> tuple[Source, str]:
    """A source and a piece of its text with at least six folded characters."""
    source = corpus().sources[draw(st.sampled_from(source_ids()))]
    start = draw(st.integers(0, max(0, len(source.text) - 6)))
    end = draw(st.integers(start + 6, max(start + 6, min(len(source.text), start + 80))))
    quote = source.text[start:end]
    assume(len(folded_text(quote)) >= 6)
    return source, quote


def _widen(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter


@given(quotes(), st.data())
@settings(max_examples=200, deadline=None)
def test_folding_differences_are_verified(drawn: tuple[Source, str], data: st.DataObject) -> None:
    source, quote = drawn
    pieces = []
    for letter in quote:
        form = data.draw(st.sampled_from(("same", "wide", "narrow", "space", "zero")))
        narrow = unicodedata.normalize("NFKC", letter)
        other = {"wide": _widen(letter), "narrow": narrow, "space": letter + " ", "zero": letter + "\u200b"}
        pieces.append(other.get(form, letter))
    assert verify("".join(pieces), source.id, corpus()).status is CitationStatus.VERIFIED


@given(quotes(), st.data())
@settings(max_examples=300, deadline=None)
def test_one_other_character_is_never_verified(drawn: tuple[Source, str], data: st.DataObject) -> None:
    """A character is replaced, put in or left out; unless the result stands in the source by itself, it is refused."""
    source, quote = drawn
    position = data.draw(st.integers(0, len(quote) - 1))
    letter = data.draw(st.characters(categories=("L", "N", "P")))
    act = data.draw(st.sampled_from(("replace", "insert", "drop")))
    tail = quote[position:] if act == "insert" else quote[position + 1 :]
    altered = quote[:position] + (letter if act != "drop" else "") + tail
    assume(folded_text(altered) not in folded_text(source.text))
    assert verify(altered, source.id, corpus()).status is not CitationStatus.VERIFIED


@given(quotes(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_character_the_source_does_not_have(drawn: tuple[Source, str], data: st.DataObject) -> None:
    """The sharp form of the same: with a character foreign to the source there is no way to be verified."""
    source, quote = drawn
    position = data.draw(st.integers(0, len(quote) - 1))
    foreign = next(letter for letter in "鰯鯱麒麟龜" if letter not in source.text)
    altered = quote[:position] + foreign + quote[position + 1 :]
    assert verify(altered, source.id, corpus()).status is CitationStatus.NOT_FOUND


@pytest.mark.parametrize("words", [(), ("氏名",), ("権利", "おそれ"), ("存在しない言葉",)])
def test_every_source_gives_a_quote_that_is_verified(words: tuple[str, ...]) -> None:
    for source in corpus().sources.values():
        quote = quote_of(source, words)
        assert 0 < len(quote) <= 120, source.id
        assert "\n" not in quote, source.id
        assert verify(quote, source.id, corpus()).status is CitationStatus.VERIFIED, source.id


def test_the_quote_holds_what_was_asked_for() -> None:
    clause = corpus().sources[CLAUSE]
    assert quote_of(clause, ["慣行として公にされ"]).startswith("ア　法令の規定")
    assert "職及び氏名" in quote_of(clause, ["職及び氏名"])
    assert quote_of(clause).startswith("個人に関する情報")
