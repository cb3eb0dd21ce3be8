"""The rules' findings and what a model adds, side by side: nothing that was found goes away (design.md D4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.cite import verify
from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.finding import Citation, Finding, Opinion
from assistant.propose.tools import Argued


def verified(findings: Sequence[Finding], corpus: Corpus, day: date) -> tuple[Finding, ...]:
    """The findings with every citation checked anew against the whole corpus, whoever wrote it."""
    return tuple(
        replace(
            finding,
            citations=_checked(finding.citations, corpus, day),
            opinions=tuple(_opinion(opinion, corpus, day) for opinion in finding.opinions),
        )
        for finding in findings
    )


def merge(
    document: Document, ruled: Sequence[Finding], argued: Argued | None, corpus: Corpus, day: date
) -> tuple[Finding, ...]:
    """The rules' findings, with the model's opinions beside them, and its own findings, in reading order.

    A model's finding that stands on no page, or where one of the same kind already stands, becomes an opinion or
    is left out; an opinion on an unknown finding is left out.
    """
    findings = {finding.id: finding for finding in ruled}
    if argued is not None:
        for finding_id, opinion in argued.opinions:
            if finding_id in findings:
                one = findings[finding_id]
                findings[finding_id] = replace(one, opinions=(*one.opinions, _opinion(opinion, corpus, day)))
        for finding in verified(argued.findings, corpus, day):
            if _on_page(document, finding):
                findings[finding.id] = _beside(findings.get(finding.id), finding, argued.model)
    return tuple(
        sorted(findings.values(), key=lambda one: (one.extents[0].page, one.extents[0].start, one.id))
    )


def _beside(ruled: Finding | None, added: Finding, model: str) -> Finding:
    if ruled is None:
        return added
    why = added.grounds[0].why if added.grounds else added.reason
    opinion = Opinion(by=model, decision=added.decision, head=added.head, why=why, citations=added.citations)
    return replace(ruled, opinions=(*ruled.opinions, opinion))


def _on_page(document: Document, finding: Finding) -> bool:
    lengths = {page.number: len(page.text) for page in document.pages}
    return bool(finding.extents) and all(
        0 <= extent.start < extent.end <= lengths.get(extent.page, -1) for extent in finding.extents
    )


def _checked(citations: Sequence[Citation], corpus: Corpus, day: date) -> tuple[Citation, ...]:
    return tuple(verify(one.quote, one.source, corpus, as_of=day) for one in citations)


def _opinion(opinion: Opinion, corpus: Corpus, day: date) -> Opinion:
    return replace(opinion, citations=_checked(opinion.citations, corpus, day))
