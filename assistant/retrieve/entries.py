"""What is indexed: every source of a corpus, and what is never shown but leads to one, each with what it speaks about.

Never shown are the questions staff ask, the city's own names for its heads, limbs and topics, and the words sources
use for each kind of information: a city that has brought nothing but its ordinance is found by those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.corpus.city import City
from assistant.corpus.corpus import Corpus
from assistant.domain.entity import EntityKind
from assistant.domain.provision import Head, Provision
from assistant.domain.source import Source, SourceKind
from assistant.policy.words import words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One text retrieval compares with. `source` None: a signpost, never shown or cited.

    `labels`: the provisions it speaks about, as written (a precedent may name several); `heads`: for a signpost that
    knows the heads but no provision.
    """

    id: str
    text: str
    source: Source | None
    labels: tuple[str, ...] = ()
    heads: tuple[Head, ...] = ()

    @property
    def kind(self) -> SourceKind | None:
        """None for a signpost."""
        return self.source.kind if self.source else None


def entries_of(corpus: Corpus) -> tuple[Entry, ...]:
    """All versions, in the order of the corpus, signposts last. Ids are unique."""
    return (*_sources(corpus), *_questions(corpus), *_names(corpus.city), *_kinds())


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


def _names(city: City) -> Iterator[Entry]:
    for head in city.heads:
        words = " ".join((head.label, head.subject, head.harm))
        yield Entry(id=f"head:{head.head}", text=words, source=None, labels=head.provisions[:1])
    for number, limb in enumerate(city.limbs, 1):
        if limb.label:
            yield Entry(id=f"limb:{number}", text=limb.label, source=None, labels=(limb.provision,))
    for topic in city.topics:
        yield Entry(id=f"topic:{topic.topic}", text=topic.topic, source=None, labels=topic.provisions[:1])


def _kinds() -> Iterator[Entry]:
    for kind in EntityKind:
        words = words_of(kind)
        if words.heads:
            text = " ".join(dict.fromkeys((words.name, *words.look_for)))
            yield Entry(id=f"kind:{kind}", text=text, source=None, heads=words.heads)
