"""How much both detectors may have missed: capture and recapture (Chapman's estimator)."""

from __future__ import annotations

from math import exp, log, sqrt

from assistant.domain.entity import Facts
from assistant.domain.finding import Estimate

_Z = 1.96  # two-sided 95 %


def estimate_of(facts: Facts) -> Estimate:
    """Mentions of persons that neither detector found, if they fail independently of one another.

    Chapman (1951): N = (n1 + 1)(n2 + 1)/(m + 1) - 1, of which what was found is taken away: a·b/(m + 1) for a, b
    found by one detector alone and m by both. Interval: log-normal, 95 % (Chao 1987); where a or b is 0 its upper
    end takes half a mention for it, since a small sample that agrees proves little.
    """
    both = facts.found_by_both
    first, second = facts.found_by_one
    missed = _missed(first, second, both)
    return Estimate(both=both, one=first + second, missed=missed, interval=_interval(first, second, both))


def can_estimate(facts: Facts) -> bool:
    """Whether both detectors have spoken: with one alone, or nothing found, the estimate says nothing."""
    return facts.found_by_both > 0 or all(facts.found_by_one)


def _missed(first: float, second: float, both: float) -> float:
    return first * second / (both + 1)


def _interval(first: int, second: int, both: int) -> tuple[float, float]:
    if both + first + second == 0:
        return 0.0, 0.0
    a, b = max(first, 0.5), max(second, 0.5)
    missed = _missed(a, b, both)
    variance = (both + 1 + a) * (both + 1 + b) * a * b / ((both + 1) ** 2 * (both + 2))
    spread = exp(_Z * sqrt(log(1 + variance / missed**2)))
    low = missed / spread if first and second else 0.0
    return round(low, 2), round(missed * spread, 2)
