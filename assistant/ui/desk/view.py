"""A case as the desk shows it: plain JSON values, every position in code points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistant.corpus.corpus import Corpus
from assistant.domain.entity import EntityKind
from assistant.domain.finding import (
    CitationStatus,
    Decision,
    Example,
    Finding,
    Ground,
    Opinion,
    Proposal,
    ProvisoCheck,
)
from assistant.domain.provision import Polarity
from assistant.policy.words import words_of
from assistant.propose.spent import total_of, usage_words
from assistant.review.case import Case
from assistant.text.eras import format_era
from assistant.ui.beside import Beside, precedents_beside
from assistant.ui.sources import provision_source_id, shown_citation, shown_source
from assistant.ui.where import where_went
from assistant.wiring.model import SENT

Shown = dict[str, Any]


def desk_data(
    case: Case,
    proposal: Proposal,
    corpus: Corpus,
    words: Mapping[str, Any],
    *,
    ack: Shown,
    rules: Mapping[str, str],
) -> Shown:
    """Everything the desk needs to go through a case without asking Python. `rules`: what each policy rule says."""
    view = FindingView(case, proposal, corpus, words, rules)
    beside = precedents_beside(proposal, corpus, words)
    findings = [view.finding(finding, beside.get(finding.id)) for finding in proposal.findings]
    labels = corpus.city.labels
    return {
        "case": case.id,
        "title": case.title,
        "actor": case.owner.label,
        "engine": engine_words(proposal),
        "place": where_went(proposal),
        "mark": f"{labels.fictional}の{corpus.city.name}" if proposal.fictional else "",
        "warnings": warning_words(proposal, words["desk"]["page"]),
        "estimate": "　".join(
            filter(None, (estimate_words(proposal), usage_words(total_of(proposal.usage))))
        ),
        "pages": [{"number": page.number, "text": page.text} for page in proposal.document.pages],
        "findings": findings,
        "sources": view.sources,
        "choices": clause_choices(corpus, proposal),
        "acts": [
            {"kind": str(act.kind), "ids": list(act.finding_ids)} for act in case.acts if not act.undone
        ],
        "words": words["desk"],
        "ack": ack,
    }


def warning_words(proposal: Proposal, page: str) -> list[str]:
    """The warnings, the gravest first, each with its page where there is more than one. `page`: "{n}ページ"."""
    many = len(proposal.document.pages) > 1
    return [
        f"（{page.replace('{n}', str(warning.page))}）{warning.message}"
        if many and warning.page
        else warning.message
        for warning in proposal.warnings
        if warning.code != SENT  # stands in the head of the desk
    ]


def engine_words(proposal: Proposal) -> str:
    """規則のみ, or the model by name; when a model was asked for and failed, that."""
    if proposal.engine == "model":
        return f"モデル：{proposal.model}"
    return "規則のみ（モデルは応答せず）" if proposal.requested_engine == "model" else "規則のみ"


def estimate_words(proposal: Proposal) -> str:
    """What both detectors may have missed, in one line; empty when there is nothing to say."""
    estimate = proposal.estimate
    if not estimate.both:  # nothing to compare with; the proposal's warnings say so
        return ""
    low, high = estimate.interval
    found = f"氏名：両方の検出器 {estimate.both}件・片方だけ {estimate.one}件"
    return f"{found}　見落としの目安 {estimate.missed:.1f}件（{low:.0f}～{high:.0f}件）"


def clause_choices(corpus: Corpus, proposal: Proposal) -> list[Shown]:
    """Every head of the ordinance with its limbs, in the city's order; a limb is chosen under its head."""
    day = proposal.decision_date
    choices = []
    for head in corpus.heads(day):
        entry = corpus.city.head(head)
        provision = corpus.provision_of(head, day)
        name = entry.label if entry else str(head)
        choices.append({"id": f"{head}|{provision.label}|", "label": provision.label, "name": name})
        for limb in corpus.limbs_of(head, day):
            if limb.polarity is Polarity.EXEMPTION and not limb.nested:
                label = limb.provision.label
                limb_name = limb.label or limb.provision.own_text[:24]
                choices.append({"id": f"{head}|{provision.label}|{label}", "label": label, "name": limb_name})
    return choices


class FindingView:
    """Findings in words for a screen; collects the `sources` they name by id."""

    def __init__(
        self,
        case: Case,
        proposal: Proposal,
        corpus: Corpus,
        words: Mapping[str, Any],
        rules: Mapping[str, str],
    ) -> None:
        self._rules = rules
        self._alike = case.alike()
        self._case = case
        self._day = proposal.decision_date
        self._corpus = corpus
        self._words = words
        self.sources: dict[str, Shown] = {}

    def finding(self, finding: Finding, beside: Beside | None) -> Shown:
        """One finding. `beside`: the precedents that stand beside it."""
        return {
            "id": finding.id,
            "kind": words_of(finding.kind).name,
            "person": finding.person,
            "extents": [[e.page, e.start, e.end] for e in finding.extents],
            "text": finding.text,
            "decision": str(finding.decision),
            "grounds": [self._ground(ground) for ground in finding.grounds],
            "open_from": format_era(finding.open_from) if finding.open_from else "",
            "reason": finding.reason,
            "to_find_out": finding.to_find_out,
            "citations": [self._citation(citation) for citation in finding.citations],
            "precedents": self._beside(beside) if beside else None,
            "opinions": [self._opinion(opinion) for opinion in finding.opinions],
            "examples": [self._example(example) for example in finding.examples],
            "found_by": [self._found_by(name) for name in finding.found_by],
            "precision": f"この規則の正解率 {finding.precision[0]:.0%}・{finding.precision[1]}件"
            if finding.precision
            else "",
            "same": list(self._alike.of(finding)),
            "supported": self._supported(finding),
            "contested": finding.contested,
            "decided": self._decided(finding),
        }

    def _decided(self, finding: Finding) -> Shown | None:
        review = finding.decided
        if review is None:
            return None
        return {"state": review.state, "by": review.by, "at": clock_words(review.at)}

    def _supported(self, finding: Finding) -> bool:
        if finding.decision is Decision.DISCLOSE:
            return True
        for citation in finding.citations:
            source = self._corpus.source(citation.source)
            if citation.status is CitationStatus.VERIFIED and source and finding.head in source.heads:
                return True
        return False

    def _ground(self, ground: Ground) -> Shown:
        entry = self._corpus.city.head(ground.head)
        return {
            "provision": ground.provision,
            "limb": ground.limb,
            "label": entry.label if entry else "",
            "why": ground.why,
            "source": self._provision(ground.limb or ground.provision),
            "provisos": [self._proviso(check) for check in ground.provisos],
        }

    def _proviso(self, check: ProvisoCheck) -> Shown:
        return {
            "provision": check.provision,
            "role": str(check.role) if check.role else "",
            "applies": check.applies,
            "why": check.why,
            "source": self._provision(check.provision),
        }

    def _opinion(self, opinion: Opinion) -> Shown:
        return {
            "by": opinion.by,
            "decision": str(opinion.decision) if opinion.decision else None,
            "why": opinion.why,
            "citations": [self._citation(citation) for citation in opinion.citations],
        }

    def _example(self, example: Example) -> Shown:
        """A worked passage has no source to open: it is nothing to cite."""
        entry = self._corpus.city.head(example.head) if example.head else None
        return {
            "doc_type": example.doc_type,
            "text": example.text,
            "decision": str(example.decision),
            "label": (entry.label if entry else str(example.head)) if example.head else "",
        }

    def _citation(self, citation: Any) -> Shown:
        self._keep(citation.source)
        return shown_citation(citation, self._corpus)

    def _provision(self, label: str) -> str | None:
        source_id = provision_source_id(label, self._corpus, self._day)
        if source_id:
            self._keep(source_id)
        return source_id

    def _beside(self, beside: Beside) -> Shown:
        for source_id in (*beside.same, *beside.other):
            self._keep(source_id)
        return {
            "tally": beside.tally,
            "same": list(beside.same),
            "other": list(beside.other),
            "same_name": beside.same_name,
            "other_name": beside.other_name,
        }

    def _keep(self, source_id: str) -> None:
        source = self._corpus.source(source_id)
        if source is not None and source_id not in self.sources:
            self.sources[source_id] = shown_source(source, self._corpus, self._words)

    def _found_by(self, name: str) -> str:
        said = self._words["found_by"]
        kind, _, rest = name.partition(":")
        if rest and kind in said:
            told = self._rules.get(rest, rest) if kind == "policy" else rest
            return str(said[kind]).replace("{name}", told.rstrip("。"))
        if name in said:
            return str(said[name])
        return words_of(EntityKind(name)).name if name in set(EntityKind) else name


def clock_words(at: datetime) -> str:
    """令和8年11月23日 14:05, in the time of this PC."""
    here = at.astimezone()
    return f"{format_era(here.date())} {here:%H:%M}"
