"""Words by Sudachi (core dictionary): surface, normalized form, reading, part of speech, exact positions.

The dictionary is loaded at the first call (about 0.1 s), once a process; tokenizers are kept one a thread.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import sudachipy

Mode = Literal["A", "B", "C"]

# Sudachi refuses input over 49,149 bytes; a code point takes up to four.
_CHUNK = 12_000
# Words at the end of a cut chunk may have been cut in two: they are read again with what follows.
_REREAD = 12
# Katakana that Sudachi joined from unknown pieces carries this number instead of an entry's.
_NO_ENTRY = 0x0FFFFFFF
_SURROGATES = re.compile("[\ud800-\udfff]")


class Morpheme(NamedTuple):  # and no dataclass: a page has thousands, and this is made three times as fast
    """One word. `start`, `end`: code point offsets into the text given to `tokenize`. `known`: it is in the dictionary."""

    surface: str
    normalized_form: str
    reading_form: str
    part_of_speech: tuple[str, ...]
    start: int
    end: int
    known: bool = True


@cache
def _dictionary() -> sudachipy.Dictionary:
    import sudachipy

    return sudachipy.Dictionary(dict="core")


_loading = threading.Lock()
_local = threading.local()


def _tokenizer(mode: Mode) -> Any:
    tokenizers: dict[Mode, Any] = _local.__dict__.setdefault("tokenizers", {})
    if mode not in tokenizers:
        import sudachipy

        with _loading:
            tokenizers[mode] = _dictionary().create(mode=getattr(sudachipy.SplitMode, mode))
    return tokenizers[mode]


def tokenize(text: str, mode: Mode = "A") -> list[Morpheme]:
    """All words of `text`, of any length; lone surrogates are read as U+FFFD, positions are kept."""
    return list(_read(text, mode))


def _read(text: str, mode: Mode) -> Iterator[Morpheme]:
    tokenizer = _tokenizer(mode)
    speech: dict[int, tuple[str, ...]] = {}
    safe = _SURROGATES.sub("\ufffd", text)
    position = 0
    while position < len(safe):
        chunk = safe[position : position + _CHUNK]
        words = list(tokenizer.tokenize(chunk))
        last = position + len(chunk) >= len(safe)
        kept = words if last or len(words) <= _REREAD else words[:-_REREAD]
        for word in kept:
            number = word.part_of_speech_id()
            if number not in speech:
                speech[number] = tuple(word.part_of_speech())
            yield Morpheme(
                surface=word.surface(),
                normalized_form=word.normalized_form(),
                reading_form=word.reading_form(),
                part_of_speech=speech[number],
                start=position + word.begin(),
                end=position + word.end(),
                known=not word.is_oov() and word.word_id() & _NO_ENTRY != _NO_ENTRY,
            )
        position += kept[-1].end() if kept else len(chunk)
