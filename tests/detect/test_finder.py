"""A second detector behind the port: what only it finds is added, what both find is counted, nonsense is left."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.detect.detector import Detector
from assistant.detect.ports import NamedSpan
from assistant.detect.together import read_together
from assistant.domain.document import Document
from assistant.domain.entity import EntityKind


class Finder:
    """Calls a person what it is told to."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def find(self, text: str) -> Sequence[NamedSpan]:
        spans = [
            NamedSpan(start=at, end=at + len(name), label="person")
            for name in self._names
            if (at := text.find(name)) >= 0
        ]
        return sorted(spans, key=lambda span: span.start)


@pytest.mark.parametrize(
    ("text", "finder", "counts"),
    [
        ("相談者　佐藤 次郎", Finder("佐藤 次郎"), (1, (0, 0))),  # both
        ("相談者　佐藤 次郎", Finder(), (0, (1, 0))),  # only our grammar
        ("きのう轟と会った。", Finder("轟"), (0, (0, 1))),  # only the finder
        ("予算を協議した。", Finder("協議"), (0, (0, 0))),  # no name, whatever the finder says
    ],
)
def test_who_found_what(text: str, finder: Finder, counts: tuple[int, tuple[int, int]]) -> None:
    document = Document.of_texts((text,), name="test")
    facts = read_together(document, [Detector(finder=finder).detect(document.pages[0])])
    assert (facts.found_by_both, facts.found_by_one) == counts


def test_ginza_finds_a_person() -> None:
    pytest.importorskip("ja_ginza", reason="GiNZA's model is not installed")
    from assistant.adapters.ginza import GinzaNameFinder

    text = "昨日、佐藤次郎が市役所を訪れた。"
    spans = [text[s.start : s.end] for s in GinzaNameFinder().find(text) if s.label == "person"]
    assert spans == ["佐藤次郎"]


def test_names_of_the_finder_carry_its_mark() -> None:
    document = Document.of_texts(("きのう轟と会った。",), name="test")
    (entity,) = Detector(finder=Finder("轟")).detect(document.pages[0])
    assert entity.kind is EntityKind.PERSON_NAME
    assert [e.recognizer for e in entity.explanations] == ["person_ner"]
