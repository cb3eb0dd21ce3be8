"""Findings as rows of the notice: one kind and ground in one document make one row (design.md §7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.corpus.city import Labels
from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document, Page
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding, ProposalWarning
from assistant.domain.places import place_of as reading_place
from assistant.draft.checks import check_leak, check_reason
from assistant.draft.compose import merged, reason_of
from assistant.draft.leaks import Hidden, hidden_in
from assistant.draft.memo import memo_of
from assistant.draft.part import Part
from assistant.draft.places import place_of
from assistant.draft.wording import bundled_wording
from assistant.policy.words import words_of
from assistant.review.areas import covered_by

Row = tuple[EntityKind, tuple[tuple[str, str | None], ...], date | None]
_NEARLY_ALL = 0.95  # share of a page from which a box is a whole page: hands are not exact


def write_parts(
    findings: Sequence[Finding], document: Document, corpus: Corpus, day: date
) -> tuple[Part, ...]:
    """The rows for everything to be withheld, in the order of the document; the person's values where decided.

    Rejected, disclosed and asked findings make no row (see `left_out`). `day`: the decision date.
    """
    withheld = [finding for finding in findings if is_withheld(finding) and finding.grounds]
    hidden = hidden_in(findings, document, corpus, day)
    severable = _leaves_something(withheld, document)
    return tuple(
        _part(group, document, corpus, day, hidden=hidden, severable=severable)
        for group in _rows(withheld, document)
    )


def left_out(findings: Sequence[Finding], labels: Labels) -> tuple[ProposalWarning, ...]:
    """What has no row although it is not simply open: asked and unsettled, or withheld without a ground."""
    asked = sum(finding.decision is Decision.ASK and not _rejected(finding) for finding in findings)
    groundless = sum(is_withheld(finding) and not finding.grounds for finding in findings)
    undecided = sum(is_withheld(finding) and finding.decided is None for finding in findings)
    found = []
    if asked:
        told = f"{labels.ask}が{asked}件残っています。事実を確かめて、{labels.withhold}か{labels.disclose}かを決めてください。"
        found.append(ProposalWarning(code="ask_left", message=told))
    if groundless:
        told = f"{labels.grounds}のない{labels.withhold}が{groundless}件あります。根拠を選んでから理由を書いてください。"
        found.append(ProposalWarning(code="no_ground", message=told))
    if undecided:
        told = (
            f"まだ確定していない{labels.withhold}候補が{undecided}件含まれています。"
            "確定してから通知書に使ってください。"
        )
        found.append(ProposalWarning(code="undecided", message=told))
    return tuple(found)


def is_withheld(finding: Finding) -> bool:
    """Whether the finding, as it stands, blacks something out."""
    return finding.decision is Decision.WITHHOLD and not _rejected(finding)


def _rejected(finding: Finding) -> bool:
    return finding.decided is not None and finding.decided.state == "rejected"


def _rows(findings: Sequence[Finding], document: Document) -> list[list[Finding]]:
    rows: dict[Row, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: reading_place(document, finding)):
        clauses = tuple((ground.provision, ground.limb) for ground in finding.grounds)
        rows.setdefault((finding.kind, clauses, finding.open_from), []).append(finding)
    return list(rows.values())


def _part(
    group: Sequence[Finding],
    document: Document,
    corpus: Corpus,
    day: date,
    *,
    hidden: Hidden,
    severable: bool,
) -> Part:
    kind, grounds = group[0].kind, group[0].grounds
    called = words_of(kind).name if kind is not EntityKind.OTHER else bundled_wording().row.unnamed_place
    written = [finding.reason for finding in group if finding.reason.strip()]
    own = [f.reason for f in group if f.decided and f.decided.state == "changed" and f.reason.strip()]
    if own and len(own) == len(group):
        reason = merged(own)  # a person's words stand as they are; the checks say what they lack
    else:
        telling = [text for text in written if not _leaking(text, hidden) or text in own]
        reason = reason_of(
            telling,
            kind=kind,
            grounds=grounds,
            corpus=corpus,
            day=day,
            open_from=group[0].open_from,
            severable=severable,
        )
    place = place_of(group, document, hidden.texts, hidden.known, called)
    checks = check_reason(
        reason,
        grounds=grounds,
        withheld=hidden.texts,
        aliases=hidden.names,
        corpus=corpus,
        day=day,
        known=hidden.known,
    )
    return Part(
        place=place,
        kind=called,
        grounds=grounds,
        reason=reason,
        internal_note=memo_of(group, grounds, corpus, day),
        open_from=group[0].open_from,
        finding_ids=tuple(finding.id for finding in group),
        checks=checks,
        settled=all(finding.decided is not None for finding in group),
    )


def _leaking(text: str, hidden: Hidden) -> bool:
    return not check_leak(text, hidden.texts, hidden.names, hidden.known).ok


def _leaves_something(withheld: Sequence[Finding], document: Document) -> bool:
    """Whether letters remain that are not withheld: only then is there a rest to be disclosed."""
    covered = {
        (extent.page, at)
        for finding in withheld
        for extent in covered_by(document, finding)
        for at in range(extent.start, extent.end)
    }
    if any(_is_picture(page) and not _is_whole(page, withheld) for page in document.pages):
        return True
    return any(
        letter.isalnum() and (page.number, at) not in covered
        for page in document.pages
        for at, letter in enumerate(page.text)
    )


def _is_picture(page: Page) -> bool:
    return page.width > 0 and not page.text.strip()


def _is_whole(page: Page, withheld: Sequence[Finding]) -> bool:
    boxes = (box for finding in withheld for box in finding.boxes if box.page == page.number)
    most = max(((box.x1 - box.x0) * (box.y1 - box.y0) for box in boxes), default=0.0)
    return most > _NEARLY_ALL * page.width * page.height
