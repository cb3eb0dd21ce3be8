"""How fast a document is read: every recognizer and reading together, Sudachi alone and with GiNZA.

Characters of CPU time a second on one core, beside plain Sudachi (mode A) and plain GiNZA (as the product loads it) over
the same text in the same run: the ratio travels between machines, seconds do not. The text is our own handbook and the
passage of this folder. Also the same text once and four times, which shows whether time grows with the length alone.
Run from the checkout: `python benchmarks/detection_speed.py [--without-ginza]`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from machine import described

from assistant.detect.detector import Detector
from assistant.detect.together import read_together
from assistant.domain.document import Document
from assistant.text.morphemes import tokenize

ROOT = Path(__file__).resolve().parents[1]
SLOW = 12_000  # letters are enough where a thousand take a third of a second


def seconds(work: Callable[[], object], runs: int) -> float:
    """The best CPU time of `runs` calls."""
    best = float("inf")
    for _ in range(runs):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def read(detector: Detector, text: str) -> object:
    document = Document.of_texts((text,), name="speed")
    return read_together(document, [detector.detect(page) for page in document.pages])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without-ginza", action="store_true")
    arguments = parser.parse_args()
    text = (ROOT / "benchmarks" / "passage.txt").read_text(encoding="utf-8") * 12
    text += (ROOT / "ordinances" / "mihon" / "handbook.md").read_text(encoding="utf-8")[: len(text)]
    part = text[-SLOW // 2 :] + text[: SLOW // 2]
    plain = Detector()
    read(plain, text[:2000])
    rows = [
        (
            "Sudachi alone, all recognizers and reading together",
            len(text),
            seconds(lambda: read(plain, text), 3),
        ),
        ("the same, four times the text", 4 * len(text), seconds(lambda: read(plain, text * 4), 1)),
        ("plain Sudachi", len(text), seconds(lambda: tokenize(text), 3)),
    ]
    if not arguments.without_ginza:
        from assistant.adapters.ginza import GinzaNameFinder

        finder = GinzaNameFinder()
        both = Detector(finder=finder)
        read(both, part[:500])
        rows.append(("with GiNZA", len(part), seconds(lambda: read(both, part), 1)))
        rows.append(("plain GiNZA", len(part), seconds(lambda: finder.find(part), 1)))
    base = rows[2][1] / rows[2][2]
    print(
        f"CPU time; {described()}.\n\n| what | letters | letters a second | of plain Sudachi |\n|---|---|---|---|"
    )
    for name, letters, took in rows:
        print(f"| {name} | {letters:,} | {letters / took:,.0f} | {letters / took / base:.3f} |")


if __name__ == "__main__":
    main()
