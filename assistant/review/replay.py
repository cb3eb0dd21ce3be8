"""A case rebuilt from its events: what was proposed, then every act that was not taken back, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.domain.document import Box, Document, Extent
from assistant.domain.finding import Finding, Proposal, Review
from assistant.review.actor import Actor
from assistant.review.case import Act, Case, Change, Message, Turn
from assistant.review.codec import Unreadable, decode, loads
from assistant.review.content import (
    CERTIFICATE,
    CHANGE,
    DESPITE,
    FINDING,
    MESSAGE,
    PAYLOAD,
    PROPOSAL,
    TITLE,
    WHY,
    body_of,
    proposal_from,
)
from assistant.review.event import ACTS, Content, Event, EventKind
from assistant.review.files import Release

Bodies = Mapping[tuple[str, int], str]
_DECIDING = ACTS | {EventKind.UNDONE, EventKind.PROPOSED}  # after these a redacted file is made anew


def replay(events: Sequence[Event], contents: Iterable[Content], actors: Mapping[str, Actor]) -> Case:
    """The case as it stands after these events, its opening first. Raises Unreadable when a text is gone."""
    bodies: dict[int, dict[tuple[str, int], str]] = {}
    for content in contents:
        bodies.setdefault(content.seq, {})[content.name, content.number] = content.body
    opened = events[0]
    undone = undone_by(events)
    told = bodies.get(opened.seq, {})
    proposal = proposal_from(told) if any(d.name == PROPOSAL for d in opened.digests) else None
    title = decode(str, loads(body_of(told, TITLE)))
    acts, messages, releases = [], [], []
    for event in events[1:]:
        said = bodies.get(event.seq, {})
        if event.kind is EventKind.PROPOSED:
            proposal = proposal_from(said)
        elif event.kind in ACTS:
            acts.append(_act(event, said, _who(event, actors), undone=event.seq in undone))
            if event.seq not in undone and proposal is not None:
                proposal = _apply(proposal, event, said, _who(event, actors))
        elif event.kind is EventKind.RENAMED:
            title = decode(str, loads(body_of(said, TITLE)))
        elif event.kind is EventKind.SAID:
            messages.append(_message(event, said))
        elif event.kind is EventKind.RELEASED:
            releases.append(_release(event, said, _who(event, actors), events))
    return Case(
        id=opened.case,
        mode=opened.mode or "passage",
        title=title,
        owner=_who(opened, actors),
        opened_at=datetime.fromisoformat(opened.at),
        city=opened.city or "",
        fictional=bool(opened.fictional),
        proposal=proposal,
        acts=tuple(acts),
        messages=tuple(messages),
        releases=tuple(releases),
        seq=max((e.seq for e in events if e.kind in _DECIDING), default=0),
    )


def undone_by(events: Iterable[Event]) -> frozenset[int]:
    """The seqs of the acts that were taken back."""
    return frozenset(event.undoes for event in events if event.undoes is not None)


def recut(document: Document, extents: tuple[Extent, ...]) -> tuple[str, tuple[Box, ...]]:
    """The words under `extents`, and the boxes of those of its characters that have a place on paper."""
    text = document.words(extents)
    boxes = (box for e in extents for box in document.page(e.page).boxes[e.start : e.end] if box is not None)
    return text, tuple(boxes)


def changed_finding(finding: Finding, change: Change, document: Document) -> Finding:
    """The finding with the reviewer's values in place; its id stays, so that the log speaks of one finding."""
    moved = finding
    if change.extents and change.extents != finding.extents:
        text, boxes = recut(document, change.extents)
        moved = replace(finding, extents=change.extents, text=text, boxes=boxes)
    return replace(
        moved,
        decision=change.decision,
        grounds=change.grounds,
        reason=change.reason,
        to_find_out=change.to_find_out,
    )


def _who(event: Event, actors: Mapping[str, Actor]) -> Actor:
    actor = actors.get(event.actor)
    if actor is None:
        raise Unreadable("the person who acted is not in the record")
    return actor


def _act(event: Event, bodies: Bodies, by: Actor, *, undone: bool) -> Act:
    return Act(
        seq=event.seq,
        kind=event.kind,
        at=datetime.fromisoformat(event.at),
        by=by.label,
        finding_ids=tuple(mark.finding for mark in event.marks),
        why=decode(str, loads(body_of(bodies, WHY))) if any(d.name == WHY for d in event.digests) else "",
        despite=decode(tuple[str, ...], loads(body_of(bodies, DESPITE)))
        if any(d.name == DESPITE for d in event.digests)
        else (),
        undone=undone,
    )


def _message(event: Event, bodies: Bodies) -> Message:
    turn = decode(Turn, loads(body_of(bodies, MESSAGE)))
    payload = loads(body_of(bodies, PAYLOAD))
    if not isinstance(payload, dict):
        raise Unreadable("the payload of a turn is not an object")
    return Message(
        seq=event.seq,
        at=datetime.fromisoformat(event.at),
        role=turn.role,
        text=turn.text,
        payload=payload,
    )


def _release(event: Event, bodies: Bodies, by: Actor, events: Sequence[Event]) -> Release:
    certificate = loads(body_of(bodies, CERTIFICATE))
    if not isinstance(certificate, dict):
        raise Unreadable("a certificate is not an object")
    return Release(
        seq=event.seq,
        at=datetime.fromisoformat(event.at),
        by=by.label,
        certificate=certificate,
        stale=any(later.seq > event.seq and later.kind in _DECIDING for later in events),
    )


def _apply(proposal: Proposal, event: Event, bodies: Bodies, by: Actor) -> Proposal:
    at = datetime.fromisoformat(event.at)
    marked = {mark.finding for mark in event.marks}
    if event.kind is EventKind.ADDED:
        added = decode(Finding, loads(body_of(bodies, FINDING)))
        review = Review(state="confirmed", by=by.label, at=at)
        return replace(proposal, findings=_inserted(proposal.findings, replace(added, decided=review)))
    if event.kind is EventKind.CHANGED:
        change = decode(Change, loads(body_of(bodies, CHANGE)))
        review = Review(state="changed", by=by.label, at=at)
        return _each(
            proposal, marked, lambda f: replace(changed_finding(f, change, proposal.document), decided=review)
        )
    state = Review(state="rejected" if event.kind is EventKind.REJECTED else "confirmed", by=by.label, at=at)
    return _each(proposal, marked, lambda finding: replace(finding, decided=state))


def _each(proposal: Proposal, marked: set[str], settle: Callable[[Finding], Finding]) -> Proposal:
    findings = tuple(settle(finding) if finding.id in marked else finding for finding in proposal.findings)
    return replace(proposal, findings=findings)


def _inserted(findings: tuple[Finding, ...], added: Finding) -> tuple[Finding, ...]:
    """In reading order among findings that stand as they were proposed."""
    for position, finding in enumerate(findings):
        if finding.extents[:1] > added.extents[:1]:
            return (*findings[:position], added, *findings[position:])
    return (*findings, added)
