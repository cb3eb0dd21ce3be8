"""The JSON of design.md section 5: what `propose --json` prints comes back the same; what does not fit is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.document import Box, Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import (
    Citation,
    CitationStatus,
    Decision,
    Estimate,
    Example,
    Finding,
    Ground,
    Opinion,
    Proposal,
    ProposalWarning,
    ProvisoCheck,
    Review,
    finding_id,
)
from assistant.domain.provision import Head, LimbRole
from assistant.domain.source import SourceKind
from assistant.errors import InputError
from assistant.propose.wire import from_json, to_json

_text = st.text(st.characters(codec="utf-8", exclude_characters="\f"), max_size=12)
_some = st.text(st.characters(codec="utf-8", exclude_characters="\f"), min_size=1, max_size=30)
_real = st.floats(0, 1000, allow_nan=False)
_maybe = st.none() | _text
_citations = st.builds(
    Citation,
    source=_text,
    kind=st.none() | st.sampled_from(SourceKind),
    quote=_text,
    status=st.sampled_from(CitationStatus),
)
_checks = st.builds(
    ProvisoCheck,
    provision=_text,
    role=st.none() | st.sampled_from(LimbRole),
    applies=st.none() | st.booleans(),
    why=_text,
)
_grounds = st.builds(
    Ground,
    head=st.sampled_from(Head),
    provision=_text,
    limb=_maybe,
    why=_text,
    provisos=st.lists(_checks, max_size=2).map(tuple),
)
_opinions = st.builds(
    Opinion,
    by=_text,
    decision=st.none() | st.sampled_from(Decision),  # None: it was asked, and said nothing
    head=st.none() | st.sampled_from(Head),
    why=_text,
    citations=st.lists(_citations, max_size=1).map(tuple),
)
_examples = st.builds(
    Example,
    id=_text,
    doc_type=_text,
    text=_text,
    decision=st.sampled_from(Decision),
    head=st.none() | st.sampled_from(Head),
)
_far = st.floats(1000, 2000, exclude_min=True, allow_nan=False)
_boxes = st.builds(Box, page=st.just(1), x0=_real, y0=_real, x1=_far, y1=_far)  # of pages without a size
_reviews = st.builds(
    Review,
    state=st.sampled_from(("confirmed", "changed", "rejected")),
    by=_text,
    at=st.datetimes(timezones=st.just(UTC)),
)


@st.composite
def _findings(draw: st.DrawFn, document: Document) -> Finding:
    page = draw(st.sampled_from(document.pages))
    start = draw(st.integers(0, len(page.text) - 1))
    extents = (Extent(page=page.number, start=start, end=draw(st.integers(start + 1, len(page.text)))),)
    kind = draw(st.sampled_from(EntityKind))
    return Finding(
        id=finding_id(document, kind, extents),
        kind=kind,
        extents=extents,
        text=document.cut(extents[0]),
        decision=draw(st.sampled_from(Decision)),
        grounds=tuple(draw(st.lists(_grounds, max_size=2))),
        person=draw(_maybe),
        boxes=tuple(draw(st.lists(_boxes, max_size=2))),
        open_from=draw(st.none() | st.dates()),
        reason=draw(_text),
        to_find_out=draw(_maybe),
        citations=tuple(draw(st.lists(_citations, max_size=2))),
        found_by=tuple(draw(st.lists(_text, max_size=2))),
        precision=draw(st.none() | st.tuples(st.floats(0, 1), st.integers(0, 999))),
        opinions=tuple(draw(st.lists(_opinions, max_size=1))),
        examples=tuple(draw(st.lists(_examples, max_size=2))),
        decided=draw(st.none() | _reviews),
    )


@st.composite
def _proposals(draw: st.DrawFn) -> Proposal:
    texts = tuple(draw(st.lists(_some, min_size=1, max_size=3)))
    document = Document.of_texts(texts, name=draw(_text), doc_type=draw(_maybe))
    findings = draw(st.lists(_findings(document), max_size=3, unique_by=lambda finding: finding.id))
    low, high = sorted((draw(_real), draw(_real)))
    return Proposal(
        city=draw(_text),
        fictional=draw(st.booleans()),
        engine=draw(st.sampled_from(("rules", "model"))),
        requested_engine=draw(st.sampled_from(("rules", "model"))),
        model=draw(_maybe),
        ordinance_id=draw(_text),
        ordinance_in_force_from=draw(st.dates()),
        decision_date=draw(st.dates()),
        document=document,
        findings=tuple(findings),
        estimate=Estimate(
            both=draw(st.integers(0, 9)),
            one=draw(st.integers(0, 9)),
            missed=draw(_real),
            interval=(low, high),
        ),
        warnings=tuple(
            draw(
                st.lists(
                    st.builds(ProposalWarning, code=_text, message=_text, page=st.none() | st.integers(1, 3)),
                    max_size=2,
                )
            )
        ),
        index_id=draw(_maybe),
        prompt_hash=draw(_maybe),
    )


@given(_proposals())
def test_there_and_back(proposal: Proposal) -> None:
    """Through JSON text and back, nothing is lost."""
    assert from_json(json.loads(json.dumps(to_json(proposal), ensure_ascii=False))) == proposal


def _sample() -> dict[str, Any]:
    document = Document.of_texts(("担当 小田切 葵 です",), name="試験")
    extents = (Extent(page=1, start=3, end=8),)
    finding = Finding(
        id=finding_id(document, EntityKind.PERSON_NAME, extents),
        kind=EntityKind.PERSON_NAME,
        extents=extents,
        text="小田切 葵",
        decision=Decision.WITHHOLD,
        grounds=(Ground(head=Head.INDIVIDUAL, provision="第7条第2号", limb=None, why="識別できる。"),),
        decided=Review(state="confirmed", by="課 氏名", at=datetime(2024, 6, 1, tzinfo=UTC)),
    )
    return to_json(
        Proposal(
            city="mihon",
            fictional=True,
            engine="rules",
            requested_engine="rules",
            model=None,
            ordinance_id="見本市情報公開条例",
            ordinance_in_force_from=date(2023, 4, 1),
            decision_date=date(2024, 6, 1),
            document=document,
            findings=(finding,),
            estimate=Estimate(both=0, one=0, missed=0.0, interval=(0.0, 0.0)),
        )
    )


def test_the_words_of_the_interface_stay() -> None:
    """The keys of design.md section 5, in their places."""
    data = _sample()
    assert {
        "city", "fictional", "engine", "requested_engine", "model", "ordinance", "document", "pages", "findings",
        "estimate", "warnings",
    } <= set(data)  # fmt: skip
    assert set(data["ordinance"]) == {"id", "in_force_from"}
    finding = data["findings"][0]
    assert {
        "id", "kind", "person", "page", "start", "end", "text", "extents", "boxes", "decision", "head", "provision",
        "grounds", "open_from", "reason", "to_find_out", "citations", "found_by", "precision", "decided",
    } <= set(finding)  # fmt: skip
    assert (finding["page"], finding["start"], finding["end"], finding["text"]) == (1, 3, 8, "小田切 葵")
    assert (finding["head"], finding["provision"]) == ("個人", "第7条第2号")
    assert set(finding["grounds"][0]) == {"head", "provision", "limb", "why", "provisos"}


def _set(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        # a field of the wrong kind
        (_set("fictional", to="どちらとも"), "fictional"),
        # a decision that does not exist
        (_set("findings", 0, "decision", to="hide"), "decision"),
        # a kind of information that does not exist
        (_set("findings", 0, "kind", to="secret"), "kind"),
        # a field nobody knows
        (_set("findings", 0, "colour", to="黒"), "colour は知らない"),
        # a missing field
        (lambda data: data["findings"][0].pop("extents"), "extents がありません"),
        # no place at all
        (_set("findings", 0, "extents", to=[]), "extents"),
        # beyond the end of the page
        (_set("findings", 0, "extents", 0, "end", to=99), "ページの外"),
        # on a page that is not there
        (_set("findings", 0, "extents", 0, "page", to=7), "ページの外"),
        # before the beginning
        (_set("findings", 0, "extents", 0, "start", to=-1), "start"),
        # an empty place
        (_set("findings", 0, "extents", 0, "end", to=3), "ページの外"),
        # another document's text
        (_set("findings", 0, "text", to="小田桐 葵"), "文字と違います"),
        # the summary does not fit the place
        (_set("findings", 0, "start", to=2), "extents の最初と違います"),
        # the summary does not fit the ground
        (_set("findings", 0, "head", to="法人"), "grounds の最初と違います"),
        # the same finding twice
        (lambda data: data["findings"].append(copy.deepcopy(data["findings"][0])), "同じ id"),
        # the same page twice
        (lambda data: data["pages"].append(copy.deepcopy(data["pages"][0])), "同じ番号"),
        # no page
        (_set("pages", to=[]), "pages"),
        # a number that is none
        (_set("estimate", "missed", to=float("nan")), "missed"),
        # a state of review that does not exist
        (_set("findings", 0, "decided", "state", to="perhaps"), "state"),
        # an example that was decided in no known way
        (
            _set(
                "findings",
                0,
                "examples",
                to=[{"id": "", "doc_type": "", "text": "", "decision": "", "head": None}],
            ),
            "examples.0.decision の値が",
        ),
        # nonsense for a date
        (_set("decision_date", to="きのう"), "decision_date"),
    ],
)
def test_what_does_not_fit_is_refused(change: Callable[[dict[str, Any]], None], says: str) -> None:
    """The message names the field and what to do, and no word of the document."""
    data = _sample()
    change(data)
    with pytest.raises(InputError, match=says) as caught:
        from_json(data)
    assert "小田" not in str(caught.value)
    assert str(caught.value).endswith("。")


@pytest.mark.parametrize("data", [None, [], "提案", 3, {}])
def test_what_is_no_proposal_is_refused(data: object) -> None:
    with pytest.raises(InputError):
        from_json(data)


def test_what_another_program_wrote_in_the_words_of_the_interface_is_taken() -> None:
    """Only the keys of design.md section 5: no decision date, no opinions, no worked examples."""
    data = _sample()
    for extra in ("decision_date", "index", "prompt_hash"):
        data.pop(extra)
    data["document"].pop("doc_type")
    data["findings"][0].pop("opinions")
    data["findings"][0].pop("examples")
    assert from_json(data).decision_date == date(2023, 4, 1)
