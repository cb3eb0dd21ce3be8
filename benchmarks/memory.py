"""Resident memory of one process that holds the whole app: `python benchmarks/memory.py` (Linux).

Server framework, corpus, index, embedder and both detectors, after a passage, a search and a question.
"""

from __future__ import annotations

from pathlib import Path

from machine import described, resident

from assistant.documents.text import of_passage
from assistant.retrieve.query import SearchQuery
from assistant.settings import read_settings, silence_telemetry

PASSAGE = Path(__file__).with_name("passage.txt")


def main() -> None:
    silence_telemetry()
    rows = [("Python", resident())]
    import streamlit.web.bootstrap

    from assistant.wiring import build

    assert streamlit.web.bootstrap is not None
    rows.append(("and Streamlit", resident()))
    assistant = build(read_settings(ner="off"))
    assistant.search(SearchQuery("担当者の氏名"))
    assistant.ask("担当者の氏名は消しますか")
    rows.append(("and corpus, index, embedder", resident()))
    passage = of_passage(PASSAGE.read_text(encoding="utf-8"))
    assistant.propose(passage, engine="rules")
    rows.append(("and a passage, NER off", resident()))
    with_ner = build(read_settings(ner="on"))
    with_ner.propose(passage, engine="rules")
    rows.append(("and a passage, NER on (a second assistant beside the first)", resident()))
    print(f"Resident memory of one process; {described()}.\n\n| holding | MB |\n|---|---|")
    for name, megabytes in rows:
        print(f"| {name} | {megabytes:.0f} |")


if __name__ == "__main__":
    main()
