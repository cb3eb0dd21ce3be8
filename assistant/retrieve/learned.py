"""A fifth ranking, of heads, topics and articles instead of entries: what texts worded like this usually speak about.

Regularised least squares from the wording of a text to the groups it speaks about, fitted on the city's own entries
when the first question comes: nothing is shipped, and a city that brings more handbook or more questions gets a better
one. The nearest neighbours can be few and all of one head by accident; a model that weighs every word over all entries
errs differently, which is what fusion lives on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from assistant.retrieve.ports import Floats
from assistant.retrieve.targets import Group, Targets

# λ of the ridge: between 1 and 3 nothing changes by more than chance (staff questions held out of the corpus).
_RIDGE = 2.0


class Learned:
    """Fitted once for the entries in force on a day. Safe for threads: it is only read."""

    def __init__(self, entries: Floats, targets: Targets) -> None:
        self._groups: Sequence[Group] = [target.group for target in targets.groups()]
        told = np.zeros((len(entries), len(self._groups)), dtype=np.float32)
        for column, target in enumerate(targets.groups()):
            told[targets.members[target], column] = 1
        speaking = (told.sum(axis=1) > 0) & targets.in_force
        rows, shares = entries[speaking], told[speaking]
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
        inner = rows.T @ rows + _RIDGE * np.eye(entries.shape[1], dtype=np.float32)
        self._weights: Floats = np.linalg.solve(inner, rows.T @ shares)

    def ranks(self, question: Floats) -> Mapping[Group, int]:
        """Every group's place, 1 for the likeliest; none for a text of which no run of characters is known."""
        if not question.any():
            return {}
        order = np.argsort(-(question @ self._weights), kind="stable")
        return {self._groups[int(column)]: place for place, column in enumerate(order, 1)}
