"""A proposal as the JSON other programs read and write (design.md section 5), and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from assistant.domain.document import Box, Document, Extent, Hidden, Page
from assistant.domain.finding import (
    Citation,
    Example,
    Finding,
    Ground,
    Opinion,
    Proposal,
    ProposalWarning,
    Review,
)
from assistant.domain.usage import PageUsage
from assistant.propose.unwire import from_json

__all__ = ["finding_to_json", "from_json", "to_json"]

Json = dict[str, Any]


def to_json(proposal: Proposal) -> Json:
    """The proposal in words that stay stable. Offsets are Unicode code points into the page's text."""
    return {
        "city": proposal.city,
        "fictional": proposal.fictional,
        "engine": proposal.engine,
        "requested_engine": proposal.requested_engine,
        "model": proposal.model,
        "ordinance": {
            "id": proposal.ordinance_id,
            "in_force_from": proposal.ordinance_in_force_from.isoformat(),
        },
        "decision_date": proposal.decision_date.isoformat(),
        "document": {
            "name": proposal.document.name,
            "sha256": proposal.document.sha256,
            "doc_type": proposal.document.doc_type,
            **({"media": proposal.document.media} if proposal.document.media != "passage" else {}),
        },
        "pages": [_page(page) for page in proposal.document.pages],
        "findings": [finding_to_json(proposal.document, finding) for finding in proposal.findings],
        "estimate": {
            "both": proposal.estimate.both,
            "one": proposal.estimate.one,
            "missed": proposal.estimate.missed,
            "interval": list(proposal.estimate.interval),
        },
        "warnings": [_warning(warning) for warning in proposal.warnings],
        "index": proposal.index_id,
        "prompt_hash": proposal.prompt_hash,
        **(
            {"hidden": [_hidden(one) for one in proposal.document.hidden]} if proposal.document.hidden else {}
        ),
        **({"usage": [_usage(one) for one in proposal.usage]} if proposal.usage else {}),
    }


def finding_to_json(document: Document, finding: Finding) -> Json:
    """One finding; `page`, `start`, `end` and `text` are those of its first extent, `head` those of its main ground.

    An area drawn by hand has no extents: the page is that of its first box, `start` and `end` are 0, `text` is empty.
    """
    first = finding.extents[0] if finding.extents else Extent(page=finding.boxes[0].page, start=0, end=0)
    main = finding.grounds[0] if finding.grounds else None
    return {
        "id": finding.id,
        "kind": str(finding.kind),
        "person": finding.person,
        "page": first.page,
        "start": first.start,
        "end": first.end,
        "text": document.cut(first),
        "extents": [_extent(extent) for extent in finding.extents],
        "boxes": [_box(box) for box in finding.boxes],
        "decision": str(finding.decision),
        "head": str(main.head) if main else None,
        "provision": main.provision if main else None,
        "grounds": [_ground(ground) for ground in finding.grounds],
        "open_from": finding.open_from.isoformat() if finding.open_from else None,
        "reason": finding.reason,
        "to_find_out": finding.to_find_out,
        "citations": [_citation(citation) for citation in finding.citations],
        "found_by": list(finding.found_by),
        "precision": None
        if finding.precision is None
        else {"share": finding.precision[0], "count": finding.precision[1]},
        "opinions": [_opinion(opinion) for opinion in finding.opinions],
        "examples": [_example(example) for example in finding.examples],
        "decided": _decided(finding.decided),
    }


def _page(page: Page) -> Json:
    """Size (points, as shown), turn, origin and doubts only of a page that is on paper."""
    told: Json = {"number": page.number, "text": page.text}
    if page.width:
        told |= {"width": page.width, "height": page.height, "turned": page.turned}
        told |= {"origin": str(page.origin), "doubts": list(page.doubts)}
    return told


def _hidden(hidden: Hidden) -> Json:
    return {"kind": str(hidden.kind), "place": hidden.place, "page": hidden.page, "text": hidden.text}


def _extent(extent: Extent) -> Json:
    return {"page": extent.page, "start": extent.start, "end": extent.end}


def _box(box: Box) -> Json:
    return {"page": box.page, "x0": box.x0, "y0": box.y0, "x1": box.x1, "y1": box.y1}


def _ground(ground: Ground) -> Json:
    return {
        "head": str(ground.head),
        "provision": ground.provision,
        "limb": ground.limb,
        "why": ground.why,
        "provisos": [
            {
                "provision": check.provision,
                "role": str(check.role) if check.role else None,
                "applies": check.applies,
                "why": check.why,
            }
            for check in ground.provisos
        ],
    }


def _citation(citation: Citation) -> Json:
    return {
        "source": citation.source,
        "kind": str(citation.kind) if citation.kind else None,
        "quote": citation.quote,
        "status": str(citation.status),
    }


def _opinion(opinion: Opinion) -> Json:
    return {
        "by": opinion.by,
        "decision": str(opinion.decision) if opinion.decision else None,
        "head": str(opinion.head) if opinion.head else None,
        "why": opinion.why,
        "citations": [_citation(citation) for citation in opinion.citations],
    }


def _example(example: Example) -> Json:
    return {
        "id": example.id,
        "doc_type": example.doc_type,
        "text": example.text,
        "decision": str(example.decision),
        "head": str(example.head) if example.head else None,
    }


def _decided(review: Review | None) -> Json | None:
    if review is None:
        return None
    return {"state": review.state, "by": review.by, "at": review.at.isoformat()}


def _usage(used: PageUsage) -> Json:
    return {"page": used.page, **asdict(used.usage)}


def _warning(warning: ProposalWarning) -> Json:
    return {"code": warning.code, "message": warning.message, "page": warning.page}
