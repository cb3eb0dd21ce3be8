"""Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): rankings that cannot be compared by score are added up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.retrieve.ports import Floats, Ints

# The paper uses 60 for lists of a thousand; ours are a few dozen provisions, where the first places must count.
RRF_K = 10


def ranks(scores: Floats) -> Ints:
    """Rank of each position, 1 for the best. Equal scores share the best rank; what scored nothing is ranked 0."""
    order = np.argsort(-scores, kind="stable")
    in_order = scores[order]
    fresh = np.concatenate(([True], in_order[1:] != in_order[:-1])) if len(order) else np.zeros(0, dtype=bool)
    shared = np.maximum.accumulate(np.where(fresh, np.arange(1, len(order) + 1), 0))
    placed = np.zeros(len(scores), dtype=np.int64)
    placed[order] = shared
    placed[scores <= 0] = 0
    return placed


def fuse(rankings: Sequence[Floats], weights: Sequence[float], *, k: int = RRF_K) -> Floats:
    """The sum over rankings of weight / (k + rank); a ranking says nothing about what it gave no score above zero.

    All rankings score the same positions. Raises ValueError when there is not one weight a ranking.
    """
    if len(rankings) != len(weights):
        raise ValueError("one weight for each ranking")
    if not rankings:
        return np.zeros(0, dtype=np.float32)
    fused = np.zeros(len(rankings[0]), dtype=np.float64)
    for scores, weight in zip(rankings, weights, strict=True):
        placed = ranks(scores)
        fused += np.where(placed > 0, weight / (k + placed), 0.0)
    return fused.astype(np.float32)
