"""Acts as pure functions: from a case and what a person wants to what is to be written, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.domain.document import Box, Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding, Ground, Proposal, finding_id
from assistant.errors import ReviewRefused
from assistant.review import rules
from assistant.review.areas import drawn, own_boxes, sound_boxes, under
from assistant.review.case import Case, Change
from assistant.review.codec import encode
from assistant.review.content import CHANGE, DESPITE, FINDING, READ, WHY, words_of
from assistant.review.doubts import Doubt, ReviewDoubted, RuleSays, doubts_of
from assistant.review.event import EventKind, Mark, Words
from assistant.review.replay import changed_finding
from assistant.review.rules import HeadsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What an act writes: its kind, what it says of which findings, and the words that go with it."""

    kind: EventKind
    marks: tuple[Mark, ...] = ()
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reviewer puts in place of a proposal, or adds; None: leave it as it is. `boxes`: drawn by hand."""

    decision: Decision
    ground: Ground | None = None
    why: str = ""
    reason: str | None = None
    extents: tuple[Extent, ...] | None = None
    boxes: tuple[Box, ...] | None = None
    to_find_out: str | None = None
    despite: tuple[str, ...] = ()  # codes of the doubts that were seen and set aside

    def own_why(self, before: tuple[Ground, ...] = ()) -> str:
        """The reviewer's own ground in words, wherever it was written; what was proposed `before` is not their own."""
        told = self.ground.why.strip() if self.ground else ""
        return self.why.strip() or ("" if told in {ground.why.strip() for ground in before} else told)


def confirm(case: Case, finding_ids: Sequence[str], why: str, heads_of: HeadsOf) -> Decided:
    """Adopts findings as they stand."""
    findings = rules.the_findings(case, finding_ids)
    rules.refuse_ask_in_bulk(findings)
    rules.refuse_settled(findings)
    for finding in findings:
        rules.need_ground(finding.decision, finding.grounds)
        rules.need_support(finding, why or case.own_ground(finding.id), heads_of)
    return Decided(kind=EventKind.CONFIRMED, marks=marks_of(case, findings), words=_why_words(why))


def reject(case: Case, finding_ids: Sequence[str], why: str) -> Decided:
    """Does not adopt findings."""
    findings = rules.the_findings(case, finding_ids)
    rules.refuse_ask_in_bulk(findings)
    rules.refuse_needless_rejection(findings)
    return Decided(kind=EventKind.REJECTED, marks=marks_of(case, findings), words=_why_words(why))


def settle_rest(case: Case) -> Decided:
    """Every undecided disclosure in one act."""
    if not case.rest:
        raise ReviewRefused("まとめて確定できる候補はありません。残りの候補を一件ずつ確かめてください。")
    return Decided(kind=EventKind.SETTLED_REST, marks=marks_of(case, case.rest))


def read_pages(case: Case, pages: Sequence[int]) -> Decided:
    """A person has read pages whose text cannot be trusted."""
    rules.the_proposal(case)
    wanted = sorted(set(pages))
    if not wanted or not set(wanted) <= set(case.doubtful_pages):
        raise ReviewRefused("目で確かめる必要のあるページではありません。画面を読み込み直してください。")
    if not set(wanted) & set(case.unread_pages):
        raise ReviewRefused("このページはすでに確かめてあります。次のページに進んでください。")
    return Decided(kind=EventKind.PAGE_READ, words=(words_of(READ, wanted),))


def change(  # noqa: PLR0917 - one act: whose, of what, what is wished, and the city it is checked against
    case: Case,
    finding_id: str,
    wish: Wish,
    heads_of: HeadsOf,
    rule_says: RuleSays,
    also: Sequence[str] = (),
) -> Decided:
    """The reviewer's decision in place of the proposed one; for `also`, the like places of it, in the same act."""
    document = rules.the_proposal(case).document
    (finding,) = rules.the_findings(case, [finding_id])
    own_why = wish.own_why(finding.grounds)
    if wish.decision is finding.decision and wish.ground in {None, *finding.grounds[:1]}:
        own_why = own_why or case.own_ground(finding.id)  # what was written before still carries it
    kept_reason = finding.reason if wish.decision is finding.decision else ""
    told = Change(
        decision=wish.decision,
        extents=_extents(document, finding, wish),
        boxes=_boxes(document, finding, wish),
        grounds=_with_main(finding.grounds, wish.ground),
        reason=kept_reason if wish.reason is None else wish.reason,
        to_find_out=_to_find_out(wish, finding.to_find_out or own_why),
    )
    others = tuple(other for other in dict.fromkeys(also) if other != finding.id)
    if others:
        rules.refuse_unlike(
            case, finding, others, moved=told.extents != finding.extents or told.boxes is not None
        )
        told = replace(told, extents=())  # each keeps its own place
    places = (finding, *(rules.the_findings(case, others) if others else ()))
    changed = [changed_finding(place, told, document) for place in places]
    for one in changed:
        rules.need_ground(one.decision, one.grounds)
        rules.need_support(one, own_why, heads_of)
    doubts = change_doubts(case, finding, wish, rule_says)
    _need_sight(doubts, wish, own_why)
    words = (words_of(CHANGE, encode(told)), *_why_words(own_why), *_despite_words(doubts))
    return Decided(kind=EventKind.CHANGED, marks=marks_of(case, changed), words=words)


def add(case: Case, wish: Wish, kind: EntityKind, person: str | None, rule_says: RuleSays) -> Decided:
    """What the proposal missed, settled by the person who adds it."""
    document = rules.the_proposal(case).document
    places = rules.sound_extents(document, wish.extents or ()) if wish.extents or not wish.boxes else ()
    areas = sound_boxes(document, wish.boxes or ())
    grounds = _with_main((), wish.ground)
    own_why = wish.own_why()
    rules.need_ground(wish.decision, grounds)
    rules.need_own_ground(wish.decision, own_why)
    new_id = finding_id(document, kind, places, areas)
    if case.finding(new_id):
        raise ReviewRefused(
            "同じ範囲の候補がすでにあります。その候補を選び、「変更」で判断を改めてください。"
        )
    added = Finding(
        id=new_id,
        kind=kind,
        extents=places,
        text=document.words(places),
        decision=wish.decision,
        grounds=grounds,
        person=person,
        boxes=(*own_boxes(document, places), *areas),
        reason=wish.reason or "",
        to_find_out=_to_find_out(wish, own_why),
        found_by=("reviewer",),
    )
    doubts = add_doubts(case, wish, rule_says)
    _need_sight(doubts, wish, own_why)
    words = (words_of(FINDING, encode(added)), *_why_words(own_why), *_despite_words(doubts))
    return Decided(kind=EventKind.ADDED, marks=marks_of(case, [added]), words=words)


def change_doubts(case: Case, finding: Finding, wish: Wish, rule_says: RuleSays) -> tuple[Doubt, ...]:
    """What speaks against a change, to be seen before it is settled; nothing against disclosing or asking."""
    if wish.decision is not Decision.WITHHOLD:
        return ()
    document = rules.the_proposal(case).document
    boxes = _boxes(document, finding, wish)
    before = drawn(document, finding)
    extents = (*_extents(document, finding, wish), *under(document, before if boxes is None else boxes))
    finding = replace(finding, extents=(*finding.extents, *under(document, before)))
    same = finding.grounds[:1] == (wish.ground,) if wish.ground else True
    ground = None if same else wish.ground
    return doubts_of(document, case.findings, extents, ground, changed=finding, rule_says=rule_says)


def add_doubts(case: Case, wish: Wish, rule_says: RuleSays) -> tuple[Doubt, ...]:
    """What speaks against an addition, to be seen before it is settled."""
    if wish.decision is not Decision.WITHHOLD:
        return ()
    document = rules.the_proposal(case).document
    extents = rules.sound_extents(document, wish.extents) if wish.extents else ()
    extents = (*extents, *under(document, sound_boxes(document, wish.boxes or ())))
    return doubts_of(document, case.findings, extents, wish.ground, changed=None, rule_says=rule_says)


def _need_sight(doubts: Sequence[Doubt], wish: Wish, own_why: str) -> None:
    """A mark is not settled past a doubt that was not seen, nor without the reviewer's own ground."""
    if unseen := [doubt for doubt in doubts if doubt.code not in wish.despite]:
        raise ReviewDoubted(unseen)
    if doubts:
        rules.need_own_ground(wish.decision, own_why)


def _extents(document: Document, finding: Finding, wish: Wish) -> tuple[Extent, ...]:
    """An area has no characters, and need not be given any."""
    if wish.extents is None or not (wish.extents or finding.extents):
        return finding.extents
    return rules.sound_extents(document, wish.extents)


def _boxes(document: Document, finding: Finding, wish: Wish) -> tuple[Box, ...] | None:
    """The areas drawn anew; None where they stay as they are."""
    if wish.boxes is None:
        return None
    boxes = sound_boxes(document, wish.boxes)
    if not boxes and not _extents(document, finding, wish):
        raise ReviewRefused("枠がありません。枠を描くか、候補を不採用にしてください。")
    return None if set(boxes) == set(drawn(document, finding)) else boxes


def marks_of(case: Case | Proposal, findings: Sequence[Finding]) -> tuple[Mark, ...]:
    """What an event says of these findings: no text."""
    proposal = case if isinstance(case, Proposal) else rules.the_proposal(case)
    return tuple(
        Mark(
            finding=f.id,
            extents=f.extents,
            decision=f.decision,
            head=f.head,
            boxes=drawn(proposal.document, f) if f.boxes else (),
        )
        for f in findings
    )


def _why_words(why: str) -> tuple[Words, ...]:
    return (words_of(WHY, why.strip()),) if why.strip() else ()


def _despite_words(doubts: Sequence[Doubt]) -> tuple[Words, ...]:
    return (words_of(DESPITE, [doubt.name for doubt in doubts]),) if doubts else ()


def _with_main(grounds: tuple[Ground, ...], main: Ground | None) -> tuple[Ground, ...]:
    if main is None:
        return grounds
    return (
        main,
        *(ground for ground in grounds if (ground.provision, ground.limb) != (main.provision, main.limb)),
    )


def _to_find_out(wish: Wish, otherwise: str) -> str | None:
    return (wish.to_find_out or otherwise or None) if wish.decision is Decision.ASK else None
