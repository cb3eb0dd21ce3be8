"""Pages that say the same: a request of many papers brings the same letter three times, and each copy must look alike.

Two pages are *exact* copies when their text is the same letter for letter, and *near* ones when what is written on
them is the same but for little (scanned twice, another name in the same form). Near ones are found by minhash (Broder
1997) in bands: the time grows with the pages, not with their pairs.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.domain.document import Document, Extent, Page
from assistant.domain.finding import Finding, ProposalWarning, finding_id
from assistant.policy.settle import settle
from assistant.text.folding import fold

LIKE = 0.9
"""Share of runs of letters two pages must have in common to be nearly the same."""
_LEAST = 40  # letters a page needs: short ones are alike by chance
_RUN = 5  # letters in a run
_BANDS, _ROWS = 12, 5  # finds pages alike by 0.9 in all but one case in two hundred thousand
_PRIME = (1 << 31) - 1
_TOLD = 10  # pages named in a warning
_EXACT = (
    "{pages}ページは同じ内容です。同じ箇所の候補は一つにまとめました。一度の判断がすべてのページに及びます。"
)
_NEAR = "{pages}ページは、ほぼ同じ内容です。判断が食い違わないよう、並べて確かめてください。"

Hashes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Groups of page numbers, two or more each, in order: `exact` copies, and pages that are `near` one another.

    Of exact copies only the first stands in `near`.
    """

    exact: tuple[tuple[int, ...], ...] = ()
    near: tuple[tuple[int, ...], ...] = ()


def alike_pages(document: Document) -> Alike:
    """Which pages of a document say the same. Pages with fewer than 40 letters are like no other."""
    same: dict[str, list[int]] = {}
    for page in document.pages:
        if sum(letter.isalnum() for letter in page.text) >= _LEAST:
            same.setdefault(page.text, []).append(page.number)
    exact = tuple(tuple(numbers) for numbers in same.values() if len(numbers) > 1)
    firsts = {numbers[0]: text for text, numbers in same.items()}
    return Alike(exact=exact, near=_near(firsts))


def each_copy_once(document: Document, findings: Sequence[Finding], alike: Alike) -> tuple[Finding, ...]:
    """The findings; what was found on one of exact copies stands on all of them, and is one finding with all its places.

    What surrounds a copy may have let more be seen on it than on the others: that holds for all, the stricter decision
    before the milder. One act then settles all copies; only a word broken over lines stays a finding of each copy, for
    its pieces would no longer tell where one word ends and the next begins.
    """
    if not alike.exact:
        return tuple(findings)
    copies = {number: group for group in alike.exact for number in group}
    spread = [each for one in findings for each in _on_all_copies(document, one, copies)]
    together: dict[tuple[object, ...], list[Finding]] = {}
    for one in settle(document, spread):
        together.setdefault(_thing(one, copies), []).append(one)
    joined = (same[0] if len(same) == 1 else _joined(document, same) for same in together.values())
    return tuple(sorted(joined, key=lambda one: (one.extents[0].page, one.extents[0].start, one.id)))


def alike_warnings(alike: Alike) -> tuple[ProposalWarning, ...]:
    """One for each group, on its first page."""
    told = [("same_pages", _EXACT, group) for group in alike.exact]
    told += [("like_pages", _NEAR, group) for group in alike.near]
    return tuple(
        ProposalWarning(code=code, message=message.format(pages=numbers_told(group)), page=group[0])
        for code, message, group in told
    )


def numbers_told(numbers: Sequence[int]) -> str:
    """3・4・17 or, where they are many, the first of them with how many there are."""
    told = "・".join(map(str, numbers[:_TOLD]))
    return told if len(numbers) <= _TOLD else f"{told}など{len(numbers):,}"


def _on_all_copies(
    document: Document, finding: Finding, copies: Mapping[int, tuple[int, ...]]
) -> list[Finding]:
    """The finding by itself where it touches no copy, else one for each of its places and each copy of its page."""
    if not any(extent.page in copies for extent in finding.extents):
        return [finding]
    found: dict[tuple[Extent, ...], None] = {}
    for place in document.places(finding.extents):
        pages = {extent.page for extent in place}
        for number in copies.get(place[0].page, ()) if len(pages) == 1 else ():
            found[tuple(replace(extent, page=number) for extent in place)] = None
        found.setdefault(place)
    return [_at(document, finding, place) for place in found]


def _at(document: Document, finding: Finding, extents: tuple[Extent, ...]) -> Finding:
    name = finding_id(document, finding.kind, extents)
    return replace(finding, extents=extents, id=name, text=document.words(extents))


def _thing(finding: Finding, copies: Mapping[int, tuple[int, ...]]) -> tuple[object, ...]:
    pages = {extent.page for extent in finding.extents}
    if len(finding.extents) != 1 or not pages <= copies.keys():
        return (finding.id,)
    said = (finding.decision, finding.grounds, finding.person, finding.reason, finding.to_find_out)
    return (finding.kind, _on_first(finding.extents, copies), finding.open_from, *said)


def _on_first(extents: Sequence[Extent], copies: Mapping[int, tuple[int, ...]]) -> tuple[Extent, ...]:
    """The places as they are on the first of the copies."""
    return tuple(replace(extent, page=copies[extent.page][0]) for extent in extents)


def _joined(document: Document, same: Sequence[Finding]) -> Finding:
    extents = tuple(sorted(extent for finding in same for extent in finding.extents))
    found_by = tuple(dict.fromkeys(name for finding in same for name in finding.found_by))
    name = finding_id(document, same[0].kind, extents)
    return replace(same[0], extents=extents, id=name, found_by=found_by)


def _near(texts: Mapping[int, str]) -> tuple[tuple[int, ...], ...]:
    """Groups of pages with nearly the same runs of letters. A page is set against the first of each group it may be
    in, so that a thousand forms alike are a thousand comparisons."""
    runs = {number: _runs(text) for number, text in texts.items()}
    marks = _marks(runs)
    rng = np.random.default_rng(20240401)  # any: the same document must give the same groups
    by = rng.integers(1, _PRIME, size=(2, _BANDS * _ROWS), dtype=np.int64)
    lead: dict[int, int] = {}
    buckets: dict[tuple[int, bytes], list[int]] = {}
    for number, own in runs.items():
        if not len(own):
            continue
        least = ((own[:, None] % _PRIME * by[0] + by[1]) % _PRIME).min(axis=0)
        bands = [
            (band, least[band * _ROWS : (band + 1) * _ROWS].astype(np.int32).tobytes())
            for band in range(_BANDS)
        ]
        met = sorted({one for band in bands for one in buckets.get(band, ())})
        mine, size = marks[number], len(own)
        lead[number] = next(
            (one for one in met if _share(mine & marks[one], size + len(runs[one])) >= LIKE), number
        )
        if lead[number] == number:
            for band in bands:
                buckets.setdefault(band, []).append(number)
    groups: dict[int, list[int]] = {}
    for number, first in lead.items():
        groups.setdefault(first, []).append(number)
    return tuple(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def _runs(text: str) -> Hashes:
    """Every run of five letters as a number, each once, sorted; white space does not count."""
    plain = fold(text, drop_space=True, variants=True).text
    met = {
        zlib.crc32(plain[at : at + _RUN].encode("utf-8", "surrogatepass"))
        for at in range(len(plain) - _RUN + 1)
    }
    return np.asarray(sorted(met), dtype=np.int64)


def _marks(runs: Mapping[int, Hashes]) -> dict[int, int]:
    """The runs of each page that another page has too, as bits of one number: a thousand forms alike in most, but not
    enough, are half a million pairs to look at."""
    if not runs:
        return {}
    every, counts = np.unique(np.concatenate(list(runs.values())), return_counts=True)
    shared = every[counts > 1]
    marks = {}
    for number, own in runs.items():
        is_there = np.zeros(len(shared), dtype=np.bool_)
        is_there[np.searchsorted(shared, np.intersect1d(own, shared, assume_unique=True))] = True
        marks[number] = int.from_bytes(np.packbits(is_there).tobytes())
    return marks


def _share(common: int, together: int) -> float:
    """Of two pages: the bits they have in common, and the number of their runs added up."""
    both = common.bit_count()
    return both / (together - both)


def same_texts(pages: Sequence[Page]) -> dict[str, tuple[Page, ...]]:
    """The pages by their text: what detection finds on one is found on its copies."""
    by_text: dict[str, list[Page]] = {}
    for page in pages:
        by_text.setdefault(page.text, []).append(page)
    return {text: tuple(same) for text, same in by_text.items()}
