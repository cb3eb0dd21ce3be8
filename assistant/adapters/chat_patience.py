"""How long a server asks to be left alone (`Retry-After`), and how that is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import ceil, isfinite

_LONGEST_TOLD = 7 * 24 * 3600.0


def told_to_wait(headers: Mapping[str, str], now: float, otherwise: float) -> float:
    """Seconds from `now` (a Unix time); `otherwise` where the server does not say, or says what cannot be read.

    A date is read against the server's own clock where it tells it: the clocks of two machines differ.
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        if isfinite(seconds):
            return max(seconds, 0.0)
    then = _unix(headers.get("retry-after", ""))
    if then is None:
        return otherwise
    there = _unix(headers.get("date", ""))
    return max(then - (now if there is None else there), 0.0)


def _unix(date: str) -> float | None:
    try:
        read = parsedate_to_datetime(date)
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def worded(seconds: float) -> str:
    """How long to wait, for a person; empty where that is at once, or so long that no number helps."""
    if not 0 < seconds <= _LONGEST_TOLD:
        return ""
    if seconds <= 90:
        return f"約{ceil(seconds)}秒"
    if seconds <= 90 * 60:
        return f"約{ceil(seconds / 60)}分"
    return f"約{ceil(seconds / 3600)}時間"
