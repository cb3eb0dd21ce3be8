"""From shares for each word to places: what joins, what parts, how a place leans."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pytest

from assistant.domain.document import Extent, Page
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision
from assistant.domain.provision import Head
from assistant.liken.alphabet import HEADS, KINDS
from assistant.liken.spans import LikenedPage, Shares

W, A = "withhold", "ask"


def page_of(
    text: str, said: Mapping[str, tuple[str, Head, float]], begins: tuple[str, ...] = ()
) -> LikenedPage:
    """Words are runs of letters or single signs; `said`: what is said of each word, all others are open."""
    spans = [match.span() for match in re.finditer(r"\w+|[^\w]", text)]
    size = len(spans)
    ask, withhold = np.zeros((size, len(HEADS)), np.float32), np.zeros((size, len(HEADS)), np.float32)
    kinds = np.zeros((size, len(KINDS) + 1), np.float32)
    kinds[:, 1 + KINDS.index(EntityKind.HEALTH)] = 1
    starts = np.zeros(size, np.float32)
    for number, (start, end) in enumerate(spans):
        word = text[start:end]
        starts[number] = word in begins
        if word in said:
            decision, head, share = said[word]
            (withhold if decision == W else ask)[number, HEADS.index(head)] = share
    shares = Shares(
        spans=np.asarray(spans, np.int32),
        open=1 - ask.sum(1) - withhold.sum(1),
        ask=ask,
        withhold=withhold,
        kinds=kinds,
        begins=starts,
        hidden=np.ones((size, 4), np.float32),
    )
    return LikenedPage(Page(number=1, text=text), shares)


PERSON, WORK = Head.INDIVIDUAL, Head.OPERATIONS
CASES = [
    # one word alone
    ("持病 喘息 あり", {"喘息": (W, PERSON, 0.9)}, (), ["喘息"]),
    # a sign decided alike joins, and so does a space
    (
        "喘息、通院 中",
        {"喘息": (W, PERSON, 0.9), "、": (W, PERSON, 0.7), "通院": (W, PERSON, 0.8)},
        (),
        ["喘息、通院"],
    ),
    ("喘息 通院", {"喘息": (W, PERSON, 0.9), "通院": (W, PERSON, 0.8)}, (), ["喘息 通院"]),
    # a sign that stays open parts
    ("喘息、通院", {"喘息": (W, PERSON, 0.9), "通院": (W, PERSON, 0.8)}, (), ["喘息", "通院"]),
    # a tab parts cells
    ("喘息\t通院", {"喘息": (W, PERSON, 0.9), "通院": (W, PERSON, 0.8)}, (), ["喘息", "通院"]),
    # another decision parts
    ("喘息 通院", {"喘息": (W, PERSON, 0.9), "通院": (A, PERSON, 0.8)}, (), ["喘息", "通院"]),
    # … but a clause that wavers is one piece
    ("通院 歴", {"通院": (W, PERSON, 0.5), "歴": (A, PERSON, 0.5)}, (), ["通院 歴"]),
    # where a piece begins, a new place begins
    ("喘息 通院", {"喘息": (W, PERSON, 0.9), "通院": (W, PERSON, 0.8)}, ("通院",), ["喘息", "通院"]),
    # a word between that stays open parts
    ("喘息 と 通院", {"喘息": (W, PERSON, 0.9), "通院": (W, PERSON, 0.8)}, (), ["喘息", "通院"]),
    # … and one that is not quite open joins, unless a piece begins with it or a line ends
    (
        "喘息 と 通院",
        {"喘息": (W, PERSON, 0.9), "と": (W, PERSON, 0.08), "通院": (W, PERSON, 0.8)},
        (),
        ["喘息 と 通院"],
    ),
    (
        "喘息 と 通院",
        {"喘息": (W, PERSON, 0.9), "と": (W, PERSON, 0.08), "通院": (W, PERSON, 0.8)},
        ("と",),
        ["喘息", "通院"],
    ),
    (
        "喘息 と\n通院",
        {"喘息": (W, PERSON, 0.9), "と": (W, PERSON, 0.08), "通院": (W, PERSON, 0.8)},
        (),
        ["喘息", "通院"],
    ),
    # too little is nothing
    ("喘息", {"喘息": (W, PERSON, 0.1)}, (), []),
]


@pytest.mark.parametrize(("text", "said", "begins", "expected"), CASES)
def test_places(text, said, begins, expected) -> None:  # type: ignore[no-untyped-def]
    places = page_of(text, said, begins).likenesses()
    assert [text[one.extents[0].start : one.extents[-1].end] for one in places] == expected


def test_a_piece_broken_over_a_line_is_one_place_with_two_extents() -> None:
    text = "喘息で\n通院"
    (one,) = page_of(text, {"喘息で": (W, PERSON, 0.9), "通院": (W, PERSON, 0.9)}).likenesses()
    assert one.extents == (Extent(page=1, start=0, end=3), Extent(page=1, start=4, end=6))
    assert (one.decision, one.kind, one.lean.head) == (Decision.WITHHOLD, EntityKind.HEALTH, PERSON)


def test_a_lean_is_weighed_by_letters_and_names_its_heads_largest_first() -> None:
    page = page_of("三年間 着眼", {"三年間": (A, PERSON, 1.0), "着眼": (W, WORK, 1.0)})
    lean = page.lean((Extent(page=1, start=0, end=6),))
    assert lean is not None
    assert (round(lean.ask, 2), round(lean.withhold, 2), lean.open) == (0.6, 0.4, 0)
    assert [head for head, _ in lean.heads] == [PERSON, WORK]


def test_signs_alone_lean_nowhere() -> None:
    assert page_of("（。）", {}).lean((Extent(page=1, start=0, end=3),)) is None
