"""What a recognizer hands back: a span of folded text, before it becomes an Entity with extents on the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.domain.entity import EntityKind, Trait


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """`start`, `end`: offsets into the sheet's folded text, `end` excluded. `pattern` names what matched."""

    kind: EntityKind
    start: int
    end: int
    recognizer: str
    pattern: str
    score: float
    traits: frozenset[Trait] = field(default_factory=frozenset)
    context: tuple[str, ...] = ()
    checked: str | None = None

    def overlaps(self, other: Candidate) -> bool:
        """Whether the spans share a letter."""
        return self.start < other.end and other.start < self.end
