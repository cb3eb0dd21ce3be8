"""The figures of `evaluate queries` (design.md §5), over the ranked list of provisions, duplicates kept.

hit@k: a provision of the right head (or of the topic, for a procedural question) is among the first k. MRR: mean of
1 / rank of the first such provision, 0 where the list has none. exception hit@5: of the questions whose answer turns
on an exception, the share with a limb of that role among the first five.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain.source import Source
from assistant.evaluate.gold import QueryRow
from assistant.evaluate.share import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryScore:
    """`rank` (from 1) of the first right provision, `exception_rank` of the first of the exception's role."""

    row: QueryRow
    rank: int | None
    exception_rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanRank:
    """Mean reciprocal rank over `of` questions; None when there were none."""

    value: float | None
    of: int

    def to_json(self) -> dict[str, float | int | None]:
        """`{"value", "of"}`."""
        return {"value": self.value, "of": self.of}


def score_query(row: QueryRow, ranked: Sequence[Source]) -> QueryScore:
    """Where the right provision stands in the list."""
    return QueryScore(
        row=row,
        rank=_first(_is_right(row, source) for source in ranked),
        exception_rank=_first(
            row.exception is not None and source.exception == row.exception for source in ranked
        ),
    )


def _is_right(row: QueryRow, source: Source) -> bool:
    if row.procedure is not None:
        return source.topic == row.procedure
    return bool(source.heads) and source.heads[0] in row.heads  # the one `search --json` prints as its head


def _first(verdicts: Iterable[bool]) -> int | None:
    return next((rank for rank, right in enumerate(verdicts, 1) if right), None)


def _within(rank: int | None, limit: int) -> bool:
    return rank is not None and rank <= limit


def query_figures(scores: Iterable[QueryScore]) -> dict[str, Share | MeanRank]:
    """Every figure over all questions."""
    asked = tuple(scores)
    found = {f"hit@{k}": Share.over(_within(score.rank, k) for score in asked) for k in (1, 3, 5)}
    reciprocal = [1 / score.rank if score.rank else 0.0 for score in asked]
    mean = MeanRank(value=sum(reciprocal) / len(asked) if asked else None, of=len(asked))
    on_exception = [score for score in asked if score.row.exception is not None]
    exception = Share.over(_within(score.exception_rank, 5) for score in on_exception)
    return {**found, "mrr": mean, "exception_hit@5": exception}


def query_figures_by_subject(scores: Iterable[QueryScore]) -> dict[str, dict[str, Share | MeanRank]]:
    """The same by the head or the topic the questions are about."""
    groups: dict[str, list[QueryScore]] = {}
    for score in scores:
        groups.setdefault(str(score.row.category or score.row.procedure), []).append(score)
    return {name: query_figures(group) for name, group in groups.items()}
