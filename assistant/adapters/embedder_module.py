"""The bundled embedder as a module of sentence-transformers: words by Sudachi, summed with SIF weights.

Importing this imports torch and sentence-transformers: only `adapters.embedder` does, when first needed.
A SentenceTransformer is built around it in code, because a saved folder that names a class outside the library would
need `trust_remote_code`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from sentence_transformers.sentence_transformer.modules import Normalize
from torch import nn

from assistant.adapters.embedder_words import WordVectors


class SudachiSif(InputModule):
    """From texts to the weighted sum of their word vectors, one EmbeddingBag over the shared rows."""

    config_keys: list[str] = []  # noqa: RUF012  # declared so by the library

    def __init__(self, vectors: WordVectors) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch
        self.vectors = vectors
        table = torch.from_numpy(np.ascontiguousarray(vectors.matrix))
        self.embedding = nn.EmbeddingBag.from_pretrained(table, freeze=True, mode="sum")

    def preprocess(self, inputs: Any, prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Rows and weights of all words of all texts (strings), and where each text begins."""
        ranks = [self.vectors.ranks((prompt or "") + text) for text in inputs]
        joined = np.concatenate(ranks) if ranks else np.zeros(0, dtype=np.int64)
        starts = np.cumsum([0] + [len(each) for each in ranks[:-1]])
        return {
            "input_ids": torch.from_numpy(self.vectors.rows[joined]),
            "weights": torch.from_numpy(self.vectors.weights[joined]),
            "offsets": torch.from_numpy(starts.astype(np.int64)),
        }

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Adds `sentence_embedding`, shape (texts, 300), not yet of unit length."""
        features["sentence_embedding"] = self.embedding(
            features["input_ids"], features["offsets"], per_sample_weights=features["weights"]
        )
        return features

    @property
    def max_seq_length(self) -> int:
        """No limit of its own; sentence-transformers asks for a number."""
        return 1_000_000

    def get_embedding_dimension(self) -> int:
        """300."""
        return int(self.embedding.embedding_dim)

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Not needed: the words are in the installed package."""
        raise NotImplementedError("the bundled embedder is built from the installed package, not saved")


def build_sentence_transformer(vectors: WordVectors) -> SentenceTransformer:
    """A SentenceTransformer of two modules on the CPU. Nothing is looked up or downloaded."""
    return SentenceTransformer(modules=[SudachiSif(vectors), Normalize()], device="cpu")
