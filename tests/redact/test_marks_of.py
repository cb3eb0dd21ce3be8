"""Which settled findings become marks, what is refused, and which words may not be found afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain.document import Box, CharBoxes, Extent
from assistant.domain.finding import Decision
from assistant.errors import ReviewRefused
from assistant.redact.marks import Mark, marks_of
from assistant.redact.secrets import disclosed_texts, secrets_of
from tests.redact.settled import document_of, finding_of, page_of, proposal_of

DOCUMENT = document_of(
    page_of("氏名 見本太郎 男", "住所 架空市中央1", "担当 見本花子"), page_of("見本太郎", number=2)
)


def test_a_confirmed_mark_has_areas_and_its_clause() -> None:
    proposal = proposal_of(DOCUMENT, finding_of(DOCUMENT, "見本太郎", times=2))
    (mark,) = marks_of(proposal)
    assert mark.label == "第九九条第2号"
    assert [(box.page, box.x0, box.x1) for box in mark.boxes] == [(1, 96, 144), (2, 60, 108)]


def test_what_was_rejected_or_is_disclosed_stays() -> None:
    rejected = finding_of(DOCUMENT, "見本花子", state="rejected")
    disclosed = finding_of(DOCUMENT, "男", decision=Decision.DISCLOSE)
    proposal = proposal_of(DOCUMENT, rejected, disclosed)
    assert marks_of(proposal) == ()
    assert secrets_of(proposal) == ()


def test_open_findings_are_refused_with_their_counts() -> None:
    proposal = proposal_of(
        DOCUMENT,
        finding_of(DOCUMENT, "見本太郎", state=None),
        finding_of(DOCUMENT, "見本花子", decision=Decision.ASK),  # confirmed as still to be asked
        finding_of(DOCUMENT, "男", decision=Decision.DISCLOSE, state=None),
    )
    with pytest.raises(ReviewRefused, match="3件") as refused:
        marks_of(proposal)
    assert "伏せる候補1件、要検討1件、公にする候補1件" in str(refused.value)
    assert "見本" not in str(refused.value)
    with pytest.raises(ReviewRefused, match="氏名"):
        marks_of(proposal, confirm_all_as=" ")


def test_whoever_takes_all_as_they_stand_withholds_what_is_to_be_asked() -> None:
    proposal = proposal_of(
        DOCUMENT,
        finding_of(DOCUMENT, "見本太郎", state=None),
        finding_of(DOCUMENT, "見本花子", decision=Decision.ASK, state=None),
        finding_of(DOCUMENT, "男", decision=Decision.DISCLOSE, state=None),
    )
    marks = marks_of(proposal, confirm_all_as="総務課 印南")
    assert [mark.finding for mark in marks] == [finding.id for finding in proposal.findings[:2]]
    assert {secret.text for secret in secrets_of(proposal, confirm_all_as="印南")} == {"見本太郎", "見本花子"}


def test_a_box_drawn_wider_stands_and_what_is_under_it_is_secret() -> None:
    wide = Box(page=1, x0=92, y0=778, x1=170, y1=794)
    proposal = proposal_of(DOCUMENT, finding_of(DOCUMENT, "見本", boxes=(wide,)))
    (mark,) = marks_of(proposal)
    assert mark.boxes == (wide,)
    assert {secret.text for secret in secrets_of(proposal)} == {"見本", "太郎 男"}
    assert disclosed_texts(DOCUMENT, [mark])[0].splitlines()[0] == "氏名 \ufffc"


def test_a_box_moved_off_its_words_leaves_them_covered_all_the_same() -> None:
    away = Box(page=1, x0=300, y0=100, x1=350, y1=120)
    (mark,) = marks_of(proposal_of(DOCUMENT, finding_of(DOCUMENT, "見本太郎", boxes=(away,))))
    assert away in mark.boxes
    assert len(mark.boxes) == 2


def test_a_box_on_a_picture_needs_no_words() -> None:
    seal = Box(page=2, x0=300, y0=100, x1=350, y1=150)
    proposal = proposal_of(DOCUMENT, finding_of(DOCUMENT, "", boxes=(seal,)))
    assert marks_of(proposal)[0].boxes == (seal,)
    assert secrets_of(proposal) == ()


def test_words_that_have_no_place_on_paper_are_refused() -> None:
    page = replace(DOCUMENT.pages[1], boxes=CharBoxes.nowhere(2, 4))
    document = document_of(DOCUMENT.pages[0], page)
    with pytest.raises(ReviewRefused, match="2ページ"):
        marks_of(proposal_of(document, finding_of(document, "見本太郎", times=2)))


def test_a_word_broken_over_lines_is_secret_whole_and_in_parts() -> None:
    document = document_of(page_of("氏名 見本", "太郎"))
    broken = replace(
        finding_of(document, "見本"),
        extents=(Extent(page=1, start=3, end=5), Extent(page=1, start=6, end=8)),
        text="見本太郎",
    )
    proposal = proposal_of(document, broken)
    assert [secret.text for secret in secrets_of(proposal)] == ["見本太郎", "見本", "太郎"]
    assert disclosed_texts(document, marks_of(proposal)) == ("氏名 \ufffc\n\ufffc",)


def test_nothing_is_taken_from_pages_without_marks() -> None:
    mark = Mark(finding="f", extents=(Extent(page=2, start=0, end=4),), boxes=())
    assert disclosed_texts(DOCUMENT, [mark]) == (DOCUMENT.pages[0].text, "\ufffc")
