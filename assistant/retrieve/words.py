"""The words retrieval compares: content words in Sudachi's normalized form, short units, as BM25 wants them."""

from __future__ import annotations

from assistant.text.folding import fold
from assistant.text.morphemes import tokenize

_CONTENT = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞", "代名詞", "接頭辞"})
# Words that carry no subject: する, いる, よう …
_EMPTY_KINDS = frozenset({"非自立可能", "助動詞語幹"})


def content_words(text: str) -> list[str]:
    """Normalized content words in order, repetitions kept; figures are left out, they say which case, not which rule."""
    words: list[str] = []
    for word in tokenize(fold(text).text):
        kind, detail, more = word.part_of_speech[0], word.part_of_speech[1], word.part_of_speech[2]
        if kind not in _CONTENT or detail == "数詞":
            continue
        if detail in _EMPTY_KINDS and kind == "動詞":
            continue
        if more in _EMPTY_KINDS:
            continue
        words.append(word.normalized_form)
    return words
