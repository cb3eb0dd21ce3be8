"""Search a corpus: provisions through their neighbours, handbook paragraphs and precedents by themselves."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.corpus.corpus import Corpus
from assistant.domain.provision import Head, Provision
from assistant.domain.source import Source, SourceKind
from assistant.law.references import find_references
from assistant.retrieve.cues import Cues, bundled_cues
from assistant.retrieve.entries import Entry, entries_of
from assistant.retrieve.learned import Learned
from assistant.retrieve.ports import Embedder, Floats, VectorIndex
from assistant.retrieve.precedents import authority, passes, tally_of
from assistant.retrieve.provisions import Placed, bonus_of, rank_provisions
from assistant.retrieve.query import Hit, SearchQuery, SearchResults
from assistant.retrieve.scorers import Scored, Scorers
from assistant.retrieve.targets import Aim, Target, Targets, targets_on
from assistant.retrieve.thesaurus import Thesaurus, bundled_thesaurus

_ALL_KINDS = (SourceKind.PROVISION, SourceKind.HANDBOOK, SourceKind.PRECEDENT)
# A precedent bears on the question when its words are met nearly as well as those of the best one, and it was decided
# under one of the heads or topics the question is most likely about.
_BEARING = 0.88
_LIKELY_GROUPS = 3
# What speaks about a provision the question names outright.
_NAMED = 1.5
# Up to so much more for an entry under the likeliest provision: a paragraph that only sounds alike gives way.
_LEAN = 2.0
# Of each kind, so many times the limit is enough to mix from.
_LONGEST = 4
# Days of which targets and the learned ranking are held.
_DAYS_KEPT = 32

Ranked = list[tuple[Source, float]]


class Retriever:
    """Built from a corpus, an embedder and the open index of both. Safe for threads; slow parts start lazily."""

    def __init__(
        self,
        corpus: Corpus,
        embedder: Embedder,
        vectors: VectorIndex,
        *,
        thesaurus: Thesaurus | None = None,
        cues: Cues | None = None,
        entries: Sequence[Entry] | None = None,
    ) -> None:
        self._corpus = corpus
        self._entries = tuple(entries) if entries is not None else entries_of(corpus)
        self._sources = [entry.source for entry in self._entries]
        self._cues = cues or bundled_cues()
        self._scorers = Scorers(self._entries, embedder, vectors, thesaurus or bundled_thesaurus())
        self._of_kind = {
            kind: np.asarray([entry.kind is kind for entry in self._entries], dtype=np.bool_)
            for kind in _ALL_KINDS
        }
        self._authority = np.asarray(
            [authority(s.precedent) if s and s.precedent else 1.0 for s in self._sources], dtype=np.float32
        )
        self._lock = threading.Lock()
        self._targets: dict[date, Targets] = {}
        self._learned: dict[date, Learned] = {}

    def search(self, query: SearchQuery) -> SearchResults:
        """Hits best first, kinds mixed by their place within their kind. An empty question finds nothing."""
        day = query.as_of or date.today()
        kinds = query.kinds or _ALL_KINDS
        if query.limit < 1 or not query.text.strip():
            return SearchResults(hits=(), tally=tally_of(()))
        targets = self._targets_on(day)
        scored = self._scorers.score(query.text)
        named = self._named(query.text, day)
        learned = self._learned_on(day, targets).ranks(scored.wording)
        bonus = bonus_of(query.votes, learned, self._cues.of(query.text))
        placed = rank_provisions(scored.fused(targets.in_force), targets, bonus)
        lean = self._lean(placed, targets) * self._named_factor(targets, named, day)
        likely: set[object] = {each.target.group for each in placed[:_LIKELY_GROUPS]}
        lists: list[Ranked] = []
        tally = tally_of(())
        if SourceKind.PROVISION in kinds:
            ranked = [(self._source(each.place), each.score) for each in placed]
            lists.append(_first(self._sources_of(named), ranked, query.head))
        if SourceKind.HANDBOOK in kinds:
            lists.append(self._rank_texts(query, scored, targets, lean, SourceKind.HANDBOOK))
        if SourceKind.PRECEDENT in kinds:
            lists.append(self._rank_texts(query, scored, targets, lean, SourceKind.PRECEDENT))
            likely |= {self._aim(day).of_provision(provision).group for provision in named}
            tally = tally_of(self._bearing(query, scored, targets, likely))
        return SearchResults(hits=_mixed(lists, query.limit), tally=tally)

    def _targets_on(self, day: date) -> Targets:
        """Made once a day asked for; a handful of days in the life of a process."""
        with self._lock:
            if day not in self._targets:
                if len(self._targets) >= _DAYS_KEPT:
                    self._targets.clear()
                self._targets[day] = targets_on(self._corpus, self._entries, day)
            return self._targets[day]

    def _learned_on(self, day: date, targets: Targets) -> Learned:
        """Fitted once a day asked for (a third of a second)."""
        entries = self._scorers.entry_wordings()
        with self._lock:
            if day not in self._learned:
                if len(self._learned) >= _DAYS_KEPT:
                    self._learned.clear()
                self._learned[day] = Learned(entries, targets)
            return self._learned[day]

    def _aim(self, day: date) -> Aim:
        return Aim(self._corpus, day)

    def _source(self, place: int) -> Source:
        source = self._sources[place]
        if source is None:
            raise LookupError("a question stands for no source")
        return source

    def _named(self, text: str, day: date) -> tuple[Provision, ...]:
        """Provisions the question cites outright, in order, each once."""
        style = self._corpus.ordinance.style
        found = (self._corpus.find(ref, day) for _, _, ref in find_references(text, style=style))
        return tuple(dict.fromkeys(provision for provision in found if provision is not None))

    def _sources_of(self, provisions: Sequence[Provision]) -> list[Source]:
        found = (self._corpus.source(provision.source_id) for provision in provisions)
        return [source for source in found if source is not None]

    def _among(self, query: SearchQuery, targets: Targets, kind: SourceKind) -> NDArray[np.bool_]:
        """Which entries are of this kind, in force, and pass the filters."""
        among = targets.in_force & self._of_kind[kind]
        for place in np.flatnonzero(among):
            among[place] = passes(self._source(int(place)), query)
        return among

    def _rank_texts(
        self, query: SearchQuery, scored: Scored, targets: Targets, lean: Floats, kind: SourceKind
    ) -> Ranked:
        """Handbook paragraphs or precedent units, by their own text and by what they speak about."""
        scores = scored.fused(self._among(query, targets, kind)) * lean * self._authority
        best = np.argsort(-scores, kind="stable")[: _LONGEST * query.limit]
        return [(self._source(int(place)), float(scores[place])) for place in best if scores[place] > 0]

    def _lean(self, placed: Sequence[Placed], targets: Targets) -> Floats:
        """For each entry 1 and more: how near the question is to the provision the entry speaks about."""
        lean = np.ones(len(self._entries), dtype=np.float32)
        best = placed[0].score if placed else 1.0
        for each in placed:
            members = targets.members[Target(each.target.group)]
            lean[members] = np.maximum(lean[members], 1 + _LEAN * each.score / best)
        return lean

    def _named_factor(self, targets: Targets, named: Sequence[Provision], day: date) -> Floats:
        factor = np.ones(len(self._entries), dtype=np.float32)
        for provision in named:
            members = targets.members.get(self._aim(day).of_provision(provision))
            if members is not None:
                factor[members] = _NAMED
        return factor

    def _bearing(
        self, query: SearchQuery, scored: Scored, targets: Targets, likely: set[object]
    ) -> list[Source]:
        """All precedent units that pass the filters and bear on the question; the floor is the same for any filter."""
        known = targets.in_force & self._of_kind[SourceKind.PRECEDENT]
        floor = _BEARING * float(scored.maxsim[known].max(initial=0.0))
        if floor <= 0:
            return []
        near = self._among(query, targets, SourceKind.PRECEDENT) & (scored.maxsim >= floor)
        sources = [self._source(int(place)) for place in np.flatnonzero(near)]
        return [source for source in sources if likely.intersection((*source.heads, source.topic))]


def _first(named: list[Source], ranked: Ranked, head: Head | None) -> Ranked:
    """What the question names stands on top, the rest follows."""
    best = max((score for _, score in ranked), default=1.0)
    top = [(source, best) for source in named]
    known = {source.id for source in named}
    rest = [each for each in ranked if each[0].id not in known]
    return [each for each in (*top, *rest) if head is None or head in each[0].heads]


def _mixed(lists: Sequence[Ranked], limit: int) -> tuple[Hit, ...]:
    """Each list in proportion to its best; of equal standing, provisions first, then handbook, then precedents."""
    hits = []
    for ranked in lists:
        best = ranked[0][1] if ranked else 1.0
        hits += [Hit(source=source, score=score / best) for source, score in ranked[: _LONGEST * limit]]
    return tuple(sorted(hits, key=lambda hit: -hit.score)[:limit])
