"""A second scorer, written from design.md alone: text, gold rows and the lines of `--out`, nothing of the product.

It walks characters where the product works on sets, and knows no class of the product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Row = dict[str, Any]
Counts = dict[str, tuple[int, int]]
SPAN_FIGURES = (
    "flagged_recall",
    "near_recall",
    "withheld_recall",
    "over_redaction",
    "ask_load",
    "depends_asked",
    "head_accuracy",
)


def rescore(
    texts: Sequence[str],
    gold: Sequence[Sequence[Row]],
    found: Sequence[Sequence[Row]],
    cited: Callable[[Row, str], bool],
) -> Counts:
    """(hits, of) for every figure, over all texts."""
    counts = {name: [0, 0] for name in (*SPAN_FIGURES, "character_precision", "citation_validity")}
    for text, spans, findings in zip(texts, gold, found, strict=True):
        labels = ["." for _ in text]
        for sign, decision in (("d", "disclose"), ("a", "ask"), ("w", "withhold")):
            for finding in findings:
                if finding["decision"] == decision:
                    for extent in finding["extents"]:
                        for i in range(extent["start"], extent["end"]):
                            labels[i] = sign
        excused = [False for _ in text]
        for span in spans:
            if span["decision"] in ("withhold", "depends"):
                for i in occurrences(text, span["text"]):
                    excused[i] = True
        scored: set[int] = set()
        for span in spans:
            places = counted(text, span["text"])
            scored |= set(places)
            _span(counts, span, places, labels, excused, findings)
        black = [i for i in sorted(scored) if labels[i] == "w"]
        _add(counts, "character_precision", sum(excused[i] for i in black), len(black))
        for finding in findings:
            if finding["decision"] in ("withhold", "ask"):
                head = finding["head"]
                _add(
                    counts,
                    "citation_validity",
                    head is not None and any(cited(c, head) for c in finding["citations"]),
                )
    return {name: (hits, of) for name, (hits, of) in counts.items()}


def _span(
    counts: dict[str, list[int]],
    span: Row,
    places: list[int],
    labels: list[str],
    excused: list[bool],
    findings: Any,
) -> None:
    under = "".join(labels[i] for i in places)
    if span["decision"] == "withhold":
        flagged = len(under) - under.count(".") - under.count("d")
        _add(counts, "flagged_recall", flagged == len(under))
        _add(counts, "near_recall", flagged * 10 >= len(under) * 8)
        _add(counts, "withheld_recall", under.count("w") * 10 >= len(under) * 8)
        if flagged * 10 >= len(under) * 8:
            sizes = sorted(((_shared(f, places), n) for n, f in enumerate(findings)), reverse=True)
            alone = len(sizes) == 1 or sizes[0][0] > sizes[1][0]
            accepted = [span["category"], *span.get("alt_category", [])]
            _add(counts, "head_accuracy", alone and findings[sizes[0][1]]["head"] in accepted)
    elif span["decision"] == "disclose":
        blamed = {labels[i] for i in places if not excused[i]}
        _add(counts, "over_redaction", "w" in blamed)
        _add(counts, "ask_load", "a" in blamed and "w" not in blamed)
    else:
        _add(counts, "depends_asked", under.count("a") * 10 >= len(under) * 8)


def _shared(finding: Row, places: list[int]) -> int:
    return sum(any(e["start"] <= i < e["end"] for e in finding["extents"]) for i in places)


def _add(counts: dict[str, list[int]], name: str, hits: int | bool, of: int = 1) -> None:
    counts[name][0] += int(hits)
    counts[name][1] += of


def occurrences(text: str, part: str) -> list[int]:
    """Every position under an occurrence of `part`."""
    return sorted({i + k for i in range(len(text)) if text.startswith(part, i) for k in range(len(part))})


def counted(text: str, part: str) -> list[int]:
    """The positions that count: letters, digits, ideographs; without any, everything but white space."""
    places = occurrences(text, part)
    return [i for i in places if text[i].isalnum()] or [i for i in places if not text[i].isspace()]
