"""Whatever the text, the labels and the findings: a scorer written apart from ours counts the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gold_building import P, finding, labelled
from hypothesis import given, settings
from hypothesis import strategies as st
from rescorer import rescore

from assistant.domain.document import Extent
from assistant.domain.finding import Citation, CitationStatus, Decision, Finding
from assistant.domain.provision import Head
from assistant.domain.source import SourceKind
from assistant.evaluate.gold import GoldSpan
from assistant.evaluate.passages import figures, figures_by_head, score_item
from assistant.evaluate.run import in_whole_text

HEADS = [Head.INDIVIDUAL, Head.CORPORATE, Head.DELIBERATION]
LETTERS = "甲甲乙1、 \n㊞ーー\f"


def holds(citation: Citation, head: Head) -> bool:
    return citation.status is CitationStatus.VERIFIED and citation.source == head


def as_line(each: Finding) -> dict[str, Any]:
    return {
        "decision": str(each.decision),
        "head": None if each.head is None else str(each.head),
        "start": each.extents[0].start,
        "end": each.extents[0].end,
        "extents": [{"page": e.page, "start": e.start, "end": e.end} for e in each.extents],
        "citations": [{"source": c.source, "status": str(c.status)} for c in each.citations],
    }


@st.composite
def cases(draw: st.DrawFn) -> tuple[Any, list[Finding]]:
    text = "甲" + draw(st.text(LETTERS, min_size=1, max_size=24))
    pieces = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 5)).map(
        lambda at: text[at[0] : at[0] + at[1]]
    )
    labels = draw(st.lists(pieces.filter(lambda part: part.strip() != ""), unique=True, max_size=6))
    spans = [
        GoldSpan(
            text=part,
            decision=draw(st.sampled_from(["withhold", "disclose", "depends"])),
            category=draw(st.sampled_from(HEADS)),
            alt_category=tuple(draw(st.lists(st.sampled_from(HEADS), max_size=1))),
        )
        for part in labels
    ]
    item = labelled(text, *spans)
    pages = [(page.number, len(page.text)) for page in item.document.pages if page.text]
    found = []
    for _ in range(draw(st.integers(0, 6))):
        extents = []
        for number, length in draw(st.lists(st.sampled_from(pages), min_size=1, max_size=2)):
            start = draw(st.integers(0, length - 1))
            extents.append(Extent(page=number, start=start, end=draw(st.integers(start + 1, length))))
        head = draw(st.sampled_from([*HEADS, None]))
        citation = Citation(
            source=str(draw(st.sampled_from(HEADS))),
            kind=SourceKind.HANDBOOK,
            quote="-",
            status=draw(st.sampled_from(list(CitationStatus))),
        )
        base = finding("甲", "甲", draw(st.sampled_from(list(Decision))), head)
        found.append(replace(base, extents=tuple(extents), citations=(citation,)))
    return item, found


@settings(max_examples=300, deadline=None)
@given(st.lists(cases(), min_size=1, max_size=3))
def test_two_scorers_agree(batch: list[tuple[Any, list[Finding]]]) -> None:
    ours = figures([score_item(item, found, holds) for item, found in batch])
    gold = [
        [
            {
                "text": span.text,
                "decision": span.decision,
                "category": str(span.category),
                "alt_category": [str(head) for head in span.heads[1:]],
            }
            for span in item.spans
        ]
        for item, _ in batch
    ]
    lines = [[in_whole_text(as_line(each), item) for each in found] for item, found in batch]
    theirs = rescore(
        [item.text for item, _ in batch],
        gold,
        lines,
        lambda citation, head: citation["status"] == "verified" and citation["source"] == head,
    )
    assert {name: (share.hits, share.of) for name, share in ours.items()} == theirs


@settings(max_examples=100, deadline=None)
@given(cases())
def test_shares_stay_in_their_bounds(case: tuple[Any, list[Finding]]) -> None:
    item, found = case
    score = score_item(item, found, holds)
    measured = figures([score])
    for share in measured.values():
        assert 0 <= share.hits <= share.of
        assert (share.value is None) == (share.of == 0)
    assert measured["flagged_recall"].hits <= measured["near_recall"].hits
    assert measured["withheld_recall"].hits <= measured["near_recall"].hits == measured["head_accuracy"].of
    for name in ("flagged_recall", "over_redaction", "depends_asked"):
        assert measured[name].hits == sum(each[name].hits for each in figures_by_head([score]).values())


@settings(max_examples=100, deadline=None)
@given(cases())
def test_order_of_findings_does_not_matter(case: tuple[Any, list[Finding]]) -> None:
    item, found = case
    assert figures([score_item(item, found, holds)]) == figures([score_item(item, found[::-1], holds)])


@settings(max_examples=100, deadline=None)
@given(cases())
def test_withholding_everything_recalls_everything_and_redacts_too_much(
    case: tuple[Any, list[Finding]],
) -> None:
    item, _ = case
    pages = [page for page in item.document.pages if page.text]
    extents = tuple(Extent(page=page.number, start=0, end=len(page.text)) for page in pages)
    black = replace(finding("甲", "甲", Decision.WITHHOLD, P), extents=extents)
    measured = figures([score_item(item, [black], holds)])
    assert measured["flagged_recall"].hits == measured["flagged_recall"].of
    assert measured["ask_load"].hits == measured["depends_asked"].hits == 0
