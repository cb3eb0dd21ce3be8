"""What can be cited: provisions, paragraphs of the handbook, units of precedents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day  # a precedent's own field is called date
from enum import StrEnum
from typing import Literal

from assistant.domain.provision import Head, LimbRole, Topic


class SourceKind(StrEnum):
    """The three kinds of citable text."""

    PROVISION = "provision"
    HANDBOOK = "handbook"
    PRECEDENT = "precedent"


PrecedentKind = Literal["decision", "opinion", "ruling", "judgment"]
Origin = Literal["own", "other"]
Disposition = Literal["full", "partial", "refused", "nonexistent", "existence_refusal"]
ReviewOutcome = Literal["none", "upheld", "altered", "annulled"]
UnitResult = Literal["withheld", "disclosed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedentUnit:
    """One part that was decided, with its grounds and its reasons (domain.md §7)."""

    number: int
    part: str
    heads: tuple[Head, ...]
    topic: Topic | None
    grounds: tuple[str, ...]  # literal citations of the ordinance that was applied
    exception: LimbRole | None
    result: UnitResult
    reason_given: str
    argument: str  # what was argued and may have lost; never cited as if it were held
    holding: str
    conflicts_with: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """A decision, opinion, ruling or judgment with its units."""

    id: str
    kind: PrecedentKind
    origin: Origin
    body: str
    ordinance: str
    number: str
    date: Day
    department: str
    document_types: tuple[str, ...]
    request: str
    disposition: Disposition
    review: ReviewOutcome
    review_date: Day | None
    reviewed_by: str | None
    superseded_by: str | None
    note: str
    units: tuple[PrecedentUnit, ...]

    @property
    def stands(self) -> bool:
        """Whether it still shows how the matter is decided: not superseded, altered or annulled."""
        return self.superseded_by is None and self.review in ("none", "upheld")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One citable text. `text` is what a quote must be found in, word for word.

    `title` is how it is cited on screen; `provision` the label of the provision it is or speaks about;
    `section` the handbook section (趣旨, 解釈, 具体例（開示） …). `search_text` is what retrieval reads
    (may hold more than the citable text, such as document types); never quoted.
    """

    id: str
    kind: SourceKind
    title: str
    text: str
    search_text: str
    heads: tuple[Head, ...] = ()
    provision: str | None = None
    exception: LimbRole | None = None
    topic: Topic | None = None
    section: str | None = None
    in_force_from: Day | None = None
    in_force_until: Day | None = None
    precedent: Precedent | None = None
    unit: PrecedentUnit | None = None
