"""What worked passages say about a place in a document: how the like was decided by a careful officer."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.document import Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision
from assistant.domain.provision import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Lean:
    """How far worked passages lean to each answer for a place: shares that add up to 1, by head where one is needed.

    `heads`: heads by their share of withhold and ask together, largest first.
    """

    open: float
    ask: float
    withhold: float
    heads: tuple[tuple[Head, float], ...]

    @property
    def head(self) -> Head | None:
        """The head that the like was mostly decided under."""
        return self.heads[0][0] if self.heads else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """One place that the like of was withheld or asked about. More than one extent: broken over lines."""

    extents: tuple[Extent, ...]
    kind: EntityKind
    decision: Decision
    lean: Lean
