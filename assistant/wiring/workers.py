"""What a process holds to read pages: detector and likener, once each. Small objects that stand for them cross to workers.

Workers import this module and what it names; nothing here may load a framework.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

if TYPE_CHECKING:
    from assistant.detect.detector import Detector
    from assistant.domain.document import Page
    from assistant.domain.entity import Entity
    from assistant.liken.likener import Likened, Likener, PagePiece
    from assistant.liken.spans import Shares

T = TypeVar("T")
Ner = Literal["on", "off"]

_LOCK = threading.RLock()
_HELD: dict[str, Any] = {}


def _once(name: str, make: Callable[[], T]) -> T:
    if name not in _HELD:
        with _LOCK:
            if name not in _HELD:
                _HELD[name] = make()
    return cast("T", _HELD[name])


def detector_of(ner: Ner) -> Detector:
    """This process's detector, with the second one unless it is off."""

    def make() -> Detector:
        from assistant.adapters.ginza import GinzaNameFinder
        from assistant.detect.detector import Detector

        return Detector(finder=GinzaNameFinder() if ner == "on" else None)

    return _once(f"detector {ner}", make)


def the_likener() -> Likener:
    """This process's likener. Raises DataFileError when its weights do not fit this version."""

    def make() -> Likener:
        from assistant.adapters.embedder_words import read_word_vectors
        from assistant.detect.sheet import LabelIndex
        from assistant.detect.words import load_words
        from assistant.liken.likener import Likener
        from assistant.liken.network import Network
        from assistant.liken.shelf import read_shelf
        from assistant.liken.weights import read_weights

        vectors = read_word_vectors()
        networks = [Network(weights, vectors.matrix) for weights in read_weights()]
        return Likener(networks, vectors, LabelIndex(load_words()), read_shelf())

    return _once("likener", make)


@dataclass(frozen=True, slots=True)
class Detects:
    """`propose.tools.Detect` by the detector of whichever process it is called in."""

    ner: Ner

    def __call__(self, page: Page) -> tuple[Entity, ...]:
        """What stands on the page."""
        return detector_of(self.ner).detect(page)


@dataclass(frozen=True, slots=True)
class Likens:
    """`propose.tools.Likens` by the likener of whichever process it is called in."""

    def page(self, piece: PagePiece) -> Shares | None:
        """What the networks say of one page."""
        return the_likener().page(piece)

    def likened(self, pieces: Sequence[PagePiece], read: Sequence[Shares | None]) -> Likened:
        """The document put together."""
        return the_likener().likened(pieces, read)


@dataclass(frozen=True, slots=True)
class Prepare:
    """Called once in a worker: dictionaries are read before the first page comes."""

    ner: Ner

    def __call__(self) -> None:
        """Builds what the worker will need."""
        from assistant.domain.document import Page

        detector_of(self.ner).detect(Page(number=1, text="担当"))
        the_likener()
