"""The figures of `evaluate passages` and `evaluate documents`, word by word as design.md §5 defines them.

    flagged recall     gold withhold spans wholly under withhold or ask
    near recall        … at least 80 % under withhold or ask
    withheld recall    … at least 80 % under withhold
    over-redaction     gold disclose spans with a character under withhold that lies in no gold withhold or depends span
    ask load           gold disclose spans touched likewise by ask but not by withhold
    depends asked      gold depends spans at least 80 % under ask
    head accuracy      near-recalled withhold spans whose most covering finding has an accepted head; a tie is wrong
    character precision  characters under withhold in some gold span that lie in a withhold or depends span
    citation validity  withhold and ask findings with at least one verified citation of their head

Each character has one decision, withhold over ask over disclose. "The finding that covers most" is taken literally:
of all findings, whatever their decision, by counted characters of the span; two that cover equally much are a tie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.domain.finding import Citation, Decision, Finding
from assistant.domain.provision import Head
from assistant.evaluate.labelled import Labelled, PlacedSpan
from assistant.evaluate.share import Share

SpeaksFor = Callable[[Citation, Head], bool]
"""Whether a citation is verified and its source speaks about this head."""

_FLAGGING = (Decision.WITHHOLD, Decision.ASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanScore:
    """What became of one gold span. `head_right` and `tied` are None unless it is a near-recalled withhold span."""

    span: PlacedSpan
    flagged: bool
    near: bool
    withheld: bool
    asked: bool
    over_redacted: bool
    asked_about: bool
    head_right: bool | None
    tied: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemScore:
    """What became of one text: its spans, the characters under withhold, and the citations of its findings."""

    id: str
    spans: tuple[SpanScore, ...]
    characters: Share
    citations: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """The positions of one text by decision and by gold label."""

    withhold: frozenset[int]
    ask: frozenset[int]
    excused: frozenset[int]
    """In a gold withhold or depends span: neither withholding nor asking is an error there."""


def score_item(item: Labelled, findings: Sequence[Finding], speaks_for: SpeaksFor) -> ItemScore:
    """Compares the findings of one text with its gold spans."""
    places = [frozenset(i for extent in f.extents for i in item.whole(extent)) for f in findings]
    withhold = _union(p for f, p in zip(findings, places, strict=True) if f.decision is Decision.WITHHOLD)
    ask = _union(p for f, p in zip(findings, places, strict=True) if f.decision is Decision.ASK) - withhold
    excused = _union(span.covered for span in item.spans if span.decision != "disclose")
    ground = _Ground(withhold=withhold, ask=ask, excused=excused)
    blacked = _union(span.counted for span in item.spans) & withhold
    flagging = [finding for finding in findings if finding.decision in _FLAGGING]
    return ItemScore(
        id=item.id,
        spans=tuple(_score_span(span, ground, findings, places) for span in item.spans),
        characters=Share(hits=len(blacked & excused), of=len(blacked)),
        citations=Share.over(_has_ground(finding, speaks_for) for finding in flagging),
    )


def _score_span(
    span: PlacedSpan, ground: _Ground, findings: Sequence[Finding], places: Sequence[frozenset[int]]
) -> SpanScore:
    flagged = span.counted & (ground.withhold | ground.ask)
    open_to_blame = span.counted - ground.excused
    disclose = span.decision == "disclose"
    over = disclose and bool(open_to_blame & ground.withhold)
    near = _four_fifths(flagged, span)
    best = _most_covering(span, findings, places) if span.decision == "withhold" and near else None
    return SpanScore(
        span=span,
        flagged=flagged == span.counted,
        near=near,
        withheld=_four_fifths(span.counted & ground.withhold, span),
        asked=_four_fifths(span.counted & ground.ask, span),
        over_redacted=over,
        asked_about=disclose and not over and bool(open_to_blame & ground.ask),
        head_right=None if best is None else len(best) == 1 and best[0].head in span.heads,
        tied=None if best is None else len(best) > 1,
    )


def _four_fifths(covered: frozenset[int], span: PlacedSpan) -> bool:
    return 5 * len(covered) >= 4 * len(span.counted)  # in integers: 0.8 has no exact binary form


def _most_covering(
    span: PlacedSpan, findings: Sequence[Finding], places: Sequence[frozenset[int]]
) -> list[Finding]:
    """The finding that covers most of the span; more than one where they cover equally much."""
    shared = [len(span.counted & place) for place in places]
    most = max(shared)
    return [finding for finding, count in zip(findings, shared, strict=True) if count == most]


def _has_ground(finding: Finding, speaks_for: SpeaksFor) -> bool:
    head = finding.head
    return head is not None and any(speaks_for(citation, head) for citation in finding.citations)


def _union(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset[int]().union(*sets)


def figures(scores: Iterable[ItemScore]) -> dict[str, Share]:
    """Every figure over all items, in the order of the table above."""
    items = tuple(scores)
    return {
        **_span_figures([span for item in items for span in item.spans]),
        "character_precision": _sum(item.characters for item in items),
        "citation_validity": _sum(item.citations for item in items),
    }


def figures_by_head(scores: Iterable[ItemScore]) -> dict[str, dict[str, Share]]:
    """The figures that rest on spans, by the labelled head ("-" for spans that engage none)."""
    groups: dict[str, list[SpanScore]] = {}
    for item in scores:
        for score in item.spans:
            groups.setdefault(score.span.category or "-", []).append(score)
    known = [str(head) for head in Head if head in groups]
    return {name: _span_figures(groups[name]) for name in (*known, *(["-"] if "-" in groups else []))}


def ties(scores: Iterable[ItemScore]) -> int:
    """How many spans count as wrong in head accuracy because no single finding covers most of them."""
    return sum(span.tied is True for item in scores for span in item.spans)


def _span_figures(spans: Sequence[SpanScore]) -> dict[str, Share]:
    withhold, disclose, depends = (
        [score for score in spans if score.span.decision == decision]
        for decision in ("withhold", "disclose", "depends")
    )
    return {
        "flagged_recall": Share.over(score.flagged for score in withhold),
        "near_recall": Share.over(score.near for score in withhold),
        "withheld_recall": Share.over(score.withheld for score in withhold),
        "over_redaction": Share.over(score.over_redacted for score in disclose),
        "ask_load": Share.over(score.asked_about for score in disclose),
        "depends_asked": Share.over(score.asked for score in depends),
        "head_accuracy": Share.over(score.head_right for score in withhold if score.head_right is not None),
    }


def _sum(shares: Iterable[Share]) -> Share:
    counted = tuple(shares)
    return Share(hits=sum(share.hits for share in counted), of=sum(share.of for share in counted))
