"""The rules' findings and what a model adds, side by side: nothing that was found goes away (design.md D4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.cite import verify
from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.finding import Citation, Finding, Opinion, ProposalWarning
from assistant.propose.tools import Argued


class Checker:
    """Checks citations against one corpus as of one day; the same quote of the same source once."""

    def __init__(self, corpus: Corpus, day: date) -> None:
        self._corpus = corpus
        self._day = day
        self._known: dict[tuple[str, str], Citation] = {}

    def findings(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings with every citation checked anew against the whole corpus, whoever wrote it."""
        return tuple(
            replace(
                finding,
                citations=self._checked(finding.citations),
                opinions=tuple(self.opinion(opinion) for opinion in finding.opinions),
            )
            for finding in findings
        )

    def opinion(self, opinion: Opinion) -> Opinion:
        """The opinion with its citations checked."""
        return replace(opinion, citations=self._checked(opinion.citations))

    def _checked(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        return tuple(self._citation(one.quote, one.source) for one in citations)

    def _citation(self, quote: str, source: str) -> Citation:
        if (quote, source) not in self._known:
            self._known[quote, source] = verify(quote, source, self._corpus, as_of=self._day)
        return self._known[quote, source]


def merge(
    document: Document, ruled: Sequence[Finding], argued: Argued | None, checker: Checker
) -> tuple[Finding, ...]:
    """The rules' findings, with the model's opinions beside them, and its own findings, in reading order.

    A model's finding exactly where one of its kind stands becomes an opinion on that one. `misplaced` says what
    could not be taken.
    """
    findings = {finding.id: finding for finding in ruled}
    if argued is not None:
        for finding_id, opinion in argued.opinions:
            if finding_id in findings:
                one = findings[finding_id]
                findings[finding_id] = replace(one, opinions=(*one.opinions, checker.opinion(opinion)))
        for finding in checker.findings(argued.findings):
            if _on_page(document, finding):
                findings[finding.id] = _beside(findings.get(finding.id), finding, argued.model)
    return tuple(
        sorted(findings.values(), key=lambda one: (one.extents[0].page, one.extents[0].start, one.id))
    )


def misplaced(document: Document, ruled: Sequence[Finding], argued: Argued | None) -> ProposalWarning | None:
    """Says how much a model put where the document has nothing, or said of findings that do not exist."""
    if argued is None:
        return None
    known = {finding.id for finding in ruled}
    lost = sum(not _on_page(document, finding) for finding in argued.findings)
    lost += sum(finding_id not in known for finding_id, _ in argued.opinions)
    if not lost:
        return None
    message = (
        f"モデルの回答のうち{lost}件は、文書のどの箇所についてのものか分からないため、採り入れていません。"
    )
    return ProposalWarning(code="model_misplaced", message=message)


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
