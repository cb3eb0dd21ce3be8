"""Put every labelled item to the assistant and add up what came back.

The assistant comes in as plain functions, so that what is measured is what the product does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from assistant.cite.verify import verify
from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.finding import Citation, CitationStatus, Finding, Proposal
from assistant.domain.provision import Head
from assistant.errors import InputError
from assistant.evaluate.gold import QueryRow
from assistant.evaluate.labelled import Labelled
from assistant.evaluate.passages import ItemScore, SpeaksFor, score_item
from assistant.evaluate.queries import QueryScore, score_query
from assistant.propose.wire import finding_to_json
from assistant.retrieve.query import Hit
from assistant.retrieve.wire import hit_to_json

Propose = Callable[[Document], Proposal]
Search = Callable[[str], Sequence[Hit]]
Measured = TypeVar("Measured")
Told = Callable[[int, int], None]
"""Called with how many items are done and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPassage:
    """One text measured, with the proposal as the product gave it.

    `rules`: what the rules alone score, `followed`: had every other opinion of the model been followed; both None where
    no model answered.
    """

    item: Labelled
    proposal: Proposal
    score: ItemScore
    rules: ItemScore | None = None
    followed: ItemScore | None = None

    @property
    def model_failed(self) -> bool:
        """Whether the model was asked for and the rules had to answer."""
        return self.proposal.engine != self.proposal.requested_engine


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredQuery:
    """One question measured, with the ranked provisions."""

    row: QueryRow
    ranked: tuple[Hit, ...]
    score: QueryScore


def measure_passages(
    items: Sequence[Labelled], propose: Propose, corpus: Corpus, told: Told
) -> Iterator[MeasuredPassage]:
    """One after another, so that a long run can be written as it goes."""
    for done, item in enumerate(items, 1):
        proposal = propose(item.document)
        yield _measured(item, proposal, speaks_for(corpus, proposal.decision_date))
        told(done, len(items))


def _measured(item: Labelled, proposal: Proposal, speaks: SpeaksFor) -> MeasuredPassage:
    score = score_item(item, proposal.findings, speaks)
    if proposal.requested_engine != "model":
        return MeasuredPassage(item=item, proposal=proposal, score=score)
    by_rules = [finding for finding in proposal.findings if not added_by_model(finding)]
    followed = [as_opined(finding) for finding in proposal.findings]
    return MeasuredPassage(
        item=item,
        proposal=proposal,
        score=score,
        rules=score_item(item, by_rules, speaks),
        followed=score_item(item, followed, speaks),
    )


def added_by_model(finding: Finding) -> bool:
    """Whether only a model found it. What rules found stays theirs: opinions change nothing (design.md D4)."""
    return bool(finding.found_by) and all(by.startswith("model:") for by in finding.found_by)


def as_opined(finding: Finding) -> Finding:
    """The finding as the model would have decided it: its first word that differs, else as it stands."""
    others = (one.decision for one in finding.opinions if one.decision not in {None, finding.decision})
    return replace(finding, decision=next(others, None) or finding.decision)


def measure_queries(rows: Sequence[QueryRow], search: Search, told: Told) -> Iterator[MeasuredQuery]:
    """`search` gives the ranked provisions of a question, duplicates kept."""
    for done, row in enumerate(rows, 1):
        ranked = tuple(search(row.query))
        yield MeasuredQuery(row=row, ranked=ranked, score=score_query(row, [hit.source for hit in ranked]))
        told(done, len(rows))


def speaks_for(corpus: Corpus, day: date) -> SpeaksFor:
    """Whether a citation holds for a head on `day`. The quote is looked up again: what is measured is not trusted."""

    def speaks(citation: Citation, head: Head) -> bool:
        source = corpus.source(citation.source)
        return (
            citation.status is CitationStatus.VERIFIED
            and source is not None
            and head in source.heads
            and verify(citation.quote, citation.source, corpus, as_of=day).status is CitationStatus.VERIFIED
        )

    return speaks


def passage_line(measured: MeasuredPassage) -> dict[str, Any]:
    """What `--out` writes for a text: findings as `propose --json` prints them, offsets into the whole text."""
    document = measured.proposal.document
    rows = (finding_to_json(document, finding) for finding in measured.proposal.findings)
    return {"id": measured.item.id, "findings": [in_whole_text(row, measured.item) for row in rows]}


def in_whole_text(row: Mapping[str, Any], item: Labelled) -> dict[str, Any]:
    """A finding's JSON with offsets into the whole text; pages keep their number."""
    moved = [_moved(extent, item) for extent in row["extents"]]
    return {**row, "extents": moved, "start": moved[0]["start"], "end": moved[0]["end"]}


def _moved(extent: Mapping[str, Any], item: Labelled) -> dict[str, Any]:
    start = item.page_start(extent["page"])
    return {**extent, "start": start + extent["start"], "end": start + extent["end"]}


def query_line(measured: MeasuredQuery) -> dict[str, Any]:
    """What `--out` writes for a question: results as `search --json` prints them."""
    return {"id": measured.row.id, "results": [hit_to_json(hit) for hit in measured.ranked]}


def written(
    measured: Iterable[Measured], line: Callable[[Measured], Mapping[str, Any]], out: Path | None
) -> Iterator[Measured]:
    """Passes the items on and writes each to `out` as it comes, so that a broken run leaves what it had.

    Raises InputError when the file cannot be written.
    """
    if out is None:
        yield from measured
        return
    try:
        file = out.open("w", encoding="utf-8", newline="\n")
    except OSError:
        raise InputError(
            "--out のファイルに書き込めません。フォルダがあるか、書き込む権限があるかを確かめてください。"
        ) from None
    with file:
        for each in measured:
            file.write(json.dumps(line(each), ensure_ascii=False, allow_nan=False) + "\n")
            file.flush()
            yield each
