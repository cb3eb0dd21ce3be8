"""A question that names a provision: show it as it stands, and what the handbook says of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.converse.say import Speaker
from assistant.converse.turn import Sentence
from assistant.converse.wording import bundled_wording, city_slots
from assistant.corpus.corpus import Corpus
from assistant.domain.finding import ProposalWarning
from assistant.domain.provision import Provision
from assistant.domain.source import SourceKind
from assistant.law.references import find_references, format_reference

_PARAGRAPHS = 3
_SECTIONS = ("趣旨", "解釈", "ただし書", "手続")


def named_in(asked: str, corpus: Corpus, day: date) -> tuple[list[Provision], list[ProposalWarning]]:
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


def shown(named: Sequence[Provision], speaker: Speaker) -> list[Sentence]:
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


def explained(named: Sequence[Provision], speaker: Speaker) -> list[Sentence]:
    """The handbook's first paragraphs on the named provisions themselves."""
    template = bundled_wording().sentences.practice
    labels = {provision.label for provision in named}
    said: list[Sentence] = []
    for source in speaker.corpus.sources.values():
        if source.kind is SourceKind.HANDBOOK and source.section in _SECTIONS and source.provision in labels:
            section = f"{source.provision} {source.section}"
            said += speaker.quoting("practice", template, source, (), section=section)
    return said[:_PARAGRAPHS]


def without_references(asked: str) -> str:
    """The question without the references, whose numbers are no words of the matter."""
    kept, end = [], 0
    for start, stop, _ in find_references(asked, foreign=True):
        kept.append(asked[end:start])
        end = stop
    return " ".join([*kept, asked[end:]])
