"""From a model's answer to findings and opinions: placed in the document, grounded in the corpus, quotes checked.

Nothing is dropped in silence: what could not be taken is counted in `Taken.told` by the code of its warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.cite import verify
from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import (
    Citation,
    CitationStatus,
    Decision,
    Finding,
    Ground,
    Opinion,
    ProvisoCheck,
    finding_id,
)
from assistant.domain.provision import Head, LimbRole, Polarity
from assistant.propose.argue_list import Listed
from assistant.propose.argue_pieces import Piece
from assistant.propose.argue_place import MOST_PLACES, Reader
from assistant.propose.argue_shape import CitationSaid, ExceptionSaid, FindingSaid, OpinionSaid, ReplySaid
from assistant.propose.argue_sources import Shelf
from assistant.text.folding import folded_text

MOST_FINDINGS = 300
"""Findings, and opinions, taken from one answer: thirty times what a page can need."""

_MOST_ERRORS = 12
_SEVERITY = {Decision.DISCLOSE: 0, Decision.ASK: 1, Decision.WITHHOLD: 2}
_OPEN = "モデルは、この例外について述べていない。"
_SAME = "規則と同じ判断である。"
_FIND_OUT = "モデルは要検討としたが、何を確かめるかを述べていない。判断を左右する事実を確かめること。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked about one piece: the findings by number, and the sources by number."""

    piece: Piece
    listed: Listed
    shelf: Shelf


@dataclass(slots=True, kw_only=True)
class Taken:
    """What was taken so far, over the pieces of one document. `asked`: findings that were put to the model by number."""

    findings: dict[str, Finding] = field(default_factory=dict)
    opinions: dict[tuple[str, Decision | None, Head | None, str], tuple[str, Opinion]] = field(
        default_factory=dict
    )
    told: Counter[tuple[str, int]] = field(default_factory=Counter)  # (code of a warning, page)
    stopped: str = ""  # why nothing more was asked
    asked: dict[str, Finding] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Of two findings at one place the stricter stands."""
        held = self.findings.get(finding.id)
        if held is None or _SEVERITY[finding.decision] > _SEVERITY[held.decision]:
            self.findings[finding.id] = finding

    def say(self, finding_id: str, opinion: Opinion, part: str = "") -> None:
        """An opinion said twice, on the seam of two pieces, is kept once; two that differ, or are about different
        parts of the finding, are both kept."""
        key = (finding_id, opinion.decision, opinion.head, folded_text(part))
        self.opinions.setdefault(key, (finding_id, opinion))

    def silent(self) -> tuple[Finding, ...]:
        """The rules' findings that were put to the model and of which it said nothing."""
        spoken_of = {finding_id for finding_id, _ in self.opinions.values()}
        return tuple(one for one in self.asked.values() if one.id not in spoken_of)


class Taker:
    """Takes the answers about one document."""

    def __init__(self, document: Document, corpus: Corpus, day: date, model: str) -> None:
        self._document, self._corpus, self._day, self._model = document, corpus, day, model
        self._checked: dict[tuple[str, str], Citation] = {}

    def problems(self, asked: Asked, reply: ReplySaid) -> tuple[str, ...]:
        """What in an answer is not where it says, for the model to mend: names of fields, never their contents."""
        reader, shelf = Reader(asked.piece), asked.shelf
        told: list[str] = []
        for nth, said in enumerate(reply.findings[:MOST_FINDINGS]):
            if len(told) >= _MOST_ERRORS:
                break
            place = f"findings.{nth}"
            if not reader.places(said.text, said.before):
                told.append(f"- {place}.text が文書の中にない")
            told += self._unlike(place, said.citations, shelf)
            if said.decision is not Decision.DISCLOSE and not self._rests(said, shelf):
                told.append(f"- {place} に、その head の条文か資料からの引用がない")
        for nth, opinion in enumerate(reply.opinions[:MOST_FINDINGS]):
            if not asked.listed.behind(opinion.number):
                told.append(f"- opinions.{nth}.number の候補はない")
            told += self._unlike(f"opinions.{nth}", opinion.citations, shelf)
        return tuple(told[:_MOST_ERRORS])

    def sound(self, asked: Asked, reply: ReplySaid) -> ReplySaid:
        """What in an answer needs no mending."""
        findings = (
            one for one in reply.findings[:MOST_FINDINGS] if not self.problems(asked, _only(findings=(one,)))
        )
        opinions = (
            one for one in reply.opinions[:MOST_FINDINGS] if not self.problems(asked, _only(opinions=(one,)))
        )
        return ReplySaid(findings=tuple(findings), opinions=tuple(opinions), agreed=reply.agreed)

    def take(self, asked: Asked, reply: ReplySaid, taken: Taken) -> None:
        """Adds what one answer holds to `taken`."""
        piece, page = asked.piece, asked.piece.page.number
        reader = Reader(piece)
        over = max(len(reply.findings) - MOST_FINDINGS, 0) + max(len(reply.opinions) - MOST_FINDINGS, 0)
        taken.told["model_too_many", page] += over
        for said in reply.findings[:MOST_FINDINGS]:
            places = reader.places(said.text, said.before)
            taken.told["model_not_in_text", page] += not places
            taken.told["model_too_many", page] += len(places) == MOST_PLACES
            if places:
                self._take(said, places, asked, taken)
        for opinion in reply.opinions[:MOST_FINDINGS]:
            behind = asked.listed.behind(opinion.number)
            taken.told["model_no_such_finding", page] += not behind
            for ruled in behind:
                self._say(ruled, opinion, asked.shelf, taken)
        contradicted = {finding_id for finding_id, _ in taken.opinions.values()}
        for ruled in (one for number in set(reply.agreed) for one in asked.listed.behind(number)):
            if ruled.id not in contradicted:
                taken.say(ruled.id, self._same(ruled))
        taken.asked.update({one.id: one for group in asked.listed.numbered for one in group})

    def _take(
        self, said: FindingSaid, places: Sequence[tuple[Extent, ...]], asked: Asked, taken: Taken
    ) -> None:
        piece, page = asked.piece, asked.piece.page.number
        citations = self._citations(said.citations, asked.shelf)
        grounds = self._grounds(said)
        reason = said.reason or ("" if grounds else said.why)
        if _gives_away(reason, said.text):
            taken.told["model_reason_dropped", page] += 1
            reason = ""
        question = (said.to_find_out or _FIND_OUT) if said.decision is Decision.ASK else None
        for extents in places:
            ruled = _standing(extents, said.decision, piece.findings)
            if ruled is not None:
                part = "" if extents in self._document.places(ruled.extents) else said.text
                about = f"このうち「{part}」について：" if part else ""
                opinion = Opinion(
                    by=self._model,
                    decision=said.decision,
                    head=grounds[0].head if grounds else None,
                    why=about + (said.why or reason),
                    citations=citations,
                )
                taken.say(ruled.id, opinion, part)
                continue
            taken.add(
                Finding(
                    id=finding_id(self._document, EntityKind.OTHER, extents),
                    kind=EntityKind.OTHER,
                    extents=extents,
                    text="".join(self._document.cut(extent) for extent in extents),
                    decision=said.decision,
                    grounds=grounds,
                    reason=reason,
                    to_find_out=question,
                    citations=citations,
                    found_by=(f"model:{self._model}",),
                )
            )

    def _same(self, ruled: Finding) -> Opinion:
        return Opinion(by=self._model, decision=ruled.decision, head=ruled.head, why=_SAME, citations=())

    def _say(self, ruled: Finding, said: OpinionSaid, shelf: Shelf, taken: Taken) -> None:
        opinion = Opinion(
            by=self._model,
            decision=said.decision,
            head=self._known(said.head),
            why=said.why,
            citations=self._citations(said.citations, shelf),
        )
        taken.say(ruled.id, opinion)

    def _citations(self, said: Sequence[CitationSaid], shelf: Shelf) -> tuple[Citation, ...]:
        return tuple(dict.fromkeys(self._citation(one, shelf) for one in said))

    def _citation(self, said: CitationSaid, shelf: Shelf) -> Citation:
        """Checked against the whole corpus; a number that was not given names no source and is not found."""
        source = shelf.source_id(said.source.strip().strip("〔〕[]"))
        key = (source, said.quote)
        if key not in self._checked:
            self._checked[key] = verify(said.quote, source, self._corpus, as_of=self._day)
        return self._checked[key]

    def _unlike(self, place: str, said: Sequence[CitationSaid], shelf: Shelf) -> list[str]:
        return [
            f"- {place}.citations.{nth}.quote が、その source の文と一字ずつ同じでない"
            for nth, one in enumerate(said)
            if self._citation(one, shelf).status is not CitationStatus.VERIFIED
        ]

    def _rests(self, said: FindingSaid, shelf: Shelf) -> bool:
        return said.head is not None and _carried(
            (self._citation(one, shelf) for one in said.citations), {said.head}, self._corpus
        )

    def _known(self, head: Head | None) -> Head | None:
        return head if head in self._corpus.heads(self._day) else None

    def _grounds(self, said: FindingSaid) -> tuple[Ground, ...]:
        """The clause by the corpus, every exception to it in the order of the text, with what the model said of it."""
        head = self._known(said.head)
        if head is None:
            return ()
        walked = {one.exception: one for one in said.exceptions}
        provisos = tuple(
            _walked(limb.provision.label, limb.role, walked.get(limb.provision.label))
            for limb in self._corpus.limbs_of(head, self._day)
            if limb.polarity is Polarity.EXCEPTION and not limb.nested
        )
        provision = self._corpus.provision_of(head, self._day).label
        return (Ground(head=head, provision=provision, limb=None, why=said.why, provisos=provisos),)


def rests_on_its_head(finding: Finding, corpus: Corpus) -> bool:
    """Whether a finding can be settled as it stands: withhold and ask need a verified citation of their own head."""
    if finding.decision is Decision.DISCLOSE:
        return True
    return _carried(finding.citations, {ground.head for ground in finding.grounds}, corpus)


def _carried(citations: Iterable[Citation], heads: set[Head], corpus: Corpus) -> bool:
    return any(
        one.status is CitationStatus.VERIFIED
        and (source := corpus.source(one.source)) is not None
        and bool(heads.intersection(source.heads))
        for one in citations
    )


def _only(findings: tuple[FindingSaid, ...] = (), opinions: tuple[OpinionSaid, ...] = ()) -> ReplySaid:
    return ReplySaid(findings=findings, opinions=opinions)


def _walked(label: str, role: LimbRole | None, said: ExceptionSaid | None) -> ProvisoCheck:
    if said is None:
        return ProvisoCheck(provision=label, role=role, applies=None, why=_OPEN)
    return ProvisoCheck(provision=label, role=role, applies=said.applies, why=said.why or _OPEN)


def _standing(extents: tuple[Extent, ...], decision: Decision, ruled: Sequence[Finding]) -> Finding | None:
    """The rules' finding the model speaks about: at the same place, or the shortest around it that is no less strict.

    A stricter word about a part of what the rules found is a finding of its own, or it would be lost.
    """
    for one in ruled:
        if one.extents == extents or (len(extents) == 1 and extents[0] in one.extents):
            return one
    around = (
        one
        for one in ruled
        if _SEVERITY[one.decision] >= _SEVERITY[decision]
        and all(any(outer.covers(inner) for outer in one.extents) for inner in extents)
    )
    return min(around, key=lambda one: len(one.text), default=None)


def _gives_away(reason: str, withheld: str) -> bool:
    """Whether the draft for the notice holds what is to be withheld."""
    secret = folded_text(withheld, variants=True)
    return len(secret) > 1 and secret in folded_text(reason, variants=True)
