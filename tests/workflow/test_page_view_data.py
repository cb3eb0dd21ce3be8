"""What is sent to the page view grows with a page, not with the file; and what it sends back is done whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import page_case
import pytest

from assistant.adapters.record import open_record
from assistant.corpus.corpus import Corpus
from assistant.corpus.load import load_city
from assistant.domain.boxes import CharBoxes
from assistant.domain.document import Box, Document, Extent, Origin, Page
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision
from assistant.errors import DocumentError
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.review.desk import Desk
from assistant.ui.desk.acts import Acknowledged, carry_out, read_sent
from assistant.ui.page.pictures import forget, picture_at_hand, picture_of
from assistant.ui.page.view import first_open_page, page_data
from assistant.ui.words import words

ME = Actor(department="総務課", name="見本花子")
PER_PAGE = 6
WIDTH = 30


@pytest.fixture(scope="module")
def corpus(mihon: Path) -> Corpus:
    return load_city(mihon)


@pytest.fixture
def desk(tmp_path: Path, corpus: Corpus) -> Iterator[Desk]:
    store = open_record(tmp_path)
    yield Desk(store, lambda: datetime.now(UTC), corpus)
    store.close()


def document(pages: int) -> Document:
    """Lines of thirty letters; the last page was read by a machine."""
    made = []
    for number in range(1, pages + 1):
        text = "\n".join("鶴亀小槌" + "あ" * (WIDTH - 4) for _ in range(PER_PAGE))
        places: list[Box | None] = []
        for line in range(PER_PAGE):
            y = 780.0 - 20 * line
            places += [
                Box(page=number, x0=50.0 + 12 * at, y0=y, x1=62.0 + 12 * at, y1=y + 12) for at in range(WIDTH)
            ]
            places.append(None)
        boxes = CharBoxes(number, places[:-1])
        last = number == pages
        origin, doubts = (Origin.OCR, ("ocr",)) if last else (Origin.FILE, ())
        page = Page(
            number=number, text=text, boxes=boxes, width=595, height=842, origin=origin, doubts=doubts
        )
        made.append(page)
    return Document(name="記録", sha256="2" * 64, pages=tuple(made), media="pdf")


def opened(desk: Desk, pages: int) -> Case:
    """The first line of each page is one person; of the others every third is disclosed."""
    paper = document(pages)
    findings = [
        page_case.finding(
            paper,
            Extent(page=number, start=(WIDTH + 1) * line, end=(WIDTH + 1) * line + 4),
            EntityKind.PERSON_NAME,
            Decision.DISCLOSE if line % 3 == 2 else Decision.WITHHOLD,
            "p1" if line == 0 else f"p{number}_{line}",
        )
        for number in range(1, pages + 1)
        for line in range(PER_PAGE)
    ]
    return desk.open_case(ME, "document", "記録", page_case.of(paper, tuple(findings)))


def data(case: Case, corpus: Corpus, page: int) -> dict[str, Any]:
    assert case.proposal is not None
    return page_data(
        case, case.proposal, corpus, words(corpus.city.labels), ack={}, rules={}, page=page, pictures={}
    )


def test_a_long_file_sends_no_more_than_a_short_one(desk: Desk, corpus: Corpus) -> None:
    short, long = opened(desk, 6), opened(desk, 120)
    few, many = data(short, corpus, 3), data(long, corpus, 60)
    assert len(many["findings"]) == len(few["findings"]) == 3 * PER_PAGE
    grown = len(json.dumps(many)) - len(json.dumps(few))
    assert grown < 120 * 60  # bytes: a row of numbers for each page, and nothing else


def test_nothing_is_lost_between_what_is_at_hand_and_elsewhere(desk: Desk, corpus: Corpus) -> None:
    case = opened(desk, 10)
    told = data(case, corpus, 4)
    assert told["at_hand"] == [3, 4, 5]
    assert told["elsewhere"] == {
        "withhold": 28,
        "ask": 0,
        "contested": 0,
        "rest": 14,
        "settled": 0,
        "all": 28,
    }
    assert sum(row[3] for row in told["sheets"]) == len(case.queue)
    assert [row[5] for row in told["sheets"]] == [0] * 9 + [1]
    lead = told["findings"][0]
    assert len(lead["same"]) + lead["same_away"] == 10
    assert [page["number"] for page in told["pages"]] == [4]
    assert len(told["pages"][0]["sides"]) == 4 * len(told["pages"][0]["text"])


def test_the_next_open_page_is_at_hand_however_far(desk: Desk, corpus: Corpus) -> None:
    case = opened(desk, 12)
    ids = [one.id for one in case.queue if one.extents[0].page not in {2, 11}]
    case = desk.confirm(case.id, ME, ids)
    assert data(case, corpus, 2)["at_hand"] == [1, 2, 3, 11]
    assert data(case, corpus, 6)["at_hand"] == [2, 5, 6, 7, 11]
    assert first_open_page(case) == 2
    case = desk.confirm(case.id, ME, [one.id for one in case.queue])
    assert first_open_page(case) == 12  # nothing is left but to read it
    assert first_open_page(desk.read_pages(case.id, ME, [12])) == 1


def send(desk: Desk, case: Case, corpus: Corpus, *acts: dict[str, Any]) -> Acknowledged:
    numbered = [{**act, "n": number} for number, act in enumerate(acts, 1)]
    return carry_out(
        read_sent({"token": "t", "case": case.id, "acts": numbered}), Acknowledged(), desk, ME, corpus
    )


def test_one_decision_reaches_places_the_screen_does_not_have(desk: Desk, corpus: Corpus) -> None:
    case = opened(desk, 8)
    first = case.findings[0].id
    done = send(desk, case, corpus, {"kind": "confirm", "ids": [first], "all": True})
    assert done.refused == []
    settled = [one for one in desk.case(case.id, ME).findings if one.decided]
    assert {one.person for one in settled} == {"p1"}
    assert len(settled) == 8
    # Sent again after a broken connection: nothing more is written.
    send(desk, case, corpus, {"kind": "confirm", "ids": [first], "all": True})
    assert len(desk.case(case.id, ME).acts) == 1


def test_a_change_for_all_places_leaves_each_where_it_stands(desk: Desk, corpus: Corpus) -> None:
    case = opened(desk, 5)
    act = {"kind": "change", "id": case.findings[0].id, "decision": "disclose", "extents": [], "boxes": []}
    assert send(desk, case, corpus, {**act, "all": True, "why": "公にされているため。"}).refused == []
    after = desk.case(case.id, ME)
    changed = [one for one in after.findings if one.decided]
    assert [one.extents[0].page for one in changed] == [1, 2, 3, 4, 5]
    assert {one.decision for one in changed} == {Decision.DISCLOSE}
    before = {one.id: one.boxes for one in case.findings}
    assert all(one.boxes == before[one.id] for one in after.findings)


def test_a_page_is_signed_once_and_a_box_off_the_page_is_refused_with_a_sentence(
    desk: Desk, corpus: Corpus
) -> None:
    case = opened(desk, 3)
    box = {"kind": "add", "decision": "withhold", "extents": [], "area": "seal", "why": "印影であるため。"}
    box |= {"choice": "個人|第7条第2号|"}
    done = send(
        desk,
        case,
        corpus,
        {"kind": "read", "page": 3},
        {"kind": "read", "page": 3},
        {**box, "boxes": [[1, 500, 500, 700, 600]]},
        {**box, "boxes": [[1, 500, 500, 560, 600]]},
    )
    assert [(one["n"], "ページの外" in one["message"]) for one in done.refused] == [(3, True)]
    after = desk.case(case.id, ME)
    assert after.unread_pages == ()
    assert [one.kind for one in after.findings if not one.extents] == [EntityKind.SEAL]
    assert len(after.acts) == 2


def test_an_area_is_shown_with_its_place_and_stands_alone(desk: Desk, corpus: Corpus) -> None:
    case = opened(desk, 3)
    area = Box(page=2, x0=10, y0=10, x1=60, y1=60)
    case = desk.add(
        case.id,
        ME,
        boxes=[area],
        decision=Decision.WITHHOLD,
        ground=case.findings[0].grounds[0],
        why="印影であるため。",
        kind=EntityKind.SEAL,
    )
    told = next(one for one in data(case, corpus, 2)["findings"] if not one["extents"])
    assert told["boxes"] == told["drawn"] == [[2, 10, 10, 60, 60]]
    assert told["place"][0] == 2
    assert told["same"] == [told["id"]]
    assert told["same_away"] == 0
    assert data(case, corpus, 2)["acts"] == [{"kind": "added", "ids": [told["id"]], "page": 2}]


def test_pictures_are_drawn_once_and_forgotten_with_their_case() -> None:
    asked: list[str] = []

    def pdf() -> bytes:
        asked.append("pdf")
        return page_case.paper()

    first = picture_of("c1", 1, pdf)
    assert first.startswith(b"\x89PNG")
    assert picture_of("c1", 1, pdf) is picture_at_hand("c1", 1)
    picture_of("c1", 2, pdf)
    assert asked == ["pdf"]
    with pytest.raises(KeyError):
        picture_of("c1", 9, pdf)
    forget("c1")
    assert picture_at_hand("c1", 1) is None
    for name in ("c2", "c3", "c4"):  # more cases than are kept open
        picture_of(name, 1, pdf)
    assert picture_of("c2", 3, pdf).startswith(b"\x89PNG")
    for name in ("c2", "c3", "c4"):
        forget(name)


def test_a_file_that_cannot_be_drawn_is_told() -> None:
    with pytest.raises(DocumentError):
        picture_of("c9", 1, lambda: b"no PDF")
    forget("c9")


def test_a_page_of_hundreds_of_findings_comes_alone(desk: Desk, corpus: Corpus) -> None:
    case = opened(desk, 3)
    assert case.proposal is not None
    many = tuple(replace(one, id=f"{one.id}{copy}") for one in case.proposal.findings for copy in range(30))
    told = data(replace(case, proposal=replace(case.proposal, findings=many)), corpus, 2)
    assert told["at_hand"] == [2]
    assert len(told["findings"]) == 30 * PER_PAGE
