"""Areas a person draws on a page, pages a person reads, and records of before there were any."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_sample import BUSINESS, HANAKO, PERSONAL, desk_at, finding, proposal

from assistant.domain.boxes import CharBoxes
from assistant.domain.document import Box, Document, Extent, Origin, Page
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding, Proposal, finding_id
from assistant.domain.places import place_of
from assistant.errors import ReviewRefused
from assistant.review.areas import covered_by, drawn, sound_boxes, under
from assistant.review.case import Case
from assistant.review.chain import seal
from assistant.review.codec import decode, dumps, encode, loads
from assistant.review.desk import Desk
from assistant.review.doubts import ReviewDoubted
from assistant.review.event import Event, EventKind, Mark

W, D, A = Decision.WITHHOLD, Decision.DISCLOSE, Decision.ASK
LINE = "申請者　鶴亀小槌　印"
OWN = "押された印影で、本人の意思を示すものであるため。"


def letter(at: int, page: int = 1, *, y: float = 700.0) -> Box:
    return Box(page=page, x0=50.0 + 12 * at, y0=y, x1=62.0 + 12 * at, y1=y + 12)


def on_paper() -> Document:
    """A page of text, a page nobody could read, and one that a machine read."""
    boxes = CharBoxes(1, [letter(at) for at in range(len(LINE))])
    read = CharBoxes(3, [letter(at, 3) for at in range(3)])
    pages = (
        Page(number=1, text=LINE, boxes=boxes, width=595.0, height=842.0),
        Page(number=2, text="", width=595.0, height=842.0, origin=Origin.NONE, doubts=("no_text",)),
        Page(number=3, text="松竹梅", boxes=read, width=842.0, height=595.0, origin=Origin.OCR),
    )
    return Document(name="申請書.pdf", sha256="a" * 64, pages=pages, media="pdf")


def of_paper() -> Proposal:
    start = LINE.index("鶴")
    extents = (Extent(page=1, start=start, end=start + 4),)
    around = Box(page=1, x0=letter(start).x0, y0=700.0, x1=letter(start + 3).x1, y1=712.0)
    name = finding("n1", "鶴亀小槌", W, grounds=(PERSONAL,))
    return replace(
        proposal((replace(name, extents=extents, boxes=(around,)),)), document=on_paper(), warnings=()
    )


def area(page: int, x0: float, y0: float, x1: float, y1: float) -> Box:
    return Box(page=page, x0=x0, y0=y0, x1=x1, y1=y1)


SEAL = area(2, 400, 100, 460, 160)


@pytest.fixture
def paper(desk: Desk) -> Case:
    return desk.open_case(HANAKO, "document", "申請書", of_paper())


def draw(desk: Desk, case: Case, *boxes: Box, kind: EntityKind = EntityKind.SEAL) -> Finding:
    after = desk.add(case.id, HANAKO, boxes=boxes, decision=W, ground=PERSONAL, why=OWN, kind=kind)
    found = after.finding(after.acts[-1].finding_ids[0])
    assert found is not None
    return found


def test_a_box_drawn_on_a_picture_is_a_settled_mark_without_words(desk: Desk, paper: Case) -> None:
    drawn_one = draw(desk, paper, SEAL)
    assert (drawn_one.extents, drawn_one.text, drawn_one.boxes) == ((), "", (SEAL,))
    assert drawn_one.decided is not None
    assert drawn_one.decided.state == "confirmed"
    assert drawn_one.kind is EntityKind.SEAL
    case = desk.case(paper.id, HANAKO)
    assert case.finding(drawn_one.id) == drawn_one
    assert desk.verify_chain().ok


def test_two_areas_are_two_marks_and_are_never_taken_for_the_same_words(desk: Desk, paper: Case) -> None:
    first = draw(desk, paper, SEAL)
    second = draw(desk, paper, area(2, 10, 10, 60, 60))
    assert first.id != second.id
    assert desk.case(paper.id, HANAKO).occurrences(first.id) == (first.id,)
    with pytest.raises(ReviewRefused, match="同じ範囲"):
        draw(desk, paper, SEAL)


def test_drawing_is_taken_back_and_done_again(desk: Desk, paper: Case) -> None:
    one = draw(desk, paper, SEAL)
    act = desk.undo(paper.id, HANAKO)
    assert act is not None
    assert act.kind is EventKind.ADDED
    assert desk.case(paper.id, HANAKO).finding(one.id) is None
    again = draw(desk, paper, SEAL)
    assert (again.id, again.boxes) == (one.id, one.boxes)


def test_an_area_is_moved_and_keeps_its_id(desk: Desk, paper: Case) -> None:
    one = draw(desk, paper, SEAL)
    goal = area(2, 380, 90, 470, 170)
    desk.change(paper.id, HANAKO, one.id, decision=W, boxes=[goal], extents=())
    moved = desk.case(paper.id, HANAKO).finding(one.id)
    assert moved is not None
    assert moved.boxes == (goal,)
    assert moved.extents == ()
    desk.undo(paper.id, HANAKO)
    back = desk.case(paper.id, HANAKO).finding(one.id)
    assert back is not None
    assert back.boxes == (SEAL,)
    assert desk.verify_chain().ok


def test_a_mark_of_characters_is_widened_and_keeps_its_characters(desk: Desk, paper: Case) -> None:
    before = paper.finding("n1")
    assert before is not None
    more = area(1, 300, 690, 340, 730)
    desk.change(paper.id, HANAKO, "n1", decision=W, boxes=[more], why=OWN)
    wide = desk.case(paper.id, HANAKO).finding("n1")
    assert wide is not None
    assert (wide.extents, wide.text) == (before.extents, before.text)
    assert wide.boxes == (*before.boxes, more)
    assert drawn(paper.proposal.document, wide) == (more,)  # type: ignore[union-attr]
    # Its characters are moved: the area beside them stays.
    extents = [Extent(page=1, start=0, end=3)]
    desk.change(paper.id, HANAKO, "n1", decision=W, extents=extents, why=OWN)
    moved = desk.case(paper.id, HANAKO).finding("n1")
    assert moved is not None
    assert moved.text == "申請者"
    assert moved.boxes == (area(1, 50, 700, 86, 712), more)
    # And is taken away again.
    desk.change(paper.id, HANAKO, "n1", decision=W, boxes=[])
    bare = desk.case(paper.id, HANAKO).finding("n1")
    assert bare is not None
    assert bare.boxes == (area(1, 50, 700, 86, 712),)


def test_an_area_without_any_place_is_refused(desk: Desk, paper: Case) -> None:
    one = draw(desk, paper, SEAL)
    with pytest.raises(ReviewRefused, match="枠がありません"):
        desk.change(paper.id, HANAKO, one.id, decision=W, boxes=[])
    with pytest.raises(ReviewRefused):
        desk.add(paper.id, HANAKO, decision=W, ground=PERSONAL, why=OWN)


@pytest.mark.parametrize(
    ("box", "said"),
    [
        (area(9, 1, 1, 20, 20), "文書にありません"),
        (area(1, 500, 100, 700, 200), "ページの外"),
        (area(1, -20, 100, 70, 200), "ページの外"),
        (area(3, 10, 10, 600, 600), "ページの外"),  # a page that lies on its side is 595 high
        (area(1, 100, 100, 100.5, 200), "小さすぎます"),
        (area(1, 200, 100, 100, 200), "小さすぎます"),
        (area(1, float("nan"), 1, 20, 20), "文書にありません"),
        (area(1, 1, 1, float("inf"), 20), "文書にありません"),
    ],
)
def test_a_box_that_is_nowhere_is_refused(desk: Desk, paper: Case, box: Box, said: str) -> None:
    with pytest.raises(ReviewRefused, match=said):
        draw(desk, paper, box)
    assert len(desk.case(paper.id, HANAKO).findings) == 1


def test_pasted_text_has_no_page_to_draw_on(desk: Desk, case: Case) -> None:
    with pytest.raises(ReviewRefused, match="文書にありません"):
        draw(desk, case, area(1, 1, 1, 20, 20))


def test_a_drawn_mark_needs_its_own_ground(desk: Desk, paper: Case) -> None:
    with pytest.raises(ReviewRefused, match="理由が要ります"):
        desk.add(paper.id, HANAKO, boxes=[SEAL], decision=W, ground=BUSINESS)
    with pytest.raises(ReviewRefused, match="根拠条項が要ります"):
        desk.add(paper.id, HANAKO, boxes=[SEAL], decision=W, why=OWN)


def test_a_box_over_what_is_disclosed_is_doubted_as_the_words_themselves_would_be(desk: Desk) -> None:
    told = of_paper()
    shown = replace(told.findings[0], decision=D, grounds=(PERSONAL,))
    case = desk.open_case(HANAKO, "document", "申請書", replace(told, findings=(shown,)))
    (own,) = shown.boxes
    with pytest.raises(ReviewDoubted) as doubted:
        draw(desk, case, own.grown(3))
    assert [doubt.code for doubt in doubted.value.doubts] == ["open"]
    after = desk.add(
        case.id, HANAKO, boxes=[own.grown(3)], decision=W, ground=PERSONAL, why=OWN, despite=["open"]
    )
    assert after.acts[-1].despite == ("open",)


def test_marks_come_in_reading_order(desk: Desk, paper: Case) -> None:
    late = draw(desk, paper, area(3, 10, 10, 60, 60))
    behind = draw(desk, paper, letter(LINE.index("印")).grown(2))
    first = draw(desk, paper, letter(0).grown(1), kind=EntityKind.AREA)
    middle = draw(desk, paper, SEAL)
    case = desk.case(paper.id, HANAKO)
    assert [one.id for one in case.findings] == [first.id, "n1", behind.id, middle.id, late.id]
    places = [place_of(on_paper(), one) for one in case.findings]
    assert places == sorted(places)


def test_characters_under_a_box_are_covered_and_others_are_not(desk: Desk, paper: Case) -> None:
    start = LINE.index("鶴")
    box = area(
        1, letter(start).x0 - 2, 690, letter(start + 1).x1 + 5, 720
    )  # the third letter is only touched
    assert under(on_paper(), [box]) == (Extent(page=1, start=start, end=start + 2),)
    one = draw(desk, paper, box)
    assert covered_by(on_paper(), one) == (Extent(page=1, start=start, end=start + 2),)


@given(
    st.lists(st.builds(area, st.just(1), *[st.floats(-1, 843, width=32)] * 4), max_size=4),
)
def test_what_is_kept_lies_on_the_page_and_is_kept_once(boxes: list[Box]) -> None:
    try:
        kept = sound_boxes(on_paper(), boxes)
    except ReviewRefused:
        return
    assert len(set(kept)) == len(kept) <= len(boxes)
    for box in kept:
        assert 0 <= box.x0 < box.x1 <= 595
        assert 0 <= box.y0 < box.y1 <= 842
    assert sound_boxes(on_paper(), kept) == kept


def test_whole_numbers_from_a_screen_do_not_break_the_chain(desk: Desk, paper: Case) -> None:
    draw(desk, paper, Box(page=2, x0=100, y0=100, x1=200, y1=200))
    assert desk.verify_chain().ok


def test_the_log_says_where_an_area_is_and_repeats_no_box_of_characters(
    desk: Desk, paper: Case, tmp_path: Path
) -> None:
    draw(desk, paper, SEAL)
    log = desk.export_case(paper.id, HANAKO)["log"]
    assert [mark["boxes"] for event in log for mark in event["marks"]] == [[], [encode(SEAL)]]


def test_events_of_before_there_were_areas_keep_their_hash() -> None:
    """A row as an earlier version wrote it: no `boxes` in its marks; its hash was made without them."""
    marks = [
        {
            "finding": "f1",
            "extents": [{"page": 1, "start": 0, "end": 2}],
            "decision": "withhold",
            "head": None,
        }
    ]
    row = {
        "seq": 1, "at": "2026-04-01T00:00:00.000000+00:00", "actor": "a1", "kind": "confirmed", "case": "c1",
        "mode": None, "city": None, "fictional": None, "undoes": None, "marks": marks, "engine": None, "model": None,
        "prompt_hash": None, "index_id": None, "digests": [], "prev_hash": "0" * 64, "hash": "",
    }  # fmt: skip
    event = decode(Event, loads(dumps(row)))
    assert event.marks == (
        Mark(finding="f1", extents=(Extent(page=1, start=0, end=2),), decision=W, head=None),
    )
    assert seal(event) == "021f284ca0e5cbb4aa95ddb840e0a396db29654057077f53a6034112271a9c1b"
    moved = replace(event, marks=(replace(event.marks[0], boxes=(SEAL,)),))
    assert seal(moved) != seal(event)


def test_ids_of_words_are_what_they_were() -> None:
    document = Document(name="", sha256="0" * 64, pages=(Page(number=1, text="鶴亀"),))
    extents = (Extent(page=1, start=0, end=2),)
    assert finding_id(document, EntityKind.PERSON_NAME, extents) == "fabb0772a5411aa51"
    assert finding_id(document, EntityKind.SEAL, (), (SEAL,)) != finding_id(
        document, EntityKind.AREA, (), (SEAL,)
    )


def test_a_page_that_must_be_read_is_read_by_somebody(desk: Desk, paper: Case) -> None:
    assert paper.doubtful_pages == paper.unread_pages == (2, 3)
    after = desk.read_pages(paper.id, HANAKO, [3])
    assert (after.unread_pages, after.read_pages) == ((2,), (3,))
    act = after.acts[-1]
    assert (act.kind, act.pages, act.by) == (EventKind.PAGE_READ, (3,), HANAKO.label)
    assert [one.decided for one in after.findings] == [None]
    with pytest.raises(ReviewRefused, match="すでに確かめて"):
        desk.read_pages(paper.id, HANAKO, [3])
    for pages in ([1], [], [2, 7]):
        with pytest.raises(ReviewRefused, match="確かめる必要のあるページではありません"):
            desk.read_pages(paper.id, HANAKO, pages)
    undone = desk.undo(paper.id, HANAKO)
    assert undone is not None
    assert undone.pages == (3,)
    assert desk.case(paper.id, HANAKO).unread_pages == (2, 3)
    assert desk.verify_chain().ok


def test_a_passage_has_nothing_to_be_read(case: Case) -> None:
    assert case.doubtful_pages == case.unread_pages == ()


@pytest.fixture
def reopened(tmp_path: Path) -> Iterator[tuple[Desk, Case, Finding]]:
    desk, store = desk_at(tmp_path)
    case = desk.open_case(HANAKO, "document", "申請書", of_paper())
    one = draw(desk, case, SEAL)
    desk.read_pages(case.id, HANAKO, [2])
    store.close()
    again, other = desk_at(tmp_path)
    yield again, again.case(case.id, HANAKO), one
    other.close()


def test_everything_is_found_again_after_a_restart(reopened: tuple[Desk, Case, Finding]) -> None:
    desk, case, one = reopened
    assert case.finding(one.id) == one
    assert case.unread_pages == (3,)
    assert case.proposal is not None
    assert case.proposal.document == on_paper()
    assert desk.verify_chain().ok
    json.dumps(desk.export_case(case.id, HANAKO))
    desk.delete_case(case.id, HANAKO)
    assert desk.verify_chain().ok
