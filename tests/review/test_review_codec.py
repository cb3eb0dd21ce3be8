"""Nothing of a proposal is lost on its way to the record and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review_sample import boxed_page, proposal

from assistant.domain.document import Box, CharBoxes, Document, Extent, Page
from assistant.domain.entity import Entity, Facts, Trait
from assistant.domain.finding import Finding, Proposal, Review
from assistant.domain.provision import Head, Part, ProvisionRef
from assistant.domain.source import Precedent
from assistant.review.codec import Unreadable, decode, dumps, encode, loads
from assistant.review.content import proposal_from, proposal_words

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)  # lone surrogates and NUL too
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
st.register_type_strategy(str, ANY_TEXT)
st.register_type_strategy(float, FLOATS)


def pages() -> st.SearchStrategy[Page]:
    def boxed(text: str) -> st.SearchStrategy[Page]:
        boxes = st.lists(st.none() | st.from_type(Box), min_size=len(text), max_size=len(text))
        return boxes.map(lambda made: Page(number=1, text=text, boxes=tuple(made)))

    return ANY_TEXT.flatmap(boxed)


st.register_type_strategy(Page, pages())


@settings(max_examples=60, deadline=None)
@given(st.from_type(Proposal))
def test_every_proposal_comes_back_equal(told: Proposal) -> None:
    words = proposal_words(told)
    stored = {(w.name, w.number): w.body.encode().decode() for w in words}  # as a database keeps it: UTF-8
    assert all("\x00" not in body for body in stored.values())  # PostgreSQL takes no NUL
    assert proposal_from(stored) == told


@pytest.mark.parametrize("kind", [Finding, Review, Entity, Facts, Precedent, ProvisionRef, Document])
def test_every_noun_comes_back_equal(kind: type[Any]) -> None:
    @settings(max_examples=25, deadline=None)
    @given(st.from_type(kind))
    def round_trip(noun: object) -> None:
        assert decode(kind, loads(dumps(encode(noun)))) == noun

    round_trip()


def test_what_is_stored_can_be_read_by_a_person() -> None:
    assert encode(Extent(page=1, start=2, end=3)) == {"page": 1, "start": 2, "end": 3}
    assert encode(frozenset({Trait.OFFICIAL, Trait.CHILD})) == ["child", "official"]
    assert encode(datetime(2026, 4, 1, 9, 30, tzinfo=UTC)) == "2026-04-01T09:30:00+00:00"
    assert encode(date(2026, 4, 1)) == "2026-04-01"
    assert dumps({"題": "\x00\ud800"}) == '{"題":"\\u0000\\ud800"}'
    assert proposal_words(proposal())[1].body.startswith('"申出者')


def test_pages_without_boxes_take_no_room() -> None:
    assert json.loads(proposal_words(proposal())[0].body)["document"]["pages"][0]["boxes"] == ""
    boxed = replace(proposal(), document=Document(name="紙", sha256="", pages=(boxed_page(),)))
    stored = json.loads(proposal_words(boxed)[0].body)["document"]["pages"][0]["boxes"]
    assert CharBoxes.unpacked(1, stored, len(boxed_page().text)) == boxed_page().boxes


def test_a_record_of_before_boxes_were_packed_is_read() -> None:
    stored = encode(boxed_page())
    box = {"page": 1, "x0": 1.0, "y0": 2.0, "x1": 3.0, "y1": 4.0}
    stored["boxes"] = [None] * (len(boxed_page().text) - 1) + [box]
    assert decode(Page, stored).boxes[-1] == Box(**box)
    assert decode(Page, {"number": 1, "text": "a", "boxes": []}).boxes == (None,)


@pytest.mark.parametrize("packed", ["!", "AAAA", "eJwDAAAAAAE=", 7, {"a": 1}])
def test_damaged_places_are_refused(packed: Any) -> None:
    with pytest.raises(Unreadable, match="boxes"):
        decode(Page, {"number": 1, "text": "abc", "boxes": packed})


def test_a_record_written_before_a_field_was_added_is_read_with_its_default() -> None:
    assert decode(ProvisionRef, {"article": "7"}) == ProvisionRef(article="7")


# noun | what is stored | which field is named, and never a value
BROKEN: list[tuple[type[Any], Any, str]] = [
    (Extent, {"page": 1, "start": 0}, "end is missing"),
    (Extent, {"page": 1, "start": 0, "end": 1, "colour": "red"}, "unknown field colour"),
    (Extent, {"page": 1, "start": 0, "end": "秘"}, "Extent.end: not int"),
    (Extent, {"page": True, "start": 0, "end": 1}, "Extent.page: not int"),  # a bool is no number
    (Extent, [1, 2, 3], "Extent: not an object"),
    (Box, {"page": 1, "x0": "秘", "y0": 0, "x1": 0, "y1": 0}, "Box.x0: not float"),
    (Review, {"state": "秘", "by": "", "at": "2026-01-01"}, "Review.state: not one of"),
    (Review, {"state": "confirmed", "by": "", "at": "秘"}, "Review.at: not datetime"),
    (Review, {"state": "confirmed", "by": "", "at": 5}, "Review.at: not datetime"),
    (ProvisionRef, {"article": "7", "subitems": "秘"}, "subitems: not a list"),
    (ProvisionRef, {"article": "7", "part": "秘"}, "part: not Part"),
]


@pytest.mark.parametrize(("kind", "stored", "named"), BROKEN)
def test_what_does_not_fit_is_refused_without_quoting_it(kind: type[Any], stored: Any, named: str) -> None:
    with pytest.raises(Unreadable, match=named) as refused:
        decode(kind, stored)
    assert "秘" not in str(refused.value)


def test_a_pair_has_two_values() -> None:
    told = encode(proposal())
    told["estimate"]["interval"] = [0.0]
    with pytest.raises(Unreadable, match="interval: not 2 values"):
        decode(Proposal, told)


def test_only_nouns_are_stored() -> None:
    with pytest.raises(TypeError):
        encode(object())
    with pytest.raises(TypeError):
        encode(Page)
    assert encode(Part.PROVISO) == "proviso"
    assert encode(Head.INDIVIDUAL) == "個人"


def stored() -> dict[tuple[str, int], str]:
    return {(w.name, w.number): w.body for w in proposal_words(proposal())}


@pytest.mark.parametrize(
    "damage",
    [
        {("proposal", 0): None},  # gone
        {("page", 1): None},  # one page is gone
        {("proposal", 0): "{"},  # cut off
        {("proposal", 0): "{}"},  # another thing
        {("proposal", 0): "[]"},
        {("page", 0): "5"},  # no text
        {
            ("proposal", 0): stored()["proposal", 0].replace('"boxes":[]', '"boxes":[null]', 1)
        },  # a box too few
    ],
)
def test_damaged_words_are_unreadable(damage: dict[tuple[str, int], str | None]) -> None:
    left = {place: body for place, body in {**stored(), **damage}.items() if body is not None}
    with pytest.raises(Unreadable):
        proposal_from(left)
