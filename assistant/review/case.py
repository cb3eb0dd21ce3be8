"""A case: one passage, search or question of one person, with everything decided about it so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from assistant.domain.document import Box, Extent, Origin
from assistant.domain.finding import Decision, Finding, Ground, Proposal
from assistant.review.actor import Actor
from assistant.review.event import EventKind, Mode
from assistant.review.files import Release

Role = Literal["user", "assistant"]
Likeness = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing a person decided. `undone`: taken back later; it stays in the list. `pages`: that were read.

    `despite`: the doubts that were shown first and set aside (`Doubt.name`).
    """

    seq: int
    kind: EventKind
    at: datetime
    by: str
    finding_ids: tuple[str, ...]
    why: str = ""
    despite: tuple[str, ...] = ()
    undone: bool = False
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who spoke and what was said, as it is stored."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a conversation. `payload` is what the answer was made of (citations, hits …), JSON values only."""

    seq: int
    at: datetime
    role: Role
    text: str
    payload: Mapping[str, Any]


class Alike:
    """Which undecided findings of a case are one decision; thousands of places may be alike, so nothing is copied."""

    def __init__(self, by_likeness: Mapping[Likeness, Sequence[str]]) -> None:
        self._by_likeness = by_likeness

    def of(self, finding: Finding) -> tuple[str, ...]:
        """Ids of the findings one act may settle with this one, itself first."""
        others = self._by_likeness.get(_likeness(finding), ())
        return (finding.id, *(other for other in others if other != finding.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as it stands. `proposal` holds the current findings, each with `decided`; None without a passage.

    `seq`: of the last event that decided something; it tells whether the case has moved on.
    """

    id: str
    mode: Mode
    title: str
    owner: Actor
    opened_at: datetime
    city: str
    fictional: bool
    proposal: Proposal | None
    acts: tuple[Act, ...]
    messages: tuple[Message, ...]
    releases: tuple[Release, ...] = ()  # redacted files made, oldest first
    seq: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The current findings; none without a passage."""
        return self.proposal.findings if self.proposal else ()

    @property
    def undecided(self) -> tuple[Finding, ...]:
        """What nobody has settled yet."""
        return tuple(finding for finding in self.findings if finding.decided is None)

    @property
    def queue(self) -> tuple[Finding, ...]:
        """What a person must look at one by one: undecided withhold and ask (design.md §7), and disclosures contested."""
        return tuple(finding for finding in self.undecided if not _plain(finding))

    @property
    def rest(self) -> tuple[Finding, ...]:
        """Undecided disclosures nobody contests, which one named act settles (残りを開示として確定)."""
        return tuple(finding for finding in self.undecided if _plain(finding))

    @property
    def doubtful_pages(self) -> tuple[int, ...]:
        """Numbers of the pages whose text may differ from what is seen on them: a person must read them."""
        pages = self.proposal.document.pages if self.proposal else ()
        return tuple(page.number for page in pages if page.doubts or page.origin is not Origin.FILE)

    @property
    def read_pages(self) -> tuple[int, ...]:
        """Numbers of the pages a person says to have read."""
        return tuple(sorted({page for act in self.acts if not act.undone for page in act.pages}))

    @property
    def unread_pages(self) -> tuple[int, ...]:
        """Doubtful pages nobody has read yet: nothing is handed out before."""
        read = set(self.read_pages)
        return tuple(page for page in self.doubtful_pages if page not in read)

    @property
    def can_undo(self) -> bool:
        """Whether an act stands that `Desk.undo` would take back."""
        return any(not act.undone for act in self.acts)

    def finding(self, finding_id: str) -> Finding | None:
        """The finding with this id, as it stands."""
        return next((finding for finding in self.findings if finding.id == finding_id), None)

    def occurrences(self, finding_id: str) -> tuple[str, ...]:
        """Ids of the undecided findings one act may settle with this one, itself first.

        The same kind and decision under the same main provision, of the same person (or, where no person is known,
        in the same words). An *ask* stands alone.
        """
        finding = self.finding(finding_id)
        return self.alike().of(finding) if finding else ()

    def alike(self) -> Alike:
        """`occurrences` of any of the findings, gathered in one pass."""
        by_likeness: dict[Likeness, list[str]] = {}
        for finding in self.undecided:
            by_likeness.setdefault(_likeness(finding), []).append(finding.id)
        return Alike(by_likeness)

    def own_ground(self, finding_id: str) -> str:
        """What a reviewer wrote as the ground on which this finding stands now; empty if nobody did."""
        for act in reversed(self.acts):
            if act.undone or act.kind is EventKind.REJECTED or finding_id not in act.finding_ids:
                continue
            if act.why or act.kind is EventKind.CHANGED:
                return act.why
        return ""


def _plain(finding: Finding) -> bool:
    return finding.decision is Decision.DISCLOSE and not finding.contested


def _likeness(finding: Finding) -> Likeness:
    if finding.decision is Decision.ASK or not finding.extents:
        return (finding.id,)  # never settled with another; an area has no words by which it could be like one
    main = finding.grounds[0].provision if finding.grounds else None
    whose = ("person", finding.person) if finding.person else ("words", "".join(finding.text.split()))
    return finding.kind, finding.decision, main, whose


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a reviewer put in place of a proposal; stored whole, so that replaying gives the same finding.

    `extents` empty: several places were changed in one act and each stays where it stands, or the mark has none.
    `boxes`: the areas drawn by hand, beside those of its characters; None: they stay as they are.
    """

    decision: Decision
    extents: tuple[Extent, ...]
    grounds: tuple[Ground, ...]
    reason: str
    to_find_out: str | None
    boxes: tuple[Box, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """A line of the history. Counts are of findings as they stand now. `examined`: it has a proposal."""

    id: str
    mode: Mode
    title: str
    opened_at: datetime
    changed_at: datetime
    city: str
    fictional: bool
    findings: int
    undecided: int
    messages: int
    examined: bool = False
