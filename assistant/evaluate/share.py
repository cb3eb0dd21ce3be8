"""A share with the counts behind it: a percentage of nothing is not a number, and says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`hits` of `of`. Never a bare percentage: whoever reads it sees how many it rests on."""

    hits: int
    of: int

    @classmethod
    def over(cls, verdicts: Iterable[bool]) -> Share:
        """How many of the verdicts hold."""
        seen = list(verdicts)
        return cls(hits=sum(seen), of=len(seen))

    @property
    def value(self) -> float | None:
        """The share, 0–1; None when there was nothing to count."""
        return self.hits / self.of if self.of else None

    def to_json(self) -> dict[str, float | int | None]:
        """`{"share", "hits", "of"}`; the share is null when `of` is 0."""
        return {"share": self.value, "hits": self.hits, "of": self.of}
