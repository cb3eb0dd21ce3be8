"""Where the assistant and the labels differ, item by item, for whoever works on the rules. Prints text: keep it local.

osumitsuki evaluate passages FILE --out OUT.jsonl
python benchmarks/misses.py FILE OUT.jsonl [missed|over|asked|silent|head …]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from assistant.evaluate.labelled import Labelled, PlacedSpan, read_passages


def label(item: Labelled, rows: list[dict]) -> list[str]:
    """One sign a character: w, a, d or a dot."""
    signs = ["."] * len(item.text)
    for sign, decision in (("d", "disclose"), ("a", "ask"), ("w", "withhold")):
        for row in rows:
            if row["decision"] == decision:
                for extent in row["extents"]:
                    signs[extent["start"] : extent["end"]] = sign * (extent["end"] - extent["start"])
    return signs


def verdict(span: PlacedSpan, signs: list[str], rows: list[dict], excused: frozenset[int]) -> str | None:
    under = [signs[i] for i in sorted(span.counted)]
    flagged = sum(sign in "wa" for sign in under)
    if span.decision == "withhold":
        if flagged * 5 < len(under) * 4:
            return "missed"
        shared = [
            (sum(e["start"] <= i < e["end"] for i in span.counted for e in row["extents"]), row["head"])
            for row in rows
        ]
        best = [head for count, head in shared if count == max(count for count, _ in shared)]
        return None if len(best) == 1 and best[0] in span.heads else "head"
    if span.decision == "depends":
        return None if under.count("a") * 5 >= len(under) * 4 else "silent"
    open_signs = {signs[i] for i in span.counted - excused}
    return "over" if "w" in open_signs else "asked" if "a" in open_signs else None


def main(path: str, out: str, *wanted: str) -> None:
    found = {}
    for line in Path(out).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["id"]] = row["findings"]
    for item in read_passages(Path(path)):
        rows = found[item.id]
        signs = label(item, rows)
        excused = frozenset(i for span in item.spans if span.decision != "disclose" for i in span.covered)
        for span in item.spans:
            told = verdict(span, signs, rows, excused)
            if told and (not wanted or told in wanted):
                at = min(span.covered)
                near = item.text[max(0, at - 12) : at + len(span.text) + 8].replace("\n", "⏎")
                by = [
                    (row["kind"], row["decision"], row["head"], row["found_by"])
                    for row in rows
                    if _touches(row, span)
                ]
                print(f"{told}\t{item.id}\t{'/'.join(span.heads)}\t{span.text!r}\t…{near}…\t{by}")


def _touches(row: dict, span: PlacedSpan) -> bool:
    return any(e["start"] <= i < e["end"] for e in row["extents"] for i in span.counted)


if __name__ == "__main__":
    main(*sys.argv[1:])
