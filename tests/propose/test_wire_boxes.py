"""Areas drawn on a page, and pages on paper, in the JSON of design.md section 5."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rich.console import Console

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Box, CharBoxes, Document, Extent, Origin, Page
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Estimate, Finding, Ground, Proposal, Review
from assistant.domain.provision import Head
from assistant.draft.reasons import write_parts
from assistant.errors import InputError
from assistant.propose.terminal import show_proposal
from assistant.propose.wire import from_json, to_json
from assistant.review.areas import under

DAY = date(2026, 4, 1)
GROUND = Ground(head=Head.INDIVIDUAL, provision="第7条第2号", limb=None, why="本人の印である。")


def box(page: int, x0: float, y0: float, x1: float, y1: float) -> Box:
    return Box(page=page, x0=x0, y0=y0, x1=x1, y1=y1)


def seal(name: str, *boxes: Box) -> Finding:
    return Finding(
        id=name,
        kind=EntityKind.SEAL,
        extents=(),
        text="",
        decision=Decision.WITHHOLD,
        grounds=(GROUND,),
        boxes=boxes,
        found_by=("reviewer",),
    )


def told(*findings: Finding) -> Proposal:
    pages = (
        Page(number=1, text="印", width=595.0, height=842.0),
        Page(
            number=2, text="", width=842.0, height=595.0, turned=90, origin=Origin.NONE, doubts=("no_text",)
        ),
        Page(number=3, text="終"),
    )
    document = Document(name="申請書", sha256="0" * 64, pages=pages)
    return Proposal(
        city="mihon",
        fictional=True,
        engine="rules",
        requested_engine="rules",
        model=None,
        ordinance_id="見本市情報公開条例",
        ordinance_in_force_from=DAY,
        decision_date=DAY,
        document=document,
        findings=findings,
        estimate=Estimate(both=0, one=0, missed=0.0, interval=(0.0, 0.0)),
    )


AREA = seal("a1", box(2, 10.5, 20, 60, 70))


def test_an_area_and_its_page_come_back_the_same() -> None:
    proposal = told(AREA, seal("a2", box(1, 1, 2, 30, 40), box(2, 1, 2, 30, 40)))
    assert from_json(json.loads(json.dumps(to_json(proposal)))) == proposal


def test_an_area_is_told_by_its_page() -> None:
    first = to_json(told(AREA))["findings"][0]
    assert {name: first[name] for name in ("page", "start", "end", "text", "extents")} == {
        "page": 2,
        "start": 0,
        "end": 0,
        "text": "",
        "extents": [],
    }
    assert first["boxes"] == [{"page": 2, "x0": 10.5, "y0": 20, "x1": 60, "y1": 70}]


def test_a_page_of_pasted_text_is_told_as_before() -> None:
    assert to_json(told())["pages"][2] == {"number": 3, "text": "終"}


def spoil(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    data = copy.deepcopy(to_json(told(AREA)))
    change(data["findings"][0])
    return data


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.update(boxes=[]), "extents も boxes もありません"),
        (lambda f: f.update(page=1), "page、start、end"),
        (lambda f: f.update(start=1, end=1), "page、start、end"),
        (lambda f: f.update(text="印"), "text"),
        (lambda f: f["boxes"][0].update(page=4), "枠がページの外"),
        (lambda f: f["boxes"][0].update(page=0), "boxes"),
        (lambda f: f["boxes"][0].update(x1=10.5), "枠がページの外"),
        (lambda f: f["boxes"][0].update(y1=596.5), "枠がページの外"),  # the page is shown lying
        (lambda f: f["boxes"][0].update(x0=-5), "枠がページの外"),
        (lambda f: f["boxes"][0].update(x0="a"), "x0"),
    ],
)
def test_an_area_that_fits_nowhere_is_refused(change: Callable[[dict[str, Any]], None], said: str) -> None:
    with pytest.raises(InputError, match=said):
        from_json(spoil(change))


def test_a_box_on_a_page_without_text_or_size_is_taken() -> None:
    data = to_json(told(seal("a1", box(3, 1, 2, 3000, 4000))))
    assert from_json(data).findings[0].boxes == (box(3, 1, 2, 3000, 4000),)


def test_a_terminal_says_where_an_area_is(city: Corpus) -> None:
    out = io.StringIO()
    show_proposal(told(AREA), city.city, Console(file=out, width=200))
    assert "2ページ　枠（印影）" in out.getvalue()


def test_the_notice_names_the_page_of_an_area_and_leaves_a_rest(city: Corpus) -> None:
    (part,) = write_parts((AREA, seal("a2", box(1, 1, 2, 30, 40))), told().document, city, DAY)
    assert part.place == "1頁、2頁の印影（2か所）"
    assert part.settled is False
    assert all(check.ok for check in part.checks if check.code == "leak")


def test_words_under_an_area_may_not_stand_in_a_reason(city: Corpus) -> None:
    """A name that is covered by a box is as much withheld as one that is marked."""
    text = "立会人　鶴亀小槌"
    places = [box(1, 50 + 12 * at, 700, 62 + 12 * at, 712) for at in range(len(text))]
    page = Page(number=1, text=text, boxes=CharBoxes(1, places), width=595, height=842)
    document = Document(name="立会記録", sha256="0" * 64, pages=(page,))
    telling = "鶴亀小槌の署名であり、特定の個人を識別することができるため、第7条第2号に該当する。"
    mine = seal("a1", box(1, 95, 695, 160, 720))
    decided = Review(state="changed", by="総務課 見本花子", at=datetime(2026, 4, 1, tzinfo=UTC))
    mine = replace(mine, reason=telling, decided=decided)
    assert document.cut(under(document, mine.boxes)[0]) == "鶴亀小槌"
    (part,) = write_parts((mine,), document, city, DAY)
    assert not all(check.ok for check in part.checks)
    assert Extent(page=1, start=0, end=1) not in under(document, mine.boxes)
