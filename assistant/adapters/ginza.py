"""GiNZA's named entity recognition behind the NameFinder port (design.md D11).

Loaded at the first call (about 2 s and 500 MB). The parser and everything else the entities do not need is left out,
and matrix products go through NumPy: the entities stay byte for byte the same and come at almost twice the speed
(feasibility.md §3).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.detect.ports import NamedSpan, NameLabel
from assistant.errors import SettingsError
from assistant.text.sentences import sentences

if TYPE_CHECKING:
    from spacy.language import Language

_MODEL = "ja_ginza"
_LEFT_OUT = (
    "parser",
    "bunsetu_recognizer",
    "compound_splitter",
    "morphologizer",
    "attribute_ruler",
    "lemmatizer",
)
# Sudachi takes 49,149 bytes at most, and memory grows with the chunk: whole lines are gathered up to this length.
_CHUNK = 2_000
_LABELS: dict[str, NameLabel] = {
    "Person": "person",
    "Company": "organization",
    "Company_Group": "organization",
    "Corporation_Other": "organization",
    "Organization_Other": "organization",
    "Show_Organization": "organization",
    "Province": "place",
    "City": "place",
    "County": "place",
    "Domestic_Region": "place",
    "Station": "place",
    "Postal_Address": "place",
    "GPE_Other": "place",
    "Location_Other": "place",
}


class GinzaNameFinder:
    """Thread-safe: one pipeline a process, one text at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pipeline: Language | None = None

    def find(self, text: str) -> Sequence[NamedSpan]:
        """Persons, organisations and places, offsets into `text`. Raises SettingsError where GiNZA is not installed."""
        found: list[NamedSpan] = []
        with self._lock:
            pipeline = self._loaded()
            for start, end in _chunks(text):
                for entity in pipeline(_readable(text[start:end])).ents:
                    label = _LABELS.get(entity.label_)
                    if label is not None:
                        found.append(
                            NamedSpan(
                                start=start + entity.start_char, end=start + entity.end_char, label=label
                            )
                        )
        return tuple(found)

    def _loaded(self) -> Language:
        if self._pipeline is None:
            import spacy
            from thinc.api import NumpyOps, set_current_ops

            set_current_ops(NumpyOps(use_blis=False))
            if _MODEL not in spacy.util.get_installed_models():
                raise SettingsError(
                    "氏名を探す辞書（ja_ginza）が入っていません。"
                    "入れ直すか、設定 OSUMITSUKI_NER を off にしてください。"
                )
            self._pipeline = spacy.load(_MODEL, exclude=list(_LEFT_OUT))
        return self._pipeline


def _readable(text: str) -> str:
    """White space and control characters make the tokenizer lose its place; each becomes a plain space."""
    return "".join(" " if letter.isspace() or not letter.isprintable() else letter for letter in text)


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Whole sentences gathered up to the chunk length; a longer sentence is cut."""
    begin = reach = 0
    for start, end in sentences(text):
        if end - begin > _CHUNK and reach > begin:
            yield begin, reach
            begin = start
        while end - begin > _CHUNK:
            yield begin, begin + _CHUNK
            begin += _CHUNK
        reach = end
    if reach > begin:
        yield begin, reach
