"""A proposal on a terminal: what a person looks at first. Everything is in `--json`."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.corpus.city import City
from assistant.domain.finding import CitationStatus, Decision, Finding, Proposal

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
    """Engine and city, the findings to be looked at, how many stay open, and the warnings."""
    mark = f"（{city.labels.fictional}）" if proposal.fictional else ""
    console.print(
        Text(f"{city.name}{mark}　{proposal.ordinance_id}　決定日 {proposal.decision_date.isoformat()}")
    )
    console.print(Text(f"判断の方法：{engine_words(proposal)}"))
    queue = [finding for finding in proposal.findings if finding.decision is not Decision.DISCLOSE]
    if queue:
        console.print(_table(queue, proposal, city))
    counts = "　".join(
        f"{decision_word(decision, city)} {sum(f.decision is decision for f in proposal.findings)}件"
        for decision in (Decision.WITHHOLD, Decision.ASK, Decision.DISCLOSE)
    )
    console.print(Text(counts))
    for warning in proposal.warnings:
        place = f"（{warning.page}ページ）" if warning.page else ""
        console.print(Text(f"注意{place}：{warning.message}"))
    console.print(Text("候補です。決めるのは職員です。"))


def engine_words(proposal: Proposal) -> str:
    """Which engine answered, and whether it was the one asked for."""
    if proposal.engine == "model":
        return f"規則とモデル（{proposal.model}）"
    return "規則のみ" + ("（モデルは使えませんでした）" if proposal.requested_engine == "model" else "")


def _table(findings: list[Finding], proposal: Proposal, city: City) -> Table:
    table = Table(show_lines=True, expand=False)
    for title in ("判断", "場所", "文字", city.labels.grounds, city.labels.reason):
        table.add_column(title, overflow="fold")
    for finding in findings:
        first = finding.extents[0]
        line = proposal.document.page(first.page).text.count("\n", 0, first.start) + 1
        table.add_row(
            Text(
                f"{_SIGNS[finding.decision]}{decision_word(finding.decision, city)}",
                _STYLES[finding.decision],
            ),
            Text(f"{first.page}ページ{line}行"),
            Text(finding.text),
            Text(_grounds(finding)),
            Text(finding.to_find_out or finding.reason),
        )
    return table


def _grounds(finding: Finding) -> str:
    lines = [ground.limb or ground.provision for ground in finding.grounds]
    checked = [
        _STATUS[status] for status in CitationStatus if any(c.status is status for c in finding.citations)
    ]
    return "\n".join([*dict.fromkeys(lines), *(f"［{word}］" for word in checked[:1])])
