"""Person names in encyclopaedic sentences: how many are found, and how many findings are persons.

`../shared/data/ner/ud_gsd_dev.jsonl` (UD_Japanese-GSD, not part of this checkout). Recall "whole": a finding has exactly
the extent of a labelled PERSON; "full span": every letter of the name lies under findings. Precision: findings that
share a letter with a labelled person; "exact": those of the same extent. Run from the checkout:
`python benchmarks/names.py [--misses]`. With NER both detectors work, without it Sudachi and our grammar.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.detect.detector import Detector
from assistant.detect.ports import NameFinder
from assistant.domain.document import Document
from assistant.domain.entity import EntityKind

SENTENCES = Path(__file__).resolve().parents[2] / "shared" / "data" / "ner" / "ud_gsd_dev.jsonl"

Spans = set[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """`gold`: labelled names; `found`: findings; `whole`: of the same extent; `covered`: names wholly under findings;
    `persons`: findings that touch a labelled person.
    """

    gold: int
    found: int
    whole: int
    covered: int
    persons: int

    @property
    def recall(self) -> float:
        return self.covered / self.gold

    @property
    def precision(self) -> float:
        return self.persons / self.found


def read_sentences(path: Path = SENTENCES) -> list[tuple[str, Spans]]:
    """Every sentence with the extents of its persons. Raises FileNotFoundError where the data are absent."""
    rows = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            persons = {(e["start"], e["end"]) for e in row["entities"] if e["label"] == "PERSON"}
            rows.append((row["text"], persons))
    return rows


def persons_in(detector: Detector, text: str) -> Spans:
    """Extents of the names found, without white space at their ends."""
    page = Document.of_texts((text,), name="sentence").pages[0]
    return {
        (entity.extents[0].start, entity.extents[-1].end)
        for entity in detector.detect(page)
        if entity.kind is EntityKind.PERSON_NAME
    }


def count(detector: Detector, sentences: Sequence[tuple[str, Spans]], *, tell: bool = False) -> Counts:
    """All sentences; `tell` prints where finding and label differ."""
    gold = found = whole = covered = touched = 0
    for text, persons in sentences:
        spans = persons_in(detector, text)
        under = {position for start, end in spans for position in range(start, end)}
        gold, found, whole = gold + len(persons), found + len(spans), whole + len(persons & spans)
        labelled = {position for start, end in persons for position in range(start, end)}
        touched += sum(any(p in labelled for p in range(start, end)) for start, end in spans)
        covered += sum(all(p in under for p in range(start, end)) for start, end in persons)
        if tell:
            for mark, only in (("missed", persons - spans), ("beyond", spans - persons)):
                for start, end in sorted(only):
                    print(f"{mark}\t{text[start:end]}\t{text[max(0, start - 14) : end + 10]}")
    return Counts(gold=gold, found=found, whole=whole, covered=covered, persons=touched)


def sample(sentences: Sequence[tuple[str, Spans]], size: int, seed: int) -> list[tuple[str, Spans]]:
    """`size` of them without repetition, or all."""
    return random.Random(seed).sample(list(sentences), min(size, len(sentences)))


def finder() -> NameFinder:
    """GiNZA, as the product uses it."""
    from assistant.adapters.ginza import GinzaNameFinder

    return GinzaNameFinder()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--ner", choices=("on", "off", "both"), default="both")
    arguments = parser.parse_args()
    sentences = read_sentences()
    rows = []
    for ner in ("on", "off") if arguments.ner == "both" else (arguments.ner,):
        c = count(Detector(finder=finder() if ner == "on" else None), sentences, tell=arguments.misses)
        shares = ((c.covered, c.gold), (c.whole, c.gold), (c.persons, c.found), (c.whole, c.found))
        rows.append(
            " | ".join((f"| {ner}", *(f"{hits / of:.3f} ({hits}/{of})" for hits, of in shares))) + " |"
        )
    print(f"{len(sentences)} sentences.\n")
    print("| NER | recall, full span | recall, whole | precision | precision, exact |\n|---|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
