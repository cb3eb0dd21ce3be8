"""A case as its page view shows it: the pages near the one looked at, and of all others only how much is open.

A file of 300 pages has thousands of findings. What is sent grows with a page, not with the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.corpus.corpus import Corpus
from assistant.documents.doubts import says
from assistant.domain.document import Box, Document
from assistant.domain.finding import Decision, Finding, Proposal
from assistant.domain.places import place_of
from assistant.propose.spent import total_of, usage_words
from assistant.review.areas import drawn
from assistant.review.case import Act, Case
from assistant.ui.beside import precedents_beside
from assistant.ui.desk.view import (
    FindingView,
    Shown,
    clause_choices,
    engine_words,
    estimate_words,
    warning_words,
)
from assistant.ui.where import where_went

_MUCH = 400
"""Findings from which the neighbouring pages are left out: a page of a long list has hundreds."""
_ACTS = 30  # of the last acts, for taking them back
_COUNTS = ("withhold", "ask", "contested", "rest", "settled", "all")


@dataclass(slots=True)
class _Tally:
    """What is open on one page."""

    withhold: int = 0
    ask: int = 0
    contested: int = 0
    rest: int = 0
    settled: int = 0
    all: int = 0  # of the queue: everything but plain disclosures

    @property
    def open(self) -> int:
        return self.withhold + self.ask + self.contested

    def count(self, finding: Finding) -> None:
        """Adds one finding."""
        state = finding.decided.state if finding.decided else ""
        alone = finding.decision is not Decision.DISCLOSE or finding.contested
        if alone:
            self.all += 1
            self.settled += bool(state)
        if state:
            return
        if not alone:
            self.rest += 1
        elif finding.contested:
            self.contested += 1
        elif finding.decision is Decision.ASK:
            self.ask += 1
        else:
            self.withhold += 1


def first_open_page(case: Case) -> int:
    """Where a person begins: the first page with something to look at, else with doubts, else the first."""
    pages = case.proposal.document.pages if case.proposal else ()
    queue = min((home_of(finding) for finding in case.queue), default=0)
    unread = min(case.unread_pages, default=0)
    return queue or unread or (pages[0].number if pages else 1)


def home_of(finding: Finding) -> int:
    """The page a finding is counted on: where it begins."""
    if finding.extents:
        return finding.extents[0].page
    return finding.boxes[0].page if finding.boxes else 1


def page_data(
    case: Case,
    proposal: Proposal,
    corpus: Corpus,
    words: Mapping[str, Any],
    *,
    ack: Shown,
    rules: Mapping[str, str],
    page: int,
    pictures: Mapping[int, str],
) -> Shown:
    """Everything to go through `page` and its neighbours without asking Python. `pictures`: addresses, by page."""
    document = proposal.document
    tallies: dict[int, _Tally] = {one.number: _Tally() for one in document.pages}
    for finding in proposal.findings:
        tallies[home_of(finding)].count(finding)
    at_hand = _at_hand(proposal.findings, tallies, page)
    here = [one for one in proposal.findings if at_hand & _pages_of(one)]
    said = _words(words)
    labels = corpus.city.labels
    view = FindingView(case, proposal, corpus, words, rules)
    beside = precedents_beside(replace(proposal, findings=tuple(here)), corpus, words)
    known = {finding.id for finding in here}
    findings = [_finding(view.finding(one, beside.get(one.id)), one, document, known) for one in here]
    return {
        "case": case.id,
        "title": case.title,
        "actor": case.owner.label,
        "engine": engine_words(proposal),
        "place": where_went(proposal),
        "mark": f"{labels.fictional}の{corpus.city.name}" if proposal.fictional else "",
        "warnings": warning_words(proposal, words["desk"]["page"]),
        "estimate": "　".join(
            filter(None, (estimate_words(proposal), usage_words(total_of(proposal.usage))))
        ),
        "page": page,
        "at_hand": sorted(at_hand),
        "pages": [_letters(document, number) for number in sorted(at_hand) if number == page],
        "sheets": _sheets(case, document, tallies),
        "doubts": {str(number): _doubts(document, number) for number in at_hand},
        "pictures": {str(number): address for number, address in pictures.items()},
        "findings": findings,
        "elsewhere": _elsewhere(proposal.findings, known),
        "sources": view.sources,
        "choices": clause_choices(corpus, proposal),
        "acts": _acts(case, known),
        "words": said,
        "ack": ack,
    }


def _words(words: Mapping[str, Any]) -> Shown:
    """The desk's words, and those of the page view in front of them."""
    desk, page = words["desk"], words["page"]
    return {**desk, **page, "acts": {**desk["acts"], **page["acts"]}, "go": {**desk["go"], **page["go"]}}


def _at_hand(findings: Sequence[Finding], tallies: Mapping[int, _Tally], page: int) -> set[int]:
    """The page, its neighbours, and the nearest ones with something open before and after it."""
    numbers = sorted(tallies)
    at = numbers.index(page)
    open_ = [number for number in numbers if tallies[number].open and number != page]
    after = [*(n for n in open_ if n > page), *(n for n in open_ if n < page)]
    wanted = {page, *numbers[max(at - 1, 0) : at + 2], *after[:1], *after[-1:]}
    much = sum(1 for finding in findings if wanted & _pages_of(finding))
    return {page} if much > _MUCH else wanted


def _pages_of(finding: Finding) -> set[int]:
    return {home_of(finding), *(box.page for box in finding.boxes)}


def _finding(told: Shown, finding: Finding, document: Document, known: set[str]) -> Shown:
    """With its places on paper; of the findings like it only those at hand, and how many are not."""
    page, start, *_ = place_of(document, finding)
    near = [other for other in told["same"] if other in known]
    own = drawn(document, finding)
    return {
        **told,
        "place": [page, start, start],
        "boxes": [_sides(box) for box in finding.boxes],
        "drawn": [_sides(box) for box in own],
        "same": near,
        "same_away": len(told["same"]) - len(near),
    }


def _sides(box: Box) -> list[float]:
    return [box.page, *(round(side, 2) for side in (box.x0, box.y0, box.x1, box.y1))]


def _letters(document: Document, number: int) -> Shown:
    """Text and places of a page's characters: four tenths of points each, a negative one for no place."""
    page = document.page(number)
    sides = [round(side * 10) if side == side else -1_000_000 for side in page.boxes.sides]  # noqa: PLR0124 NaN
    return {"number": number, "text": page.text, "sides": sides}


def _sheets(case: Case, document: Document, tallies: Mapping[int, _Tally]) -> list[list[float]]:
    """Number, width, height, how much is open, how much there is, and 1: must be read, 2: was read."""
    doubtful, read = set(case.doubtful_pages), set(case.read_pages)
    return [
        [
            page.number,
            round(page.width, 2),
            round(page.height, 2),
            tallies[page.number].open,
            tallies[page.number].all,
            (2 if page.number in read else 1) if page.number in doubtful else 0,
        ]
        for page in document.pages
    ]


def _doubts(document: Document, number: int) -> list[str]:
    told = []
    for code in document.page(number).doubts:
        try:
            told.append(says(code))
        except KeyError:  # of a record that another version wrote: the page must be read all the same
            continue
    return told


def _elsewhere(findings: Iterable[Finding], known: set[str]) -> dict[str, int]:
    tally = _Tally()
    for finding in findings:
        if finding.id not in known:
            tally.count(finding)
    return {name: getattr(tally, name) for name in _COUNTS}


def _acts(case: Case, known: set[str]) -> list[Shown]:
    """The last acts that stand, with the page to turn to when one is taken back."""
    standing = [act for act in case.acts if not act.undone][-_ACTS:]
    homes = {finding.id: home_of(finding) for finding in case.findings} if standing else {}
    return [_act(act, known, homes) for act in standing]


def _act(act: Act, known: set[str], homes: Mapping[str, int]) -> Shown:
    first = next((homes[name] for name in act.finding_ids if name in homes), None)
    return {
        "kind": str(act.kind),
        "ids": [name for name in act.finding_ids if name in known],
        "page": act.pages[0] if act.pages else first,
    }
