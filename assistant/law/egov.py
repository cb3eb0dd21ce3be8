"""Read a statute in 法令標準XML (e-Gov): MainProvision only, branch numbers, provisos by the Function of a Sentence.

SupplProvision is left out: its articles bear the numbers of the main provision again (domain.md §9).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from assistant.errors import DataFileError
from assistant.law.datafile import read_text
from assistant.law.numbering import SubitemStyle
from assistant.law.ordinance import Ordinance, build_ordinance
from assistant.law.sequence import check_tree
from assistant.law.tree import Division, Level, Node, Tree, proviso_offset

_ERA_FIRST_YEAR = {"Meiji": 1868, "Taisho": 1912, "Showa": 1926, "Heisei": 1989, "Reiwa": 2019}
_DIVISIONS = ("Part", "Chapter", "Section", "Subsection", "Division")
_HOW = "e-Govの法令標準XMLをそのまま置いてください。"


def read_xml(path: Path, *, in_force_from: date | None = None) -> Ordinance:
    """The statute in `path`; `in_force_from` is the day this text came into force, by default its promulgation.

    Raises DataFileError.
    """
    text = read_text(path)
    if (
        "<!DOCTYPE" in text or "<!ENTITY" in text
    ):  # 法令標準XML has neither; entities could grow without bound
        raise DataFileError(path, "文書型の宣言があるXMLは読みません。", todo=_HOW)
    try:
        root = ET.fromstring(text)  # noqa: S314 - declarations and entities were refused above
    except ET.ParseError as error:
        raise DataFileError(path, "XMLとして読めません。", line=error.position[0], todo=_HOW) from error
    main = root.find("LawBody/MainProvision")
    if root.tag != "Law" or main is None:
        raise DataFileError(path, "法令標準XMLではありません（MainProvisionがありません）。", todo=_HOW)
    divisions = tuple(_divisions(main, 2))
    tree = Tree(
        title=_text(root.find("LawBody/LawTitle")),
        number=_text(root.find("LawNum")),
        in_force_from=in_force_from or _promulgated(root, path),
        style=_style(main),
        kanji_items=True,
        divisions=divisions,
    )

    def fault(problem: str, line: int | None, todo: str) -> DataFileError:
        return DataFileError(path, problem, line=line, todo=todo)

    check_tree(tree, fault)
    return build_ordinance(tree)


def _promulgated(root: ET.Element, path: Path) -> date:
    try:
        year = _ERA_FIRST_YEAR[root.attrib["Era"]] + int(root.attrib["Year"]) - 1
        return date(year, int(root.attrib["PromulgateMonth"]), int(root.attrib["PromulgateDay"]))
    except (KeyError, ValueError) as error:
        todo = "city.toml の [ordinance] に in_force_from を書いてください。"
        raise DataFileError(path, "公布の日が分かりません。", todo=todo) from error


def _style(main: ET.Element) -> SubitemStyle:
    title = main.find(".//Subitem1Title")
    return SubitemStyle.GOJUON if title is not None and _text(title) == "ア" else SubitemStyle.IROHA


def _divisions(element: ET.Element, depth: int) -> Iterator[Division]:
    """Headings in order; the articles directly under `element` come first, under no heading of their own."""
    articles = tuple(_article(child) for child in element.findall("Article"))
    if articles or element.tag != "MainProvision":
        heading = next(
            (_text(child) for child in element if child.tag.endswith("Title") and child.tag != "Title"), ""
        )
        yield Division(heading=heading, depth=max(2, depth - 1), articles=articles)
    for child in element:
        if child.tag in _DIVISIONS:
            yield from _divisions(child, depth + 1)


def _article(element: ET.Element) -> Node:
    return Node(
        level=Level.ARTICLE,
        number=element.attrib.get("Num", ""),
        caption=_text(element.find("ArticleCaption")),
        children=tuple(_paragraph(child) for child in element.findall("Paragraph")),
    )


def _paragraph(element: ET.Element) -> Node:
    items = tuple(_item(child) for child in element.findall("Item"))
    return _node(
        Level.PARAGRAPH, element, "ParagraphSentence", items, _text(element.find("ParagraphCaption"))
    )


def _item(element: ET.Element) -> Node:
    return _node(Level.ITEM, element, "ItemSentence", _subitems(element, 1))


def _subitems(element: ET.Element, level: int) -> tuple[Node, ...]:
    return tuple(
        _node(Level.SUBITEM, child, f"Subitem{level}Sentence", _subitems(child, level + 1))
        for child in element.findall(f"Subitem{level}")
    )


def _node(
    level: Level, element: ET.Element, sentence: str, children: tuple[Node, ...], caption: str = ""
) -> Node:
    text, proviso = _sentences(element.find(sentence))
    # Some items write a proviso without the Function; a sentence that begins with ただし is one all the same.
    proviso = proviso if proviso is not None else proviso_offset(text)
    number = element.attrib.get("Num", "")
    return Node(level=level, number=number, text=text, caption=caption, proviso=proviso, children=children)


def _sentences(element: ET.Element | None) -> tuple[str, int | None]:
    """The text with columns joined by a full-width space, and where the sentence of Function proviso begins."""
    text, proviso = "", None
    if element is None:
        return text, proviso
    columns = element.findall("Column")
    for index, block in enumerate(columns or [element]):
        text += "\u3000" if index else ""
        for sentence in block.findall("Sentence"):
            if sentence.get("Function") == "proviso" and proviso is None:
                proviso = len(text)
            text += _text(sentence)
    return text, proviso


def _text(element: ET.Element | None) -> str:
    """Text with ruby readings left out and white space of the file's layout dropped."""
    if element is None:
        return ""
    return "".join(_pieces(element)).replace("\n", "").strip()


def _pieces(element: ET.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag != "Rt":
            yield from _pieces(child)
        yield child.tail or ""
