"""What is taken out of which page: settled findings as areas and characters."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from assistant.domain.document import Box, Document, Extent
from assistant.domain.finding import Decision, Finding, Proposal
from assistant.domain.places import boxes_of
from assistant.errors import ReviewRefused

_LEVEL = 0.5  # points by which a box may stick out of another and still count as inside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One withheld piece of information. `extents`: its characters; `boxes`: its areas, one per line, in points of the
    page as shown, not yet padded. A box drawn by hand has no extents. `label`: the clause to print on it, or empty.
    """

    finding: str
    extents: tuple[Extent, ...]
    boxes: tuple[Box, ...]
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Words that may not be found in the output: of a finding, or another way of writing it (an alias, its reading).

    `finding`: id of the finding it belongs to, empty for words a person gave by hand.
    """

    text: str
    finding: str = ""


def marks_of(proposal: Proposal, *, confirm_all_as: str | None = None) -> tuple[Mark, ...]:
    """The marks a settled proposal asks for, in the order of its findings.

    `confirm_all_as`: the person who takes every open finding as it stands; what is still 要検討 is then withheld, the
    safe side. Raises ReviewRefused where findings are open and nobody takes them, and where the characters of one have
    no place on a page of paper, so that nothing could be painted over.
    """
    withheld = withheld_of(proposal, confirm_all_as=confirm_all_as)
    marks = tuple(_mark(proposal.document, finding) for finding in withheld)
    _refuse_placeless(proposal.document, marks)
    return marks


def withheld_of(proposal: Proposal, *, confirm_all_as: str | None = None) -> tuple[Finding, ...]:
    """The findings whose words are taken out. Raises ReviewRefused as `marks_of` does for open findings."""
    if confirm_all_as is not None and not confirm_all_as.strip():
        raise ReviewRefused("まとめて確定する人の氏名が空です。氏名を書いてください。")
    open_ = [finding for finding in proposal.findings if is_open(finding)]
    if open_ and confirm_all_as is None:
        raise ReviewRefused(_open_words(open_))
    return tuple(finding for finding in proposal.findings if _is_withheld(finding))


def is_open(finding: Finding) -> bool:
    """Whether nobody has decided: not looked at, or confirmed as still to be asked."""
    if finding.decided is None:
        return True
    return finding.decided.state != "rejected" and finding.decision is Decision.ASK


def _is_withheld(finding: Finding) -> bool:
    """Of settled findings and of those somebody takes as they stand: an ask is withheld."""
    rejected = finding.decided is not None and finding.decided.state == "rejected"
    return not rejected and finding.decision is not Decision.DISCLOSE


def _open_words(findings: list[Finding]) -> str:
    names = {
        Decision.WITHHOLD: "伏せる候補",
        Decision.ASK: "要検討",
        Decision.DISCLOSE: "公にする候補",
    }
    counts = {decision: sum(one.decision is decision for one in findings) for decision in names}
    told = "、".join(f"{names[decision]}{count}件" for decision, count in counts.items() if count)
    return (
        f"確定していない候補が{len(findings)}件あります（{told}）。すべて確定してから、もう一度実行してください。"
        "候補のまま全部を採るときは、--confirm-all-as に確定する人の氏名を付けます（要検討は伏せます）。"
    )


def _mark(document: Document, finding: Finding) -> Mark:
    """The areas a person drew stand; characters they leave bare get their own."""
    boxes = list(finding.boxes)
    around: defaultdict[int, list[Box]] = defaultdict(
        list
    )  # of each page; one person stands on hundreds of them
    for box in boxes:
        around[box.page].append(box)
    for extent in finding.extents:
        here = around[extent.page]
        bare = [box for box in boxes_of(document, extent) if not any(_inside(box, one) for one in here)]
        boxes += bare
        here += bare
    label = finding.grounds[0].provision if finding.grounds else ""
    return Mark(finding=finding.id, extents=finding.extents, boxes=tuple(boxes), label=label)


def _inside(box: Box, other: Box) -> bool:
    around = other.grown(_LEVEL)
    level = around.y0 <= box.y0 and box.y1 <= around.y1
    return box.page == other.page and level and around.x0 <= box.x0 and box.x1 <= around.x1


def _refuse_placeless(document: Document, marks: tuple[Mark, ...]) -> None:
    """Text withheld from the text layer alone would still stand in the picture."""
    if not document.on_paper:
        return
    pages = {
        extent.page
        for mark in marks
        for extent in mark.extents
        if document.cut(extent).strip() and not any(box.page == extent.page for box in mark.boxes)
    }
    if pages:
        told = "、".join(str(number) for number in sorted(pages))
        raise ReviewRefused(
            f"紙面のどこにあるか分からない伏せる箇所があります（{told}ページ）。"
            "そのページで、伏せる所に枠を書き加えてから、もう一度実行してください。"
        )
