"""The figures of `osumitsuki evaluate` on the development set, as Markdown: `python benchmarks/evaluation.py > evaluation.md`.

The set lies beside the checkout (../shared/data/dev) and is not part of it. Of its passages and questions those with odd
numbers were looked at while word lists and ranking were written, the others only as totals (detection.md splits them).
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from machine import described

from assistant.domain.source import SourceKind
from assistant.evaluate.gold import QueryRow
from assistant.evaluate.labelled import read_passages
from assistant.evaluate.report import passages_report, queries_report
from assistant.evaluate.rows import read_rows
from assistant.evaluate.run import measure_passages, measure_queries
from assistant.evaluate.terminal import markdown
from assistant.retrieve.query import SearchQuery
from assistant.settings import read_settings, silence_telemetry

if TYPE_CHECKING:
    from assistant.retrieve.retriever import Retriever
    from assistant.wiring import Assistant

ROOT = Path(__file__).resolve().parents[1]
DEV = ROOT.parent / "shared" / "data" / "dev"


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


def commit() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, check=True)
    return told.stdout.decode().strip()


def main() -> None:
    silence_telemetry()
    from assistant.wiring import build

    print("# Evaluation on the development set\n")
    print(
        f"Commit {commit()}, rules engine; {described()}. Counts stand behind every share; definitions are in"
    )
    print("`assistant/evaluate/passages.py` and `queries.py`.\n")
    items = read_passages(DEV / "passages.jsonl")
    for ner in ("on", "off"):
        assistant = build(read_settings(city="mihon", ner=ner))
        measured = measure_passages(
            items, lambda document, a=assistant: a.propose(document, engine="rules"), assistant.corpus, quiet
        )
        print(f"## {len(items)} passages, second detector (NER) {ner}\n")
        print("\n".join(markdown(passages_report("passages", assistant.city, measured))) + "\n")
    rows = [row for _, row in read_rows(DEV / "queries.jsonl", QueryRow)]
    questions = measure_queries(
        rows, lambda text: assistant.search(SearchQuery(text, kinds=(SourceKind.PROVISION,))).hits, quiet
    )
    print(f"## {len(rows)} questions\n")
    print("\n".join(markdown(queries_report(assistant.city, questions))) + "\n")
    print(f"## {len(rows)} questions, without the city's questions.toml\n")
    bare = without_questions(assistant)
    alone = measure_queries(
        rows, lambda text: bare.search(SearchQuery(text, kinds=(SourceKind.PROVISION,))).hits, quiet
    )
    print("\n".join(markdown(queries_report(assistant.city, alone))))


def without_questions(assistant: Assistant) -> Retriever:
    """The same search over the same city, had nobody written down how staff ask."""
    from assistant.adapters.index import memory_index, wanted_of
    from assistant.retrieve.retriever import Retriever

    corpus = replace(assistant.corpus, questions=())
    return Retriever(corpus, assistant.embedder, memory_index(wanted_of(corpus), assistant.embedder).vectors)


if __name__ == "__main__":
    sys.exit(main())
