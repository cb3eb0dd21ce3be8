"""A chat turn without a model: read the question, ask the sources, say only what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from assistant.converse.about_head import (
    near_policies,
    policy_of,
    practice_of,
    provisos_of,
    test_of,
    to_find_out,
)
from assistant.converse.about_topic import rules_of, steps_of
from assistant.converse.claims import bundled_claims
from assistant.converse.decided import decided_on, decided_under
from assistant.converse.matter import (
    Matter,
    RetrieverPort,
    Searcher,
    Wanted,
    covered,
    matters_of,
    of_provision,
    wanted_of,
)
from assistant.converse.references import explained, named_in, shown, without_references
from assistant.converse.routing import looks_like_passage
from assistant.converse.say import Speaker, plain_quote
from assistant.converse.turn import Answer, Role, Sentence, one_each
from assistant.converse.wording import bundled_wording, city_slots
from assistant.corpus.corpus import Corpus
from assistant.domain.finding import CitationStatus, Decision, Finding, Proposal, ProposalWarning
from assistant.domain.provision import Provision
from assistant.errors import InputError

# How much of a question the sources must know. Of 150 of the sample city's own staff questions (left out of the search)
# none lies below 0.33; of 15 questions about something else entirely 12 lie at 0.2 or below.
_FLOOR = 0.3
_WEAK = 0.5
LONGEST_QUESTION = 2_000
LONGEST_PASTED = 20_000
"""Characters of a question, and of a passage put as one. Nothing is cut: what is longer is refused."""


def answer(
    question: str,
    *,
    retriever: RetrieverPort,
    corpus: Corpus,
    day: date,
    propose: Callable[[str], Proposal] | None = None,
) -> Answer:
    """Answer from the sources in force on `day`; silent where they say nothing. `propose`: what to do with a passage.

    Raises InputError for a question that is too long: half of it answered would look like all of it.
    """
    speaker = Speaker(corpus, day)
    warnings = _standing_warnings(corpus)
    if not question.strip():
        words = bundled_wording().silent
        return _silence(words.empty, words.empty_to_do, warnings, corpus)
    _check_length(question, LONGEST_PASTED)
    routing = looks_like_passage(question)
    if routing.is_passage:
        told = bundled_wording().warnings.passage.format(
            reasons="、".join(routing.reasons), **city_slots(corpus.city)
        )
        warnings.append(ProposalWarning(code="passage", message=told))
        if propose is not None:
            return _of_passage(propose(question), speaker, warnings, routing.reasons)
    _check_length(question, LONGEST_QUESTION)
    searcher = Searcher(retriever, question, day)
    named, unknown = named_in(question, corpus, day)
    warnings += unknown
    wanted = wanted_of(without_references(question))
    matters = _matters(named, searcher, corpus)
    share = 1.0 if named else covered(wanted, matters, searcher, corpus)
    telling = bool(wanted.words or wanted.official)
    if share < _FLOOR or not (matters or named) or (unknown and not named and not telling):
        words = bundled_wording().silent
        if telling or unknown:
            return _silence(words.nothing, words.nothing_to_do, warnings, corpus)
        return _silence(words.vague, words.vague_to_do, warnings, corpus)
    if share < _WEAK:
        warnings.append(ProposalWarning(code="weak", message=bundled_wording().warnings.weak))
    said = shown(named, speaker)
    if named and not telling:
        return _finished([*said, *explained(named, speaker)], matters, (), warnings, corpus)
    body, left = _told(matters, wanted, searcher, speaker, warnings)
    return _finished([*said, *body], matters, left, warnings, corpus)


def _check_length(question: str, most: int) -> None:
    if len(question) > most:
        told = bundled_claims().errors.question_too_long
        raise InputError(told.format(length=f"{len(question):,}", limit=f"{LONGEST_QUESTION:,}"))


def _told(
    matters: Sequence[Matter],
    wanted: Wanted,
    searcher: Searcher,
    speaker: Speaker,
    warnings: list[ProposalWarning],
) -> tuple[list[Sentence], list[str]]:
    """The body of the answer and what is left to find out; adds to `warnings`."""
    if not matters:
        return [], []
    main, others = matters[0], matters[1:]
    said = _subject(main, others, wanted, speaker)
    if others:
        names = "、".join(f"{other.label}（{other.provision.label}）" for other in others)
        close = bundled_wording().warnings.close.format(others=names, **city_slots(speaker.corpus.city))
        warnings.append(ProposalWarning(code="close", message=close))
    if main.head is None:
        said += rules_of(main, wanted, searcher, speaker)
        said += steps_of(main, wanted, searcher, speaker)
        return said + decided_on(main, wanted, searcher, speaker), []
    heads = [matter.head for matter in matters if matter.head]
    policies = [source for head in heads for source in near_policies(head, wanted, searcher)]
    for head in heads:
        said += policy_of(head, wanted, searcher, speaker)
    for matter in matters[:2]:  # where two heads are close, both tests are needed to choose
        said += test_of(matter, matter.head, wanted, speaker) if matter.head else []
    said += provisos_of(main.head, wanted, speaker)
    said += practice_of(main.head, wanted, searcher, speaker)
    decided, missing = decided_under(main, wanted, searcher, speaker)
    warnings += missing
    return said + decided, list(dict.fromkeys(to_find_out(main.head, policies, speaker)))


def _matters(named: Sequence[Provision], searcher: Searcher, corpus: Corpus) -> tuple[Matter, ...]:
    """What the named provisions are about; without any, what retrieval makes of the question."""
    found = [of_provision(provision, corpus, searcher.day) for provision in named]
    known = {(matter.head, matter.topic): matter for matter in found if matter}
    return tuple(known.values()) or matters_of(searcher, corpus)


def _subject(main: Matter, others: Sequence[Matter], wanted: Wanted, speaker: Speaker) -> list[Sentence]:
    words = bundled_wording().sentences
    said: list[Sentence] = []
    for matter in (main, *others):
        source = speaker.source_of(matter.provision)
        role: Role = "subject" if matter is main else "alternative"
        template = words.alternative
        if matter is main:
            template = words.subject if matter.head else words.subject_topic
        slots = {"topic": matter.label} if template is words.subject_topic else {"label": matter.label}
        said += speaker.quoting(role, template, source, wanted.all, provision=matter.provision.label, **slots)
    return said


def _of_passage(
    proposal: Proposal, speaker: Speaker, warnings: list[ProposalWarning], reasons: tuple[str, ...]
) -> Answer:
    """A passage in the chat: what would be withheld, by clause, without repeating a word of it."""
    corpus, words = speaker.corpus, bundled_wording().sentences
    by_clause: dict[str, list[Finding]] = {}
    for finding in proposal.findings:
        if finding.decision is Decision.WITHHOLD and finding.grounds:
            by_clause.setdefault(finding.grounds[0].provision, []).append(finding)
    said: list[Sentence] = []
    for clause, findings in by_clause.items():
        cited = [
            (citation.source, citation.quote)
            for citation in findings[0].citations
            if citation.status is CitationStatus.VERIFIED
        ]
        entry = corpus.city.head(findings[0].grounds[0].head)
        said += speaker.say(
            "passage",
            words.passage,
            cited[:1],
            count=str(sum(len(finding.extents) or 1 for finding in findings)),
            label=entry.label if entry else findings[0].grounds[0].head.value,
            provision=clause,
            quote=plain_quote(cited[0][1]) if cited else "",
        )
    heads = tuple(
        dict.fromkeys(finding.head for group in by_clause.values() for finding in group if finding.head)
    )
    asked = tuple(dict.fromkeys(f.to_find_out for f in proposal.findings if f.to_find_out))
    return Answer(
        sentences=one_each(said),
        heads=heads,
        to_find_out=asked,
        warnings=(*warnings, *proposal.warnings),
        footer=_footer(corpus),
        routed=reasons,
    )


def _finished(
    said: Sequence[Sentence],
    matters: Sequence[Matter],
    find_out: Sequence[str],
    warnings: Sequence[ProposalWarning],
    corpus: Corpus,
) -> Answer:
    return Answer(
        sentences=one_each(said),
        heads=tuple(matter.head for matter in matters if matter.head),
        topics=tuple(matter.topic for matter in matters if matter.topic),
        to_find_out=tuple(find_out),
        warnings=tuple(warnings),
        footer=_footer(corpus),
    )


def _silence(text: str, to_do: Sequence[str], warnings: Sequence[ProposalWarning], corpus: Corpus) -> Answer:
    """One sentence without a source, because there is none; and what to do."""
    slots = city_slots(corpus.city)
    return Answer(
        sentences=(Sentence(text=text.format(**slots), citations=(), role="silent"),),
        to_find_out=tuple(each.format(**slots) for each in to_do),
        warnings=tuple(warnings),
        footer=_footer(corpus),
        silent=True,
    )


def _standing_warnings(corpus: Corpus) -> list[ProposalWarning]:
    """What stands under every answer: that staff decide, and that an invented city is invented."""
    words, slots = bundled_wording().warnings, city_slots(corpus.city)
    warnings = [ProposalWarning(code="staff_decide", message=words.footer.format(**slots))]
    if corpus.city.fictional:
        warnings.append(ProposalWarning(code="fictional", message=words.fictional.format(**slots)))
    return warnings


def _footer(corpus: Corpus) -> str:
    return bundled_wording().warnings.footer.format(**city_slots(corpus.city))
