"""What a model added to the rules, span by span: what it won, what it cost, and what following it would have given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant.domain.usage import Usage
from assistant.evaluate.passages import ItemScore, SpanScore, figures
from assistant.evaluate.run import MeasuredPassage
from assistant.evaluate.share import Share
from assistant.propose.spent import total_of

WON = ("flagged", "near", "withheld", "asked")
LOST = ("over_redacted", "asked_about")
_GOLD = {"flagged": "withhold", "near": "withhold", "withheld": "withhold", "asked": "depends"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`won`: gold spans that only the model flagged, …; `lost`: gold disclose spans that only the model touched."""

    rules: Mapping[str, Share]
    followed: Mapping[str, Share]
    won: Mapping[str, int]
    lost: Mapping[str, int]
    usage: Usage

    def to_json(self) -> dict[str, Any]:
        """The comparison in words that stay stable."""
        return {
            "rules_figures": {name: share.to_json() for name, share in self.rules.items()},
            "followed_figures": {name: share.to_json() for name, share in self.followed.items()},
            "won": dict(self.won),
            "lost": dict(self.lost),
            "usage": asdict(self.usage),
        }


class Comparing:
    """Adds up texts as they are measured."""

    def __init__(self) -> None:
        self._rules: list[ItemScore] = []
        self._followed: list[ItemScore] = []
        self._counts = dict.fromkeys((*WON, *LOST), 0)
        self._usage = Usage()

    def add(self, measured: MeasuredPassage) -> None:
        """Takes one text; one that was not put to a model says nothing."""
        if measured.rules is None or measured.followed is None:
            return
        self._rules.append(measured.rules)
        self._followed.append(measured.followed)
        self._usage += total_of(measured.proposal.usage)
        for before, after in zip(measured.rules.spans, measured.score.spans, strict=True):
            for name in _turned(before, after):
                self._counts[name] += 1

    @property
    def result(self) -> Comparison | None:
        """None where no model was asked."""
        if not self._rules:
            return None
        return Comparison(
            rules=figures(self._rules),
            followed=figures(self._followed),
            won={name: self._counts[name] for name in WON},
            lost={name: self._counts[name] for name in LOST},
            usage=self._usage,
        )


def _turned(before: SpanScore, after: SpanScore) -> Iterable[str]:
    """The verdicts about one span that hold only with the model."""
    for name in (*WON, *LOST):
        meant = _GOLD.get(name, after.span.decision) == after.span.decision
        if meant and getattr(after, name) and not getattr(before, name):
            yield name
