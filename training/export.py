"""Worked passages as an evaluation set: `python -m training.export [--hold N] > passages.jsonl`.

`osumitsuki evaluate passages` reads it. With `--hold N` only the passages that `training.train --hold N` holds back.
A mark covers every occurrence of its text there, so a passage in which the same text is marked two ways is left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from training.train import held
from training.worked import PASSAGES, Worked, all_worked


def row(worked: Worked) -> dict[str, object] | None:
    """One line of the evaluation set; None where one text has two answers, or one answer stands inside another."""
    decided: dict[str, str] = {}
    for mark in worked.marks:
        if decided.setdefault(mark.text, mark.decision) != mark.decision:
            return None
    texts = list(decided)
    if any(a != b and a in b and decided[a] != decided[b] for a in texts for b in texts):
        return None
    spans: dict[str, dict[str, object]] = {}
    for mark in worked.marks:
        spans.setdefault(
            mark.text,
            {
                "text": mark.text,
                "decision": mark.decision,
                "category": mark.heads[0] if mark.heads else None,
                "alt_category": list(mark.heads[1:]) or None,
                "exception": mark.exception,
            },
        )
    kept = [
        {key: value for key, value in span.items() if key in ("category",) or value is not None}
        for span in spans.values()
    ]
    return {"id": worked.id, "passage": worked.text, "spans": kept}


def main() -> int:
    """Print the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hold", type=int, default=0)
    parser.add_argument("--passages", type=Path, default=PASSAGES)
    given = parser.parse_args()
    left_out = 0
    for worked in all_worked(given.passages):
        if given.hold and not held(worked.id, given.hold):
            continue
        line = row(worked)
        left_out += line is None
        if line:
            print(json.dumps(line, ensure_ascii=False))
    print(f"{left_out} passages left out: one text, two answers", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
