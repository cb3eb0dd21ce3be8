"""Small readers of PDF objects (pikepdf): strings, name trees, bookmarks, attached files. Circles end."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

import pikepdf

from assistant.text.charsets import UnknownCharset, decode

_MOST: Final = 20_000  # nodes of a tree
_LARGEST: Final = 1024 * 1024  # bytes of an attached text that are read
_TEXTS = (".txt", ".csv", ".tsv", ".xml", ".json", ".html", ".htm", ".md", ".log", ".eml")
_TAG = re.compile(r"<[^<>]*>")
# Values of XMP that are nobody's words: dates, identifiers, kinds of file.
_RDF = re.compile(
    r"(?:uuid|xmp\.(?:did|iid)):[0-9a-fA-F-]{8,}|D?:?\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?|application/\w+"
)


def string(value: Any) -> str:
    """A string of the file as text, decoded as PDF says; "" for anything that is none. Names (/Off) are none."""
    if isinstance(value, pikepdf.String):
        return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if isinstance(value, pikepdf.Stream):  # long values may be streams
        return decode_bytes(bounded(value))
    return value if isinstance(value, str) else ""


def bounded(stream: Any) -> bytes:
    """The first megabyte of a stream, never unpacked further: a small one may unpack to gigabytes.

    Filters in a row and filters for pictures give b"".
    """
    filters = stream.get("/Filter")
    names = [
        str(name)
        for name in (filters if isinstance(filters, pikepdf.Array) else [filters])
        if name is not None
    ]
    data: bytes = stream.read_raw_bytes()
    if not names:
        return data[:_LARGEST]
    if names == ["/FlateDecode"]:
        try:
            return zlib.decompressobj().decompress(data, _LARGEST)
        except zlib.error:
            return b""
    if len(names) == 1 and names[0] in {"/ASCIIHexDecode", "/ASCII85Decode"}:
        return bytes(stream.read_bytes())[:_LARGEST]
    return b""


def plain(markup: bytes) -> list[str]:
    """The words of XML or rich text without its tags; nothing is resolved, so nothing is fetched or expanded."""
    text = _TAG.sub("\n", decode_bytes(markup))
    words = (unescape(line).strip() for line in text.split("\n"))
    return [word for word in words if word and not _RDF.fullmatch(word)]


def decode_bytes(data: bytes) -> str:
    """Bytes as text: by their mark, as UTF-8, else as what reads best."""
    for mark, name in ((b"\xfe\xff", "utf-16"), (b"\xff\xfe", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    return data.decode("utf-8", "replace")


def walk_names(tree: Any) -> Iterator[tuple[str, Any]]:
    """Names and values of a name tree."""
    heap: list[Any] = [tree]
    seen: set[tuple[int, int]] = set()
    met = 0
    while heap and met < _MOST:
        node = heap.pop()
        met += 1
        if not isinstance(node, pikepdf.Dictionary) or (node.is_indirect and node.objgen in seen):
            continue
        if node.is_indirect:
            seen.add(node.objgen)
        names = list(node.get("/Names", []))
        for name, value in zip(names[::2], names[1::2], strict=False):
            yield string(name), value
        heap.extend(reversed(list(node.get("/Kids", []))))


def outline_titles(file: Any) -> Iterator[str]:
    """The titles of all bookmarks, in order."""
    heap: list[Any] = [file.Root.get("/Outlines", {}).get("/First")]
    seen: set[tuple[int, int]] = set()
    while heap and len(seen) < _MOST:
        node = heap.pop()
        if not isinstance(node, pikepdf.Dictionary) or node.objgen in seen:
            continue
        seen.add(node.objgen)
        title = string(node.get("/Title")).strip()
        if title:
            yield title
        heap.extend((node.get("/Next"), node.get("/First")))


def attached(spec: Any, name: str) -> str:
    """The names, description and, for a text, the words of an attached file, one per line."""
    parts = [name]
    if isinstance(spec, pikepdf.Dictionary):
        parts += [string(spec.get(key)) for key in ("/UF", "/F", "/Desc")]
        files = spec.get("/EF", {})
        stream = files.get("/UF", files.get("/F")) if isinstance(files, pikepdf.Dictionary) else None
        if isinstance(stream, pikepdf.Stream) and any(part.lower().endswith(_TEXTS) for part in parts):
            parts.append(_words(bounded(stream)))
    return "\n".join(dict.fromkeys(part for part in parts if part))


def _words(data: bytes) -> str:
    try:
        return decode(data).text if data else ""
    except UnknownCharset:
        return data.decode("utf-8", "replace")
