"""From scores of entries to a list of provisions: heads, limbs and topics mixed, each group speaking once first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.domain.provision import Head, Topic
from assistant.retrieve.fusion import RRF_K
from assistant.retrieve.ports import Floats
from assistant.retrieve.targets import Group, Target, Targets

# A target is as near as its nearest entries: the best counts most, four more steady it, halving each time.
_NEAREST = 0.5 ** np.arange(5)
# A limb has fewer entries than its head and would always come late: it is lifted, but never before its head.
_PART_LIFT = 1.2
# The second part of a group must be nearer than that by a third, or the list would be one article's limbs.
_NEXT_PART = 0.7
_PARTS_SHOWN = 2
# The learned ranking counts as much as two of the other four; what the detectors found in a passage, half of all six.
_VOTE = 3.0
_LEARNED = 2.0
# A phrase that shows the procedure counts as much as a first place in one ranking; heads share their words more.
_TOPIC_CUE = 1.0
_HEAD_CUE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A target in the list, with the entry that stands for it."""

    target: Target
    place: int
    score: float


def nearness(scores: Floats, members: NDArray[np.int64]) -> float:
    """Weighted mean of the best scores among `members`; never less for a larger set."""
    best = np.sort(scores[members])[::-1][: len(_NEAREST)]
    return float(best @ _NEAREST[: len(best)] / _NEAREST.sum())


def rank_provisions(scores: Floats, targets: Targets, bonus: Mapping[Group, float]) -> list[Placed]:
    """Best first. A part never stands before its group, and a group shows at most two parts besides itself.

    `scores`: fused scores of entries; `bonus`: what is added to a group, and to its parts in proportion.
    """
    parts: dict[object, list[tuple[float, Target]]] = {}
    for part in targets.parts():
        if part in targets.main:
            parts.setdefault(part.group, []).append((nearness(scores, targets.members[part]), part))
    found: list[Placed] = []
    for group in targets.groups():
        near = nearness(scores, targets.members[group])
        score = near + bonus.get(group.group, 0.0)
        raised = score / near if near > 0 else 1.0
        own = ((raised * nearest, part) for nearest, part in parts.get(group.group, ()))
        found += _of_group(group, score, sorted(own, key=lambda each: -each[0]), targets)
    # Stable: of equal score, the group that was put down first, before its parts.
    return sorted((each for each in found if each.score > 0), key=lambda each: -each.score)


def _of_group(
    group: Target, score: float, below: list[tuple[float, Target]], targets: Targets
) -> Iterator[Placed]:
    if group in targets.main:
        yield Placed(target=group, place=targets.main[group], score=score)
    elif below:  # a topic: its best part stands for it
        yield Placed(target=below[0][1], place=targets.main[below[0][1]], score=score)
        below = below[1:]
    else:
        return
    for rank, (own, part) in enumerate(below[:_PARTS_SHOWN]):
        lifted = min(_PART_LIFT * _NEXT_PART**rank * own, score)
        yield Placed(target=part, place=targets.main[part], score=lifted)


def bonus_of(
    votes: Mapping[Head, float], learned: Mapping[Group, int], cues: Collection[Head | Topic]
) -> dict[Group, float]:
    """What detection, the learned ranking and turns of phrase add, in the measure of the fused rankings."""
    bonus: dict[Group, float] = {group: _LEARNED / (RRF_K + rank) for group, rank in learned.items()}
    ordered = sorted((head for head in votes if votes[head] > 0), key=lambda head: -votes[head])
    for rank, head in enumerate(ordered, 1):
        bonus[head] = bonus.get(head, 0.0) + _VOTE * min(votes[head], 1.0) / (RRF_K + rank)
    for about in cues:
        weight = _HEAD_CUE if isinstance(about, Head) else _TOPIC_CUE
        bonus[about] = bonus.get(about, 0.0) + weight / (RRF_K + 1)
    return bonus
