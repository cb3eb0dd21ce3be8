"""A case rebuilt from its events: what was proposed, then every act that was not taken back, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.domain.document import Document
from assistant.domain.finding import Finding, Proposal, Review
from assistant.domain.places import place_of
from assistant.review.actor import Actor
from assistant.review.areas import drawn, own_boxes
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
    READ,
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
    standing = _Findings(proposal) if proposal else None
    acts, messages, releases = [], [], []
    for event in events[1:]:
        said = bodies.get(event.seq, {})
        if event.kind is EventKind.PROPOSED:
            standing = _Findings(proposal_from(said))
        elif event.kind in ACTS:
            acts.append(_act(event, said, _who(event, actors), undone=event.seq in undone))
            if event.seq not in undone and standing is not None:
                standing.apply(event, said, _who(event, actors))
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
        proposal=standing.proposal() if standing else None,
        acts=tuple(acts),
        messages=tuple(messages),
        releases=tuple(releases),
        seq=max((e.seq for e in events if e.kind in _DECIDING), default=0),
    )


def undone_by(events: Iterable[Event]) -> frozenset[int]:
    """The seqs of the acts that were taken back."""
    return frozenset(event.undoes for event in events if event.undoes is not None)


def changed_finding(finding: Finding, change: Change, document: Document) -> Finding:
    """The finding with the reviewer's values in place; its id stays, so that the log speaks of one finding."""
    moved = finding
    extents = change.extents or finding.extents
    if extents != finding.extents or change.boxes is not None:
        areas = drawn(document, finding) if change.boxes is None else change.boxes
        boxes = (*own_boxes(document, extents), *areas)
        moved = replace(finding, extents=extents, text=document.words(extents), boxes=boxes)
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
        pages=decode(tuple[int, ...], loads(body_of(bodies, READ)))
        if any(d.name == READ for d in event.digests)
        else (),
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


class _Findings:
    """The findings while the acts are gone through: thousands of them, so each act touches only its own."""

    def __init__(self, proposal: Proposal) -> None:
        self._proposal = proposal
        self._by_id = {finding.id: finding for finding in proposal.findings}
        self._order = [finding.id for finding in proposal.findings]

    def proposal(self) -> Proposal:
        """The proposal as it stands."""
        return replace(self._proposal, findings=tuple(self._by_id[name] for name in self._order))

    def apply(self, event: Event, bodies: Bodies, by: Actor) -> None:
        """Does one act."""
        at = datetime.fromisoformat(event.at)
        document = self._proposal.document
        if event.kind is EventKind.ADDED:
            added = decode(Finding, loads(body_of(bodies, FINDING)))
            self._insert(replace(added, decided=Review(state="confirmed", by=by.label, at=at)))
        elif event.kind is EventKind.CHANGED:
            change = decode(Change, loads(body_of(bodies, CHANGE)))
            review = Review(state="changed", by=by.label, at=at)
            self._each(event, lambda f: replace(changed_finding(f, change, document), decided=review))
        elif event.kind is not EventKind.PAGE_READ:
            state = Review(
                state="rejected" if event.kind is EventKind.REJECTED else "confirmed", by=by.label, at=at
            )
            self._each(event, lambda finding: replace(finding, decided=state))

    def _each(self, event: Event, settle: Callable[[Finding], Finding]) -> None:
        for mark in event.marks:
            if mark.finding in self._by_id:
                self._by_id[mark.finding] = settle(self._by_id[mark.finding])

    def _insert(self, added: Finding) -> None:
        """In reading order among findings that stand as they were proposed."""
        document = self._proposal.document
        place = place_of(document, added)
        later = (at for at, name in enumerate(self._order) if place_of(document, self._by_id[name]) > place)
        self._order.insert(next(later, len(self._order)), added.id)
        self._by_id[added.id] = added
