"""From shares for each word to places: runs of words that the like of was withheld or asked about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assistant.domain.document import Extent, Page
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision
from assistant.domain.likeness import Lean, Likeness
from assistant.liken.alphabet import HEADS, KINDS
from assistant.liken.features import Floats, Ints

CLOSED = 0.12
"""A word may belong to a closed piece when its shares of withheld and asked reach so much together.

Low, so that a piece reaches from end to end of what is said; whether the whole of it is closed is for the policy to weigh.
"""
BEGINS, WAVERS = 0.5, 0.2
"""A piece begins with a word when this share says so; where the decision changes as well, less will do."""
BRIDGES, BRIDGED = 0.06, 4
"""So many words, each closed so far, between two that are closed belong to one piece with them."""
LEAP = 0.5
"""So much more or less withheld than the word before, under another decision, is another piece."""
_MATES = {"）": "（", ")": "(", "」": "「", "』": "『", "】": "【", "〕": "〔"}
_SMALL = 0.02  # heads below this share are not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """For each of n words of a page: how the like was decided. `spans` (n, 2): where it stands on the page.

    `open` (n,); `ask`, `withhold` (n, len(HEADS)); `kinds` (n, len(KINDS) + 1), 0 none; `begins` (n,): whether a piece
    of information begins with the word; `hidden` (n, HIDDEN): what a network saw of it, of unit length; (n, d) once the
    shelf of examples has projected it.
    """

    spans: Ints
    open: Floats
    ask: Floats
    withhold: Floats
    kinds: Floats
    begins: Floats
    hidden: Floats


class LikenedPage:
    """One page with its shares; tells the places and how any place leans."""

    def __init__(self, page: Page, shares: Shares) -> None:
        self._page, self._shares = page, shares
        self._telling = np.asarray(
            [any(letter.isalnum() for letter in page.text[a:b]) for a, b in shares.spans], dtype=bool
        )

    def likenesses(self) -> tuple[Likeness, ...]:
        """The places, in reading order."""
        return tuple(self._likeness(run) for run in self._runs())

    def lean(self, extents: Sequence[Extent]) -> Lean | None:
        """How a place on this page leans; None where no word of it tells anything."""
        inside = self._inside(extents)
        return self._lean(inside) if inside else None

    def seen(self, extents: Sequence[Extent]) -> Floats:
        """What a network saw of a place, one row of `hidden`; zeros where no word of it tells anything."""
        inside = self._inside(extents)
        size = self._shares.hidden.shape[1]
        return self._shares.hidden[inside].mean(axis=0) if inside else np.zeros(size, dtype=np.float32)

    def _inside(self, extents: Sequence[Extent]) -> list[int]:
        inside = np.zeros(len(self._telling), dtype=bool)
        for extent in extents:
            inside |= (self._shares.spans[:, 0] < extent.end) & (self._shares.spans[:, 1] > extent.start)
        inside &= self._telling
        return np.flatnonzero(inside).tolist()

    def _lean(self, words: Sequence[int]) -> Lean:
        shares = self._shares
        sizes = (shares.spans[words, 1] - shares.spans[words, 0]).astype(np.float32)
        weight = sizes / sizes.sum()
        ask, withhold = weight @ shares.ask[words], weight @ shares.withhold[words]
        heads = sorted(zip(HEADS, (ask + withhold).tolist(), strict=True), key=lambda one: -one[1])
        return Lean(
            open=float(weight @ shares.open[words]),
            ask=float(ask.sum()),
            withhold=float(withhold.sum()),
            heads=tuple((head, share) for head, share in heads if share > _SMALL),
        )

    def _runs(self) -> Iterator[list[int]]:
        """Words that tell, as far as they stay closed and no new piece begins between them."""
        decided = self._decided()
        run: list[int] = []
        for word in np.flatnonzero(self._telling).tolist():
            if run and (not decided[word] or self._apart(run[-1], word, decided)):
                yield run
                run = []
            if decided[word]:
                run.append(word)
        if run:
            yield run

    def _decided(self) -> Ints:
        """For each word 2 withheld, 1 asked about, 0 open; a few words that waver between closed ones go with them."""
        shares = self._shares
        withhold, ask = shares.withhold.sum(axis=1), shares.ask.sum(axis=1)
        closed, answer = withhold + ask, np.where(withhold >= ask, 2, 1).astype(np.int32)
        decided = np.where(closed < CLOSED, 0, answer)
        telling = np.flatnonzero(self._telling)
        shut = np.flatnonzero(decided[telling])
        for before, after in pairwise(shut.tolist()):
            between = telling[before + 1 : after]
            last = telling[after]
            if (
                0 < len(between) <= BRIDGED
                and closed[between].min() >= BRIDGES
                and shares.begins[telling[before + 1 : after + 1]].max() <= WAVERS
                and "\n" not in self._page.text[shares.spans[between[0], 0] : shares.spans[last, 0]]
            ):
                decided[between] = answer[between]
        return decided

    def _apart(self, last: int, word: int, decided: Ints) -> bool:
        """Whether a closed word is another piece than the closed word before it."""
        shares, text = self._shares, self._page.text
        # A clause whose words waver between withhold and ask is one piece, unless something speaks for a new one.
        other = decided[word] != decided[last]
        leap = abs(float(shares.withhold[word].sum() - shares.withhold[last].sum()))
        enough = WAVERS if other else BEGINS
        between = [text[slice(*shares.spans[one])] for one in range(last + 1, word) if not decided[one]]
        return bool(
            shares.begins[word] > enough
            or (other and leap > LEAP)
            or not _joins(text[shares.spans[last, 1] : shares.spans[word, 0]])
            or any(sign.strip() for sign in between)
        )

    def _likeness(self, run: Sequence[int]) -> Likeness:
        lean = self._lean(run)
        kinds = self._shares.kinds[run, 1:].mean(axis=0)
        return Likeness(
            extents=self._extents(run),
            kind=EntityKind(KINDS[int(kinds.argmax())]),
            decision=Decision.WITHHOLD if lean.withhold >= lean.ask else Decision.ASK,
            lean=lean,
        )

    def _extents(self, run: Sequence[int]) -> tuple[Extent, ...]:
        """One extent a line."""
        spans, text, number = self._shares.spans, self._page.text, self._page.number
        extents: list[Extent] = []
        start, end = int(spans[run[0], 0]), int(spans[run[0], 1])
        for word in run[1:]:
            if "\n" in text[end : spans[word, 0]]:
                extents.append(Extent(page=number, start=start, end=end))
                start = int(spans[word, 0])
            end = int(spans[word, 1])
        extents.append(Extent(page=number, start=start, end=end + self._closing(start, end)))
        return tuple(extents)

    def _closing(self, start: int, end: int) -> int:
        """1 where the next letter closes a bracket that the place opens: the pair goes together."""
        text = self._page.text
        mate = _MATES.get(text[end : end + 1])
        return int(mate is not None and text.count(mate, start, end) > text.count(text[end], start, end))


def _joins(between: str) -> bool:
    """Whether what stands between two words leaves them one piece: a space, a comma, a bracket, one line break."""
    return len(between) <= 3 and between.count("\n") <= 1 and "\t" not in between
