"""An office file is a zip of XML parts: opened in memory within bounds, nothing unpacked to disk, no entity resolved."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from assistant.errors import DocumentError

Element = Any
"""An lxml element; lxml has no types of its own."""

MAX_PARTS = 20_000
MAX_TOTAL = 400 * 1024 * 1024  # bytes of all parts together
MAX_PART = 150 * 1024 * 1024  # of one part, read as a stream
MAX_TREE = (
    40 * 1024 * 1024
)  # of one part that becomes a tree, which takes ten times as much; about 5,000 pages
_DIGITS = 16
_BOMB_FROM = 40 * 1024 * 1024
_BOMB_RATIO = 200  # real sheets pack 10 to 60 times, emptied ones up to 150

_BROKEN = "ファイルが壊れています。元のソフトで開いて保存し直すか、PDFに保存してから選び直してください。"
_TOO_LARGE = "ファイルの中身が大きすぎます（展開すると{size:,}MB）。元のソフトで開き、必要な部分だけを保存してから選び直してください。"
_LOCKED = (
    "パスワードのかかったファイルです。元のソフトで開き、パスワードを外して保存してから選び直してください。"
)

_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_UNPACKING = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relationship of a part. `kind`: the last word of its type; `target`: a part's name, or an address if `external`."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of an office file. Raises DocumentError where it is damaged, locked or would fill the memory."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _UNPACKING:
            raise DocumentError(_BROKEN) from None
        entries = self._zip.infolist()
        names = [entry.filename for entry in entries]
        folded = {name.lower().lstrip("/") for name in names}
        if len(names) > MAX_PARTS or len(folded) != len(names):
            raise DocumentError(_BROKEN)  # two parts of one name: programs would not agree which is read
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise DocumentError(_LOCKED)
        total = sum(entry.file_size for entry in entries)
        if total > MAX_TOTAL or (total > _BOMB_FROM and total > _BOMB_RATIO * len(data)):
            raise DocumentError(_TOO_LARGE.format(size=total // (1024 * 1024)))
        self.names = tuple(names)

    def __contains__(self, name: str) -> bool:
        return name in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.names)

    def size(self, name: str) -> int:
        """Bytes of a part, unpacked."""
        return self._zip.getinfo(name).file_size

    def read(self, name: str, *, most: int = MAX_PART) -> bytes:
        """The bytes of a part. Raises DocumentError when it is damaged or larger than `most`."""
        try:
            if self.size(name) > most:
                raise DocumentError(_TOO_LARGE.format(size=self.size(name) // (1024 * 1024)))
            return self._zip.read(name)
        except (*_UNPACKING, KeyError):
            raise DocumentError(_BROKEN) from None

    def tree(self, name: str) -> Element | None:
        """The root of an XML part; None where the package has no such part. Raises DocumentError when it is damaged."""
        if name not in self:
            return None
        root = parsed(self.read(name, most=MAX_TREE))
        if root is None:
            raise DocumentError(_BROKEN)
        return root

    def elements(self, name: str, *tags: str) -> Iterator[Element]:
        """The elements with these tags, as a stream; each is forgotten before the next. Raises DocumentError."""
        data = io.BytesIO(self.read(name))
        options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
        try:
            for _, element in etree.iterparse(data, events=("end",), tag=tags, **options):
                yield element
                element.clear(keep_tail=False)
                while element.getprevious() is not None and element.getparent() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError:
            raise DocumentError(_BROKEN) from None

    def relations(self, part: str) -> tuple[Relation, ...]:
        """The relationships of a part, `""` for those of the package. Targets are names of parts."""
        folder, base = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{base}.rels"))
        if root is None:
            return ()
        return tuple(_relation(each, folder) for each in root.iter(_RELATIONS))

    def related(self, part: str, kind: str) -> tuple[str, ...]:
        """The parts a part names in relationships of a kind, where they exist."""
        return tuple(
            each.target
            for each in self.relations(part)
            if each.kind == kind and not each.external and each.target in self
        )

    def rewritten(self, changes: Mapping[str, bytes | None]) -> bytes:
        """The package with some parts replaced, or left out where None."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
            for name in self.names:
                data = changes[name] if name in changes else self.read(name)
                if data is not None:
                    out.writestr(name, data)
        return made.getvalue()


def parsed(data: bytes) -> Element | None:
    """The root of XML, or None when it is no XML. Entities are not resolved, nothing is loaded; a DTD is refused."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root.getroottree().docinfo.internalDTD is not None else root


def serialized(root: Element) -> bytes:
    """The part's bytes."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def local(element: Element) -> str:
    """An element's name without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child_text(element: Element, name: str) -> str:
    """The text of the first child with this local name; much faster than a search for millions of cells."""
    end = f"}}{name}"
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag.endswith(end):
            return child.text or ""
    return ""


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its local name: transitional and strict files name the same thing in two namespaces."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def whole(text: str | None, otherwise: int = 0) -> int:
    """A number as these files write it, not below zero; `otherwise` for anything that is none or beyond all use."""
    return int(text) if text and len(text) < _DIGITS and text.isascii() and text.isdigit() else otherwise


def _relation(element: Element, folder: str) -> Relation:
    target = str(element.get("Target") or "")
    external = element.get("TargetMode") == "External"
    if not external:
        target = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return Relation(
        id=str(element.get("Id") or ""),
        kind=str(element.get("Type") or "").rpartition("/")[2],
        target=target,
        external=external,
    )
