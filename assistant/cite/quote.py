"""Choose what to quote from a source: the run of whole sentences that says most of what was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.domain.source import Source
from assistant.text.folding import folded_text
from assistant.text.sentences import sentences

LONGEST = 120
"""Characters of a quote: what a reviewer reads at a glance beside a finding."""

_SOFT_ENDS = "、。」』）)｜"


def quote_of(source: Source, words: Iterable[str] = ()) -> str:
    """A verbatim piece of `source.text` of at most 120 characters, whole sentences where they fit.

    Among the candidates the one holding most of `words` wins, then the earlier one; without words the beginning. A
    sentence too long is cut at a comma around its best word. Never empty for a source with text.
    """
    wanted = tuple(dict.fromkeys(folded for word in words if len(folded := folded_text(word)) > 1))
    spans = [span for span in _pieces(source.text) if span[0] < span[1]]
    if not spans:
        return source.text[:LONGEST]
    best = max(range(len(spans)), key=lambda index: (_score(source.text, spans[index], wanted), -index))
    start, end = spans[best]
    if end - start > LONGEST:
        return _cut(source.text[start:end], wanted)
    while (
        best + 1 < len(spans)
        and spans[best + 1][1] - start <= LONGEST
        and not _breaks(source.text, end, spans[best + 1][0])
    ):
        best += 1
        end = spans[best][1]
    return source.text[start:end]


def _pieces(text: str) -> list[tuple[int, int]]:
    """Sentences, parted once more at the ｜ of the handbook's fields."""
    found = []
    for start, end in sentences(text):
        position = start
        for field in text[start:end].split("｜"):
            found.append((position, position + len(field)))
            position += len(field) + 1
    return found


def _breaks(text: str, end: int, start: int) -> bool:
    """A quote does not run over a line or a field: the reader sees one paragraph."""
    return any(mark in text[end:start] for mark in "\n｜")


def _score(text: str, span: tuple[int, int], wanted: tuple[str, ...]) -> int:
    folded = folded_text(text[span[0] : span[1]])
    return sum(len(word) for word in wanted if word in folded)


def _cut(sentence: str, wanted: tuple[str, ...]) -> str:
    """The best window of clauses in a sentence that is too long; a clause too long is cut hard."""
    cuts = [0, *(index + 1 for index, letter in enumerate(sentence) if letter in _SOFT_ENDS), len(sentence)]
    best, best_score = sentence[:LONGEST], -1
    for start in dict.fromkeys(cuts[:-1]):
        ends = [cut for cut in cuts if start < cut <= start + LONGEST]
        window = sentence[start : max(ends, default=min(len(sentence), start + LONGEST))]
        score = _score(window, (0, len(window)), wanted)
        if score > best_score and window.strip():
            best, best_score = window, score
    return best
