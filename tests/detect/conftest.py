"""One detector without a name finder for the whole room: building it reads every word list."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.detect.detector import Detector
from assistant.detect.together import read_together
from assistant.domain.document import Document
from assistant.domain.entity import Entity, EntityKind, Facts


@pytest.fixture(scope="session")
def detector() -> Detector:
    return Detector()


@pytest.fixture(scope="session")
def read(detector: Detector) -> Callable[..., Facts]:
    """Pages of text → what reading them together establishes."""

    def _read(*texts: str, doc_type: str | None = None) -> Facts:
        document = Document.of_texts(texts, name="test", doc_type=doc_type)
        return read_together(document, [detector.detect(page) for page in document.pages])

    return _read


@pytest.fixture(scope="session")
def found(read: Callable[..., Facts]) -> Callable[[str, EntityKind], list[str]]:
    """The texts of all entities of a kind in one page of text."""

    def _found(text: str, kind: EntityKind) -> list[str]:
        return [entity.text for entity in read(text).entities if entity.kind is kind]

    return _found


@pytest.fixture(scope="session")
def named(read: Callable[..., Facts]) -> Callable[[str, str], Entity]:
    """The first person_name entity in a page of text that contains a word. Fails when there is none."""

    def _named(text: str, word: str) -> Entity:
        names = [e for e in read(text).entities if e.kind is EntityKind.PERSON_NAME and word in e.text]
        assert names, f"{word} was not found as a name"
        return names[0]

    return _named
