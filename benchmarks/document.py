"""A text document of 300 pages from its pages to all proposals, by workers and in one process, in one run.

Prints JSON: seconds of each, the ratio, when the first page came, and the most memory all processes held together.
The ratio and the memory travel between machines, seconds do not. Pages are made of labelled passages in a seeded
order, each with its own line so that no two are copies. Run from the checkout:

    OSUMITSUKI_NER=off python benchmarks/document.py ../shared/data/dev/passages.jsonl [--pages 300]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from machine import described

from assistant.domain.document import Document

LETTERS = 1000  # a page


def pages_of(passages: Path, pages: int) -> Document:
    """A document of so many pages of about 1,000 letters."""
    texts = [json.loads(line)["passage"].strip() for line in passages.read_text("utf-8").splitlines()]
    shuffled = random.Random(1)
    made = []
    for number in range(1, pages + 1):
        page = f"第{number}頁\n"
        while len(page) < LETTERS:
            page += shuffled.choice(texts) + "\n"
        made.append(page[:LETTERS])
    return Document.of_texts(tuple(made), name="benchmark")


def _proportional(process: int) -> float:
    """Memory of a process in megabytes, what it shares with others counted by its part (Linux)."""
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith("Pss:")), 0.0)


def _family() -> list[int]:
    """This process and everything it has started."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text("utf-8").rsplit(")", 1)[1].split()[1]
                )
            except OSError:
                continue
    family = [os.getpid()]
    for one in family:
        family += [child for child, parent in parents.items() if parent == one]
    return family


@contextmanager
def watched(peak: dict[str, float]) -> Iterator[None]:
    """Notes the most memory, all processes together, and the largest of the others."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.25):
            sizes = {process: _proportional(process) for process in _family()}
            peak["all_mb"] = max(peak.get("all_mb", 0.0), sum(sizes.values()))
            others = [size for process, size in sizes.items() if process != os.getpid()]
            peak["largest_worker_mb"] = max(peak.get("largest_worker_mb", 0.0), max(others, default=0.0))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("passages", type=Path)
    parser.add_argument("--pages", type=int, default=300)
    asked = parser.parse_args()
    document = pages_of(asked.passages, asked.pages)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OSUMITSUKI_DATA_DIR"] = folder
        index = [sys.executable, "-m", "assistant", "index"]  # as on any PC where the program was used before
        subprocess.run(index, check=True, capture_output=True)
        from assistant.settings import read_settings
        from assistant.wiring import build
        from assistant.wiring.jobs import Watch

        assistant = build(read_settings())
        assistant.warm_up(lambda message, share: None)
        told: dict[str, object] = {"pages": asked.pages, "letters": sum(len(p.text) for p in document.pages)}
        findings = {}
        for name, workers in (("workers", None), ("one_process", 1)):
            first: list[float] = []
            peak: dict[str, float] = {}
            begun, used = time.perf_counter(), os.times()
            with watched(peak):
                proposal = assistant.propose(
                    document,
                    engine="rules",
                    watch=Watch(
                        workers=workers,
                        on_page=lambda number, _, first=first, begun=begun: first.append(  # type: ignore[misc]
                            time.perf_counter() - begun
                        ),
                    ),
                )
            seconds, after = time.perf_counter() - begun, os.times()
            findings[name] = proposal.findings
            told[name] = {
                "seconds": round(seconds, 1),
                "processor_seconds": round(after.user + after.system - used.user - used.system, 1),
                "first_page_seconds": round(first[0], 1),
                **{key: round(value) for key, value in peak.items()},
            }
            time.sleep(2)  # the workers have gone home before the next is measured
            told["findings"] = len(proposal.findings)
        told["ratio"] = round(told["workers"]["seconds"] / told["one_process"]["seconds"], 2)  # type: ignore[index]
        told["same_findings"] = findings["workers"] == findings["one_process"]
        told["machine"] = described()
        assistant.close()
    print(json.dumps(told, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
