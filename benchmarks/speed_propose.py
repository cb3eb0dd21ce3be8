"""How long a passage of 1,000 characters takes, warm: detection, reading together, retrieval, policy, citations.

Printed beside a plain GiNZA pass over the same text in the same run: the ratio travels between machines, seconds do
not. Run from the checkout: `python benchmarks/speed_propose.py`.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from machine import described

from assistant.documents.text import of_passage
from assistant.settings import Settings, read_settings, silence_telemetry

RUNS = 15
PASSAGE = Path(__file__).with_name("passage.txt")


def seconds(work: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Times of `runs` calls after two that are not counted."""
    for _ in range(2):
        work()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return times


def plain_ginza() -> Callable[[str], object]:
    import spacy

    return spacy.load("ja_ginza")


def main() -> None:
    silence_telemetry()
    from assistant.wiring import build

    text = PASSAGE.read_text(encoding="utf-8")[:1000]
    found = {}
    rows = []
    for ner in ("on", "off"):
        settings: Settings = read_settings(ner=ner)
        assistant = build(settings)
        number = iter(range(10**6))

        def propose(assistant: object = assistant, number: object = number, ner: str = ner) -> None:
            # A new digest each time: what is cached by document must not be what is measured.
            proposal = assistant.propose(of_passage(f"{text}\n{next(number)}"), engine="rules")  # type: ignore[attr-defined]
            found[ner] = len(proposal.findings)

        rows.append((f"propose, NER {ner}", seconds(propose)))
    ginza = plain_ginza()
    rows.append(("plain GiNZA pass", seconds(lambda: ginza(text))))
    base = statistics.median(rows[-1][1])
    print(f"One passage of {len(text)} characters, warm, median of {RUNS}; {described()}.\n")
    print("| | median ms | slowest ms | × GiNZA | findings |\n|---|---|---|---|---|")
    for name, times in rows:
        median = statistics.median(times)
        count = found.get(name.rsplit(" ", 1)[-1], "")
        print(f"| {name} | {1000 * median:.0f} | {1000 * max(times):.0f} | {median / base:.2f} | {count} |")


if __name__ == "__main__":
    main()
