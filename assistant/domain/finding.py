"""What is proposed: findings with grounds, provisos, citations; and what became of them under review."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from assistant.domain.document import Box, Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.provision import Head, LimbRole
from assistant.domain.source import SourceKind
from assistant.domain.usage import PageUsage

Engine = Literal["rules", "model"]


class Decision(StrEnum):
    """On screen 非開示候補, 開示候補, 要検討."""

    WITHHOLD = "withhold"
    DISCLOSE = "disclose"
    ASK = "ask"


class CitationStatus(StrEnum):
    """On screen 原文一致, 原文になし, 対象外."""

    VERIFIED = "verified"
    NOT_FOUND = "not_found"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quote and the source it claims to come from. Only `cite.verify` sets `verified`."""

    source: str
    kind: SourceKind | None  # None: the source id is unknown to the corpus
    quote: str
    status: CitationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisoCheck:
    """One exception walked through: does it take the information out of the exemption, and why (not)?

    `applies` None: the passage lacks the fact that decides.
    """

    provision: str
    role: LimbRole | None
    applies: bool | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A clause relied on. `limb` is the label of a limb of the exemption (第7条第7号イ), None if it has none."""

    head: Head
    provision: str
    limb: str | None
    why: str
    provisos: tuple[ProvisoCheck, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What another engine thinks of a finding; stands beside it and changes nothing by itself (design.md D4)."""

    by: str  # name of the model
    decision: Decision | None  # None: it was asked, and said nothing of it
    head: Head | None
    why: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A piece of a worked passage (作業例, invented by us) that a finding is like, and how it was decided there.

    `id`: of the worked passage; `doc_type`: what record it is; `text`: the piece. Nothing of the user's document.
    """

    id: str
    doc_type: str
    text: str
    decision: Decision
    head: Head | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a person decided about a finding."""

    state: Literal["confirmed", "changed", "rejected"]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One piece of information with a proposed decision.

    `grounds`: main one first; empty where no head is engaged (disclosure needs none). For a disclosed finding the
    ground is the head that was tested and the proviso that takes it out. `reason` is the draft for the notice.
    `boxes`: where it stands on paper, points. A mark drawn by hand has boxes only: no extents, and `text` is empty.
    """

    id: str
    kind: EntityKind
    extents: tuple[Extent, ...]
    text: str
    decision: Decision
    grounds: tuple[Ground, ...] = ()
    person: str | None = None
    boxes: tuple[Box, ...] = ()
    open_from: date | None = None
    reason: str = ""
    to_find_out: str | None = None
    citations: tuple[Citation, ...] = ()
    found_by: tuple[str, ...] = ()
    precision: tuple[float, int] | None = None  # measured share and its count
    opinions: tuple[Opinion, ...] = ()
    examples: tuple[Example, ...] = ()  # worked passages it was found or weighed by, likest first
    decided: Review | None = None

    @property
    def head(self) -> Head | None:
        """The head of the main ground, None where no head is engaged."""
        return self.grounds[0].head if self.grounds else None

    @property
    def contested(self) -> bool:
        """Whether it would be disclosed and another opinion beside it would not: it is looked at by itself."""
        return self.decision is Decision.DISCLOSE and any(
            one.decision not in {None, Decision.DISCLOSE} for one in self.opinions
        )


def finding_id(
    document: Document, kind: EntityKind, extents: tuple[Extent, ...], drawn: tuple[Box, ...] = ()
) -> str:
    """A stable id: hash of the document, the places and the kind (design.md D13). `drawn`: areas without characters."""
    places = ";".join(
        (
            *(f"{e.page}:{e.start}-{e.end}" for e in extents),
            *(f"{b.page}:{b.x0:.2f},{b.y0:.2f},{b.x1:.2f},{b.y1:.2f}" for b in drawn),
        )
    )
    return "f" + hashlib.sha256(f"{document.sha256}|{places}|{kind}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalWarning:
    """Something a person must know before going on. `message` is Japanese and holds no document text."""

    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What both detectors, or only one, found, and how many both may have missed (capture–recapture)."""

    both: int
    one: int
    missed: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Everything proposed for one document. `engine` answered; `requested_engine` was asked for."""

    city: str
    fictional: bool
    engine: Engine
    requested_engine: Engine
    model: str | None
    ordinance_id: str
    ordinance_in_force_from: date
    decision_date: date
    document: Document
    findings: tuple[Finding, ...]
    estimate: Estimate
    warnings: tuple[ProposalWarning, ...] = ()
    index_id: str | None = None
    prompt_hash: str | None = None
    usage: tuple[PageUsage, ...] = ()  # what asking a model took, by page
