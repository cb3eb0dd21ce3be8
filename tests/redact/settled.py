"""Settled proposals over pages whose characters have places, for the tests of this room."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal

from assistant.domain.document import Box, Document, Extent, Page
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Estimate, Finding, Ground, Proposal, Review, finding_id
from assistant.domain.provision import Head

SIZE = 12.0
AT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
State = Literal["confirmed", "changed", "rejected"]


def page_of(*lines: str, number: int = 1) -> Page:
    """A4, one line under the other from (60, 780), every character 12 points square."""
    text = "\n".join(lines)
    boxes: list[Box | None] = []
    x, y = 60.0, 780.0
    for letter in text:
        if letter == "\n":
            x, y = 60.0, y - 2 * SIZE
            boxes.append(None)
        else:
            boxes.append(Box(page=number, x0=x, y0=y, x1=x + SIZE, y1=y + SIZE))
            x += SIZE
    return Page(number=number, text=text, boxes=tuple(boxes), width=595, height=842)


def document_of(*pages: Page) -> Document:
    return Document(name="試験.pdf", sha256="0" * 64, pages=pages, media="pdf")


def finding_of(
    document: Document,
    text: str,
    *,
    decision: Decision = Decision.WITHHOLD,
    state: State | None = "confirmed",
    boxes: tuple[Box, ...] = (),
    times: int = 1,
) -> Finding:
    """The first `times` places of `text`."""
    extents: list[Extent] = []
    for page in document.pages:
        at = page.text.find(text) if text else -1
        while at >= 0 and len(extents) < times:
            extents.append(Extent(page=page.number, start=at, end=at + len(text)))
            at = page.text.find(text, at + 1)
    ground = Ground(head=Head.INDIVIDUAL, provision="第九九条第2号", limb=None, why="氏名であるため")
    return Finding(
        id=finding_id(document, EntityKind.PERSON_NAME, tuple(extents)),
        kind=EntityKind.PERSON_NAME,
        extents=tuple(extents),
        text=text,
        decision=decision,
        grounds=(ground,),
        boxes=boxes,
        decided=Review(state=state, by="総務課 印南", at=AT) if state else None,
    )


def proposal_of(document: Document, *findings: Finding) -> Proposal:
    return Proposal(
        city="mihon",
        fictional=True,
        engine="rules",
        requested_engine="rules",
        model=None,
        ordinance_id="ordinance",
        ordinance_in_force_from=date(2023, 4, 1),
        decision_date=date(2026, 4, 1),
        document=document,
        findings=findings,
        estimate=Estimate(both=0, one=0, missed=0.0, interval=(0.0, 0.0)),
    )
