"""From worked passages to rows and targets: each passage goes through the same detection and policy as in the product."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from assistant.adapters.ginza import GinzaNameFinder
from assistant.detect.detector import Detector
from assistant.detect.sheet import LabelIndex, Sheet
from assistant.detect.together import read_together
from assistant.detect.words import load_words
from assistant.documents.text import of_passage
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision
from assistant.domain.provision import Head
from assistant.liken.alphabet import DISCLOSE, KINDS, LABELS, NEUTRAL, label_of
from assistant.liken.features import (
    LINES_AFTER,
    LINES_BEFORE,
    STEPS,
    Columns,
    Floats,
    Ints,
    WordRows,
    columns_of,
)
from assistant.policy.judge import judge_by_policy
from assistant.wiring import Assistant
from training.worked import Marked, Worked

_DECISION = {"withhold": Decision.WITHHOLD, "depends": Decision.ASK, "disclose": Decision.DISCLOSE}
_SECOND = 3  # one passage in so many is also read with the second detector, which is a hundred times slower
_USUAL = 4  # words of a piece that count 1 each
_WEIGHTS = 0.4, 2.5  # what a word counts at least and at most
_MAIN_SHARE = 0.8  # of the target goes to the main head, the rest to heads equally acceptable


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One passage, ready to be learned from. `labels` (n, LABELS) shares; `kinds` 0 is none; `begins` 0 or 1.
    `weights` (n,): how much each word counts: a long clause is one answer, not as many as it has words.

    `columns` with the first detector alone; `both` with the second one as well, as staff may have it.
    """

    worked: Worked
    columns: Columns
    both: Columns
    labels: Floats
    kinds: Ints
    begins: Floats
    weights: Floats

    def cut(self, start: int, end: int) -> Example:
        """The words from `start` to `end` as if they alone had been pasted."""
        return replace(
            self,
            columns=_alone(self.columns.cut(start, end)),
            both=_alone(self.both.cut(start, end)),
            labels=self.labels[start:end],
            kinds=self.kinds[start:end],
            begins=self.begins[start:end],
            weights=self.weights[start:end],
        )


def _alone(columns: Columns) -> Columns:
    """Lines above and below counted anew."""
    lines, rank = np.unique(columns.line, return_inverse=True)
    ids = columns.ids.copy()
    ids[:, LINES_BEFORE] = np.minimum(rank, STEPS - 1)
    ids[:, LINES_AFTER] = np.minimum(len(lines) - 1 - rank, STEPS - 1)
    return replace(columns, ids=ids)


def examples(passages: Iterable[Worked], assistant: Assistant, vectors: WordRows) -> Iterator[Example]:
    """Rows and targets of every passage, in order."""
    words = load_words()
    labels = LabelIndex(words)
    detectors = (Detector(words), Detector(words, GinzaNameFinder()))
    for worked in passages:
        alone = _columns(worked, detectors[0], labels, assistant, vectors)
        both = alone
        if zlib.crc32(worked.id.encode()) % _SECOND == 0:
            both = _columns(worked, detectors[1], labels, assistant, vectors)
        yield _example(worked, alone, both)


def _columns(
    worked: Worked, detector: Detector, labels: LabelIndex, assistant: Assistant, vectors: WordRows
) -> Columns:
    day = assistant.corpus.ordinance.in_force_dates[-1]
    document = of_passage(worked.text)
    facts = read_together(document, [detector.detect(page) for page in document.pages])
    findings = judge_by_policy(document, facts, (), assistant.policy, assistant.corpus, day)
    return columns_of(Sheet(document.pages[0], labels), facts.entities, findings, vectors)


def _example(worked: Worked, columns: Columns, both: Columns) -> Example:
    size = len(columns)
    labels = np.zeros((size, LABELS), dtype=np.float32)
    kinds = np.zeros(size, dtype=np.int32)
    begins = np.zeros(size, dtype=np.float32)
    weights = np.ones(size, dtype=np.float32)
    labels[:, NEUTRAL] = 1
    for mark in worked.marks:
        inside = np.flatnonzero((columns.spans[:, 0] < mark.end) & (columns.spans[:, 1] > mark.start))
        if not len(inside):
            continue
        labels[inside] = _target(mark)
        kinds[inside] = 1 + KINDS.index(EntityKind(mark.kind))
        begins[inside[0]] = 1
        weights[inside] = np.clip((_USUAL / len(inside)) ** 0.5, *_WEIGHTS)
    return Example(
        worked=worked,
        columns=columns,
        both=both,
        labels=labels,
        kinds=kinds,
        begins=begins,
        weights=weights,
    )


def _target(mark: Marked) -> Floats:
    share = np.zeros(LABELS, dtype=np.float32)
    decision = _DECISION[mark.decision]
    if decision is Decision.DISCLOSE:
        share[DISCLOSE] = 1
        return share
    heads = [Head(head) for head in mark.heads]
    share[label_of(decision, heads[0])] = 1 if len(heads) == 1 else _MAIN_SHARE
    for head in heads[1:]:
        share[label_of(decision, head)] += (1 - _MAIN_SHARE) / (len(heads) - 1)
    return share
