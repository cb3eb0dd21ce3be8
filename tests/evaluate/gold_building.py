"""Findings and labelled texts written short, for the tables of this room."""

from __future__ import annotations

from assistant.documents.text import of_passage
from assistant.domain.document import Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Citation, Decision, Finding, Ground
from assistant.domain.provision import Head
from assistant.evaluate.gold import GoldSpan
from assistant.evaluate.labelled import Labelled, place

P, C, D = Head.INDIVIDUAL, Head.CORPORATE, Head.DELIBERATION


def span(text: str, decision: str, category: Head | None = P, alt: tuple[Head, ...] = ()) -> GoldSpan:
    return GoldSpan(text=text, decision=decision, category=category, alt_category=alt)


def labelled(text: str, *spans: GoldSpan) -> Labelled:
    document = of_passage(text, name="t")
    whole = "\f".join(page.text for page in document.pages)
    return Labelled(id="t", document=document, spans=tuple(place(each, whole) for each in spans))


def finding(
    text: str,
    part: str,
    decision: Decision,
    head: Head | None = P,
    *,
    nth: int = 0,
    citations: tuple[Citation, ...] = (),
) -> Finding:
    """A finding over the `nth` occurrence of `part`, on the page it stands on."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(part, at + 1)
    page = text.count("\f", 0, at) + 1
    start = at - (text.rfind("\f", 0, at) + 1)
    ground = () if head is None else (Ground(head=head, provision="-", limb=None, why="-"),)
    return Finding(
        id=f"f{at}-{len(part)}-{decision}-{head}",
        kind=EntityKind.OTHER,
        extents=(Extent(page=page, start=start, end=start + len(part)),),
        text=part,
        decision=decision,
        grounds=ground,
        citations=citations,
    )
