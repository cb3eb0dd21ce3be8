"""Findings that lie on one another: one thing is said once, and no two findings cross.

[────────]            crossing: the milder one, or the later of two alike, gives up the shared characters
     [───────]
[──────────────]      nested: both stay, unless the inner one says nothing of its own; for each character the
    [─────]           stricter decision holds

The same words about the same person or thing, decided alike on the same grounds, are one finding with a place for
each time they are written: one decision of the reviewer settles them all (design.md section 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.domain.document import Document, Extent
from assistant.domain.finding import Finding, finding_id
from assistant.policy.decide import POINTING, SEVERITY


def settle(document: Document, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in reading order, with duplicates joined and crossings cut."""
    once = _joined(document, sorted(findings, key=_place))
    left = _without_echoes(once)
    once_each = _each_place_once(_uncrossed(document, left))
    return tuple(sorted(_each_thing_once(document, sorted(once_each, key=_place)), key=_place))


def _place(finding: Finding) -> tuple[int, int, int, str]:
    first = finding.extents[0]
    return first.page, first.start, -first.end, str(finding.kind)


def _joined(document: Document, findings: Sequence[Finding]) -> list[Finding]:
    """Findings of one kind and one decision that overlap, or follow one another after a space, as one."""
    joined: list[Finding] = []
    last_of: dict[str, int] = {}
    for finding in findings:
        number = last_of.get(finding.kind)
        if number is not None and _one(document, joined[number], finding):
            joined[number] = _union(document, joined[number], finding)
            continue
        last_of[finding.kind] = len(joined)
        joined.append(finding)
    return joined


def _one(document: Document, first: Finding, second: Finding) -> bool:
    if first.kind != second.kind or len(first.extents) > 1 or len(second.extents) > 1:
        return first.kind == second.kind and first.extents == second.extents
    a, b = first.extents[0], second.extents[0]
    if a.overlaps(b):
        return first.decision is second.decision or (a.covers(b) and _no_milder(first, second))
    between = document.page(a.page).text[a.end : b.start] if a.page == b.page and a.end <= b.start else "\n"
    same = first.decision is second.decision and first.person == second.person and first.person is not None
    return same and len(between) <= 1 and between in ("", " ", "　")


def _union(document: Document, first: Finding, second: Finding) -> Finding:
    """One finding over both places; the stricter decision with its grounds stays."""
    stricter = max(first, second, key=lambda one: SEVERITY[one.decision])
    found_by = tuple(dict.fromkeys((*first.found_by, *second.found_by)))
    if len(first.extents) > 1:
        return replace(stricter, found_by=found_by)
    a, b = first.extents[0], second.extents[0]
    return _moved(document, replace(stricter, found_by=found_by), (replace(a, end=max(a.end, b.end)),))


def _without_echoes(findings: Sequence[Finding]) -> list[Finding]:
    """Without those that lie wholly inside a finding, no milder, that says the same of the same person."""
    echoes = set()
    for outer, inner in _overlapping(findings):
        a, b = findings[outer], findings[inner]
        if _inside(b, a) and _says_no_more(a, b):
            echoes.add(inner)
        elif _inside(a, b) and _says_no_more(b, a):
            echoes.add(outer)
    return [finding for number, finding in enumerate(findings) if number not in echoes]


def _no_milder(outer: Finding, inner: Finding) -> bool:
    return SEVERITY[outer.decision] >= SEVERITY[inner.decision]


def _says_no_more(outer: Finding, inner: Finding) -> bool:
    if not _no_milder(outer, inner):
        return False
    if outer.kind == inner.kind:
        return True
    same_person = outer.person == inner.person
    return same_person and outer.decision is inner.decision and outer.head == inner.head


def _inside(inner: Finding, outer: Finding) -> bool:
    return all(any(place.covers(extent) for place in outer.extents) for extent in inner.extents)


def _uncrossed(document: Document, findings: Sequence[Finding]) -> list[Finding]:
    kept = list(findings)
    for first, second in _overlapping(findings):
        a, b = kept[first], kept[second]
        if _inside(a, b) or _inside(b, a):
            continue
        milder = first if SEVERITY[a.decision] < SEVERITY[b.decision] else second
        other = b if milder == first else a
        rest = tuple(piece for extent in kept[milder].extents for piece in _minus(extent, other.extents))
        rest = tuple(piece for piece in rest if any(letter.isalnum() for letter in document.cut(piece)))
        if rest and rest != kept[milder].extents:
            kept[milder] = _moved(document, kept[milder], rest)
    return kept


def _each_place_once(findings: Sequence[Finding]) -> list[Finding]:
    """Cutting can leave one finding exactly where another of its kind stands; the stricter speaks for both."""
    kept: dict[str, Finding] = {}
    for finding in findings:
        other = kept.get(finding.id)
        if other is None or SEVERITY[finding.decision] > SEVERITY[other.decision]:
            kept[finding.id] = finding
    return list(kept.values())


def _each_thing_once(document: Document, findings: Sequence[Finding]) -> list[Finding]:
    """One finding for all places where the same is said; a word broken over lines stays by itself."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        alike.setdefault(_thing(finding), []).append(finding)
    return [same[0] if len(same) == 1 else _in_all_places(document, same) for same in alike.values()]


def _thing(finding: Finding) -> tuple[object, ...]:
    """What makes two findings one. Elsewhere the same words of nobody in particular may mean another thing."""
    pointing = finding.person is not None or finding.kind in POINTING
    if len(finding.extents) > 1 or not pointing:
        return (finding.id,)
    words = "".join(finding.text.split())
    said = (finding.reason, finding.to_find_out, finding.open_from)
    return (finding.kind, finding.person, words, finding.decision, finding.grounds, *said)


def _in_all_places(document: Document, same: Sequence[Finding]) -> Finding:
    extents = tuple(sorted(finding.extents[0] for finding in same))
    found_by = tuple(dict.fromkeys(name for finding in same for name in finding.found_by))
    return replace(
        same[0], extents=extents, id=finding_id(document, same[0].kind, extents), found_by=found_by
    )


def _minus(extent: Extent, others: Sequence[Extent]) -> list[Extent]:
    pieces = [extent]
    for other in others:
        pieces = [rest for piece in pieces for rest in _without(piece, other)]
    return pieces


def _without(extent: Extent, other: Extent) -> list[Extent]:
    if not extent.overlaps(other):
        return [extent]
    before = replace(extent, end=other.start)
    after = replace(extent, start=other.end)
    return [piece for piece in (before, after) if piece.start < piece.end]


def _moved(document: Document, finding: Finding, extents: tuple[Extent, ...]) -> Finding:
    return replace(
        finding, extents=extents, text=document.words(extents), id=finding_id(document, finding.kind, extents)
    )


def _overlapping(findings: Sequence[Finding]) -> list[tuple[int, int]]:
    """Pairs (smaller number first) with a character in common; linear in findings and pairs."""
    places = sorted((extent, number) for number, finding in enumerate(findings) for extent in finding.extents)
    pairs: dict[tuple[int, int], None] = {}
    open_places: list[tuple[Extent, int]] = []
    for extent, number in places:
        open_places = [
            (one, n) for one, n in open_places if one.page == extent.page and one.end > extent.start
        ]
        for _, other in open_places:
            if other != number:
                pairs[(min(number, other), max(number, other))] = None
        open_places.append((extent, number))
    return list(pairs)
