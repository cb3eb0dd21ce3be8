"""Token max-sim (late interaction): each word of the question looks for its nearest word in the document."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.retrieve.ports import Floats, TokenVectors


class MaxSim:
    """Documents as bags of word vectors. Every distinct word is compared once, whatever the number of documents."""

    def __init__(self, documents: Sequence[TokenVectors]) -> None:
        self._size = len(documents)
        self._lengths = np.asarray([len(set(each.ids.tolist())) for each in documents], dtype=np.int64)
        distinct: dict[int, Floats] = {}
        members: list[int] = []
        for document in documents:
            for identity, vector in zip(document.ids.tolist(), document.vectors, strict=True):
                distinct.setdefault(identity, vector)
            members.extend(dict.fromkeys(document.ids.tolist()))
        places = {identity: place for place, identity in enumerate(distinct)}
        self._members = np.asarray([places[identity] for identity in members], dtype=np.int64)
        self._vocabulary = np.asarray(list(distinct.values()), dtype=np.float32)
        filled = self._lengths > 0
        self._filled = np.flatnonzero(filled)
        self._starts = np.concatenate(([0], np.cumsum(self._lengths[filled])))[:-1]

    def scores(self, question: TokenVectors) -> Floats:
        """Weighted mean over the question's words of the best cosine, 0–1; shape (documents,)."""
        scores = np.zeros(self._size, dtype=np.float32)
        if not len(question.ids) or not len(self._filled):
            return scores
        near = np.maximum(self._vocabulary @ question.vectors.T, 0.0)
        best = np.maximum.reduceat(near[self._members], self._starts, axis=0)
        scores[self._filled] = best @ question.weights / max(float(question.weights.sum()), 1e-9)
        return scores
