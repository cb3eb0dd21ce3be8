"""JSON from outside as a proposal: validated field by field, then against its own pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.domain.document import Box, Document, Extent, Hidden, HiddenKind, Origin, Page
from assistant.domain.entity import EntityKind
from assistant.domain.finding import (
    Citation,
    CitationStatus,
    Decision,
    Engine,
    Estimate,
    Example,
    Finding,
    Ground,
    Opinion,
    Proposal,
    ProposalWarning,
    ProvisoCheck,
    Review,
)
from assistant.domain.provision import Head, LimbRole
from assistant.domain.source import SourceKind
from assistant.domain.usage import PageUsage, Usage
from assistant.errors import InputError

_TODO = "osumitsuki propose --json の出力をそのまま渡してください。"
_EDGE = 1.0  # points by which a box may stand over the edge: rounding
_Count = Annotated[int, Field(ge=0)]
_Real = Annotated[float, Field(allow_inf_nan=False)]
_Size = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Share = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Extent(_Strict):
    page: Annotated[int, Field(ge=1)]
    start: _Count
    end: _Count


class _Box(_Strict):
    page: Annotated[int, Field(ge=1)]
    x0: _Real
    y0: _Real
    x1: _Real
    y1: _Real


class _Check(_Strict):
    provision: str
    role: LimbRole | None
    applies: bool | None
    why: str


class _Ground(_Strict):
    head: Head
    provision: str
    limb: str | None
    why: str
    provisos: tuple[_Check, ...]


class _Citation(_Strict):
    source: str
    kind: SourceKind | None
    quote: str
    status: CitationStatus


class _Opinion(_Strict):
    by: str
    decision: Decision | None
    head: Head | None
    why: str
    citations: tuple[_Citation, ...]


class _Example(_Strict):
    id: str
    doc_type: str
    text: str
    decision: Decision
    head: Head | None


class _Decided(_Strict):
    state: Literal["confirmed", "changed", "rejected"]
    by: str
    at: datetime


class _Precision(_Strict):
    share: Annotated[float, Field(ge=0, le=1)]
    count: _Count


class _Finding(_Strict):
    id: Annotated[str, Field(min_length=1)]
    kind: EntityKind
    person: str | None
    page: int
    start: int
    end: int
    text: str
    extents: tuple[_Extent, ...]
    boxes: tuple[_Box, ...]
    decision: Decision
    head: Head | None
    provision: str | None
    grounds: tuple[_Ground, ...]
    open_from: date | None
    reason: str
    to_find_out: str | None
    citations: tuple[_Citation, ...]
    found_by: tuple[str, ...]
    precision: _Precision | None
    decided: _Decided | None
    opinions: tuple[_Opinion, ...] = ()
    examples: tuple[_Example, ...] = ()


class _Page(_Strict):
    number: Annotated[int, Field(ge=1)]
    text: str
    width: _Size = 0.0
    height: _Size = 0.0
    turned: Literal[0, 90, 180, 270] = 0
    origin: Origin = Origin.FILE
    doubts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], ...] = ()


class _Document(_Strict):
    name: str
    sha256: str
    doc_type: str | None = None
    media: str = "passage"


class _Hidden(_Strict):
    kind: HiddenKind
    place: str
    page: int | None
    text: str


class _Ordinance(_Strict):
    id: str
    in_force_from: date


class _Estimate(_Strict):
    both: _Count
    one: _Count
    missed: _Share
    interval: tuple[_Share, _Share]


class _Warning(_Strict):
    code: str
    message: str
    page: int | None


class _Usage(_Strict):
    page: Annotated[int, Field(ge=1)]
    calls: _Count = 0
    reused: _Count = 0
    prompt_tokens: _Count = 0
    completion_tokens: _Count = 0
    cached_tokens: _Count = 0
    estimated: _Count = 0


class _Proposal(_Strict):
    city: str
    fictional: bool
    engine: Engine
    requested_engine: Engine
    model: str | None
    ordinance: _Ordinance
    document: _Document
    pages: Annotated[tuple[_Page, ...], Field(min_length=1)]
    findings: tuple[_Finding, ...]
    estimate: _Estimate
    warnings: tuple[_Warning, ...]
    decision_date: date | None = None
    index: str | None = None
    prompt_hash: str | None = None
    usage: tuple[_Usage, ...] = ()
    hidden: tuple[_Hidden, ...] = ()


def from_json(data: Any) -> Proposal:
    """The proposal that `to_json` wrote, or that another program wrote in the same words.

    Without `decision_date` the day the ordinance's text came into force stands in. Raises InputError: a field is
    missing, unknown or of the wrong shape, or a finding does not fit the pages. Messages name fields, not contents.
    """
    try:
        read = _Proposal.model_validate(data)
    except ValidationError as error:
        raise InputError(_say(error)) from error
    _check(read)
    return _proposal(read)


def _say(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "全体"
    problem = {
        "missing": "がありません",
        "extra_forbidden": "は知らない項目です",
        "enum": "の値が、決められた語のどれでもありません",
        "literal_error": "の値が、決められた語のどれでもありません",
    }.get(first["type"], "の値の形が違います")
    return f"提案のJSONの {place} {problem}。{_TODO}"


def _check(read: _Proposal) -> None:
    numbers = [page.number for page in read.pages]
    if len(set(numbers)) != len(numbers):
        raise InputError(f"提案のJSONの pages に同じ番号のページが二つあります。{_TODO}")
    pages = {page.number: page for page in read.pages}
    repeated = [name for name, count in Counter(finding.id for finding in read.findings).items() if count > 1]
    if repeated:
        raise InputError(f"提案のJSONの findings に同じ id が二つあります。{_TODO}")
    for number, finding in enumerate(read.findings):
        problem = _misfit(finding, pages)
        if problem:
            raise InputError(f"提案のJSONの findings.{number} {problem}。{_TODO}")


def _misfit(finding: _Finding, pages: dict[int, _Page]) -> str | None:
    main = finding.grounds[0] if finding.grounds else None
    if (finding.head, finding.provision) != ((main.head, main.provision) if main else (None, None)):
        return "の head と provision が grounds の最初と違います"
    return _misplaced(finding, pages)


def _misplaced(finding: _Finding, pages: dict[int, _Page]) -> str | None:
    for extent in finding.extents:
        if extent.page not in pages or not extent.start < extent.end <= len(pages[extent.page].text):
            return "の位置がページの外です"
    if not all(_on_page(box, pages.get(box.page)) for box in finding.boxes):
        return "の枠がページの外か、大きさのない枠です"
    if not (finding.extents or finding.boxes):
        return "に extents も boxes もありません"
    first = finding.extents[0] if finding.extents else _Extent(page=finding.boxes[0].page, start=0, end=0)
    if (finding.page, finding.start, finding.end) != (first.page, first.start, first.end):
        return "の page、start、end が extents の最初と違います（extents が空なら、最初の枠のページと 0、0）"
    if pages[first.page].text[first.start : first.end] != finding.text:
        return "の text がページのその位置の文字と違います"
    return None


def _on_page(box: _Box, page: _Page | None) -> bool:
    """A page without a size takes any box: what it shows is not known here."""
    if page is None or not (box.x0 < box.x1 and box.y0 < box.y1):
        return False
    inside = box.x0 >= -_EDGE and box.y0 >= -_EDGE
    return not page.width or (inside and box.x1 <= page.width + _EDGE and box.y1 <= page.height + _EDGE)


def _page(read: _Page) -> Page:
    return Page(**dict(read))


def _proposal(read: _Proposal) -> Proposal:
    document = Document(
        name=read.document.name,
        sha256=read.document.sha256,
        pages=tuple(_page(page) for page in read.pages),
        doc_type=read.document.doc_type,
        media=read.document.media,
        hidden=tuple(Hidden(**dict(one)) for one in read.hidden),
    )
    return Proposal(
        city=read.city,
        fictional=read.fictional,
        engine=read.engine,
        requested_engine=read.requested_engine,
        model=read.model,
        ordinance_id=read.ordinance.id,
        ordinance_in_force_from=read.ordinance.in_force_from,
        decision_date=read.decision_date or read.ordinance.in_force_from,
        document=document,
        findings=tuple(_finding(document, finding) for finding in read.findings),
        estimate=Estimate(**dict(read.estimate)),
        warnings=tuple(ProposalWarning(**dict(warning)) for warning in read.warnings),
        index_id=read.index,
        prompt_hash=read.prompt_hash,
        usage=tuple(_usage(one) for one in read.usage),
    )


def _finding(document: Document, read: _Finding) -> Finding:
    extents = tuple(Extent(**dict(extent)) for extent in read.extents)
    return Finding(
        id=read.id,
        kind=read.kind,
        extents=extents,
        text=document.words(extents),
        decision=read.decision,
        grounds=tuple(_ground(ground) for ground in read.grounds),
        person=read.person,
        boxes=tuple(Box(**dict(box)) for box in read.boxes),
        open_from=read.open_from,
        reason=read.reason,
        to_find_out=read.to_find_out,
        citations=_citations(read.citations),
        found_by=read.found_by,
        precision=(read.precision.share, read.precision.count) if read.precision else None,
        opinions=tuple(
            Opinion(
                by=one.by,
                decision=one.decision,
                head=one.head,
                why=one.why,
                citations=_citations(one.citations),
            )
            for one in read.opinions
        ),
        examples=tuple(Example(**dict(one)) for one in read.examples),
        decided=Review(**dict(read.decided)) if read.decided else None,
    )


def _usage(read: _Usage) -> PageUsage:
    told = {name: count for name, count in read if name != "page"}
    return PageUsage(page=read.page, usage=Usage(**told))


def _ground(read: _Ground) -> Ground:
    provisos = tuple(ProvisoCheck(**dict(check)) for check in read.provisos)
    return Ground(head=read.head, provision=read.provision, limb=read.limb, why=read.why, provisos=provisos)


def _citations(read: Sequence[_Citation]) -> tuple[Citation, ...]:
    return tuple(Citation(**dict(citation)) for citation in read)
