"""The rules' findings weighed against worked passages: what the rules miss is added, what both see is settled.

Worked passages may add a finding, may turn an answer into a question, and where all the like of it were open, may turn
the question into a candidate for disclosure that says so; they never take a finding away. How much they may say is the
policy's own (`worked_passages` in the policy file): they were decided under one city's policy, so under another they only
ask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from assistant.corpus.corpus import Corpus
from assistant.detect.overlap import Places
from assistant.domain.document import Document, Extent
from assistant.domain.entity import Entity, EntityKind, Explanation, Facts
from assistant.domain.finding import Decision, Finding
from assistant.domain.likeness import Lean, Likeness
from assistant.domain.provision import Head
from assistant.domain.source import Source
from assistant.liken.likener import Likened
from assistant.policy.citing import Library
from assistant.policy.decide import POINTING, SEVERITY, Judged
from assistant.policy.grounds import Clauses, meant_for
from assistant.policy.judge import finding_of, found_texts
from assistant.policy.mosaic import ask_together
from assistant.policy.rules import Policy, Rule, Situation
from assistant.policy.settle import settle
from assistant.text.folding import fold

BY = "worked_passages"


class Bar(NamedTuple):
    """How far the like of a place must have been withheld, or not left open, for the place to be withheld or asked about."""

    withhold: float
    ask: float


BARS: Mapping[Decision | None, Bar] = MappingProxyType(
    {
        None: Bar(withhold=0.5, ask=0.33),
        Decision.DISCLOSE: Bar(withhold=0.75, ask=0.6),
        Decision.ASK: Bar(withhold=0.55, ask=0.03),
        Decision.WITHHOLD: Bar(withhold=0.25, ask=0.03),
    }
)
"""By what the rules have answered to the place; set on worked passages held back from training (benchmarks/detection.md)."""
_BY_FORM = frozenset(
    {
        EntityKind.MY_NUMBER, EntityKind.BANK_ACCOUNT, EntityKind.ID_NUMBER, EntityKind.EMPLOYEE_NUMBER,
        EntityKind.VEHICLE_NUMBER, EntityKind.PHONE, EntityKind.EMAIL, EntityKind.ADDRESS, EntityKind.BIRTH_DATE,
        EntityKind.NETWORK, EntityKind.SEAL, EntityKind.SIGNATURE,
    }
)  # fmt: skip
"""What the rules know by its form: they may be asked again about it, but not set aside. Nor may what a statute closes."""
_SHORTEST_POINTING, _SHORTEST = 2, 5
"""Letters a piece needs to be looked for elsewhere: a name or number, and anything else."""
OTHER_HEAD = 0.5
"""The like must have been decided so far under another head for that head to become the main ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """Everything a weighing needs to write a finding. `closed`: persons named somewhere where the like was not all open."""

    document: Document
    facts: Facts
    policy: Policy
    clauses: Clauses
    library: Library
    corpus: Corpus
    found: frozenset[str]
    closed: frozenset[str]

    def written(self, extents: tuple[Extent, ...], said: Likeness, sure: float) -> Finding | None:
        """A finding for a place, by the rule of the policy that answers so, else by what the policy says of the like."""
        rule = self._rule(said)
        if rule is None:
            return None
        text = self.document.words(extents)
        explanation = Explanation(recognizer=BY, pattern=str(said.decision), score=round(sure, 2))
        entity = Entity(kind=said.kind, extents=extents, text=text, explanations=(explanation,))
        judged = Judged(entity=entity, situation=self._situation(said), rule=rule)
        return finding_of(self.document, judged, self.clauses, self.library, self.found, self.corpus.city)

    def _situation(self, said: Likeness) -> Situation:
        doc_type = fold(self.facts.doc_type or "", drop_space=True).text
        return Situation(kind=said.kind, traits=self.facts.traits, doc_type=doc_type)

    def _rule(self, said: Likeness) -> Rule | None:
        situation = self._situation(said)
        for head, _ in said.lean.heads:
            if head not in self.corpus.heads(self.library.day):
                continue
            # Rules that disclose do so for reasons of which the like tells nothing.
            if said.decision is Decision.DISCLOSE:
                return self.policy.like.get((said.decision, head))
            for rule in self.policy.rules:
                if rule.decision is said.decision and main_head(rule) is head and rule.matches(situation):
                    return rule
            return self.policy.like.get((said.decision, head))
        return None


def main_head(rule: Rule) -> Head | None:
    """The head a rule rests on first."""
    return rule.grounds[0].head if rule.grounds else None


def weigh(  # noqa: PLR0917 - the judgement's own signature, with what worked passages say
    document: Document,
    facts: Facts,
    ruled: Sequence[Finding],
    likened: Likened,
    sources: Sequence[Source],
    policy: Policy,
    corpus: Corpus,
    day: date,
) -> tuple[Finding, ...]:
    """The rules' findings and those that worked passages add, in reading order, settled anew."""
    scales = Scales(
        document=document,
        facts=facts,
        policy=meant_for(policy, corpus, day),
        clauses=Clauses(corpus, day),
        library=Library(sources, corpus, day),
        corpus=corpus,
        found=found_texts(facts),
        closed=frozenset(one.person for one in ruled if one.person and _is_closed_name(one, likened)),
    )
    weighing = policy.worked_passages == "weigh"
    settled = [_reconsidered(one, likened, scales) if weighing else one for one in ruled]
    by_rules, standing = _Standing(ruled), _Standing(settled)
    added: list[Finding] = []
    for like in likened.likenesses():
        over = Decision.DISCLOSE if by_rules.answers(like.extents, Decision.DISCLOSE) else None
        answer = _answer(over, like.lean)
        said = replace(like, decision=answer if weighing else Decision.ASK)
        if answer is Decision.DISCLOSE or standing.answers(said.extents, said.decision):
            continue
        places = (*said.extents, *_elsewhere(document, said, by_rules))
        one = scales.written(places, said, 1 - said.lean.open)
        if one is not None:
            examples = likened.examples(said.extents, one.decision, one.head)
            added.append(replace(one, examples=examples))
            standing.add(added[-1])
    by_likeness = _Standing(added)
    left = [one for one in settled if not by_likeness.speaks_for(one)]
    return ask_together(settle(document, [*left, *added]))


class _Standing:
    """Findings by their places: which of them answer a place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._places = Places[tuple[Extent, Decision]]()
        for finding in findings:
            self.add(finding)

    def add(self, finding: Finding) -> None:
        """One more."""
        for extent in finding.extents:
            self._places.add(extent, (extent, finding.decision))

    def answers(self, extents: Sequence[Extent], decision: Decision, *, stricter: bool = False) -> bool:
        """Whether each extent lies in a finding that is no milder than `decision` (`stricter`: that is stricter)."""
        least = SEVERITY[decision] + stricter
        return all(
            any(SEVERITY[said] >= least and outer.covers(extent) for outer, said in self._places.over(extent))
            for extent in extents
        )

    def speaks_for(self, finding: Finding) -> bool:
        """Whether a finding lies wholly in stricter ones, which then speak for it."""
        return self.answers(finding.extents, finding.decision, stricter=True)

    def touches(self, extent: Extent) -> bool:
        """Whether anything shares a letter with the extent."""
        return bool(self._places.over(extent))


def _elsewhere(document: Document, said: Likeness, by_rules: _Standing) -> tuple[Extent, ...]:
    """Where else the same words stand, unless the rules have answered there: hiding them in one place is not enough."""
    text = document.words(said.extents)
    shortest = _SHORTEST_POINTING if said.kind in POINTING else _SHORTEST
    if len(said.extents) > 1 or sum(letter.isalnum() for letter in text) < shortest:
        return ()
    found = []
    for page in document.pages:
        at = page.text.find(text)
        while at >= 0:
            place = Extent(page=page.number, start=at, end=at + len(text))
            if place not in said.extents and not by_rules.touches(place):
                found.append(place)
            at = page.text.find(text, at + len(text))
    return tuple(found)


def _reconsidered(finding: Finding, likened: Likened, scales: Scales) -> Finding:
    """The finding, or what becomes of it where the like was clearly decided otherwise."""
    lean = likened.lean(finding.extents)
    other = finding if lean is None else _settled(finding, lean, likened, scales)
    if other is finding:
        return finding
    return replace(other, examples=likened.examples(finding.extents, other.decision, other.head))


def _settled(finding: Finding, lean: Lean, likened: Likened, scales: Scales) -> Finding:
    decision = _answer(finding.decision, lean)
    if decision is Decision.DISCLOSE and not _may_be_open(finding, likened, scales):
        decision = min(finding.decision, Decision.ASK, key=SEVERITY.__getitem__)
    if decision is not finding.decision:
        own = Decision.WITHHOLD is finding.decision or decision is Decision.DISCLOSE
        heads = ((finding.head, 1.0),) if own and finding.head else lean.heads
        return _as(decision, finding, replace(lean, heads=heads), scales)
    if lean.heads and lean.head is not finding.head and lean.heads[0][1] >= OTHER_HEAD:
        return _as(decision, finding, lean, scales)
    return finding


def _may_be_open(finding: Finding, likened: Likened, scales: Scales) -> bool:
    """Whether the like was open at every place of a finding that the rules do not know by its form or a statute.

    A name withheld once is withheld everywhere: it is not opened in one place and closed in another.
    """
    if finding.decision is Decision.DISCLOSE or finding.kind in _BY_FORM or finding.head is Head.STATUTORY:
        return False
    if finding.kind is EntityKind.PERSON_NAME and finding.person in scales.closed:
        return False
    return _was_open(finding, likened)


def _is_closed_name(finding: Finding, likened: Likened) -> bool:
    name = finding.kind is EntityKind.PERSON_NAME and finding.decision is not Decision.DISCLOSE
    return name and not _was_open(finding, likened)


def _was_open(finding: Finding, likened: Likened) -> bool:
    """Whether all the like of each of its places was open."""
    leans = [likened.lean((extent,)) for extent in finding.extents]
    return all(one is not None and 1 - one.open < BARS[finding.decision].ask for one in leans)


def _answer(ruled: Decision | None, lean: Lean) -> Decision:
    """The answer to a place of which the rules said `ruled`, or nothing."""
    bar = BARS[ruled]
    if lean.withhold >= bar.withhold:
        return Decision.WITHHOLD
    return Decision.ASK if 1 - lean.open >= bar.ask else Decision.DISCLOSE


def _as(decision: Decision, finding: Finding, lean: Lean, scales: Scales) -> Finding:
    said = Likeness(extents=finding.extents, kind=finding.kind, decision=decision, lean=lean)
    other = scales.written(finding.extents, said, lean.withhold)
    if other is None:
        return finding
    kept = tuple(
        ground for ground in finding.grounds if ground.head not in {one.head for one in other.grounds}
    )
    return replace(
        other,
        person=finding.person,
        text=finding.text,
        found_by=tuple(dict.fromkeys((*finding.found_by, *other.found_by))),
        grounds=(*other.grounds, *(kept if Decision.DISCLOSE not in {finding.decision, decision} else ())),
    )
