"""What is indexed: every source of a corpus, and the questions staff ask, each with the provision it speaks about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.corpus.corpus import Corpus
from assistant.domain.provision import Provision
from assistant.domain.source import Source, SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One text retrieval compares with. `source` None: a question staff ask, never shown or cited.

    `labels`: the provisions it speaks about, as written (a precedent may name several).
    """

    id: str
    text: str
    source: Source | None
    labels: tuple[str, ...]

    @property
    def kind(self) -> SourceKind | None:
        """None for a question."""
        return self.source.kind if self.source else None


def entries_of(corpus: Corpus) -> tuple[Entry, ...]:
    """All versions, in the order of the corpus, questions last. Ids are unique."""
    return (*_sources(corpus), *_questions(corpus))


def _sources(corpus: Corpus) -> Iterator[Entry]:
    provisions = {provision.source_id: provision for provision in corpus.ordinance.provisions}
    for source in corpus.sources.values():
        if source.kind is SourceKind.PROVISION:
            provision = provisions[source.id]
            yield Entry(id=source.id, text=_own(provision), source=source, labels=(provision.label,))
        elif source.unit is not None:
            yield Entry(id=source.id, text=source.search_text, source=source, labels=source.unit.grounds)
        else:
            labels = (source.provision,) if source.provision else ()
            yield Entry(id=source.id, text=source.search_text, source=source, labels=labels)


def _own(provision: Provision) -> str:
    """Heading and own text: with all below it, the exemption article would be near to every question."""
    return f"{provision.caption}\n{provision.own_text}" if provision.caption else provision.own_text


def _questions(corpus: Corpus) -> Iterator[Entry]:
    for number, (label, question) in enumerate(corpus.questions, 1):
        yield Entry(id=f"question:{number}", text=question, source=None, labels=(label,))
