"""What may not be found in the output, and what may: the words of the marks, and the text that is disclosed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from assistant.domain.document import Box, Document, Extent, Page
from assistant.domain.finding import Proposal
from assistant.redact.marks import Mark, Secret, marks_of

_TAKEN = "\ufffc"  # stands for what is taken out, so that words on both sides do not run into one
_LEAST = 2  # letters of a run under a box that make words


def secrets_of(proposal: Proposal, *, confirm_all_as: str | None = None) -> tuple[Secret, ...]:
    """The words of every withheld finding, each once for each finding: put together, place by place and line by line,
    and what else stands under its boxes. Another way of writing a person (surname alone, 同氏) is a finding of its own
    and is here if it is withheld itself. Raises ReviewRefused as `marks_of` does.
    """
    marks = marks_of(proposal, confirm_all_as=confirm_all_as)
    texts = {finding.id: finding.text for finding in proposal.findings}
    found: dict[tuple[str, str], Secret] = {}
    for mark in marks:
        for text in (texts[mark.finding], *words_of_mark(proposal.document, mark)):
            if text.strip():
                found.setdefault((mark.finding, text), Secret(text=text, finding=mark.finding))
    return tuple(found.values())


def words_of_mark(document: Document, mark: Mark) -> Iterator[str]:
    """The ways in which the words of one mark could stand somewhere else."""
    for place in document.places(mark.extents) if mark.extents else ():
        yield "".join(document.cut(extent) for extent in place)
    for extent in mark.extents:
        text = document.cut(extent)
        yield text
        yield from (line for line in text.splitlines() if line.strip() != text.strip())
    own: defaultdict[int, set[int]] = defaultdict(set)
    for extent in mark.extents:
        own[extent.page].update(range(extent.start, extent.end))
    for number, boxes in sorted(by_page(mark.boxes).items()):
        page = document.page(number)
        for start, end in _runs(sorted(under(page, boxes) - own[number])):
            run = page.text[start:end]
            for line in dict.fromkeys((run, *run.splitlines())):
                if sum(letter.isalnum() for letter in line) >= _LEAST:
                    yield line


def disclosed_texts(document: Document, marks: Sequence[Mark]) -> tuple[str, ...]:
    """The text of each page without what the marks take out: characters of their extents and under their boxes. A
    sign that is no letter stands for every run taken out."""
    boxes = by_page(box for mark in marks for box in mark.boxes)
    extents: defaultdict[int, list[Extent]] = defaultdict(list)
    for mark in marks:
        for extent in mark.extents:
            extents[extent.page].append(extent)
    return tuple(
        _disclosed(page, extents[page.number], boxes.get(page.number, ())) for page in document.pages
    )


def under(page: Page, boxes: Sequence[Box]) -> set[int]:
    """The characters of a page whose middle lies under one of `boxes`."""
    here = [box for box in boxes if box.page == page.number]
    if not here:
        return set()
    sides = np.frombuffer(page.boxes.sides, dtype=np.float32).reshape(-1, 4).astype(np.float64)
    x, y = (
        (sides[:, 0] + sides[:, 2]) / 2,
        (sides[:, 1] + sides[:, 3]) / 2,
    )  # NaN without a place: under nothing
    covered = np.zeros(len(sides), dtype=np.bool_)
    for box in here:
        covered |= (box.x0 <= x) & (x <= box.x1) & (box.y0 <= y) & (y <= box.y1)
    return {int(at) for at in np.flatnonzero(covered)}


def by_page(boxes: Iterable[Box]) -> dict[int, list[Box]]:
    """Boxes by the page they stand on."""
    found: defaultdict[int, list[Box]] = defaultdict(list)
    for box in boxes:
        found[box.page].append(box)
    return dict(found)


def _disclosed(page: Page, extents: Sequence[Extent], boxes: Sequence[Box]) -> str:
    taken = under(page, boxes)
    taken.update(at for extent in extents for at in range(extent.start, extent.end))
    pieces, at = [], 0
    for start, end in _runs(sorted(taken)):
        pieces += [page.text[at:start], _TAKEN]
        at = end
    return "".join([*pieces, page.text[at:]])


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring places as (start, end)."""
    start = end = -1
    for place in places:
        if place != end:
            if start >= 0:
                yield start, end
            start = place
        end = place + 1
    if start >= 0:
        yield start, end
