"""A document in pieces, and places in a piece: every character is read, and what was found is never cut."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding, finding_id
from assistant.model.tokens import estimate_tokens
from assistant.propose.argue_pieces import OVERLAP, Piece, halves_of, pieces_of
from assistant.propose.argue_place import MOST_PLACES, Reader

MOST, PER_FINDING = 600, 40
BROKEN = re.compile(r"(093-000-)\n(45[0-9]{2})")


def _cost(finding: Finding) -> int:
    return PER_FINDING


def _finding(document: Document, start: int, end: int) -> Finding:
    extents = (Extent(page=1, start=start, end=end),)
    return Finding(
        id=finding_id(document, EntityKind.OTHER, extents),
        kind=EntityKind.OTHER,
        extents=extents,
        text=document.cut(extents[0]),
        decision=Decision.WITHHOLD,
    )


TEXTS = st.text(alphabet="あ漢a1。、\n 　", min_size=1, max_size=4_000) | st.sampled_from(
    ["漢" * 3_000, "あ。" * 2_000, "\n" * 500 + "終", "名" + "\n行" * 900]
)


@given(text=TEXTS, data=st.data())
@settings(deadline=None, max_examples=60)
def test_every_character_is_read_and_no_finding_is_cut(text: str, data: st.DataObject) -> None:
    document = Document.of_texts((text,), name="試験")
    spans = data.draw(
        st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, 60)), max_size=30), label="spans"
    )
    found = {(start, min(start + length, len(text))) for start, length in spans}
    ruled = [_finding(document, start, end) for start, end in found]
    pieces = list(pieces_of(document, ruled, MOST, _cost))
    if not text.strip():
        assert pieces == []
        return
    assert pieces[0].start == 0
    assert pieces[-1].end == len(text)
    for one, following in pairwise(pieces):
        assert one.start < following.start <= one.end < following.end
    for finding in ruled:
        (extent,) = finding.extents
        whole = [p for p in pieces if p.start <= extent.start and extent.end <= p.end]
        assert whole, "a finding was cut"
        assert all(finding in p.findings for p in whole)


def test_pieces_keep_to_their_size_and_share_their_seams() -> None:
    text = "\n".join(f"{n} 道路の傷みを調べて補修の順番を決めた。" for n in range(400))
    document = Document.of_texts((text,), name="試験")
    pieces = list(pieces_of(document, (), MOST, _cost))
    assert len(pieces) > 10
    assert all(estimate_tokens(piece.text) <= MOST for piece in pieces)
    assert all(a.end - b.start >= OVERLAP for a, b in pairwise(pieces))


def test_halves_hold_everything_and_cut_no_finding() -> None:
    text = "\n".join(f"{n} 道路の傷みを調べた。" for n in range(40))
    document = Document.of_texts((text,), name="試験")
    middle = len(text) // 2
    ruled = [_finding(document, middle - 40, middle + 40)]
    (piece,) = pieces_of(document, ruled, 10_000, _cost)
    one, other = halves_of(piece)
    assert (one.start, other.end) == (0, len(text))
    assert other.start <= one.end - OVERLAP
    assert any(p.start <= middle - 40 and middle + 40 <= p.end for p in (one, other))
    assert max(len(one.text), len(other.text)) < len(text)
    assert halves_of(_piece("短い")) == ()


def test_many_findings_make_smaller_pieces() -> None:
    text = "名前と住所。" * 100
    document = Document.of_texts((text,), name="試験")
    ruled = [_finding(document, at, at + 2) for at in range(0, len(text), 6)]
    pieces = list(pieces_of(document, ruled, MOST, _cost))
    assert all(len(piece.findings) * PER_FINDING <= MOST for piece in pieces)
    assert {f.id for piece in pieces for f in piece.findings} == {f.id for f in ruled}


def test_a_finding_longer_than_a_piece_is_divided_and_shown_in_each() -> None:
    text = "漢" * 3_000
    document = Document.of_texts((text,), name="試験")
    ruled = [_finding(document, 0, 3_000)]
    pieces = list(pieces_of(document, ruled, MOST, _cost))
    assert len(pieces) > 3
    assert all(piece.findings == tuple(ruled) for piece in pieces)


# places -------------------------------------------------------------------------------------------------------------


def _piece(text: str, start: int = 0) -> Piece:
    document = Document.of_texts(("〇" * start + text,), name="試験")
    return Piece(page=document.pages[0], start=start, end=start + len(text), findings=())


def _texts(text: str, wanted: str, before: str = "", start: int = 0) -> list[list[str]]:
    piece = _piece(text, start)
    found = Reader(piece).places(wanted, before)
    return [[piece.page.cut(extent) for extent in extents] for extents in found]


PLACES = [
    # text, wanted, before, what is marked
    ("氏名 山科 一郎", "山科 一郎", "", [["山科 一郎"]]),
    ("氏名 山科　一郎", "山科一郎", "", [["山科　一郎"]]),  # a full-width space between
    ("氏名 山科\n一郎 殿", "山科一郎", "", [["山科", "一郎"]]),  # broken over a line: two extents
    ("山科\n　　一郎", "山科一郎", "", [["山科", "一郎"]]),  # without the indent
    ("電話０９３－０００", "093-000", "", [["０９３－０００"]]),  # widths
    ("㈱みほん", "株", "", [["㈱"]]),  # the whole character
    ("甲は乙に、乙は甲に", "甲", "乙は", [["甲"]]),  # told apart by what stands before
    ("甲は乙に、乙は甲に", "甲", "", []),  # one character, two places, nothing to choose by
    ("甲は乙に", "甲", "", [["甲"]]),
    ("佐保と佐保", "佐保", "無関係", [["佐保"], ["佐保"]]),  # better both than none
    ("金額 150円", "50", "", []),  # not in a number
    ("abc", "b", "", []),
    ("課 A の B", "A", "", [["A"]]),
    ("12 34", "12", "", [["12"]]),  # white space parts numbers
    ("山科一郎", "山科次郎", "", []),
    ("山科一郎", " 　\n", "", []),
    ("山科一郎", "\u200b", "", []),
    ("", "山科", "", []),
]


@pytest.mark.parametrize(("text", "wanted", "before", "marked"), PLACES)
def test_places(text: str, wanted: str, before: str, marked: list[list[str]]) -> None:
    assert _texts(text, wanted, before) == marked
    assert _texts(text, wanted, before, start=7) == marked  # also in a piece from the middle of a page


def test_places_are_bounded() -> None:
    assert len(_texts("ああ、" * 5_000, "ああ")) == MOST_PLACES


@given(st.text(alphabet="山科一郎1a 　\nｶﾞ㈱", max_size=60), st.data())
def test_what_was_copied_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    if not text.strip():
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for extents in Reader(_piece(text)).places(text[start:end], text[:start]):
        for extent in extents:
            cut = text[extent.start : extent.end]
            assert cut == cut.strip() != ""
            assert "\n" not in cut


@pytest.mark.parametrize("room", range(120, 400, 20))
def test_what_is_broken_over_a_line_is_in_one_piece(room: int) -> None:
    """093-000- at the end of a piece, 4567 at the beginning of the next: neither would be known as a number."""
    lines = [f"相談の内容は騒音である　電話 093-000-\n45{number}　担当が説明した" for number in range(10, 40)]
    document = Document.of_texts(("\n".join(lines),), name="試験")
    text = document.pages[0].text
    spans = [(match.start(1), match.end(1), match.start(2), match.end(2)) for match in BROKEN.finditer(text)]
    ruled = [
        replace(
            _finding(document, first, second),
            id=f"f{first}",
            extents=(Extent(page=1, start=first, end=second), Extent(page=1, start=third, end=fourth)),
        )
        for first, second, third, fourth in spans
    ]
    assert len(ruled) == 30
    pieces = list(pieces_of(document, ruled, room, lambda finding: 5))
    assert len(pieces) > 3
    halves = [half for piece in pieces for half in halves_of(piece)]
    for piece in (*pieces, *halves):
        for first, _, _, fourth in spans:
            assert not first < piece.start < fourth
            assert not first < piece.end < fourth
