"""One invented passage with every kind of finding, and the smallest corpus its citations point into."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from assistant.adapters.record import SqlRecordStore, open_record
from assistant.domain.document import Box, Document, Extent, Page
from assistant.domain.entity import EntityKind
from assistant.domain.finding import (
    Citation,
    CitationStatus,
    Decision,
    Estimate,
    Example,
    Finding,
    Ground,
    Opinion,
    Proposal,
    ProposalWarning,
    ProvisoCheck,
)
from assistant.domain.provision import Head, LimbRole
from assistant.domain.source import Source, SourceKind
from assistant.review.actor import Actor
from assistant.review.desk import Desk

TEXT = "申出者\t鶴亀小槌 様\n担当　用地係　松竹梅子\n申出者鶴亀小槌様から電話。見積額は要確認。受付第12号\n\x00\f①"
HANAKO = Actor(department="総務課", name="見本花子")
JIRO = Actor(department="用地課", name="雛形次郎")

OF_PERSON = "provision:j7_k1_g2@2023-04-01"
OF_COMPANY = "provision:j7_k1_g3@2023-04-01"


@dataclass(frozen=True)
class SmallCity:
    id: str = "mihon"
    fictional: bool = True


@dataclass(frozen=True)
class SmallCorpus:
    """Two provisions; every other source is unknown."""

    city: SmallCity = field(default_factory=SmallCity)

    def source(self, source_id: str, /) -> Source | None:
        heads = {OF_PERSON: Head.INDIVIDUAL, OF_COMPANY: Head.CORPORATE}
        if source_id not in heads:
            return None
        return Source(
            id=source_id,
            kind=SourceKind.PROVISION,
            title="第7条",
            text="特定の個人を識別することができるもの",
            search_text="",
            heads=(heads[source_id],),
        )


class Clock:
    """One second later every time it is asked."""

    def __init__(self) -> None:
        self.now = datetime(2026, 4, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def cite(source: str = OF_PERSON, status: CitationStatus = CitationStatus.VERIFIED) -> Citation:
    return Citation(source=source, kind=SourceKind.PROVISION, quote="特定の個人を識別する", status=status)


PERSONAL = Ground(
    head=Head.INDIVIDUAL,
    provision="第7条第2号",
    limb=None,
    why="氏名から個人が分かる",
    provisos=(
        ProvisoCheck(
            provision="第7条第2号ただし書ウ", role=LimbRole.OFFICIAL_DUTY, applies=None, why="職務か不明"
        ),
    ),
)
BUSINESS = Ground(head=Head.OPERATIONS, provision="第7条第7号", limb="第7条第7号イ", why="")


def finding(name: str, words: str, decision: Decision, *, nth: int = 0, **more: object) -> Finding:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    made = Finding(
        id=name,
        kind=EntityKind.PERSON_NAME,
        extents=(Extent(page=1, start=start, end=start + len(words)),),
        text=words,
        decision=decision,
    )
    return replace(made, **more)  # type: ignore[arg-type]


# w1, w2: one person twice, well founded · w3: its citation is not in the source · w4: only another head is cited
# a1: an ask, well founded · a2: an ask nothing supports · d1, d2: disclosures
FINDINGS = (
    finding(
        "w1",
        "鶴亀小槌",
        Decision.WITHHOLD,
        grounds=(PERSONAL, BUSINESS),
        citations=(cite(),),
        person="p1",
        reason="申出者の氏名で、個人が識別される。",
        boxes=(Box(page=1, x0=1.5, y0=2.25, x1=3.0, y1=4.0),),
        open_from=date(2027, 1, 1),
        found_by=("person_name", "policy:resident"),
        precision=(0.75, 40),
        opinions=(
            Opinion(
                by="小さなモデル",
                decision=Decision.ASK,
                head=None,
                why="別人かもしれない",
                citations=(cite(),),
            ),
        ),
        examples=(
            Example(
                id="z01-03",
                doc_type="騒音の相談票",
                text="笹舟 こより",
                decision=Decision.WITHHOLD,
                head=Head.INDIVIDUAL,
            ),
        ),
    ),
    finding("d1", "用地係", Decision.DISCLOSE, kind=EntityKind.POST),
    finding("d2", "松竹梅子", Decision.DISCLOSE, grounds=(PERSONAL,)),
    finding(
        "w2", "鶴亀小槌", Decision.WITHHOLD, nth=1, grounds=(PERSONAL,), citations=(cite(),), person="p1"
    ),
    finding(
        "a1",
        "見積額",
        Decision.ASK,
        kind=EntityKind.PRICE,
        grounds=(PERSONAL,),
        citations=(cite(),),
        to_find_out="開札の前か後か",
    ),
    finding("a2", "電話", Decision.ASK, kind=EntityKind.FACT),
    finding(
        "w3",
        "申出者",
        Decision.WITHHOLD,
        grounds=(PERSONAL,),
        citations=(cite(status=CitationStatus.NOT_FOUND), cite("provision:gone")),
    ),
    finding("w4", "受付", Decision.WITHHOLD, grounds=(PERSONAL,), citations=(cite(OF_COMPANY),)),
)


def proposal(findings: tuple[Finding, ...] = FINDINGS) -> Proposal:
    return Proposal(
        city="mihon",
        fictional=True,
        engine="rules",
        requested_engine="model",
        model="小さなモデル",
        ordinance_id="見本市情報公開条例",
        ordinance_in_force_from=date(2023, 4, 1),
        decision_date=date(2026, 4, 1),
        document=Document.of_texts((TEXT, ""), name="相談記録", doc_type="面談記録"),
        findings=findings,
        estimate=Estimate(both=2, one=1, missed=0.5, interval=(0.0, 3.5)),
        warnings=(ProposalWarning(code="existence_refusal", message="存否に注意してください。", page=1),),
        index_id="index-1",
        prompt_hash="p" * 64,
    )


def boxed_page() -> Page:
    box = Box(page=1, x0=0.0, y0=0.0, x1=1.0, y1=1.0)
    return Page(number=1, text="あい う", boxes=(box, replace(box, x0=1.0), None, box))


def desk_at(folder: Path) -> tuple[Desk, SqlRecordStore]:
    store = open_record(folder)
    return Desk(store, Clock(), SmallCorpus()), store
