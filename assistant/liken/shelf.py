"""The shelf of worked examples: the pieces that a place is most like, so that a person can see what a finding leans on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.domain.finding import Decision, Example
from assistant.domain.provision import Head
from assistant.errors import DataFileError
from assistant.liken.alphabet import FINGERPRINT
from assistant.liken.features import Floats
from assistant.liken.spans import Shares

FILE = Path(__file__).with_name("examples.safetensors")
SHOWN = 3
_TODO = "python -m training.train で作り直してください。"


class Shelf:
    """`project` (HIDDEN, d) turns what a network sees of a place into d numbers; `vectors` (n, d) are the examples."""

    def __init__(self, project: Floats, vectors: NDArray[np.int8], examples: Sequence[Example]) -> None:
        self._project, self._examples = project, tuple(examples)
        places: dict[tuple[Decision, Head | None], list[int]] = {}
        for place, one in enumerate(examples):
            places.setdefault((one.decision, one.head), []).append(place)
        unit = vectors / np.maximum(np.linalg.norm(vectors.astype(np.float32), axis=1, keepdims=True), 1e-6)
        self._decided = {key: (fitting, unit[fitting].astype(np.float32)) for key, fitting in places.items()}

    def projected(self, shares: Shares) -> Shares:
        """The same shares with `hidden` (n, d), as `likest` takes it: a document of many pages holds less of it."""
        return replace(shares, hidden=np.asarray(shares.hidden @ self._project, dtype=np.float32))

    def likest(self, seen: Floats, decision: Decision, head: Head | None) -> tuple[Example, ...]:
        """`seen`: what a network saw of a place, projected. At most `SHOWN` examples decided so under that head, likest first, each worked passage once."""
        if (decision, head) not in self._decided:
            return ()
        fitting, vectors = self._decided[decision, head]
        likeness = vectors @ seen
        met: dict[str, Example] = {}
        for place in np.argsort(-likeness)[: SHOWN * 4]:
            one = self._examples[fitting[place]]
            met.setdefault(one.id, one)
        return tuple(met.values())[:SHOWN]


def read_shelf(path: Path = FILE) -> Shelf:
    """The shelf that ships. Raises DataFileError for a file that is missing, damaged or of another alphabet."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            about: Mapping[str, str] = file.metadata() or {}
            project = np.asarray(file.get_tensor("project"), dtype=np.float32)
            vectors = file.get_tensor("vectors")
        rows: list[dict[str, Any]] = json.loads(about.get("examples", "[]"))
        examples = [_example(row) for row in rows]
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise DataFileError(path, "作業例の一覧を読めません。", todo=_TODO) from error
    if about.get("alphabet") != FINGERPRINT or len(examples) != len(vectors):
        raise DataFileError(path, "作業例の一覧が、この版の種別と合いません。", todo=_TODO)
    return Shelf(project, vectors, examples)


def _example(row: Mapping[str, Any]) -> Example:
    return Example(
        id=row["id"],
        doc_type=row["doc_type"],
        text=row["text"],
        decision=Decision(row["decision"]),
        head=Head(row["head"]) if row["head"] else None,
    )
