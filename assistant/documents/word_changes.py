"""A Word file as it would be released: changes accepted, comments and hidden text gone; all of that listed."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.documents.archive import Element, attribute, local
from assistant.documents.hoard import Hoard
from assistant.domain.document import HiddenKind

_OFF = ("0", "false", "off", "none")
# What was before a change of form, and marks of where changes and comments begin and end.
_RECORD_NAMES = """
    rPrChange pPrChange sectPrChange tblPrChange tblPrExChange tcPrChange trPrChange tblGridChange numberingChange
    cellIns cellMerge moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd customXmlInsRangeStart
    customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart
    customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd commentRangeStart commentRangeEnd
    commentReference annotationRef
"""
_RECORDS = frozenset(_RECORD_NAMES.split())
_LOADING = ("INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "DDE", "DDEAUTO", "LINK", "IMPORT", "DATABASE", "RD")


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenStyles:
    """Ids of the styles that hide what is written in them."""

    ids: frozenset[str]

    @classmethod
    def of(cls, styles: Element | None) -> HiddenStyles:
        """From the part with the styles, with those that build on a hiding style."""
        based: dict[str, str | None] = {}
        hiding: dict[str, bool | None] = {}
        for style in styles.iter("{*}style") if styles is not None else ():
            name = attribute(style, "styleId") or ""
            parent = style.find("{*}basedOn")
            based[name] = attribute(parent, "val") if parent is not None else None
            properties = style.find("{*}rPr")
            hiding[name] = _switch(properties, "vanish") if properties is not None else None
        return cls(ids=frozenset(name for name in based if _hides(name, based, hiding)))


def settle(root: Element, where: str, styles: HiddenStyles, hoard: Hoard) -> None:
    """Changes the tree of a part (`where`: Japanese, 「本文」) into what is released, and lists what went."""
    _list_changes(root, where, hoard)
    for name in ("del", "moveFrom"):
        for element in list(root.iter(f"{{*}}{name}")):
            _settle_deletion(element)
    for name in ("ins", "moveTo"):
        for element in list(root.iter(f"{{*}}{name}")):
            if local(element.getparent()) in ("rPr", "trPr"):
                _drop(element)
            else:
                _unwrap(element)
    for element in list(root.iter("{*}cellDel")):
        cell = _above(element, "tc")
        if cell is not None:
            _drop(cell)
    for element in [each for each in root.iter() if local(each) in _RECORDS]:
        _drop(element)
    _join_paragraphs(root)
    _hide(root, where, styles, hoard)
    _still(root, where, hoard)


def written(element: Element) -> str:
    """The letters of runs below an element, deleted ones too; tabs and breaks as such."""
    parts = []
    for each in element.iter():
        name = local(each)
        if name in ("t", "delText"):
            parts.append(each.text or "")
        elif name in ("tab", "ptab") and local(each.getparent()) == "r":
            parts.append("\t")
        elif name in ("br", "cr") or (name == "p" and parts):
            parts.append("\n")
    return "".join(parts)


def _list_changes(root: Element, where: str, hoard: Hoard) -> None:
    labels = {"ins": "挿入", "moveTo": "移動先", "del": "削除", "moveFrom": "移動元"}
    for element in root.iter(*(f"{{*}}{name}" for name in labels)):
        row = _above(element, "tr") if local(element.getparent()) == "trPr" else None
        text = written(row if row is not None else element)
        by = attribute(element, "author") or ""
        if text.strip() or by:
            hoard.add(
                HiddenKind.TRACKED_CHANGE,
                f"{where}の変更履歴（{labels[local(element)]}）",
                f"{text}\n（変更した人：{by}）" if by else text,
            )
    for element in root.iter("{*}rPrChange", "{*}pPrChange", "{*}sectPrChange", "{*}tblPrChange"):
        hoard.add_words(
            HiddenKind.TRACKED_CHANGE, f"{where}の書式の変更履歴", attribute(element, "author") or ""
        )


def _settle_deletion(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if local(parent) == "trPr":
        row = _above(element, "tr")
        if row is not None:
            _drop(row)
    elif local(parent) == "rPr":
        paragraph = parent.getparent().getparent() if local(parent.getparent()) == "pPr" else None
        if paragraph is not None:
            paragraph.set("joined", "1")
        _drop(element)
    else:
        _drop(element)


def _join_paragraphs(root: Element) -> None:
    """A paragraph whose end was deleted runs on in the next one."""
    for paragraph in [each for each in root.iter("{*}p") if each.get("joined")]:
        del paragraph.attrib["joined"]
        after = paragraph.getnext()
        content = [each for each in paragraph if local(each) != "pPr"]
        if after is None or local(after) != "p":
            continue
        at = 1 if len(after) and local(after[0]) == "pPr" else 0
        for offset, each in enumerate(content):
            after.insert(at + offset, each)
        _drop(paragraph)


def _hide(root: Element, where: str, styles: HiddenStyles, hoard: Hoard) -> None:
    """Takes hidden runs and rows out and lists their text, neighbours together."""
    for row in [each for each in root.iter("{*}tr") if _switch(each.find("{*}trPr"), "hidden")]:
        hoard.add_words(HiddenKind.HIDDEN_TEXT, f"{where}の隠し文字", written(row))
        _drop(row)
    gathered: list[str] = []
    last: Element | None = None
    for run in list(root.iter("{*}r")):
        if not _is_hidden(run, styles):
            continue
        paragraph = run.getparent()
        if last is not None and paragraph is not last:
            hoard.add_words(HiddenKind.HIDDEN_TEXT, f"{where}の隠し文字", "".join(gathered))
            gathered = []
        last = paragraph
        gathered.append(written(run))
        _drop(run)
    hoard.add_words(HiddenKind.HIDDEN_TEXT, f"{where}の隠し文字", "".join(gathered))


def _is_hidden(run: Element, styles: HiddenStyles) -> bool:
    properties = run.find("{*}rPr")
    told = _switch(properties, "vanish") if properties is not None else None
    if told is not None:
        return told
    style = properties.find("{*}rStyle") if properties is not None else None
    if style is not None and attribute(style, "val") in styles.ids:
        return True
    paragraph = _above(run, "p")
    style = paragraph.find("{*}pPr/{*}pStyle") if paragraph is not None else None
    return style is not None and attribute(style, "val") in styles.ids


def _still(root: Element, where: str, hoard: Hoard) -> None:
    """Fields that would load something from outside are listed and made empty."""
    for element in root.iter("{*}instrText", "{*}fldSimple"):
        simple = local(element) == "fldSimple"
        instruction = (attribute(element, "instr") if simple else element.text) or ""
        if not instruction.strip():
            continue
        if instruction.split()[0].upper() in _LOADING:
            hoard.add(HiddenKind.LINK, f"{where}のフィールド", instruction)
            if simple:
                _set(element, "instr", "QUOTE")
            else:
                element.text = " QUOTE "
        elif '"' in instruction:
            hoard.add(HiddenKind.FORMULA, f"{where}のフィールド", instruction)


def _set(element: Element, name: str, value: str) -> None:
    for key in element.attrib:
        if key.rpartition("}")[2] == name:
            element.set(key, value)


def _switch(properties: Element | None, name: str) -> bool | None:
    """An on-off property: None where it is not said."""
    found = properties.find(f"{{*}}{name}") if properties is not None else None
    if found is None:
        return None
    return (attribute(found, "val") or "1").lower() not in _OFF


def _hides(name: str, based: dict[str, str | None], hiding: dict[str, bool | None]) -> bool:
    seen: set[str] = set()
    at: str | None = name
    while at is not None and at not in seen:
        seen.add(at)
        if hiding.get(at) is not None:
            return bool(hiding[at])
        at = based.get(at)
    return False


def _above(element: Element, name: str) -> Element | None:
    return next((each for each in element.iterancestors() if local(each) == name), None)


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for offset, child in enumerate(list(element)):
        parent.insert(at + offset, child)
    parent.remove(element)
