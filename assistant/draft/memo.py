"""The drafter's memo (起案用メモ): what stands behind a row and does not belong in the notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Citation, CitationStatus, Finding, Ground
from assistant.domain.provision import Head
from assistant.domain.source import SourceKind, UnitResult
from assistant.draft.precedents import Decided, by_ids, decided_alike, what_became
from assistant.draft.wording import bundled_wording
from assistant.policy.words import words_of
from assistant.text.eras import format_era

_EACH_SIDE = 3


def memo_of(findings: Sequence[Finding], grounds: Sequence[Ground], corpus: Corpus, day: date) -> str:
    """The memo of a row, line by line."""
    words, labels = bundled_wording().memo, corpus.city.labels
    lines = (
        [words.fictional.format(fictional=labels.fictional, city=corpus.city.name)]
        if corpus.city.fictional
        else []
    )
    if any(finding.decided is None for finding in findings):
        lines.append(words.unsettled)
    lines += _grounds(grounds, corpus)
    lines += [words.find_out.format(what=w) for w in _once(f.to_find_out for f in findings)]
    if names := _once(name for finding in findings for name in finding.found_by):
        lines.append(words.found_by.format(names="、".join(names)))
    cited = list(dict.fromkeys(citation for finding in findings for citation in finding.citations))
    lines += handbook_lines(cited, corpus)
    look_for = tuple(word for f in findings[:1] for word in words_of(f.kind).look_for)
    lines += precedent_lines(cited, grounds[0].head, look_for, corpus, day)
    return "\n".join(lines)


def handbook_lines(cited: Sequence[Citation], corpus: Corpus) -> Iterator[str]:
    """The handbook's paragraphs, quoted, with the status of the quote where it is not verified."""
    words = bundled_wording().memo
    yield words.handbook.format(handbook=corpus.city.labels.handbook)
    handbook = [citation for citation in cited if citation.kind is SourceKind.HANDBOOK]
    for citation in handbook:
        source = corpus.source(citation.source)
        status = {
            CitationStatus.NOT_FOUND: words.not_found,
            CitationStatus.OUT_OF_SCOPE: words.out_of_scope,
        }.get(citation.status, "")
        title = source.title if source else citation.source
        yield words.handbook_line.format(title=title, quote=citation.quote, source=citation.source) + status
    if not handbook:
        yield words.none


def precedent_lines(
    cited: Sequence[Citation], head: Head, look_for: Sequence[str], corpus: Corpus, day: date
) -> Iterator[str]:
    """Both sides: what was cited first, then what was decided alike, with date and whether it still stands."""
    words, labels = bundled_wording().memo, corpus.city.labels
    named = by_ids(corpus, [c.source for c in cited if c.kind is SourceKind.PRECEDENT])
    conflicting = by_ids(corpus, [f"precedent:{i}" for each in named for i in each.unit.conflicts_with])
    sides: tuple[tuple[UnitResult, str], ...] = (
        ("withheld", words.precedents),
        ("disclosed", words.opposite),
    )
    for side, heading in sides:
        alike = decided_alike(corpus, head, look_for, side, day, limit=_EACH_SIDE)
        known = [each for each in (*named, *conflicting) if each.unit.result == side]
        yield heading.format(precedent=labels.precedent, withheld=labels.withhold, disclosed=labels.disclose)
        both = list({each.source_id: each for each in (*known, *alike)}.values())[:_EACH_SIDE]
        yield from (_line(each, corpus) for each in both)
        if not both:
            yield words.none


def _line(decided: Decided, corpus: Corpus) -> str:
    words, labels = bundled_wording().memo, corpus.city.labels
    precedent, unit = decided.precedent, decided.unit
    line = words.precedent_line.format(
        date=format_era(precedent.date),
        body=precedent.body,
        number=precedent.number,
        part=unit.part,
        result=labels.withhold if unit.result == "withheld" else labels.disclose,
        stands=what_became(precedent),
        source=decided.source_id,
    )
    if unit.conflicts_with:
        line += words.conflicting.format(ids="、".join(unit.conflicts_with))
    return line


def _grounds(grounds: Sequence[Ground], corpus: Corpus) -> Iterator[str]:
    words = bundled_wording().memo
    answers = {True: words.applies, False: words.not_applies, None: words.unknown}
    for ground in grounds:
        entry = corpus.city.head(ground.head)
        yield words.ground.format(
            provision=ground.limb or ground.provision,
            head=entry.label if entry else ground.head,
            why=ground.why,
        )
        for check in ground.provisos:
            yield words.proviso.format(
                provision=check.provision, answer=answers[check.applies], why=check.why
            )


def _once(texts: Iterator[str | None]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
