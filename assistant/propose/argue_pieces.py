"""A document in pieces that a model reads whole: within a page, overlapping, never cut inside what was found.

One call for a long document misses most of it (ecosystem.md B.3), and a server that is given too much cuts in silence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from assistant.domain.document import Document, Page
from assistant.domain.finding import Finding
from assistant.model.tokens import estimate_tokens
from assistant.text.sentences import sentences

OVERLAP = 100
"""Characters at least that two neighbours share: a name or an address on a seam is whole in one of them."""

_SHORTEST = 400  # a piece of fewer characters is not divided again
_HARD = 150  # where a line goes on without an end, it may be cut this often
_BROKEN = 300  # so long may a thing be that is kept whole over line breaks


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Characters `start` to `end` of a page, with the rules' findings that stand in it, in reading order."""

    page: Page
    start: int
    end: int
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.page.text[self.start : self.end]


def pieces_of(
    document: Document, ruled: Sequence[Finding], most: int, cost: Callable[[Finding], int]
) -> Iterator[Piece]:
    """Every character of every page that is not blank is in some piece.

    `most`: estimated tokens of a piece, with the `cost` of listing each finding that begins in it; only a single
    finding that is itself longer is divided.
    """
    for page in document.pages:
        if page.text.strip():
            yield from _of_page(page, ruled, most, cost)


def halves_of(piece: Piece) -> tuple[Piece, ...]:
    """The piece in two that overlap, neither cut inside a finding; empty where it is too short to be divided."""
    if len(piece.text) < _SHORTEST:
        return ()
    places = _places(piece.page, piece.findings)
    whole = estimate_tokens(piece.text)
    cuts = [
        cut
        for cut in _cuts(piece.page.text, _together(piece.page, places), whole)
        if piece.start + OVERLAP < cut < piece.end - OVERLAP
    ]
    if not cuts:
        return ()
    middle = min(cuts, key=lambda cut: abs(2 * cut - piece.start - piece.end))
    back = max((cut for cut in cuts if cut <= middle - OVERLAP), default=middle)
    return (
        _piece(piece.page, piece.start, middle, places),
        _piece(piece.page, back, piece.end, places),
    )


def _of_page(
    page: Page, ruled: Sequence[Finding], most: int, cost: Callable[[Finding], int]
) -> Iterator[Piece]:
    places = _places(page, ruled)
    cuts = _cuts(page.text, _together(page, places), most)
    starts = [span[0] for span, _ in places]
    listed = [0, *accumulate(cost(finding) for _, finding in places)]
    costs = [0]
    for left, right in pairwise(cuts):
        found = listed[bisect_left(starts, right)] - listed[bisect_left(starts, left)]
        costs.append(costs[-1] + estimate_tokens(page.text[left:right]) + found)
    first = 0
    while first < len(cuts) - 1:
        last = max(bisect_right(costs, costs[first] + most) - 1, first + 1)
        yield _piece(page, cuts[first], cuts[last], places)
        if last == len(cuts) - 1:
            return
        back = bisect_right(cuts, cuts[last] - OVERLAP) - 1
        # The shared part must leave room to get on.
        roomy = back > first and costs[last + 1] - costs[back] <= most
        first = back if roomy else last


def _places(page: Page, ruled: Sequence[Finding]) -> list[tuple[tuple[int, int], Finding]]:
    found = [
        ((extent.start, extent.end), finding)
        for finding in ruled
        for extent in finding.extents
        if extent.page == page.number
    ]
    return sorted(found, key=lambda one: one[0])


def _together(page: Page, places: Sequence[tuple[tuple[int, int], Finding]]) -> list[tuple[int, int]]:
    """What no cut may fall into: each place, and the break of what goes on in the next line, since half a number is
    known as none when it leaves the house. The same words once more are another place."""
    spans, runs = [span for span, _ in places], dict[str, tuple[int, int, int]]()
    for (left, right), finding in places:
        first, begin, end = runs.get(finding.id, (left, left, left))
        goes_on = begin < end <= left and not page.text[end:left].strip()
        if goes_on and page.text[begin:end] != page.text[left:right] and right - first <= _BROKEN:
            spans.append((first, right))
        else:
            first = left
        runs[finding.id] = (first, left, right)
    return sorted(spans)


def _piece(page: Page, start: int, end: int, places: Sequence[tuple[tuple[int, int], Finding]]) -> Piece:
    inside = {finding.id: finding for (left, right), finding in places if left < end and start < right}
    return Piece(page=page, start=start, end=end, findings=tuple(inside.values()))


def _cuts(text: str, found: Sequence[tuple[int, int]], most: int) -> list[int]:
    """Where the page may be cut, its beginning and end included: ends of sentences and lines, none inside a finding."""
    natural = [0, *(end for _, end in sentences(text) if end < len(text)), len(text)]
    blocked = _blocked(text, found, most)
    cuts = [cut for cut in natural if not _inside(cut, blocked)]
    more = []
    for left, right in pairwise(cuts):
        spot = left + _HARD
        while spot < right:
            if not _inside(spot, blocked):
                more.append(spot)
                spot += _HARD
            else:
                spot += 1
    return sorted({*cuts, *more})


def _blocked(text: str, found: Sequence[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Findings joined where they overlap; what would not fit into one piece is not kept whole."""
    joined: list[tuple[int, int]] = []
    for left, right in found:
        if estimate_tokens(text[left:right]) > most // 2:
            continue
        if joined and left < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], right))
        else:
            joined.append((left, right))
    return joined


def _inside(cut: int, blocked: Sequence[tuple[int, int]]) -> bool:
    at = bisect_left(blocked, (cut, 0)) - 1
    return at >= 0 and blocked[at][0] < cut < blocked[at][1]
