"""Scorers by words and by characters: BM25 over content words, TF-IDF over runs of one and two characters."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.retrieve.ports import Floats
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
    """Cosine of TF-IDF over character 1- and 2-grams. Built at the first question (about half a second)."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._lock = threading.Lock()
        self._built: tuple[Any, Any] | None = None

    def _build(self) -> tuple[Any, Any]:
        with self._lock:
            if self._built is None:
                from sklearn.feature_extraction.text import TfidfVectorizer

                vectorizer = TfidfVectorizer(
                    analyzer="char", ngram_range=(1, 2), sublinear_tf=True, lowercase=False, dtype=np.float32
                )
                matrix = vectorizer.fit_transform([_plain(text) for text in self._texts])
                self._built = vectorizer, matrix.T.tocsr()
            return self._built

    def scores(self, text: str) -> Floats:
        """One score for each document, shape (documents,)."""
        if not any(_plain(each) for each in self._texts):
            return np.zeros(len(self._texts), dtype=np.float32)
        vectorizer, matrix = self._build()
        return np.asarray((vectorizer.transform([_plain(text)]) @ matrix).todense(), dtype=np.float32).ravel()


def _plain(text: str) -> str:
    return fold(text, drop_space=True).text
