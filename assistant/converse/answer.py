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
from assistant.converse.routing import looks_like_passage
from assistant.converse.say import Speaker, plain_quote
from assistant.converse.turn import Answer, Sentence, one_each
from assistant.converse.wording import bundled_wording, city_slots
from assistant.corpus.corpus import Corpus
from assistant.domain.finding import CitationStatus, Decision, Finding, Proposal, ProposalWarning
from assistant.domain.provision import Provision
from assistant.law.references import find_references, format_reference

_FLOOR = 0.25  # of the telling words the sources must know
_WEAK = 0.6
_LONGEST_QUESTION = 2000


def answer(
    question: str,
    *,
    retriever: RetrieverPort,
    corpus: Corpus,
    day: date,
    propose: Callable[[str], Proposal] | None = None,
) -> Answer:
    """Answer from the sources in force on `day`; silent where they say nothing. `propose`: what to do with a passage."""
    speaker, searcher = Speaker(corpus, day), Searcher(retriever, day)
    warnings = _standing_warnings(corpus)
    if not question.strip():
        words = bundled_wording().silent
        return _silence(words.empty, words.empty_to_do, warnings, corpus)
    routing = looks_like_passage(question)
    if routing.is_passage:
        told = bundled_wording().warnings.passage.format(
            reasons="、".join(routing.reasons), **city_slots(corpus.city)
        )
        warnings.append(ProposalWarning(code="passage", message=told))
        if propose is not None:
            return _of_passage(propose(question), speaker, warnings, routing.reasons)
    asked = question[:_LONGEST_QUESTION]
    named, unknown = _named(asked, corpus, day)
    warnings += unknown
    wanted = wanted_of(asked)
    matters = _matters(asked, named, searcher, corpus)
    share = 1.0 if named else covered(asked, wanted, matters, searcher, corpus)
    if (not matters and not named) or share < _FLOOR:
        words = bundled_wording().silent
        if wanted.words or wanted.official or unknown:
            return _silence(words.nothing, words.nothing_to_do, warnings, corpus)
        return _silence(words.vague, words.vague_to_do, warnings, corpus)
    if share < _WEAK:
        warnings.append(ProposalWarning(code="weak", message=bundled_wording().warnings.weak))
    said = _references(named, speaker)
    only_reference = bool(named) and not wanted.words and not wanted.official
    told = _told(asked, matters, wanted, searcher, speaker, warnings, only_reference=only_reference)
    return _finished([*said, *told[0]], matters, told[1], warnings, corpus)


def _told(
    asked: str,
    matters: Sequence[Matter],
    wanted: Wanted,
    searcher: Searcher,
    speaker: Speaker,
    warnings: list[ProposalWarning],
    *,
    only_reference: bool,
) -> tuple[list[Sentence], list[str]]:
    """The body of the answer and what is left to find out; adds to `warnings`."""
    if not matters:
        return [], []
    main, others = matters[0], matters[1:]
    said = [] if only_reference else _subject(main, others, wanted, speaker)
    if others and not only_reference:
        names = "、".join(f"{other.label}（{other.provision.label}）" for other in others)
        close = bundled_wording().warnings.close.format(others=names, **city_slots(speaker.corpus.city))
        warnings.append(ProposalWarning(code="close", message=close))
    if main.head is None:
        said += [] if only_reference else rules_of(main, wanted, speaker)
        said += steps_of(main, asked, wanted, searcher, speaker)
        return said + decided_on(main, asked, wanted, searcher, speaker), []
    heads = [matter.head for matter in matters if matter.head]
    policies = [source for head in heads for source in near_policies(head, asked, wanted, searcher)]
    for head in heads:
        said += policy_of(head, asked, wanted, searcher, speaker)
    said += [] if only_reference else test_of(main, main.head, wanted, speaker)
    said += provisos_of(main.head, wanted, speaker)
    said += practice_of(main.head, asked, wanted, searcher, speaker)
    decided, missing = decided_under(main, asked, wanted, searcher, speaker)
    warnings += missing
    return said + decided, list(dict.fromkeys(to_find_out(main.head, policies, speaker)))


def _matters(
    asked: str, named: Sequence[Provision], searcher: Searcher, corpus: Corpus
) -> tuple[Matter, ...]:
    """What the named provisions are about; without any, what retrieval makes of the question."""
    found = [of_provision(provision, corpus, searcher.day) for provision in named]
    known = {(matter.head, matter.topic): matter for matter in found if matter}
    return tuple(known.values()) or matters_of(asked, searcher, corpus)


def _named(asked: str, corpus: Corpus, day: date) -> tuple[list[Provision], list[ProposalWarning]]:
    """The provisions the question names outright, and a warning for each that does not exist."""
    found, warnings = [], []
    for _, _, ref in find_references(asked, style=corpus.ordinance.style):
        provision = corpus.find(ref, day)
        if provision is not None:
            found.append(provision)
            continue
        label = format_reference(ref, style=corpus.ordinance.style)
        template = bundled_wording().warnings.unknown_reference
        told = template.format(provision=label, **city_slots(corpus.city))
        warnings.append(ProposalWarning(code="unknown_reference", message=told))
    return list(dict.fromkeys(found)), warnings


def _references(named: Sequence[Provision], speaker: Speaker) -> list[Sentence]:
    """The named provisions, shown whole."""
    words = bundled_wording().sentences
    said: list[Sentence] = []
    for provision in named:
        source = speaker.source_of(provision)
        if source is None:
            continue
        template = words.reference_caption if provision.caption else words.reference
        slots = {"caption": provision.caption} if provision.caption else {}
        said += speaker.say(
            "reference",
            template,
            [(source.id, source.text)],
            provision=provision.label,
            quote=source.text,
            **slots,
        )
    return said


def _subject(main: Matter, others: Sequence[Matter], wanted: Wanted, speaker: Speaker) -> list[Sentence]:
    words = bundled_wording().sentences
    said: list[Sentence] = []
    for matter in (main, *others):
        source = speaker.source_of(matter.provision)
        if matter is not main:
            template, role = words.alternative, "alternative"
        else:
            template, role = words.subject if matter.head else words.subject_topic, "subject"
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
            count=str(sum(len(finding.extents) for finding in findings)),
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
