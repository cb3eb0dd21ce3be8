"""Reading cases out of the log: one's own case, the history, and everything about a case for taking away."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from assistant.domain.finding import Proposal
from assistant.errors import RecordUnavailable, ReviewRefused
from assistant.review.actor import Actor
from assistant.review.case import Case, CaseSummary, Turn
from assistant.review.codec import Unreadable, decode, encode, loads
from assistant.review.content import MESSAGE, SEARCHED, TITLE
from assistant.review.event import ACTS, Content, Event, EventKind, Mode
from assistant.review.ports import Record
from assistant.review.replay import replay, undone_by

_DAMAGED = (
    "この記録の文章が失われているか壊れているため、開けません。"
    "ほかの記録は使えます。「osumitsuki audit verify」で調べ、システム担当に知らせてください。"
)


def own_events(record: Record, case_id: str, actor: Actor) -> tuple[Event, ...]:
    """The events of a case of this person. Raises ReviewRefused if it is unknown, deleted or somebody else's."""
    events = tuple(record.events(case=case_id))
    if not events:
        raise ReviewRefused("この記録は見つかりません。履歴から開き直してください。")
    if events[0].actor != actor.id:
        raise ReviewRefused("ほかの人の記録は開けません。ご自分の履歴から選んでください。")
    if events[-1].kind is EventKind.DELETED:
        raise ReviewRefused("この記録は削除されています。必要なときは、もう一度調べてください。")
    return events


def own_case(record: Record, case_id: str, actor: Actor) -> Case:
    """A case of this person as it stands. Raises ReviewRefused, or RecordUnavailable if its texts are damaged."""
    events = own_events(record, case_id, actor)
    try:
        return replay(events, record.contents(case=case_id), record.actors())
    except Unreadable as error:
        raise RecordUnavailable(_DAMAGED) from error


def summaries(record: Record, actor: Actor, mode: Mode | None, text: str | None) -> tuple[CaseSummary, ...]:
    """This person's cases that were not deleted, latest change first."""
    by_case: dict[str, list[Event]] = {}
    for event in record.events(actor=actor.id):
        by_case.setdefault(event.case, []).append(event)
    wanted = _loose(text or "")
    titles: dict[str, str] = {}
    matching: set[str] = set()
    for content in record.contents(actor=actor.id, names=SEARCHED if wanted else (TITLE,)):
        words = _words(content)
        if content.name == TITLE:
            titles[content.case] = words  # the latest comes last
        elif wanted in _loose(words):
            matching.add(content.case)
    latest_first = sorted(by_case.items(), key=lambda told: told[1][-1].seq, reverse=True)
    found = [
        _summary(events, titles.get(case, ""))
        for case, events in latest_first
        if events[-1].kind is not EventKind.DELETED
        and (mode is None or events[0].mode == mode)
        and (case in matching or wanted in _loose(titles.get(case, "")))
    ]
    return tuple(found)


def exported(case: Case, events: Sequence[Event]) -> dict[str, Any]:
    """Everything about a case as JSON values; what comes from an invented city says so.

    Without the worked passages a finding was like: they are invented, and what is taken away may be put on file.
    """
    return {
        "mark": "架空" if case.fictional else None,
        "case": {
            "id": case.id,
            "mode": case.mode,
            "title": case.title,
            "owner": {"department": case.owner.department, "name": case.owner.name},
            "opened_at": case.opened_at.isoformat(),
            "city": case.city,
            "fictional": case.fictional,
        },
        "proposal": encode(_without_examples(case.proposal)),
        "acts": encode(case.acts),
        "messages": [
            {"seq": m.seq, "at": m.at.isoformat(), "role": m.role, "text": m.text, "payload": m.payload}
            for m in case.messages
        ],
        "releases": [
            {"seq": r.seq, "at": r.at.isoformat(), "by": r.by, "certificate": r.certificate}
            for r in case.releases
        ],
        "log": [encode(event) for event in events],
    }


def _without_examples(proposal: Proposal | None) -> Proposal | None:
    if proposal is None:
        return None
    return replace(proposal, findings=tuple(replace(finding, examples=()) for finding in proposal.findings))


def _summary(events: Sequence[Event], title: str) -> CaseSummary:
    gone = undone_by(events)
    standing = [event for event in events if event.kind in ACTS and event.seq not in gone]
    opening = (e for e in events if e.kind in {EventKind.OPENED, EventKind.PROPOSED})
    proposed = {mark.finding for event in opening for mark in event.marks}
    settled = {mark.finding for event in standing for mark in event.marks}
    return CaseSummary(
        id=events[0].case,
        mode=events[0].mode or "passage",
        title=title,
        opened_at=datetime.fromisoformat(events[0].at),
        changed_at=datetime.fromisoformat(events[-1].at),
        city=events[0].city or "",
        fictional=bool(events[0].fictional),
        findings=len(proposed | settled),
        undecided=len(proposed - settled),
        messages=sum(event.kind is EventKind.SAID for event in events),
        examined=any(event.engine is not None for event in events),
    )


def _words(content: Content) -> str:
    try:
        told = loads(content.body)
        return decode(Turn, told).text if content.name == MESSAGE else decode(str, told)
    except Unreadable:
        return ""  # one damaged text must not hide every other case; opening it, and the check, say so


def _loose(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())
