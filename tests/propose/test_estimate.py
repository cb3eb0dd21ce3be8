"""How much both detectors may have missed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.entity import Facts
from assistant.propose.estimate import can_estimate, estimate_of


def _facts(both: int, first: int, second: int) -> Facts:
    return Facts(
        entities=(),
        persons=(),
        doc_type=None,
        traits=frozenset(),
        found_by_both=both,
        found_by_one=(first, second),
    )


@pytest.mark.parametrize(
    ("both", "first", "second", "missed"),
    [
        # nothing found: nothing to say
        (0, 0, 0, 0.0),
        # full agreement
        (20, 0, 0, 0.0),
        # one finds all the other finds, and more
        (10, 5, 0, 0.0),
        # Chapman: 2 * 3 / 6
        (5, 2, 3, 1.0),
        # no overlap: much may be missing
        (0, 4, 3, 12.0),
    ],
)
def test_missed(both: int, first: int, second: int, missed: float) -> None:
    estimate = estimate_of(_facts(both, first, second))
    assert estimate.missed == pytest.approx(missed)
    assert (estimate.both, estimate.one) == (both, first + second)


def test_one_detector_alone_proves_nothing() -> None:
    assert not can_estimate(_facts(0, 9, 0))
    assert can_estimate(_facts(1, 9, 0))
    assert can_estimate(_facts(0, 9, 2))


def test_agreement_in_a_small_sample_proves_little() -> None:
    """Three of three leaves more room than three hundred of three hundred."""
    small, large = estimate_of(_facts(3, 0, 0)), estimate_of(_facts(300, 0, 0))
    assert small.interval[1] > large.interval[1] >= 0


@given(st.integers(0, 500), st.integers(0, 200), st.integers(0, 200))
def test_the_interval_holds_the_estimate(both: int, first: int, second: int) -> None:
    estimate = estimate_of(_facts(both, first, second))
    low, high = estimate.interval
    assert 0 <= low <= estimate.missed + 0.01
    assert high + 0.01 >= estimate.missed
