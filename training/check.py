"""Check files of worked passages: `python -m training.check FILE …` (all of them without a name)."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from training.worked import PASSAGES, Worked, WorkedPassageError, read_worked


def unmarked_again(worked: Worked) -> list[str]:
    """Withheld or asked texts of three letters or more that also stand unmarked elsewhere in the passage."""
    covered = [False] * len(worked.text)
    for mark in worked.marks:
        covered[mark.start : mark.end] = [True] * (mark.end - mark.start)
    found = []
    for mark in worked.marks:
        at = worked.text.find(mark.text)
        while at >= 0 and mark.decision != "disclose" and len(mark.text) >= 3:
            if not any(covered[at : at + len(mark.text)]):
                found.append(mark.text)
            at = worked.text.find(mark.text, at + 1)
    return found


def main(names: list[str]) -> int:
    """Print counts for each file; 2 if a file is not understood."""
    failed = 0
    seen = Counter[str]()
    totals = Counter[str]()
    for path in [Path(name) for name in names] or sorted(PASSAGES.glob("*.txt")):
        try:
            passages = read_worked(path)
        except WorkedPassageError as error:
            print(f"NG {error}")
            failed = 2
            continue
        counts = Counter(mark.decision for worked in passages for mark in worked.marks)
        totals.update(counts)
        seen.update(worked.id for worked in passages)
        length = sum(len(worked.text) for worked in passages) // max(len(passages), 1)
        print(f"{path.name}: {len(passages)} passages of {length} characters, marks {dict(counts)}")
        for worked in passages:
            for text in unmarked_again(worked):
                print(f"  {worked.id}: «{text}» also stands unmarked")
    for name, count in seen.items():
        if count > 1:
            print(f"NG id {name} is used {count} times")
            failed = 2
    print(f"total: {sum(seen.values())} passages, marks {dict(totals)}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
