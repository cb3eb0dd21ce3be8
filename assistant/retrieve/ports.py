"""What retrieval needs from outside: something that turns text into vectors, and something that keeps vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenVectors:
    """The content words of one text, for max-sim. Equal `ids` mean equal vectors, in every text.

    Shapes: ids (t,), vectors (t, d) of unit length, weights (t,) in 0–1: how much a word tells (rare words more).
    """

    ids: Ints
    vectors: Floats
    weights: Floats


class Embedder(Protocol):
    """Text to vectors. Everything is float32 and of unit length (a text without known words: all zeros)."""

    @property
    def id(self) -> str:
        """Name, hash of the weights and version of the normaliser, in letters a vector store takes for a name."""
        ...

    @property
    def dimension(self) -> int:
        """Width of `encode_*`."""
        ...

    def encode_documents(self, texts: Sequence[str]) -> Floats:
        """Vectors to be searched, shape (len(texts), dimension)."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        """Vectors to search with, shape (len(texts), dimension)."""
        ...

    def token_vectors(self, text: str) -> TokenVectors:
        """The words of `text` one by one; their width need not be `dimension`."""
        ...


class VectorIndex(Protocol):
    """Vectors by entry id. Read only: it is written once, by `adapters.index`."""

    def count(self) -> int:
        """How many vectors it holds."""
        ...

    def search(self, vector: Floats, limit: int) -> list[tuple[str, float]]:
        """The nearest entries, best first, with their cosine similarity."""
        ...

    def vectors(self, ids: Sequence[str]) -> dict[str, Floats]:
        """The stored vectors of `ids`; unknown ids are left out."""
        ...
