"""From a model's answer to findings and opinions: placed in the document, grounded in the corpus, quotes checked.

Nothing is dropped in silence: what could not be taken is counted in `Taken.told` by the code of its warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
from assistant.propose.argue_pieces import Piece
from assistant.propose.argue_place import MOST_PLACES, Reader
from assistant.propose.argue_prompt import Shelf
from assistant.propose.argue_shape import CitationSaid, ExceptionSaid, FindingSaid, OpinionSaid, ReplySaid
from assistant.text.folding import folded_text

MOST_FINDINGS = 300
"""Findings, and opinions, taken from one answer: thirty times what a page can need."""

_SEVERITY = {Decision.DISCLOSE: 0, Decision.ASK: 1, Decision.WITHHOLD: 2}
_OPEN = "モデルは、この例外について述べていない。"
_FIND_OUT = "モデルは要検討としたが、何を確かめるかを述べていない。判断を左右する事実を確かめること。"


@dataclass(slots=True, kw_only=True)
class Taken:
    """What was taken so far, over the pieces of one document."""

    findings: dict[str, Finding] = field(default_factory=dict)
    opinions: dict[tuple[str, Decision, Head | None], tuple[str, Opinion]] = field(default_factory=dict)
    told: Counter[tuple[str, int]] = field(default_factory=Counter)  # (code of a warning, page)

    def add(self, finding: Finding) -> None:
        """Of two findings at one place the stricter stands."""
        held = self.findings.get(finding.id)
        if held is None or _SEVERITY[finding.decision] > _SEVERITY[held.decision]:
            self.findings[finding.id] = finding

    def say(self, finding_id: str, opinion: Opinion) -> None:
        """An opinion said twice, on the seam of two pieces, is kept once; two that differ are both kept."""
        self.opinions.setdefault((finding_id, opinion.decision, opinion.head), (finding_id, opinion))


class Taker:
    """Takes the answers about one document."""

    def __init__(self, document: Document, corpus: Corpus, day: date, shelf: Shelf, model: str) -> None:
        self._document, self._corpus, self._day = document, corpus, day
        self._shelf, self._model = shelf, model
        self._checked: dict[tuple[str, str], Citation] = {}

    def take(self, piece: Piece, reply: ReplySaid, taken: Taken) -> None:
        """Adds what one answer holds to `taken`."""
        page = piece.page.number
        reader = Reader(piece)
        over = max(len(reply.findings) - MOST_FINDINGS, 0) + max(len(reply.opinions) - MOST_FINDINGS, 0)
        taken.told["model_too_many", page] += over
        for said in reply.findings[:MOST_FINDINGS]:
            places = reader.places(said.text, said.before)
            taken.told["model_not_in_text", page] += not places
            taken.told["model_too_many", page] += len(places) == MOST_PLACES
            if places:
                self._take(said, places, piece, taken)
        for opinion in reply.opinions[:MOST_FINDINGS]:
            if 1 <= opinion.number <= len(piece.findings):
                self._say(piece.findings[opinion.number - 1], opinion, taken)
            else:
                taken.told["model_no_such_finding", page] += 1

    def _take(
        self, said: FindingSaid, places: Sequence[tuple[Extent, ...]], piece: Piece, taken: Taken
    ) -> None:
        page = piece.page.number
        citations = self._citations(said.citations)
        grounds = self._grounds(said)
        reason = said.reason or ("" if grounds else said.why)
        if _gives_away(reason, said.text):
            taken.told["model_reason_dropped", page] += 1
            reason = ""
        question = (said.to_find_out or _FIND_OUT) if said.decision is Decision.ASK else None
        for extents in places:
            ruled = _standing(extents, said.decision, piece.findings)
            if ruled is not None:
                part = (
                    ""
                    if extents in self._document.places(ruled.extents)
                    else f"このうち「{said.text}」について："
                )
                opinion = Opinion(
                    by=self._model,
                    decision=said.decision,
                    head=grounds[0].head if grounds else None,
                    why=part + (said.why or reason),
                    citations=citations,
                )
                taken.say(ruled.id, opinion)
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

    def _say(self, ruled: Finding, said: OpinionSaid, taken: Taken) -> None:
        opinion = Opinion(
            by=self._model,
            decision=said.decision,
            head=self._known(said.head),
            why=said.why,
            citations=self._citations(said.citations),
        )
        taken.say(ruled.id, opinion)

    def _citations(self, said: Sequence[CitationSaid]) -> tuple[Citation, ...]:
        return tuple(dict.fromkeys(self._citation(one) for one in said))

    def _citation(self, said: CitationSaid) -> Citation:
        """Checked against the whole corpus; a number that was not given names no source and is not found."""
        number = said.source.strip().strip("〔〕[]")
        key = (number, said.quote)
        if key not in self._checked:
            source = self._shelf.source_id(number)
            self._checked[key] = verify(said.quote, source, self._corpus, as_of=self._day)
        return self._checked[key]

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
    heads = {ground.head for ground in finding.grounds}
    return any(
        one.status is CitationStatus.VERIFIED
        and (source := corpus.source(one.source)) is not None
        and heads.intersection(source.heads)
        for one in finding.citations
    )


def _walked(label: str, role: LimbRole | None, said: ExceptionSaid | None) -> ProvisoCheck:
    if said is None:
        return ProvisoCheck(provision=label, role=role, applies=None, why=_OPEN)
    return ProvisoCheck(provision=label, role=role, applies=said.applies, why=said.why or _OPEN)


def _standing(extents: tuple[Extent, ...], decision: Decision, ruled: Sequence[Finding]) -> Finding | None:
    """The rules' finding the model speaks about: at the same place, or around it and no less strict.

    A stricter word about a part of what the rules found is a finding of its own, or it would be lost.
    """
    for one in ruled:
        if one.extents == extents or (len(extents) == 1 and extents[0] in one.extents):
            return one
    for one in ruled:
        around = all(any(outer.covers(inner) for outer in one.extents) for inner in extents)
        if around and _SEVERITY[one.decision] >= _SEVERITY[decision]:
            return one
    return None


def _gives_away(reason: str, withheld: str) -> bool:
    """Whether the draft for the notice holds what is to be withheld."""
    secret = folded_text(withheld, variants=True)
    return len(secret) > 1 and secret in folded_text(reason, variants=True)
