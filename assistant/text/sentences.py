"""Where sentences begin and end in records: at 。！？ outside brackets, and at line breaks."""

from __future__ import annotations

_ENDS = "。！？!?"
_OPEN = "（(「『【〔［["
_CLOSE = "）)」』】〕］]"


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of sentences, in order, without surrounding white space; brackets do not split; a line break always does."""
    spans: list[tuple[int, int]] = []
    start = depth = 0
    for position, letter in enumerate(text):
        if letter == "\n":
            _keep(text, start, position, spans)
            start, depth = position + 1, 0
        elif letter in _OPEN:
            depth += 1
        elif letter in _CLOSE:
            depth = max(0, depth - 1)
        elif letter in _ENDS and depth == 0:
            _keep(text, start, position + 1, spans)
            start = position + 1
    _keep(text, start, len(text), spans)
    return spans


def _keep(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
