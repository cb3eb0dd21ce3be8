"""PowerPoint (.pptx, .pptm): notes, hidden slides and shapes, comments; the slides as they are released; their text."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.documents.archive import Element, Package, attribute, local, serialized, whole
from assistant.documents.hoard import Hoard
from assistant.documents.office import Contents, gather_alternatives, without_outside
from assistant.domain.document import HiddenKind
from assistant.errors import DocumentError

_SHAPES = ("sp", "graphicFrame", "grpSp", "pic", "cxnSp")
_USUAL = (9_144_000, 6_858_000)  # a slide's size in EMU where the file does not say
_COMMENTS = ("comments", "comment")


def read_slides(package: Package, hoard: Hoard) -> Contents:
    """The contents of a PowerPoint file: a page a visible slide. Raises DocumentError when it is damaged."""
    main = next(iter(package.related("", "officeDocument")), "ppt/presentation.xml")
    root = package.tree(main)
    if root is None:
        raise DocumentError(
            "ファイルが壊れています。元のソフトで開いて保存し直すか、PDFに保存してから選び直してください。"
        )
    size = root.find("{*}sldSz")
    sides = (whole(size.get("cx")), whole(size.get("cy"))) if size is not None else _USUAL
    sides = sides if all(sides) else _USUAL
    targets = {each.id: each.target for each in package.relations(main)}
    changes: dict[str, bytes | None] = dict(without_outside(package))
    pages = []
    for number, entry in enumerate(root.iterfind("{*}sldIdLst/{*}sldId"), 1):
        part = targets.get(_relation_id(entry), "")
        slide = package.tree(part)
        if slide is None:
            continue
        where = f"{number}枚目のスライド"
        _gather_beside(package, part, where, hoard)
        gather_alternatives(slide, where, hoard)
        if slide.get("show") in ("0", "false"):
            hoard.add(HiddenKind.HIDDEN_TEXT, f"{where}（非表示のスライド）", _words(slide))
            continue
        if _take_out_hidden(slide, where, sides, hoard):
            changes[part] = serialized(slide)
        pages.append(_words(slide))
    for name in package.names:
        if "/commentauthors" in name.lower() or name.lower().endswith("/authors.xml"):
            authors = package.tree(name)
            for author in authors if authors is not None else ():
                hoard.add_words(HiddenKind.PROPERTIES, "コメントを書いた人の一覧", author.get("name") or "")
    return Contents(pages=tuple(pages) or ("",), changes=changes)


def _relation_id(entry: Element) -> str:
    """A slide's own number is "id" too; the relationship is the one in a namespace."""
    for key, value in entry.attrib.items():
        if key.startswith("{") and key.endswith("}id"):
            return str(value)
    return ""


def _gather_beside(package: Package, part: str, where: str, hoard: Hoard) -> None:
    for notes in package.related(part, "notesSlide"):
        root = package.tree(notes)
        hoard.add_words(HiddenKind.NOTES, f"{where}のノート", _words(root) if root is not None else "")
    for kind in _COMMENTS:
        for comments in package.related(part, kind):
            root = package.tree(comments)
            for comment in root.iter("{*}cm") if root is not None else ():
                hoard.add(HiddenKind.COMMENT, f"{where}のコメント", " ".join(comment.itertext()))


def _take_out_hidden(slide: Element, where: str, sides: tuple[int, int], hoard: Hoard) -> bool:
    """Takes shapes that are switched off or wholly beside the slide out, and lists their words."""
    gone = False
    for shape in [each for each in slide.iter() if local(each) in _SHAPES]:
        properties = next(shape.iter("{*}cNvPr"), None)
        off = properties is not None and attribute(properties, "hidden") in ("1", "true")
        if not off and not (local(shape.getparent()) == "spTree" and _is_beside(shape, sides)):
            continue
        place = f"{where}の非表示の図形" if off else f"{where}の枠の外の図形"
        hoard.add_words(HiddenKind.HIDDEN_TEXT, place, "\n".join(_paragraphs(shape)))
        parent = shape.getparent()
        if parent is not None:
            parent.remove(shape)
            gone = True
    return gone


def _is_beside(shape: Element, sides: tuple[int, int]) -> bool:
    """Whether a shape lies wholly outside the slide; one that says no place takes that of its layout, inside."""
    frame = next((each for each in shape.iter("{*}xfrm")), None)
    if frame is None or frame.get("rot"):
        return False
    offset, extent = frame.find("{*}off"), frame.find("{*}ext")
    if offset is None or extent is None:
        return False
    try:
        left, top = int(offset.get("x")), int(offset.get("y"))
        right, bottom = left + int(extent.get("cx")), top + int(extent.get("cy"))
    except (TypeError, ValueError):
        return False
    return right <= 0 or bottom <= 0 or left >= sides[0] or top >= sides[1]


def _words(root: Element) -> str:
    """The text of a slide: a line a paragraph, the cells of a table between tabs."""
    return "\n".join(line for line in _paragraphs(root) if line.strip())


def _paragraphs(element: Element) -> Iterator[str]:
    name = local(element)
    if name == "tr":
        yield "\t".join(" ".join(_paragraphs(cell)) for cell in element if local(cell) == "tc")
    elif name == "p":
        yield "".join(
            "\n" if local(each) == "br" else (each.text or "") for each in element.iter("{*}t", "{*}br")
        )
    elif name == "AlternateContent":
        chosen = element.find("{*}Choice")
        chosen = chosen if chosen is not None else element.find("{*}Fallback")
        for child in chosen if chosen is not None else ():
            yield from _paragraphs(child)
    else:
        for child in element:
            yield from _paragraphs(child)
