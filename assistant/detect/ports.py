"""What detection needs from outside: a finder of names that fails differently from our grammar (design.md D11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

NameLabel = Literal["person", "organization", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSpan:
    """A name in the text given to the finder: code point offsets, `end` excluded."""

    start: int
    end: int
    label: NameLabel


class NameFinder(Protocol):
    """Finds named entities statistically. Must be deterministic and thread-safe."""

    def find(self, text: str) -> Sequence[NamedSpan]:
        """All names in `text`, of any length, in reading order."""
        ...
