"""Streams taken apart within bounds: what a filter hides, what an archive holds, what text bytes may be."""

from __future__ import annotations

import io
import re
import time
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final

import pikepdf

MOST_OF_ONE: Final = 48 * 1024 * 1024  # bytes of one stream, decoded; a page of drawing has a few
MOST_OF_ALL: Final = 512 * 1024 * 1024
_OPAQUE = {"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"}
_FLATE = {"/FlateDecode", "/Fl"}
_SMALL = 1024 * 1024  # bytes given to filters other than Flate: they may make a thousand of one
_LEVELS = 8
_CHUNK = 16 * 1024  # deflated bytes at a time: they give 16 MB at most
_MEMBERS = 2000
_TAG = re.compile(r"<[^<>]*>")
_PICTURE_HEAD = 256 * 1024


class Clock:
    """How much time and room an inspection has left."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.room = MOST_OF_ALL

    @property
    def over(self) -> bool:
        """Whether either has run out."""
        return time.monotonic() > self._end or self.room <= 0


class TooMuch(Exception):
    """A stream that unpacks to more than anybody needs to read."""


def inflated(data: bytes, most: int = MOST_OF_ONE) -> bytes:
    """What deflated bytes give, as far as they are sound. Raises TooMuch."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        engine = zlib.decompressobj(bits)
        pieces, size = [], 0
        try:
            for at in range(0, len(data), _CHUNK):
                pieces.append(engine.decompress(data[at : at + _CHUNK]))
                size += len(pieces[-1])
                if size > most:
                    raise TooMuch
                if engine.eof:
                    break
        except zlib.error:
            pass  # what came before the damage is readable for anybody
        if size:
            return b"".join(pieces)
    return b""


def decoded(stream: Any, clock: Clock) -> tuple[bytes, bool]:
    """The bytes of a pikepdf stream without its filters, and whether they are still a picture's own format.

    Raises TooMuch, pikepdf.PdfError.
    """
    filters = _filters(stream)
    if any(name in _OPAQUE for name in filters):
        return stream.read_raw_bytes(), True
    raw = stream.read_raw_bytes()
    if filters and filters[0] in _FLATE:
        size, data = len(filters), raw
        for name in filters[:_LEVELS]:
            if name not in _FLATE:
                break
            data = inflated(data)
            size -= 1
        clock.room -= len(data)
        return (data if not size and "/DecodeParms" not in stream else stream.read_bytes()), False
    if filters and len(raw) > _SMALL:
        raise TooMuch
    data = stream.read_bytes() if filters else raw
    clock.room -= len(data)
    return data, False


def _filters(stream: Any) -> list[str]:
    found = stream.get("/Filter")
    if found is None:
        return []
    if isinstance(found, pikepdf.Array):
        return [str(one) for one in list(found)[:_LEVELS]]
    return [str(found)]


def picture_words(data: bytes) -> bytes:
    """What a picture says of itself before its pixels begin: EXIF, XMP, comments."""
    if not data.startswith(b"\xff\xd8"):
        return data[:_PICTURE_HEAD] if data[4:8] == b"jP  " else b""
    at, found = 2, []
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        found.append(data[at + 4 : at + 2 + length])
        at += 2 + max(length, 2)
    return b"\n".join(found)


def texts_of(data: bytes) -> Iterator[str]:
    """What bytes may say, read in the ways that give mostly letters."""
    if data.startswith((b"\xfe\xff", b"\xff\xfe")):
        yield data.decode("utf-16", "replace")
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        for encoding in ("cp932", "euc_jp"):
            yield data.decode(encoding, "replace")
    else:
        yield text
        if "<" in text and ">" in text:
            yield _TAG.sub("", text)
        if "\x1b$" in text:
            yield data.decode("iso2022_jp", "replace")


def members(data: bytes, clock: Clock) -> Iterator[tuple[str, bytes]]:
    """The names and contents of an archive's members (a Word or Excel file is one), within bounds. Raises TooMuch."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, EOFError):
        return
    with archive:
        for info in archive.infolist()[:_MEMBERS]:
            if clock.over:
                raise TooMuch
            if info.flag_bits & 0x1:
                yield info.filename, b""
                continue
            try:
                with archive.open(info) as member:
                    piece = member.read(MOST_OF_ONE + 1)
            except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, zlib.error):
                continue
            if len(piece) > MOST_OF_ONE:
                raise TooMuch
            clock.room -= len(piece)
            yield info.filename, piece
