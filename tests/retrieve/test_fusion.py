"""Reciprocal rank fusion: ranks, ties, silence of a ranking, weights."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.retrieve.fusion import RRF_K, fuse, ranks

RANKS = [
    ([3.0, 2.0, 1.0], [1, 2, 3]),  # in order
    ([0.1, 0.9, 0.5], [3, 1, 2]),  # out of order
    ([2.0, 2.0, 1.0], [1, 1, 3]),  # a tie shares the best rank, the next is third
    ([0.0, 5.0, 0.0], [0, 1, 0]),  # nothing scored: no rank
    ([-1.0, 5.0, 2.0], [0, 1, 2]),  # below nothing: no rank either
    ([0.0, 0.0], [0, 0]),  # a ranking that is silent
    ([], []),
]


@pytest.mark.parametrize(("scores", "expected"), RANKS)
def test_ranks(scores: list[float], expected: list[int]) -> None:
    assert ranks(np.asarray(scores, dtype=np.float32)).tolist() == expected


FUSED = [
    # rankings, weights, which positions come best to worst
    ([[3, 2, 1], [3, 2, 1]], [1, 1], [0, 1, 2]),  # agreement
    ([[3, 2, 1], [1, 3, 2]], [1, 1], [1, 0, 2]),  # first and third lose against second and first
    ([[3, 2, 1], [1, 2, 3]], [2, 1], [0, 1, 2]),  # the heavier ranking decides
    ([[3, 2, 1], [0, 0, 0]], [1, 5], [0, 1, 2]),  # a silent ranking changes nothing, whatever its weight
    (
        [[1e6, 1e-6, 1e-7], [1, 2, 3]],
        [1, 1.1],
        [2, 0, 1],
    ),  # only ranks count, not how far the scores are apart
]


@pytest.mark.parametrize(("rankings", "weights", "order"), FUSED)
def test_order_after_fusion(rankings: list[list[float]], weights: list[float], order: list[int]) -> None:
    fused = fuse([np.asarray(each, dtype=np.float32) for each in rankings], weights)
    assert np.argsort(-fused, kind="stable").tolist() == order


def test_the_sum_is_the_formula() -> None:
    fused = fuse([np.asarray([9, 4, 0], np.float32), np.asarray([1, 2, 0], np.float32)], [1.0, 0.5])
    assert fused.tolist() == pytest.approx(
        [1 / (RRF_K + 1) + 0.5 / (RRF_K + 2), 1 / (RRF_K + 2) + 0.5 / (RRF_K + 1), 0.0]
    )


def test_each_ranking_needs_its_weight() -> None:
    with pytest.raises(ValueError, match="one weight"):
        fuse([np.ones(2, np.float32)], [1.0, 1.0])


def test_no_ranking_at_all() -> None:
    assert fuse([], []).shape == (0,)
