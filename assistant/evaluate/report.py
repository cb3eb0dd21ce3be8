"""A finished measurement: as JSON, and in words for a screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.corpus.city import City
from assistant.evaluate.compare import Comparing, Comparison
from assistant.evaluate.passages import ItemScore, figures, figures_by_head, ties
from assistant.evaluate.queries import MeanRank, query_figures, query_figures_by_subject
from assistant.evaluate.run import MeasuredPassage, MeasuredQuery
from assistant.evaluate.share import Share

Figures = Mapping[str, Share | MeanRank]

NAMES = {
    "flagged_recall": "見つけた割合（全体が伏せる候補か要検討）",
    "near_recall": "ほぼ見つけた割合（8割以上）",
    "withheld_recall": "伏せる候補にした割合（8割以上）",
    "over_redaction": "公にすべきものを消した割合",
    "ask_load": "公にすべきものを要検討にした割合",
    "depends_asked": "判断が分かれるものを要検討にした割合",
    "head_accuracy": "条項の種類が合った割合",
    "character_precision": "消した文字のうち正しかった割合",
    "citation_validity": "根拠の引用が確かめられた割合",
    "hit@1": "1位に正しい条項",
    "hit@3": "3位までに正しい条項",
    "hit@5": "5位までに正しい条項",
    "mrr": "順位の逆数の平均（MRR）",
    "exception_hit@5": "5位までに正しい例外",
}
"""What each figure is called on screen, in the order it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was measured, on what, by which engine."""

    of: str  # passages | documents | queries
    city: str
    fictional: bool
    engine: str
    requested_engine: str
    items: int
    model_failures: int
    figures: Figures
    by_head: Mapping[str, Figures]
    ties: int | None = None
    model: Comparison | None = None

    def to_json(self) -> dict[str, Any]:
        """Shares are null where there was nothing to count."""
        told: dict[str, Any] = {
            "of": self.of,
            "city": self.city,
            "fictional": self.fictional,
            "engine": self.engine,
            "requested_engine": self.requested_engine,
            "items": self.items,
            "model_failures": self.model_failures,
            "figures": _told(self.figures),
            "by_head": {name: _told(each) for name, each in self.by_head.items()},
        }
        if self.ties is not None:
            told["head_accuracy_ties"] = self.ties
        return told if self.model is None else told | {"model": self.model.to_json()}


def passages_report(of: str, city: City, measured: Iterable[MeasuredPassage]) -> Report:
    """Over every text, taken one by one. The engine is the weakest that answered."""
    scores: list[ItemScore] = []
    failures, requested, comparing = 0, "rules", Comparing()
    for each in measured:
        scores.append(each.score)
        comparing.add(each)
        failures += each.model_failed
        requested = each.proposal.requested_engine
    return Report(
        of=of,
        city=city.id,
        fictional=city.fictional,
        engine="rules" if failures else requested,
        requested_engine=requested,
        items=len(scores),
        model_failures=failures,
        figures=figures(scores),
        by_head=figures_by_head(scores),
        ties=ties(scores),
        model=comparing.result,
    )


def queries_report(city: City, measured: Iterable[MeasuredQuery]) -> Report:
    """Over every question. Retrieval asks no model."""
    scores = [each.score for each in measured]
    return Report(
        of="queries",
        city=city.id,
        fictional=city.fictional,
        engine="rules",
        requested_engine="rules",
        items=len(scores),
        model_failures=0,
        figures=query_figures(scores),
        by_head=query_figures_by_subject(scores),
    )


def in_words(figure: Share | MeanRank) -> str:
    """`93.5 %（385/412）`, `0.812（120件）`, or that there was nothing to count."""
    if isinstance(figure, MeanRank):
        return "対象なし" if figure.value is None else f"{figure.value:.3f}（{figure.of}件）"
    return "対象なし" if figure.value is None else f"{100 * figure.value:.1f} %（{figure.hits}/{figure.of}）"


def in_counts(figure: Share | MeanRank) -> str:
    """`385/412` or `0.812`; empty when there was nothing to count."""
    if not figure.of:
        return ""
    return f"{figure.value:.3f}" if isinstance(figure, MeanRank) else f"{figure.hits}/{figure.of}"


def _told(figures: Figures) -> dict[str, Any]:
    return {name: figure.to_json() for name, figure in figures.items()}
