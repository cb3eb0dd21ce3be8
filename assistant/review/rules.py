"""What review allows. Every refusal is a Japanese sentence that says what to do instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from assistant.domain.document import Document, Extent
from assistant.domain.finding import CitationStatus, Decision, Finding, Ground, Proposal
from assistant.domain.provision import Head
from assistant.errors import ReviewRefused
from assistant.review.case import Case

HeadsOf = Callable[[str], tuple[Head, ...]]
"""The heads a source of the loaded corpus speaks about; empty for an unknown one."""


def the_proposal(case: Case) -> Proposal:
    """What is reviewed in this case."""
    if case.proposal is None:
        raise ReviewRefused(
            "この記録には調べた文章がありません。「文章を調べる」で文章を調べてから確定してください。"
        )
    return case.proposal


def the_findings(case: Case, finding_ids: Sequence[str]) -> tuple[Finding, ...]:
    """The findings named, each once, in the order named."""
    the_proposal(case)
    if not finding_ids:
        raise ReviewRefused("候補が選ばれていません。確定する候補を選んでください。")
    found = []
    for finding_id in dict.fromkeys(finding_ids):
        finding = case.finding(finding_id)
        if finding is None:
            raise ReviewRefused(
                "選ばれた候補がこの記録にありません。画面を読み込み直してから選んでください。"
            )
        found.append(finding)
    return tuple(found)


def refuse_ask_in_bulk(findings: Sequence[Finding]) -> None:
    """An ask is settled one by one: each needs its own fact (design.md §7)."""
    if len(findings) > 1 and any(finding.decision is Decision.ASK for finding in findings):
        raise ReviewRefused("要検討はまとめて確定できません。一件ずつ確かめて確定してください。")


def refuse_settled(findings: Sequence[Finding]) -> None:
    """What a person has settled is not settled twice by accident."""
    if any(finding.decided and finding.decided.state != "rejected" for finding in findings):
        raise ReviewRefused(
            "すでに確定した候補が含まれています。改めるときは「変更」か「元に戻す」を使ってください。"
        )


def refuse_unlike(case: Case, lead: Finding, others: Sequence[str], *, moved: bool) -> None:
    """One change settles only places that are one decision, each where it stands (design.md §7)."""
    if moved:
        raise ReviewRefused("範囲を変えるときは、一箇所ずつ変更してください。")
    if not set(others) <= set(case.occurrences(lead.id)):
        raise ReviewRefused(
            "まとめて変更できるのは、同じ人物か同じ記載の候補だけです。一件ずつ変更してください。"
        )


def refuse_needless_rejection(findings: Sequence[Finding]) -> None:
    """Rejecting leaves the text disclosed, so it says nothing about a disclosure; nor is it said twice."""
    if any(finding.decision is Decision.DISCLOSE for finding in findings):
        raise ReviewRefused(
            "公にする候補は不採用にできません。公にしないときは「変更」で判断を選び、"
            "公にするときは「採用」を選んでください。"
        )
    if any(finding.decided and finding.decided.state == "rejected" for finding in findings):
        raise ReviewRefused(
            "すでに不採用とした候補が含まれています。改めるときは「変更」か「元に戻す」を使ってください。"
        )


def need_support(finding: Finding, own_why: str, heads_of: HeadsOf) -> None:
    """Withholding and asking rest on a verified citation of their own head, or on the reviewer's own ground (D3)."""
    if finding.decision is Decision.DISCLOSE or own_why.strip():
        return
    for citation in finding.citations:
        if citation.status is CitationStatus.VERIFIED and finding.head in heads_of(citation.source):
            return
    raise ReviewRefused(
        "根拠条項について原文と一致した引用がないため、このままでは確定できません。"
        "「変更」で根拠と、そう判断した理由を自分の言葉で書いてください。"
    )


def need_ground(decision: Decision, grounds: Sequence[Ground]) -> None:
    """A withheld part needs the clause it is withheld under."""
    if decision is Decision.WITHHOLD and not grounds:
        raise ReviewRefused("伏せるには根拠条項が要ります。該当する号を選んでください。")


def need_own_ground(decision: Decision, own_why: str) -> None:
    """What only the reviewer says rests on the reviewer's own words."""
    if decision is not Decision.DISCLOSE and not own_why.strip():
        raise ReviewRefused(
            "自分で加えた候補には、そう判断した理由が要ります。理由を自分の言葉で書いてください。"
        )


def sound_extents(document: Document, extents: Sequence[Extent]) -> tuple[Extent, ...]:
    """The extents in reading order; each within its page, not empty, none over another."""
    ordered = tuple(sorted(extents))
    lengths = {page.number: len(page.text) for page in document.pages}
    for extent in ordered:
        if not 0 <= extent.start < extent.end <= lengths.get(extent.page, -1):
            raise ReviewRefused("選んだ範囲が文章の中にありません。文章の文字を選び直してください。")
    if any(first.overlaps(second) for first, second in pairwise(ordered)):
        raise ReviewRefused("選んだ範囲が重なっています。重ならないように選び直してください。")
    if not "".join(document.cut(extent) for extent in ordered).strip():
        raise ReviewRefused("選んだ範囲に文字がありません。文章の文字を選び直してください。")
    return ordered


def sound_proposal(proposal: Proposal) -> None:
    """What can be reviewed: every finding under its own id, none settled before a person saw it."""
    ids = [finding.id for finding in proposal.findings]
    if len(set(ids)) != len(ids):
        raise ReviewRefused("同じ番号の候補が二つあるため記録できません。もう一度調べてください。")
    if any(finding.decided for finding in proposal.findings):
        raise ReviewRefused(
            "確定済みの候補は新しい記録に入れられません。もう一度調べてから確定してください。"
        )


def all_read(case: Case) -> None:
    """A page whose text may differ from what is seen is handed out only after a person has looked at it."""
    if case.unread_pages:
        told = "、".join(str(number) for number in case.unread_pages[:10])
        raise ReviewRefused(
            f"人が目で確かめるページが残っています（{told}ページ）。そのページを開き、確かめたと記録してから作ってください。"
        )
