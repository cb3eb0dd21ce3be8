"""A case on paper for the page view: text, a seal, a page that is a picture only, and the same person on two pages."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.pdf import read_pdf
from assistant.documents.ports import Readers
from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import (
    Citation,
    CitationStatus,
    Decision,
    Estimate,
    Finding,
    Ground,
    Proposal,
    finding_id,
)
from assistant.domain.places import with_boxes
from assistant.domain.provision import Head
from assistant.domain.source import SourceKind

DAY = date(2024, 6, 1)
PROVISION = "provision:j7_k1_g2@2023-04-01"
FONT = "HeiseiMin-W3"
PERSON, PHONE, CLERK = "鶴亀小槌", "090-1234-5678", "松竹梅子"
PAGES: tuple[tuple[str, ...], ...] = (
    ("用地交渉記録（第３回）", f"相手方　氏名：{PERSON}", f"連絡先　{PHONE}", f"担当　用地課　主事　{CLERK}"),
    ("経過",),
    (),
    (f"令和６年９月１２日　{PERSON}と面談した。", f"電話は{PHONE}とのこと。"),
)


def paper(pages: Sequence[Sequence[str]] = PAGES) -> bytes:
    """A4, 14 points; a seal on the first page, and a drawing on those without words."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    kept = io.BytesIO()
    canvas = Canvas(kept, pagesize=(595, 842))
    for number, lines in enumerate(pages, 1):
        canvas.setFont(FONT, 14)
        for at, line in enumerate(lines):
            canvas.drawString(60, 760 - 30 * at, line)
        if number == 1:
            canvas.setStrokeColorRGB(0.8, 0, 0)
            canvas.setLineWidth(3)
            canvas.circle(480, 700, 30)
        if not lines:
            canvas.circle(300, 500, 120, fill=1)
        canvas.showPage()
    canvas.save()
    return kept.getvalue()


def proposal(data: bytes) -> Proposal:
    """Persons and their telephones withheld, the clerk disclosed."""
    document = read_pdf(data, name="用地交渉記録.pdf", readers=Readers()).document
    found: list[Finding] = []
    for words, kind, decision, person in (
        (PERSON, EntityKind.PERSON_NAME, Decision.WITHHOLD, "p1"),
        (PHONE, EntityKind.PHONE, Decision.WITHHOLD, "p1"),
        (CLERK, EntityKind.PERSON_NAME, Decision.DISCLOSE, "p2"),
    ):
        found += [finding(document, extent, kind, decision, person) for extent in _places(document, words)]
    return of(document, tuple(sorted(found, key=lambda one: one.extents)))


def of(document: Document, findings: tuple[Finding, ...]) -> Proposal:
    """A proposal of the sample city with these findings."""
    return Proposal(
        city="mihon",
        fictional=True,
        engine="rules",
        requested_engine="rules",
        model=None,
        ordinance_id="見本市情報公開条例",
        ordinance_in_force_from=date(2023, 4, 1),
        decision_date=DAY,
        document=document,
        findings=findings,
        estimate=Estimate(both=0, one=0, missed=0.0, interval=(0.0, 0.0)),
    )


def _places(document: Document, words: str) -> list[Extent]:
    places = []
    for page in document.pages:
        at = page.text.find(words)
        while at >= 0:
            places.append(Extent(page=page.number, start=at, end=at + len(words)))
            at = page.text.find(words, at + 1)
    return places


def finding(document: Document, extent: Extent, kind: EntityKind, decision: Decision, person: str) -> Finding:
    """A finding that the policy would have made, with its clause and a citation that holds."""
    ground = Ground(
        head=Head.INDIVIDUAL, provision="第7条第2号", limb=None, why="特定の個人を識別することができる。"
    )
    cited = Citation(
        source=PROVISION,
        kind=SourceKind.PROVISION,
        quote="個人に関する情報",
        status=CitationStatus.VERIFIED,
    )
    made = Finding(
        id=finding_id(document, kind, (extent,)),
        kind=kind,
        extents=(extent,),
        text=document.cut(extent),
        decision=decision,
        grounds=(ground,),
        person=person,
        reason="相手方の氏名で、特定の個人が識別される。",
        citations=(cited,),
        found_by=("person_name",),
    )
    return with_boxes(document, made)
