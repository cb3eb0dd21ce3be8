"""What a PDF holds beside what its pages show: every string and stream, by the place it hangs on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pikepdf

from assistant.redact.inspect_bytes import Clock, TooMuch, decoded, picture_words

_DEEP = 60  # levels of nesting; deeper is made to hurt
_MOST = 200_000  # objects below one root
_UP = {"/P", "/Parent", "/Pg", "/StructParent"}
_SHOWN = re.compile(rb"<([0-9A-Fa-f\s]{2,})>|\(((?:[^()\\]|\\.)*)\)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

_FONT_FILES = {"/Type1C", "/CIDFontType0C", "/OpenType"}
_LENGTHS = {"/Length1", "/Length2", "/Length3"}
_HEAD = 4096

PLACES: Final = {
    "/AcroForm": ("forms", "フォーム"),
    "/Outlines": ("outlines", "しおり"),
    "/PageLabels": ("outlines", "ページのラベル"),
    "/Dests": ("outlines", "名前付きの行き先"),
    "/OpenAction": ("scripts", "開いたときの動作"),
    "/AA": ("scripts", "動作"),
    "/URI": ("scripts", "リンク"),
    "/AF": ("attachments", "添付ファイル"),
    "/OCProperties": ("layers", "レイヤー"),
    "/StructTreeRoot": ("structure", "文書の構造"),
    "/Metadata": ("metadata", "XMP"),
    "/PieceInfo": ("metadata", "作成ソフトの情報"),
    "/Lang": ("metadata", "文書の属性"),
    "/Collection": ("attachments", "添付ファイルの一覧"),
}
_NAMES = {
    "/EmbeddedFiles": ("attachments", "添付ファイル"),
    "/JavaScript": ("scripts", "JavaScript"),
    "/Dests": ("outlines", "名前付きの行き先"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Something found: which check it belongs to, where it hangs, and what it says: text, or decoded bytes.

    `shape`: "text", "bytes" (of any kind, e.g. an attachment), "content" (drawing operators), "picture" (what a picture
    says of itself), "font".
    """

    check: str
    place: str
    page: int | None
    shape: str
    text: str = ""
    data: bytes = b""


class Walk:
    """One walk over a file. `unread`: streams too large or damaged to be looked at."""

    def __init__(self, pdf: pikepdf.Pdf, clock: Clock) -> None:
        self._pdf = pdf
        self._clock = clock
        self._seen: set[tuple[int, int]] = set()
        self.unread = 0
        self.objects = 0

    def pieces(self) -> Iterator[Piece]:
        """Everything, each object once, by the first place it hangs on; what hangs nowhere comes last."""
        yield from self._info()
        root = self._pdf.Root
        yield from self._names(root)
        for key, (check, place) in PLACES.items():
            if key in root:
                yield from self._below(root[key], check, place, None)
        for number, page in enumerate(self._pdf.pages, 1):
            yield from self._page(page.obj, number)
        for item in self._pdf.objects:
            if self._clock.over:
                return
            yield from self._below(item, "objects", "オブジェクト", None)

    def _info(self) -> Iterator[Piece]:
        info = self._pdf.trailer.get("/Info")
        if info is not None:
            yield from self._below(info, "metadata", "文書情報", None)

    def _names(self, root: Any) -> Iterator[Piece]:
        names = root.get("/Names")
        if isinstance(names, pikepdf.Dictionary):
            for key in names.keys():  # noqa: SIM118 a pikepdf dictionary is no mapping
                check, place = _NAMES.get(key, ("objects", "名前の表"))
                yield from self._below(names[key], check, place, None)

    def _page(self, page: Any, number: int) -> Iterator[Piece]:
        annotations = page.get("/Annots")
        for one in _items(annotations):
            widget = isinstance(one, pikepdf.Dictionary) and str(one.get("/Subtype", "")) == "/Widget"
            check, place = ("forms", "フォームの欄") if widget else ("annotations", "注釈")
            yield from self._below(one, check, place, number)
        for key in ("/Metadata", "/PieceInfo", "/AA", "/AF"):
            if key in page:
                check, place = PLACES[key]
                yield from self._below(page[key], check, place, number)
        for part in _items(page.get("/Contents")):
            yield from self._below(part, "objects", "ページの描画命令", number)
        resources = page.get("/Resources")
        if resources is not None:
            yield from self._below(resources, "objects", "ページの部品", number)

    def _below(self, start: Any, check: str, place: str, page: int | None) -> Iterator[Piece]:
        """Strings, names and streams under one object, without going up to pages."""
        waiting: list[tuple[Any, int]] = [(start, 0)]
        count = 0
        while waiting and count < _MOST and not self._clock.over:
            item, depth = waiting.pop()
            count += 1
            if isinstance(item, pikepdf.String):
                yield Piece(check=check, place=place, page=page, shape="text", text=str(item))
                yield Piece(check=check, place=place, page=page, shape="bytes", data=bytes(item))
                continue
            if not isinstance(item, pikepdf.Object) or depth > _DEEP:
                continue
            if item.is_indirect:
                if item.objgen in self._seen or (depth and _is_page(item)):
                    continue
                self._seen.add(item.objgen)
                self.objects += 1
            if isinstance(item, pikepdf.Stream):
                yield from self._stream(item, check, place, page)
            if isinstance(item, pikepdf.Stream | pikepdf.Dictionary):
                values = {key: item.get(key) for key in item.keys()}  # noqa: SIM118 as above
                # Names in ASCII are words of the format ("/Supplement"), which hold any short secret by chance.
                named = "\n".join(key for key in values if not key.isascii())
                yield Piece(check=check, place=place, page=page, shape="text", text=named)
                waiting += [(one, depth + 1) for key, one in values.items() if not _leads_up(key, one)]
            elif isinstance(item, pikepdf.Array):
                waiting += [(one, depth + 1) for one in item]
            elif isinstance(item, pikepdf.Name) and not str(item).isascii():
                yield Piece(check=check, place=place, page=page, shape="text", text=str(item))

    def _stream(self, stream: Any, check: str, place: str, page: int | None) -> Iterator[Piece]:
        kind = str(stream.get("/Subtype", ""))
        if kind == "/Image":
            try:
                data, opaque = (stream.read_raw_bytes(), True) if _is_opaque(stream) else (b"", False)
            except pikepdf.PdfError:
                self.unread += 1
                return
            if opaque:
                yield Piece(
                    check="pictures",
                    place="画像の付属情報",
                    page=page,
                    shape="picture",
                    data=picture_words(data),
                )
            return
        try:
            data, opaque = decoded(stream, self._clock)
        except (pikepdf.PdfError, TooMuch, RuntimeError, ValueError):
            self.unread += 1
            return
        shape = "bytes"
        if _is_content(stream, kind, place):
            shape = "content"
        elif kind in _FONT_FILES or _LENGTHS & set(stream.keys()) or b"begincmap" in data[:_HEAD]:
            shape = "font"
        yield Piece(check=check, place=place, page=page, shape=shape, data=data)


def _items(found: Any) -> list[Any]:
    if found is None:
        return []
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def _leads_up(key: str, value: Any) -> bool:
    """Whether a key leads to what something hangs on; /P is also the prefix of a page label."""
    return key in _UP and isinstance(value, pikepdf.Dictionary | pikepdf.Array)


def _is_page(item: Any) -> bool:
    return isinstance(item, pikepdf.Dictionary) and str(item.get("/Type", "")) in {"/Page", "/Pages"}


def _is_opaque(stream: Any) -> bool:
    return any(str(name) in {"/DCTDecode", "/JPXDecode"} for name in _items(stream.get("/Filter")))


def _is_content(stream: Any, kind: str, place: str) -> bool:
    return kind == "/Form" or "/PatternType" in stream or place == "ページの描画命令"


def shown(content: bytes) -> bytes:
    """The bytes of all strings among drawing operators, one after the other."""
    return b"".join(_string(match[1], match[2]) for match in _SHOWN.finditer(content))


def _string(digits: bytes | None, letters: bytes | None) -> bytes:
    if digits is not None:
        tight = b"".join(digits.split())
        return bytes.fromhex((tight + b"0" * (len(tight) % 2)).decode("ascii"))
    return _ESCAPE.sub(_unescaped, letters or b"")


def _unescaped(match: re.Match[bytes]) -> bytes:
    told = match[1]
    if told[:1].isdigit():
        return bytes([int(told, 8) & 0xFF])
    return _ESCAPED.get(told, b"" if told in {b"\r\n", b"\n", b"\r"} else told)
