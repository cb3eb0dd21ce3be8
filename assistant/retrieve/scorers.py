"""The four rankings of design.md D10 over all entries, and their fusion.

Weights are equal and the constant of the fusion is small: measured on staff questions held out of the corpus
(five-fold) and on the development questions, no other setting was better by more than chance. The thesaurus goes to
the two rankings that take a word as one among many (dense vectors, character n-grams); in BM25 and in max-sim one
wrong official word would weigh as much as the question's own.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.retrieve.entries import Entry
from assistant.retrieve.fusion import fuse
from assistant.retrieve.lexical import Bm25, CharNgrams
from assistant.retrieve.maxsim import MaxSim
from assistant.retrieve.ports import Embedder, Floats, VectorIndex
from assistant.retrieve.thesaurus import Thesaurus
from assistant.retrieve.wording import Wording
from assistant.retrieve.words import content_words

# So many neighbours are asked of the vector index. Later ranks add almost nothing to a fused score.
_NEIGHBOURS = 400
WEIGHTS = (1.0, 1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One question against all entries, each array of shape (entries,); 0 where a ranking has nothing to say.

    `wording`: its vector for the learned ranking (`wording.py`).
    """

    bm25: Floats
    dense: Floats
    maxsim: Floats
    ngrams: Floats
    wording: Floats

    def fused(self, among: NDArray[np.bool_]) -> Floats:
        """Fused scores of the entries `among`, ranked among themselves; 0 for all others."""
        rankings = [
            np.where(among, scores, 0.0) for scores in (self.bm25, self.dense, self.maxsim, self.ngrams)
        ]
        return fuse(rankings, WEIGHTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Built:
    bm25: Bm25
    maxsim: MaxSim
    ngrams: CharNgrams
    wording: Wording


class Scorers:
    """Built at the first question, once, for any number of threads (about a second for two thousand entries)."""

    def __init__(
        self, entries: Sequence[Entry], embedder: Embedder, vectors: VectorIndex, thesaurus: Thesaurus
    ) -> None:
        self._entries = entries
        self._embedder = embedder
        self._vectors = vectors
        self._thesaurus = thesaurus
        self._places = {entry.id: place for place, entry in enumerate(entries)}
        self._neighbours = min(_NEIGHBOURS, vectors.count())
        self._lock = threading.Lock()
        self._built: _Built | None = None

    def score(self, text: str) -> Scored:
        """All four rankings of a question or passage."""
        built = self._build()
        expanded = " ".join((text, *self._thesaurus.expand(text)))
        vector = self._embedder.encode_queries([expanded])[0]
        return Scored(
            bm25=built.bm25.scores(content_words(text)),
            dense=self._dense(vector),
            maxsim=built.maxsim.scores(self._embedder.token_vectors(text)),
            ngrams=built.ngrams.scores(expanded),
            wording=built.wording.of_question(expanded, vector),
        )

    def entry_wordings(self) -> Floats:
        """The vectors of all entries for the learned ranking, shape (entries, width)."""
        return self._build().wording.entries

    def _dense(self, vector: Floats) -> Floats:
        scores = np.zeros(len(self._entries), dtype=np.float32)
        for name, cosine in self._vectors.search(vector, self._neighbours):
            place = self._places.get(name)
            if place is not None:
                scores[place] = max(cosine, 0.0)
        return scores

    def _build(self) -> _Built:
        with self._lock:
            if self._built is None:
                texts = [entry.text for entry in self._entries]
                ngrams = CharNgrams(texts)
                self._built = _Built(
                    bm25=Bm25([content_words(text) for text in texts]),
                    maxsim=MaxSim([self._embedder.token_vectors(text) for text in texts]),
                    ngrams=ngrams,
                    wording=Wording(ngrams, self._dense_of_entries()),
                )
            return self._built

    def _dense_of_entries(self) -> Floats:
        """As they were indexed; zeros for an entry the index does not hold."""
        dense = np.zeros((len(self._entries), self._embedder.dimension), dtype=np.float32)
        for name, vector in self._vectors.vectors(list(self._places)).items():
            dense[self._places[name]] = vector
        return dense
