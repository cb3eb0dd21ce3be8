"""Texts as vectors a straight line can divide: runs of characters hashed into a fixed width, beside the dense vector.

Hashing with signs keeps inner products on average (Weinberger et al. 2009), so that a model over thirty thousand runs
of characters has a thousand weights a class and is fitted in a third of a second.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np

from assistant.retrieve.lexical import CharNgrams
from assistant.retrieve.ports import Floats

WIDTH = 1024


class Wording:
    """Feature vectors of all entries and of a question. Shapes: `entries` (n, WIDTH + d); a question (WIDTH + d,)."""

    def __init__(self, ngrams: CharNgrams, dense: Floats) -> None:
        self._ngrams = ngrams
        self._cells = {gram: _cell(gram) for gram in ngrams.postings}
        hashed = np.zeros((len(dense), WIDTH), dtype=np.float32)
        for gram, (places, weights) in ngrams.postings.items():
            column, sign = self._cells[gram]
            hashed[places, column] += sign * weights
        self.entries: Floats = np.hstack([hashed, dense])

    def of_question(self, text: str, dense: Floats) -> Floats:
        """Runs of characters no entry has are left out."""
        return np.concatenate([self._hashed(self._ngrams.weights_of(text)), dense])

    def _hashed(self, weights: Mapping[str, float]) -> Floats:
        row = np.zeros(WIDTH, dtype=np.float32)
        for gram, weight in weights.items():
            column, sign = self._cells[gram]
            row[column] += sign * weight
        return row


def _cell(gram: str) -> tuple[int, int]:
    """Column and sign: the same in every process, unlike Python's own hash."""
    code = zlib.crc32(gram.encode("utf-8", "surrogatepass"))
    return code % WIDTH, 1 if (code >> 20) & 1 else -1
