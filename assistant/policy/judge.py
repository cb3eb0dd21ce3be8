"""From what was found to what is proposed: the first matching rule of the city's policy, with all its grounds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.corpus.city import City
from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.entity import Entity, Facts
from assistant.domain.finding import Decision, Finding, Ground, finding_id
from assistant.domain.source import Source
from assistant.policy.citing import Library
from assistant.policy.decide import Judged, decide
from assistant.policy.grounds import Clauses, meant_for
from assistant.policy.mosaic import ask_together
from assistant.policy.precision import with_precision
from assistant.policy.rules import Policy
from assistant.policy.settle import settle
from assistant.policy.wording import Slots, word_reason
from assistant.policy.words import words_of
from assistant.text.folding import fold

_WHICH_CLAUSE = "{short}では、どの号によって検討すべきか。いずれの号にも当たらなければ{disclose}となる。"


def judge_by_policy(  # noqa: PLR0917 - the signature other rooms rely on
    document: Document,
    facts: Facts,
    sources: Sequence[Source],
    policy: Policy,
    corpus: Corpus,
    day: date,
) -> tuple[Finding, ...]:
    """A finding for every piece of information, in reading order. `sources`: what retrieval brought, best first."""
    library = Library(sources, corpus, day)
    clauses = Clauses(corpus, day)
    found = found_texts(facts)
    city = corpus.city
    findings = [
        finding_of(document, one, clauses, library, found, city)
        for one in decide(facts, meant_for(policy, corpus, day))
    ]
    return with_precision(ask_together(settle(document, findings)), policy.precision)


def found_texts(facts: Facts) -> frozenset[str]:
    """Everything that was found, folded: a field's name goes into a reason only if it gives away nothing of it."""
    return frozenset(fold(entity.text, drop_space=True, variants=True).text for entity in facts.entities)


def finding_of(  # noqa: PLR0917 - what one judgement knows, handed on
    document: Document, judged: Judged, clauses: Clauses, library: Library, found: frozenset[str], city: City
) -> Finding:
    """The finding that a judgement makes, with its grounds, its reason and what it rests on."""
    entity, rule = judged.entity, judged.rule
    grounds = clauses.grounds_of(rule, judged.situation)
    wording = clauses.wording_of(rule, judged.situation)
    decision, question = _answer(judged, grounds, city)
    extents = tuple(sorted(entity.extents))
    place = place_of(entity, found) if "{place}" in wording else ""
    slots = Slots(kind=words_of(entity.kind).name, place=place, harm=rule.harm, body=city.labels.body)
    return Finding(
        id=finding_id(document, entity.kind, extents),
        kind=entity.kind,
        extents=extents,
        text=entity.text,
        decision=decision,
        grounds=grounds,
        person=entity.person,
        reason=word_reason(wording, grounds, slots) if grounds and wording else "",
        to_find_out=question,
        citations=library.citations(rule, grounds),
        found_by=tuple(dict.fromkeys((*(e.recognizer for e in entity.explanations), f"policy:{rule.id}"))),
    )


def _answer(judged: Judged, grounds: Sequence[Ground], city: City) -> tuple[Decision, str | None]:
    """The rule's decision; where the city has none of the rule's heads, a question instead of a guess."""
    rule = judged.rule
    if rule.decision is not Decision.DISCLOSE and not grounds:
        return Decision.ASK, _WHICH_CLAUSE.format(short=city.ordinance.short, disclose=city.labels.disclose)
    return rule.decision, rule.to_find_out


def place_of(entity: Entity, found: frozenset[str]) -> str:
    """「連絡先」欄; 当該部分 where the field has no name or its name holds something that was found."""
    label = entity.standing.label or entity.standing.column
    if not label:
        return "当該部分"
    folded = fold(label, drop_space=True, variants=True).text
    if any(text and text in folded for text in found):
        return "当該部分"
    return f"「{label}」欄"
