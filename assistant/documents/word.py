"""Word (.docx, .docm): what is hidden in it, the parts as they are released, and its text in order."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.documents.archive import Element, Package, attribute, local, serialized
from assistant.documents.hoard import Hoard
from assistant.documents.office import Contents, gather_alternatives, without_outside
from assistant.documents.word_changes import HiddenStyles, settle, written
from assistant.domain.document import HiddenKind

_PLACES = {"header": "ヘッダー", "footer": "フッター", "footnotes": "脚注", "endnotes": "文末脚注"}
_COMMENTS = ("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people")


def read_word(package: Package, hoard: Hoard) -> Contents:
    """The contents of a Word file. Raises DocumentError when it is damaged."""
    main = next(iter(package.related("", "officeDocument")), "word/document.xml")
    styles = HiddenStyles.of(_first(package, main, "styles"))
    changes: dict[str, bytes | None] = dict(without_outside(package))
    texts: dict[str, list[str]] = {kind: [] for kind in ("body", *_PLACES)}
    for kind, part in _parts(package, main):
        root = package.tree(part)
        if root is None:
            continue
        where = _PLACES.get(kind, "本文")
        gather_alternatives(root, where, hoard)
        _gather_choices(root, where, hoard)
        settle(root, where, styles, hoard)
        changes[part] = serialized(root)
        texts[kind].append("".join(_text(root)).strip("\n"))
    _gather_comments(package, main, hoard)
    _gather_settings(package, main, hoard)
    for kind in _COMMENTS:
        for part in package.related(main, kind):
            changes[part] = None
    _forget(package, main, changes)
    return Contents(pages=_pages(texts), changes=changes)


def _first(package: Package, main: str, kind: str) -> Element | None:
    part = next(iter(package.related(main, kind)), None)
    return package.tree(part) if part else None


def _parts(package: Package, main: str) -> Iterator[tuple[str, str]]:
    """(kind, name) of the parts with visible text."""
    yield "body", main
    for kind in _PLACES:
        for part in dict.fromkeys(package.related(main, kind)):
            yield kind, part


def _pages(texts: dict[str, list[str]]) -> tuple[str, ...]:
    """The body by explicit breaks; headers before the first page, footers and notes after the last, each said once."""
    pages = "\n".join(texts["body"]).split("\f")
    around = {
        kind: "\n".join(dict.fromkeys(text for text in texts[kind] if text.strip())) for kind in _PLACES
    }
    pages[0] = "\n".join(part for part in (around["header"], pages[0]) if part)
    notes = (pages[-1], around["footnotes"], around["endnotes"], around["footer"])
    pages[-1] = "\n".join(part for part in notes if part)
    return tuple(page.strip("\n") for page in pages)


def _gather_comments(package: Package, main: str, hoard: Hoard) -> None:
    comments = _first(package, main, "comments")
    for number, comment in enumerate(comments.iter("{*}comment") if comments is not None else (), 1):
        by = attribute(comment, "author") or ""
        hoard.add(HiddenKind.COMMENT, f"{number}件目のコメント", f"{written(comment)}\n（書いた人：{by}）")
    people = _first(package, main, "people")
    for person in people.iter("{*}person") if people is not None else ():
        hoard.add_words(HiddenKind.PROPERTIES, "編集した人の一覧", attribute(person, "author") or "")


def _gather_settings(package: Package, main: str, hoard: Hoard) -> None:
    settings = _first(package, main, "settings")
    for variable in settings.iter("{*}docVar") if settings is not None else ():
        value = attribute(variable, "val") or ""
        hoard.add_words(HiddenKind.PROPERTIES, "文書の変数", f"{attribute(variable, 'name') or ''}\t{value}")
    for merge in settings.iter("{*}mailMerge") if settings is not None else ():
        values = [attribute(each, "val") or "" for each in merge.iter()]
        hoard.add(HiddenKind.LINK, "差し込み印刷の設定", " ".join(value for value in values if value))


def _gather_choices(root: Element, where: str, hoard: Hoard) -> None:
    """What could have been chosen in a list, and the names and hints of fields to fill in."""
    for field in root.iter("{*}sdtPr", "{*}ffData"):
        words = [
            attribute(each, "displayText") or attribute(each, "val") or ""
            for each in field.iter("{*}alias", "{*}listItem", "{*}listEntry", "{*}helpText", "{*}statusText")
        ]
        hoard.add_words(HiddenKind.FORM_VALUE, f"{where}の入力欄の選択肢など", "\n".join(filter(None, words)))


def _forget(package: Package, main: str, changes: dict[str, bytes | None]) -> None:
    """Takes the relationships to parts that are left out along with them."""
    folder, _, base = main.rpartition("/")
    name = f"{folder}/_rels/{base}.rels"
    root = package.tree(name)
    if root is None:
        return
    for each in list(root):
        kind = str(each.get("Type") or "").rpartition("/")[2]
        outside = each.get("TargetMode") == "External" and kind != "hyperlink"
        if kind in _COMMENTS or outside:
            root.remove(each)
    changes[name] = serialized(root)


def _text(element: Element) -> Iterator[str]:
    """The text below an element: a newline after a paragraph, tabs between cells, a form feed where a page ends."""
    name = local(element)
    if name == "tbl":
        for row in element.iter("{*}tr"):
            if next(each for each in row.iterancestors() if local(each) == "tbl") is element:
                yield "\t".join(_cell(cell) for cell in row if local(cell) in ("tc", "sdt")) + "\n"
    elif name == "p":
        yield from _paragraph(element)
    elif name == "AlternateContent":
        yield from _children(_chosen(element))
    elif name in ("footnote", "endnote") and attribute(element, "type") in (
        "separator",
        "continuationSeparator",
        "continuationNotice",
    ):
        return
    else:
        yield from _children(element)


def _children(element: Element | None) -> Iterator[str]:
    for child in element if element is not None else ():
        yield from _text(child)


def _cell(cell: Element) -> str:
    return " ".join("".join(_children(cell)).replace("\f", "").split("\n")).strip()


def _paragraph(paragraph: Element) -> Iterator[str]:
    boxes: list[Element] = []
    before = paragraph.find("{*}pPr/{*}pageBreakBefore")
    if before is not None and (attribute(before, "val") or "1").lower() not in ("0", "false", "off"):
        yield "\f"
    yield from _inline(paragraph, boxes)
    yield "\n"
    for box in boxes:
        yield from _children(box)
    section = paragraph.find("{*}pPr/{*}sectPr")
    if section is not None:
        kind = section.find("{*}type")
        if kind is None or attribute(kind, "val") != "continuous":
            yield "\f"


def _inline(element: Element, boxes: list[Element]) -> Iterator[str]:
    """The letters of a paragraph; text boxes anchored in it are put aside."""
    for child in element:
        name = local(child)
        if name == "t":
            yield child.text or ""
        elif name in ("tab", "ptab"):
            yield "\t" if local(element) == "r" else ""
        elif name in ("br", "cr"):
            yield "\f" if attribute(child, "type") == "page" else "\n"
        elif name in ("noBreakHyphen", "sym"):
            yield "-" if name == "noBreakHyphen" else _symbol(child)
        elif name == "txbxContent":
            boxes.append(child)
        elif name == "AlternateContent":
            chosen = _chosen(child)
            if chosen is not None:
                yield from _inline(chosen, boxes)
        elif name not in ("pPr", "rPr", "rt", "instrText", "delText", "sdtPr"):
            yield from _inline(child, boxes)


def _chosen(element: Element) -> Element | None:
    """One of the ways a thing is told twice, for newer and older programs."""
    choice = element.find("{*}Choice")
    return choice if choice is not None else element.find("{*}Fallback")


def _symbol(element: Element) -> str:
    """A letter by its code; those of symbol fonts (F0xx) are no text."""
    try:
        code = int(attribute(element, "char") or "", 16)
    except ValueError:
        return ""
    return "" if 0xE000 <= code <= 0xF8FF or not 0 < code <= 0x10FFFF else chr(code)
