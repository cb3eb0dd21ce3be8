"""Scorers by words and by characters: BM25 over content words, TF-IDF over runs of one and two characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log, sqrt
from typing import Any

import numpy as np

from assistant.retrieve.ports import Floats, Ints
from assistant.text.folding import fold


class Bm25:
    """BM25 (Lucene's variant) over lists of words. Built at construction, read by any number of threads."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        import bm25s

        self._size = len(documents)
        self._index: Any = None
        if any(documents):
            # An empty list of words would not be counted by the library: every document keeps its place.
            self._index = bm25s.BM25()
            self._index.index([list(words) or [""] for words in documents], show_progress=False)

    def scores(self, words: Sequence[str]) -> Floats:
        """One score for each document, shape (documents,); zeros when no word is known."""
        if self._index is not None:
            known = [word for word in words if word in self._index.vocab_dict]
            if known:
                return np.asarray(self._index.get_scores(known), dtype=np.float32)
        return np.zeros(self._size, dtype=np.float32)


class CharNgrams:
    """Cosine of TF-IDF over runs of one and two characters: 1 + ln tf, smoothed idf, as scikit-learn has it.

    Our own thirty lines, because importing scikit-learn takes longer than everything else a first search does.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        counted = [_grams(text) for text in texts]
        held: Counter[str] = Counter()
        for grams in counted:
            held.update(grams.keys())
        self._idf = {gram: log((1 + self._size) / (1 + count)) + 1 for gram, count in held.items()}
        postings: dict[str, tuple[list[int], list[float]]] = {}
        for place, grams in enumerate(counted):
            for gram, weight in self._weighed(grams).items():
                places, weights = postings.setdefault(gram, ([], []))
                places.append(place)
                weights.append(weight)
        self.postings: Mapping[str, tuple[Ints, Floats]] = {
            gram: (np.asarray(places, dtype=np.int64), np.asarray(weights, dtype=np.float32))
            for gram, (places, weights) in postings.items()
        }
        """For each run of characters, the places of the documents that hold it, and its weight in each."""

    def weights_of(self, text: str) -> Mapping[str, float]:
        """The weights of the runs of characters of `text` that some document holds; unit length."""
        return self._weighed(_grams(text))

    def scores(self, text: str) -> Floats:
        """One score for each document, 0–1, shape (documents,)."""
        scores = np.zeros(self._size, dtype=np.float32)
        for gram, weight in self.weights_of(text).items():
            places, weights = self.postings[gram]
            scores[places] += weight * weights
        return scores

    def _weighed(self, grams: Mapping[str, int]) -> dict[str, float]:
        """Unit length over the known grams."""
        raw = {gram: (1 + log(count)) * self._idf[gram] for gram, count in grams.items() if gram in self._idf}
        length = sqrt(sum(weight * weight for weight in raw.values()))
        return {gram: weight / length for gram, weight in raw.items()}


def _grams(text: str) -> Counter[str]:
    plain = fold(text, drop_space=True).text
    return Counter([*plain, *map("".join, pairwise(plain))])
