"""What fonts still know: which code is which letter, and so which letters a page once had."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pikepdf

from assistant.redact.inspect_bytes import Clock, TooMuch, decoded
from assistant.text.folding import folded_text

MOST_FONTS: Final = 400
_MOST_LETTERS = 3000  # a font with more is not cut down to what a page needs
_USED = 0.5  # share of its letters that must stand in the text for it to be cut down
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
_RANGE = 65536


@dataclass(frozen=True, slots=True, kw_only=True)
class FontMap:
    """Codes (bytes of one width) and the text each stands for."""

    width: int
    codes: dict[int, str]

    def read(self, data: bytes) -> str:
        """The text of shown bytes; unknown codes are left out."""
        width = self.width
        values = (
            int.from_bytes(data[at : at + width], "big") for at in range(0, len(data) - width + 1, width)
        )
        return "".join(self.codes.get(value, "") for value in values)


def font_maps(pdf: pikepdf.Pdf, clock: Clock) -> Iterator[FontMap]:
    """The maps of all fonts in the file, used or not, each stream once."""
    seen: set[tuple[int, int]] = set()
    for item in pdf.objects:
        if clock.over or len(seen) >= MOST_FONTS:
            return
        if not isinstance(item, pikepdf.Dictionary) or "/ToUnicode" not in item:
            continue
        stream = item.get("/ToUnicode")
        if not isinstance(stream, pikepdf.Stream) or stream.objgen in seen:
            continue
        seen.add(stream.objgen)
        try:
            data, _ = decoded(stream, clock)
        except (pikepdf.PdfError, TooMuch, RuntimeError, ValueError):
            continue
        yield parsed(data)


class Remembered:
    """The letters that fonts know and no page shows.

    Only fonts that were cut down to the letters of the pages tell anything: a whole font knows every letter.
    """

    def __init__(self, maps: Sequence[FontMap], text: str) -> None:
        """`text`: what the pages say, folded."""
        self._said = set(text)
        known: set[str] = set()
        for one in maps:
            folded = folded_text("".join(one.codes.values()), variants=True)
            letters = {letter for letter in folded if letter.isalnum()}
            if (
                letters
                and len(letters) <= _MOST_LETTERS
                and len(letters & self._said) >= _USED * len(letters)
            ):
                known |= letters
        self._more = known - self._said

    def spell(self, secret: str) -> bool:
        """Whether they know all letters of `secret` (folded) that stand nowhere on the pages, and there are some."""
        missing = {letter for letter in secret if letter.isalnum() and not letter.isascii()} - self._said
        return bool(missing) and sum(letter.isalnum() for letter in secret) > 1 and missing <= self._more


def parsed(data: bytes) -> FontMap:
    """A ToUnicode CMap (ISO 32000-1, 9.10.3)."""
    codes: dict[int, str] = {}
    width = 1
    for section in _SECTION.finditer(data):
        tokens = list(_tokens(section[2]))
        width = max([width, *(len(token) for token in tokens[:1] if isinstance(token, bytes))])
        if section[1] == b"bfchar":
            for code, text in zip(tokens[::2], tokens[1::2], strict=False):
                if isinstance(code, bytes) and isinstance(text, bytes):
                    codes[int.from_bytes(code, "big")] = _text(text)
        else:
            for first, last, to in zip(tokens[::3], tokens[1::3], tokens[2::3], strict=False):
                if isinstance(first, bytes) and isinstance(last, bytes):
                    codes.update(_range(first, last, to))
        if len(codes) > _RANGE:
            break
    return FontMap(width=width, codes=codes)


def _range(first: bytes, last: bytes, to: bytes | list[bytes]) -> dict[int, str]:
    low, high = int.from_bytes(first, "big"), int.from_bytes(last, "big")
    count = min(high - low + 1, _RANGE)
    if isinstance(to, list):
        return {low + at: _text(text) for at, text in enumerate(to[: max(count, 0)])}
    start = _text(to)
    if not start:
        return {}
    found = {}
    for at in range(max(count, 0)):
        letter = ord(start[-1]) + at
        if letter < 0x110000:
            found[low + at] = start[:-1] + chr(letter)
    return found


def _tokens(data: bytes) -> Iterator[bytes | list[bytes]]:
    group: list[bytes] | None = None
    for match in _TOKEN.finditer(data):
        if match[2]:
            group = []
        elif match[3]:
            if group is not None:
                yield group
            group = None
        else:
            tight = b"".join(match[1].split())
            token = bytes.fromhex((tight + b"0" * (len(tight) % 2)).decode("ascii"))
            if group is None:
                yield token
            else:
                group.append(token)


def _text(data: bytes) -> str:
    return data.decode("utf-16-be", "ignore")


def glyph_text(font: Any) -> str:
    """The letters that the glyph names of a font's own encoding spell (uni5C71)."""
    encoding = font.get("/Encoding")
    if not isinstance(encoding, pikepdf.Dictionary):
        return ""
    names = [
        str(one) for one in list(encoding.get("/Differences", []))[:_RANGE] if isinstance(one, pikepdf.Name)
    ]
    return "".join(chr(int(name[4:8], 16)) for name in names if re.fullmatch(r"/uni[0-9A-Fa-f]{4}", name))
