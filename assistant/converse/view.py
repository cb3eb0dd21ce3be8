"""The passage in view, as the model is told of it: whole where it fits, else the parts nearest to the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.corpus.city import Labels
from assistant.domain.finding import Decision, Finding, Proposal
from assistant.model.tokens import estimate_tokens
from assistant.policy.words import words_of
from assistant.retrieve.words import content_words

_BLOCK = 300  # characters of a part, about: whole lines
_LEFT_OUT = "（略）"
_ORDER = {Decision.WITHHOLD: 0, Decision.ASK: 1, Decision.DISCLOSE: 2}
_STATES = {"confirmed": "採用", "changed": "変更", "rejected": "不採用"}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is shown of a passage. `shown`, `whole`: characters; `left_out`: findings that found no room."""

    text: str
    findings: str
    shown: int
    whole: int
    left_out: int


def view_of(proposal: Proposal, question: str, labels: Labels, most: int) -> View:
    """Within `most` estimated tokens, a third of them for the findings; never cut inside a line."""
    findings, left = _findings_told(proposal.findings, labels, most // 3)
    room = most - estimate_tokens(findings)
    pages = proposal.document.pages
    whole = "\n".join(page.text for page in pages)
    if estimate_tokens(whole) <= room:
        return View(text=whole, findings=findings, shown=len(whole), whole=len(whole), left_out=left)
    blocks = [block for page in pages for block in _blocks(page.text, _spans(proposal.findings, page.number))]
    asked = set(content_words(question))
    ranked = sorted(
        range(len(blocks)), key=lambda each: (-len(asked & set(content_words(blocks[each]))), each)
    )
    chosen = set()
    for each in ranked:
        cost = estimate_tokens(blocks[each]) + 6
        if cost <= room:
            chosen.add(each)
            room -= cost
    return View(
        text=_joined(blocks, chosen),
        findings=findings,
        shown=sum(len(blocks[each]) for each in chosen),
        whole=len(whole),
        left_out=left,
    )


def _spans(findings: Sequence[Finding], page: int) -> list[tuple[int, int]]:
    """From where to where each finding stands, over the lines it is broken over: nothing is cut inside one."""
    spans = []
    for one in findings:
        here = [extent for extent in one.extents if extent.page == page]
        if here:
            start, end = min(each.start for each in here), max(each.end for each in here)
            if end - start <= _BLOCK:
                spans.append((start, end))
    return spans


def _blocks(page: str, together: Sequence[tuple[int, int]]) -> list[str]:
    """Whole lines, put together until they are about as long as a paragraph."""
    blocks: list[str] = []
    start = at = 0
    for line in page.split("\n"):
        at += len(line) + 1
        if at - start > _BLOCK and not any(first < at <= last for first, last in together):
            blocks.append(page[start : at - 1])
            start = at
    rest = page[start:]
    return [*blocks, rest] if rest.strip() else blocks


def _joined(blocks: Sequence[str], chosen: set[int]) -> str:
    lines, gap = [], False
    for number, block in enumerate(blocks):
        if number in chosen:
            lines.append(block)
        elif not gap:
            lines.append(_LEFT_OUT)
        gap = number not in chosen
    return "\n".join(lines)


def _findings_told(findings: Sequence[Finding], labels: Labels, most: int) -> tuple[str, int]:
    """Findings line by line, those to be withheld or asked about first; and how many had no room."""
    words = {
        Decision.WITHHOLD: labels.withhold,
        Decision.DISCLOSE: labels.disclose,
        Decision.ASK: labels.ask,
    }
    lines = []
    ranked = sorted(findings, key=lambda one: (_ORDER[one.decision], _page_and_start(one)))
    left_out = 0
    for one in ranked:
        # Whole: half a name is no longer recognised as one, and would leave the house.
        said = f"「{' '.join(one.text.split())}」" if one.text else "枠で囲んだ部分の"
        parts = [f"{said}{words_of(one.kind).name}", words[one.decision]]
        if one.grounds:
            parts.append(one.grounds[0].limb or one.grounds[0].provision)
        if one.decided:
            parts.append(f"職員が{_STATES[one.decided.state]}")
        line = "　".join(parts)
        cost = estimate_tokens(line) + 1
        if cost > most:
            left_out += 1
            continue
        most -= cost
        lines.append(line)
    return "\n".join(lines), left_out


def _page_and_start(finding: Finding) -> tuple[int, int]:
    """An area drawn on a page has no characters, and comes first on it."""
    if finding.extents:
        return finding.extents[0].page, finding.extents[0].start
    return (finding.boxes[0].page if finding.boxes else 0), -1
