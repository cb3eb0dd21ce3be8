"""Excel (.xlsx, .xlsm): what a print of its sheets does not show, and their text as rows of tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.documents.archive import Element, Package, attribute, child_text, local, serialized, whole
from assistant.documents.hoard import Hoard
from assistant.documents.office import Contents, gather_alternatives, without_outside
from assistant.documents.sheet_book import (
    Book,
    SheetPart,
    column_number,
    plain_text,
    read_book,
    readings,
)
from assistant.domain.document import HiddenKind
from assistant.errors import DocumentError

MOST_CELLS = 2_000_000  # with something in them; a sheet of every inhabitant of a large ward
_LAST_COLUMN = 16_384
_TOO_MANY = (
    "表のセルが多すぎます。元のソフトで開き、必要な範囲だけを別のファイルに保存してから選び直してください。"
)
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|\d+|[A-Z])')  # fonts, sizes, page numbers in headers
_COMMENTS = ("comments", "threadedComment", "person")


@dataclass(slots=True)
class _Seen:
    """What one sheet holds, sorted by whether a print shows it."""

    lines: list[str] = field(default_factory=list)
    hidden_rows: list[str] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    unprinted: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)


def read_sheets(package: Package, hoard: Hoard) -> Contents:
    """The contents of an Excel file: a page a visible sheet. Raises DocumentError when it is damaged or too large."""
    book = read_book(package)
    changes: dict[str, bytes | None] = dict(without_outside(package))
    pages: list[str] = []
    budget = MOST_CELLS
    for sheet in book.sheets:
        if sheet.part not in package:
            continue
        seen = _Seen()
        budget = _read(package, book, sheet, seen, budget)
        where = f"{sheet.number}枚目のシート"
        hoard.add_words(HiddenKind.PROPERTIES, f"{where}の名前", sheet.name)
        if sheet.hidden:
            text = "\n".join((*seen.lines, *seen.hidden_rows, *seen.hidden_columns, *seen.unprinted))
            hoard.add(HiddenKind.HIDDEN_SHEET, f"{where}（隠したシート）", text)
        _gather(seen, where, hoard, hidden=sheet.hidden)
        drawn = _gather_beside(package, sheet, where, hoard, changes)
        if not sheet.hidden:
            pages.append("\n".join((*seen.lines, *drawn)).strip("\n"))
    _gather_book(package, book, hoard, changes)
    return Contents(pages=tuple(pages) or ("",), changes=changes)


def _read(package: Package, book: Book, sheet: SheetPart, seen: _Seen, budget: int) -> int:
    """Reads the rows of a sheet, cell by cell; the count of cells still allowed is returned."""
    hidden: list[tuple[int, int]] = []
    for element in package.elements(sheet.part, "{*}cols", "{*}row", "{*}dataValidations", "{*}headerFooter"):
        name = local(element)
        if name == "cols":
            hidden = [_span(each) for each in element if _is_folded(each, "width")]
        elif name == "row":
            budget -= len(element)
            if budget < 0:
                raise DocumentError(_TOO_MANY)
            _row(book, sheet, element, hidden, seen)
        elif name == "headerFooter":
            seen.lines.extend(text for each in element for text in _header(each.text or ""))
        else:
            words = " ".join(text.strip() for text in element.itertext() if text.strip())
            prompts = [each.get("prompt") or "" for each in element] + [
                each.get("error") or "" for each in element
            ]
            seen.formulas.append(" ".join((words, *filter(None, prompts))))
    return budget


def _row(book: Book, sheet: SheetPart, row: Element, hidden: list[tuple[int, int]], seen: _Seen) -> None:
    number = whole(row.get("r"))
    folded = _is_folded(row, "ht")
    shown: list[tuple[int, str]] = []
    for position, cell in enumerate(row, 1):
        column = column_number(cell.get("r") or "") or position
        formula = child_text(cell, "f")
        value = " ".join(book.value(cell).split("\n"))
        if formula:
            seen.formulas.append(f"{cell.get('r') or ''}\t={formula}\t{value}")
        if not value.strip():
            continue
        style = book.style(cell.get("s"))
        if folded:
            shown.append((column, value))
        elif any(first <= column <= last for first, last in hidden):
            seen.hidden_columns.append(value)
        elif sheet.printed and not any(area.holds(number, column) for area in sheet.printed):
            seen.unprinted.append(value)
        elif style.unseen or style.white:
            seen.unseen.append(value)
        else:
            shown.append((column, value))
    if shown:
        (seen.hidden_rows if folded else seen.lines).append(_tabbed(shown))


def _tabbed(cells: list[tuple[int, str]]) -> str:
    """The cells of a row from its first column, an empty cell between tabs."""
    parts: list[str] = []
    at = 1
    for column, value in cells:
        gap = min(max(column - at, 0), _LAST_COLUMN)
        parts.append("\t" * min(gap, 50) + value)
        at = column
    return "".join(parts)


def _is_folded(element: Element, size: str) -> bool:
    """Whether a row or column is hidden, filtered out or has no height or width."""
    if element.get("hidden") in ("1", "true"):
        return True
    try:
        return float(element.get(size) or 1) == 0
    except ValueError:
        return False


def _span(column: Element) -> tuple[int, int]:
    return whole(column.get("min")), whole(column.get("max"))


def _header(text: str) -> Iterator[str]:
    """The words of a header or footer; &P and the like stand for numbers and names of the file."""
    plain = _CODES.sub(" ", text.replace("&&", "\x00")).replace("\x00", "&").strip()
    if plain:
        yield plain


def _gather(seen: _Seen, where: str, hoard: Hoard, *, hidden: bool) -> None:
    if not hidden:
        hoard.add_words(HiddenKind.HIDDEN_CELLS, f"{where}の隠した行", "\n".join(seen.hidden_rows))
        hoard.add_words(HiddenKind.HIDDEN_CELLS, f"{where}の隠した列", "\n".join(seen.hidden_columns))
        hoard.add_words(HiddenKind.HIDDEN_CELLS, f"{where}の印刷範囲の外", "\n".join(seen.unprinted))
    hoard.add_words(HiddenKind.HIDDEN_CELLS, f"{where}の見えない文字のセル", "\n".join(seen.unseen))
    hoard.add_words(HiddenKind.FORMULA, f"{where}の数式と入力規則", "\n".join(seen.formulas))


def _gather_beside(
    package: Package, sheet: SheetPart, where: str, hoard: Hoard, changes: dict[str, bytes | None]
) -> list[str]:
    """Comments of a sheet, taken out of what is printed; the words of its text boxes are returned."""
    words: list[str] = []
    gone = False
    for relation in package.relations(sheet.part):
        if relation.external or relation.target not in package:
            continue
        if relation.kind in _COMMENTS:
            root = package.tree(relation.target)
            authors = [each.text or "" for each in root.iter("{*}author")] if root is not None else []
            for comment in root.iter("{*}comment", "{*}threadedComment") if root is not None else ():
                at = whole(comment.get("authorId"), len(authors))
                by = authors[at] if at < len(authors) else ""
                text = plain_text(comment) or "".join(comment.itertext())
                hoard.add(
                    HiddenKind.COMMENT, f"{where}のコメント", f"{text}\n（書いた人：{by}）" if by else text
                )
            changes[relation.target] = None
            gone = True
        elif relation.kind == "drawing":
            root = package.tree(relation.target)
            if root is not None:
                gather_alternatives(root, where, hoard)
                words.extend(
                    filter(None, ("".join(each.itertext("{*}t")) for each in root.iter("{*}txBody")))
                )
    if gone:
        _forget_comments(package, sheet.part, changes)
    return words


def _forget_comments(package: Package, part: str, changes: dict[str, bytes | None]) -> None:
    folder, _, base = part.rpartition("/")
    name = f"{folder}/_rels/{base}.rels"
    root = package.tree(name)
    if root is None:
        return
    for each in list(root):
        kind = str(each.get("Type") or "").rpartition("/")[2]
        if kind in _COMMENTS or (each.get("TargetMode") == "External" and kind != "hyperlink"):
            root.remove(each)
    changes[name] = serialized(root)


def _gather_book(package: Package, book: Book, hoard: Hoard, changes: dict[str, bytes | None]) -> None:
    """What a workbook keeps that no sheet shows: names, sources of pivot tables, copies of other books, unused texts."""
    hoard.add_words(HiddenKind.FORMULA, "名前の定義", "\n".join("\t".join(each) for each in book.names))
    for name in package.names:
        lower = name.lower()
        if not lower.endswith(".xml"):
            continue
        if "/pivotcache/" in lower:
            hoard.add_words(HiddenKind.HIDDEN_CELLS, "ピボットテーブルの元のデータ", _values(package, name))
        elif "/externallinks/" in lower:
            hoard.add(HiddenKind.LINK, "ほかのブックへのリンクと写し", _values(package, name))
        elif lower.endswith(("/connections.xml", "/persons/person.xml")) or "/querytables/" in lower:
            kind = HiddenKind.PROPERTIES if "/persons/" in lower else HiddenKind.LINK
            hoard.add_words(kind, "外部データへの接続や編集者の一覧", _values(package, name))
        elif "/revisions/" in lower:
            hoard.add(HiddenKind.REVISION, "共有ブックの変更の記録", _values(package, name))
    part = next(iter(package.related(book.main, "sharedStrings")), None)
    kana = [readings(each) for each in package.elements(part, "{*}si")] if part else []
    hoard.add_words(HiddenKind.HIDDEN_TEXT, "セルのふりがな", "\n".join(filter(None, kana)))
    unused = [text for at, text in enumerate(book.strings) if at not in book.used]
    hoard.add_words(HiddenKind.HIDDEN_TEXT, "どのセルにも出ていない文字", "\n".join(unused))


def _values(package: Package, name: str) -> str:
    """All texts and values of a part that may be large, each once."""
    found: dict[str, None] = {}
    for element in package.elements(name, "{*}*"):
        for text in (element.text, attribute(element, "v"), attribute(element, "name"), element.get("displayName"),
                     element.get("connection"), element.get("command"), element.get("val"), element.get("userName")):  # fmt: skip
            if text and text.strip():
                found[text.strip()] = None
    return "\n".join(found)
