"""What Word, Excel and PowerPoint files have in common: properties, macros, things inside, links to outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.documents.archive import MAX_TREE, Element, Package, attribute, local, parsed, serialized
from assistant.documents.hoard import Hoard, Inner, property_place
from assistant.documents.pictures_inside import picture_properties
from assistant.domain.document import HiddenKind

_PROPERTIES = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
_PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp")
_INSIDE = ("/embeddings/", "/activeX/")
_MOST_INSIDE = 20 * 1024 * 1024  # bytes of one file inside that is looked into
_MOST_PICTURES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """An office file, read. `pages`: its visible text where nobody prints it; `changes`: parts as they are released
    (changes accepted, comments and hidden text gone, nothing from outside), for `Package.rewritten`.
    """

    pages: tuple[str, ...]
    changes: Mapping[str, bytes | None] = field(default_factory=dict)


def gather_common(package: Package, hoard: Hoard, inner: Inner) -> None:
    """Lists what any office file may carry besides its pages."""
    for part in _PROPERTIES:
        _gather_properties(package, part, hoard)
    pictures = 0
    for name in package.names:
        lower = name.lower()
        if lower.endswith("vbaproject.bin"):
            hoard.add(HiddenKind.SCRIPT, "マクロ", "マクロ（VBA）が入っています。動かしていません。")
        elif any(folder in lower for folder in map(str.lower, _INSIDE)) and not lower.endswith(".rels"):
            _gather_inside(package, name, hoard, inner)
        elif lower.startswith("customxml/item") and lower.endswith(".xml") and "props" not in lower:
            _gather_custom(package, name, hoard)
        elif lower.startswith("docprops/thumbnail"):
            hoard.add(HiddenKind.ATTACHMENT, "縮小画像", "文書の最初のページの縮小画像が入っています。")
        elif lower.endswith(_PICTURES) and pictures < _MOST_PICTURES and package.size(name) <= _MOST_INSIDE:
            pictures += 1
            for label, text in picture_properties(package.read(name)):
                place = property_place(f"{pictures}番目の画像の情報", label)
                if place:
                    hoard.add_words(HiddenKind.PROPERTIES, place, text)
    _gather_links(package, hoard)


def without_outside(package: Package) -> dict[str, bytes | None]:
    """The relationship parts without what would be loaded from outside; links to click stay, nobody follows them."""
    changed: dict[str, bytes | None] = {}
    for name in package.names:
        if not name.endswith(".rels"):
            continue
        root = package.tree(name)
        if root is None:
            continue
        outside = [
            each
            for each in root
            if each.get("TargetMode") == "External" and not str(each.get("Type")).endswith("/hyperlink")
        ]
        for each in outside:
            root.remove(each)
        if outside:
            changed[name] = serialized(root)
    return changed


def gather_alternatives(root: Element, where: str, hoard: Hoard) -> None:
    """Lists the texts pictures and shapes carry for readers who cannot see them; names such as 「図 1」 are no text."""
    for element in root.iter("{*}docPr", "{*}cNvPr"):
        for name in ("descr", "title"):
            hoard.add_words(
                HiddenKind.HIDDEN_TEXT, f"{where}の図の代替テキスト", attribute(element, name) or ""
            )


def _gather_properties(package: Package, part: str, hoard: Hoard) -> None:
    root = package.tree(part)
    for element in root if root is not None else ():
        name = element.get("name") if local(element) == "property" else local(element)
        place = property_place("文書のプロパティ", str(name))
        if place:
            hoard.add_words(HiddenKind.PROPERTIES, place, " ".join(element.itertext()))


def _gather_inside(package: Package, name: str, hoard: Hoard, inner: Inner) -> None:
    base = name.rpartition("/")[2]
    if package.size(name) > _MOST_INSIDE:
        text = "大きいので中を調べていません。"
    else:
        text = inner(base, package.read(name))
    hoard.add(HiddenKind.ATTACHMENT, "文書に埋め込まれたファイル", f"{base}\n{text}")


def _gather_custom(package: Package, name: str, hoard: Hoard) -> None:
    if package.size(name) > MAX_TREE:
        hoard.add(HiddenKind.PROPERTIES, "カスタムXML", "大きいので中を調べていません。")
        return
    root = parsed(package.read(name))
    words = " ".join(root.itertext()) if root is not None else ""
    hoard.add_words(HiddenKind.PROPERTIES, "カスタムXML", " ".join(words.split()))


def _gather_links(package: Package, hoard: Hoard) -> None:
    for name in package.names:
        if not name.endswith(".rels"):
            continue
        folder, _, base = name.removesuffix(".rels").rpartition("_rels/")
        for relation in package.relations(folder + base):
            if relation.external:
                hoard.add_words(HiddenKind.LINK, "外部へのリンク", relation.target)
