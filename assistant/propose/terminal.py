"""A proposal on a terminal: what a person looks at first. Everything is in `--json`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from assistant.corpus.city import City
from assistant.domain.finding import (
    Citation,
    CitationStatus,
    Decision,
    Example,
    Finding,
    Opinion,
    Proposal,
    ProposalWarning,
)
from assistant.policy.words import words_of
from assistant.propose.spent import usage_lines
from assistant.propose.warnings import BEFORE_DRAFTING, before_drafting

_SIGNS = {Decision.WITHHOLD: "■", Decision.ASK: "？", Decision.DISCLOSE: "□"}
_STYLES = {Decision.WITHHOLD: "bold", Decision.ASK: "underline", Decision.DISCLOSE: ""}
_STATUS = {
    CitationStatus.VERIFIED: "原文一致",
    CitationStatus.NOT_FOUND: "原文になし",
    CitationStatus.OUT_OF_SCOPE: "対象外",
}


def decision_word(decision: Decision, city: City) -> str:
    """非開示候補, 要検討, 開示候補 in the words of the city."""
    labels = city.labels
    if decision is Decision.ASK:
        return labels.ask
    return f"{labels.withhold if decision is Decision.WITHHOLD else labels.disclose}候補"


def show_proposal(proposal: Proposal, city: City, console: Console) -> None:
    """Engine and city, what must be weighed before anything is drafted, the findings, how many stay open, warnings.

    Findings of one decision, ground and reason stand together, as they will in the notice.
    """
    mark = f"（{city.labels.fictional}）" if proposal.fictional else ""
    _say(console, f"{city.name}{mark}　{proposal.ordinance_id}　決定日 {proposal.decision_date.isoformat()}")
    _say(console, f"判断の方法：{engine_words(proposal)}\n")
    for warning in before_drafting(proposal):
        _warn(console, warning, "bold")
        _say(console, "")
    for group in _groups(proposal):
        _show_group(group, proposal, city, console)
    counts = (
        f"{_SIGNS[decision]}{decision_word(decision, city)} {sum(f.decision is decision for f in proposal.findings)}件"
        for decision in (Decision.WITHHOLD, Decision.ASK, Decision.DISCLOSE)
    )
    _say(console, "　".join(counts))
    for warning in proposal.warnings:
        if warning.code not in BEFORE_DRAFTING:
            _warn(console, warning)
    for line in usage_lines(proposal.usage):
        _say(console, line)
    _say(console, "これは候補です。決めるのは職員です。")


def _warn(console: Console, warning: ProposalWarning, style: str = "") -> None:
    place = f"（{warning.page}ページ）" if warning.page else ""
    _say(console, f"注意{place}：{warning.message}", style)


def engine_words(proposal: Proposal) -> str:
    """Which engine answered, and whether it was the one asked for."""
    if proposal.engine == "model":
        return f"規則とモデル（{proposal.model}）"
    return "規則のみ" + ("（モデルは使えませんでした）" if proposal.requested_engine == "model" else "")


def _groups(proposal: Proposal) -> list[list[Finding]]:
    """What must be looked at, in the order of the document: also what was to be closed until the like was seen open,
    and what a model would not disclose."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in proposal.findings:
        if finding.decision is not Decision.DISCLOSE or finding.examples or finding.contested:
            likeness = (finding.decision, _grounds(finding), finding.to_find_out or _said(finding))
            groups.setdefault(likeness, []).append(finding)
    return list(groups.values())


def _show_group(group: list[Finding], proposal: Proposal, city: City, console: Console) -> None:
    lead = group[0]
    word = decision_word(lead.decision, city)
    cited = _checked([citation for finding in group for citation in finding.citations])
    _say(console, f"{_SIGNS[lead.decision]}{word}　{_grounds(lead)}　{cited}", _STYLES[lead.decision])
    for finding in group:
        _say(console, f"　　{_place(finding, proposal)}")
        for opinion in finding.opinions:
            if opinion.decision not in {None, finding.decision}:
                _say(console, f"　　　{_opinion(opinion, city)}")
    if lead.decision is Decision.ASK and lead.to_find_out:
        _say(console, f"　確かめること：{lead.to_find_out}")
    else:
        _say(console, f"　{city.labels.reason}：{_said(lead)}")
    example = next((example for finding in group for example in finding.examples), None)
    if example is not None:
        _say(console, f"　{_example(example, city)}")
    _say(console, "")


def _place(finding: Finding, proposal: Proposal) -> str:
    if not finding.extents:  # drawn on the page
        return f"{finding.boxes[0].page}ページ　枠（{words_of(finding.kind).name}）"
    first = finding.extents[0]
    line = proposal.document.page(first.page).text.count("\n", 0, first.start) + 1
    return f"{first.page}ページ{line}行　{' '.join(finding.text.split())}"


def _opinion(opinion: Opinion, city: City) -> str:
    """An opinion that differs, with how its citations fared; where a model agrees or is silent, `--json` says so."""
    word = decision_word(opinion.decision, city) if opinion.decision else ""
    return f"モデルの意見（{opinion.by}）：{word}　{' '.join(opinion.why.split())}　{_checked(opinion.citations)}"


def _example(example: Example, city: City) -> str:
    """The likest worked passage in one line, which says that it is invented and nothing to cite."""
    word = decision_word(example.decision, city).removesuffix("候補")
    return f"似た作業例（架空。根拠として引けません）：{example.doc_type}「{example.text}」は{word}"


def _said(finding: Finding) -> str:
    """The reason for the notice; of what is to be disclosed, which has none, why."""
    return finding.reason or "".join(ground.why for ground in finding.grounds[:1])


def _grounds(finding: Finding) -> str:
    return "、".join(dict.fromkeys(ground.limb or ground.provision for ground in finding.grounds))


def _checked(citations: Sequence[Citation]) -> str:
    """How many citations there are, by what checking them gave."""
    statuses = [citation.status for citation in citations]
    told = "、".join(
        f"{word} {statuses.count(status)}" for status, word in _STATUS.items() if status in statuses
    )
    return f"［引用 {told or 'なし'}］"


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style), soft_wrap=True)
