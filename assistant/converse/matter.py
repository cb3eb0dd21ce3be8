"""What a question is about: the head or topic retrieval ranks first, and the others where it is close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.converse.wording import bundled_wording
from assistant.corpus.corpus import Corpus
from assistant.domain.provision import Head, Provision, Topic
from assistant.domain.source import Source, SourceKind
from assistant.retrieve.query import SearchQuery, SearchResults
from assistant.retrieve.thesaurus import bundled_thesaurus
from assistant.retrieve.words import content_words
from assistant.text.folding import fold, folded_text
from assistant.text.morphemes import tokenize

_CLOSE = 0.8  # of the best score: within it the question may be about either
_LOOKED_AT = 8
_READ = 80
_TOP = 12
_TELLING, _COUNTING = ("名詞", "形状詞"), ("数詞", "助動詞語幹")
_UNMET = 2  # a word the sources do not know weighs so much more than one they do


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A head of exemption or a procedural topic, with its main provision on the day. One of the two is set."""

    provision: Provision
    label: str
    score: float
    head: Head | None = None
    topic: Topic | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The words of a question that say what it is about, and the official words for them."""

    words: tuple[str, ...]
    official: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Both, for choosing what to quote."""
        return (*self.words, *self.official)


class RetrieverPort(Protocol):
    """What is needed of retrieval."""

    def search(self, query: SearchQuery) -> SearchResults:
        """Hits best first, with the tally."""
        ...


class Searcher:
    """The retriever, asked one question for one day: each kind of source once, however often it is looked through."""

    def __init__(self, retriever: RetrieverPort, question: str, day: date) -> None:
        self.day = day
        self.question = question
        self._retriever = retriever
        self._found: dict[SourceKind, SearchResults] = {}

    def near(
        self, kind: SourceKind, *, head: Head | None = None, topic: Topic | None = None
    ) -> list[tuple[Source, float]]:
        """Sources of one kind, best first, with their score (1 for the best of the kind)."""
        return [
            (hit.source, hit.score)
            for hit in self._results(kind).hits
            if (head is None or head in hit.source.heads) and (topic is None or topic is hit.source.topic)
        ]

    def _results(self, kind: SourceKind) -> SearchResults:
        if kind not in self._found:
            query = SearchQuery(self.question, kinds=(kind,), as_of=self.day, limit=_READ)
            self._found[kind] = self._retriever.search(query)
        return self._found[kind]


def wanted_of(question: str) -> Wanted:
    """The telling words: nouns that do not stand in every question."""
    generic = {folded_text(word) for word in bundled_wording().words.generic}
    words = (word for word in _nouns(question) if folded_text(word) not in generic)
    official = bundled_thesaurus().expand(question)
    return Wanted(
        words=tuple(dict.fromkeys(words)),
        official=tuple(word for word in official if folded_text(word) not in generic),
    )


def _nouns(text: str) -> list[str]:
    """Nouns in normalized form; verbs say what to do with a record, not what is in it."""
    return [
        word.normalized_form
        for word in tokenize(fold(text).text)
        if word.part_of_speech[0] in _TELLING and word.part_of_speech[1] not in _COUNTING
        if any(letter.isalnum() for letter in word.normalized_form)
    ]


def matters_of(searcher: Searcher, corpus: Corpus) -> tuple[Matter, ...]:
    """What the question may be about, likeliest first; only the first unless others come close."""
    found: dict[Head | Topic, Matter] = {}
    for source, score in searcher.near(SourceKind.PROVISION)[:_LOOKED_AT]:
        matter = _matter(source, score, corpus, searcher.day)
        key = matter and (matter.head or matter.topic)
        if matter and key and key not in found:
            found[key] = matter
    ranked = sorted(found.values(), key=lambda matter: -matter.score)
    return tuple(matter for matter in ranked if matter.score >= _CLOSE * ranked[0].score)


def of_provision(provision: Provision, corpus: Corpus, day: date) -> Matter | None:
    """The matter a provision named outright belongs to."""
    head, topic = corpus.head_of(provision.label, day), corpus.topic_of(provision.label, day)
    if head:
        return _of_head(head, 1.0, corpus, day)
    return _of_topic(topic, 1.0, corpus, day) if topic else None


def _matter(source: Source, score: float, corpus: Corpus, day: date) -> Matter | None:
    if source.heads:
        return _of_head(source.heads[0], score, corpus, day)
    return _of_topic(source.topic, score, corpus, day) if source.topic else None


def _of_head(head: Head, score: float, corpus: Corpus, day: date) -> Matter | None:
    provisions = corpus.provisions_of(head, day)
    entry = corpus.city.head(head)
    if not provisions:
        return None
    return Matter(provision=provisions[0], label=entry.label if entry else head.value, score=score, head=head)


def _of_topic(topic: Topic, score: float, corpus: Corpus, day: date) -> Matter | None:
    provisions = corpus.topic_provisions(topic, day)
    return (
        Matter(provision=provisions[0], label=corpus.city.labels.topic(topic), score=score, topic=topic)
        if provisions
        else None
    )


def covered(wanted: Wanted, matters: Sequence[Matter], searcher: Searcher, corpus: Corpus) -> float:
    """How much of the telling words the sources know: 0–1. Ranks are relative, so they cannot say that nothing fits."""
    if not wanted.words:
        return 1.0 if wanted.official else 0.0
    texts = [
        f"{source.search_text}\n{source.text}"
        for kind in (SourceKind.HANDBOOK, SourceKind.PRECEDENT, SourceKind.PROVISION)
        for source, _ in searcher.near(kind)[:_TOP]
    ]
    labels = {matter.provision.label for matter in matters}
    texts += [asked for label, asked in corpus.questions if any(label.startswith(each) for each in labels)]
    read = folded_text("\n".join(texts))
    known = set(content_words("\n".join(texts)))
    spoken = bundled_thesaurus()
    met = [
        word in known
        or folded_text(word) in read
        or any(folded_text(each) in read for each in spoken.expand(word))
        for word in wanted.words
    ]
    helped = any(folded_text(word) in read for word in wanted.official)
    unmet = (len(met) - sum(met)) * (1 if helped else _UNMET)
    return (sum(met) + helped) / (sum(met) + helped + unmet)
