"""The closed sets the labeller speaks in, in a fixed order: the weights know them by number.

A change here makes weights trained before unreadable; `weights.py` compares `FINGERPRINT` and says so.
"""

from __future__ import annotations

import hashlib

from assistant.domain.entity import EntityKind, Trait
from assistant.domain.finding import Decision
from assistant.domain.provision import Head

HEADS: tuple[Head, ...] = (
    Head.INDIVIDUAL,
    Head.CORPORATE,
    Head.VOLUNTARY,
    Head.PUBLIC_SAFETY,
    Head.DELIBERATION,
    Head.OPERATIONS,
    Head.STATUTORY,
)
"""The heads the worked passages use."""

NEUTRAL, DISCLOSE = 0, 1
LABELS = 2 + 2 * len(HEADS)
"""Neutral, disclose, then ask under each head, then withhold under each head."""

KINDS: tuple[EntityKind, ...] = tuple(kind for kind in sorted(EntityKind) if kind != "area")
"""The kinds words may be of; a part of a picture has no word."""
TRAITS: tuple[Trait, ...] = tuple(sorted(Trait))
DECISIONS: tuple[Decision, ...] = (Decision.DISCLOSE, Decision.ASK, Decision.WITHHOLD)
ALL_HEADS: tuple[Head, ...] = tuple(sorted(Head))


def label_of(decision: Decision, head: Head | None) -> int:
    """The number of a decision under a head. Raises ValueError for a head the worked passages do not use."""
    if decision is Decision.DISCLOSE:
        return DISCLOSE
    if head is None:
        raise ValueError("a decision other than disclose needs a head")
    return 2 + len(HEADS) * (decision is Decision.WITHHOLD) + HEADS.index(head)


def _fingerprint() -> str:
    names = [*HEADS, "|", *KINDS, "|", *TRAITS, "|", *ALL_HEADS]
    return hashlib.sha256("\n".join(map(str, names)).encode()).hexdigest()[:16]


FINGERPRINT = _fingerprint()
