"""The workbook around the sheets of an Excel file: their order and state, the shared texts, the forms of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from assistant.documents.archive import Element, Package, attribute, child_text, local, whole
from assistant.errors import DocumentError

MOST_STRINGS = 3_000_000
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$")
_TOO_MANY = (
    "表のセルが多すぎます。元のソフトで開き、必要な範囲だけを別のファイルに保存してから選び直してください。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a cell's form does to its value. `unseen`: the number format shows nothing (;;;)."""

    is_date: bool = False
    unseen: bool = False
    white: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Cells from row and column to row and column, from 1, both included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell is among them."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """One sheet: its name, its part, whether it is hidden, what of it is printed (all where empty)."""

    number: int
    name: str
    part: str
    hidden: bool
    printed: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The workbook. `names`: (name, what it stands for) of the names defined in it."""

    main: str
    sheets: tuple[SheetPart, ...]
    strings: tuple[str, ...]
    styles: tuple[Style, ...]
    names: tuple[tuple[str, str], ...] = ()
    mac_days: bool = False
    used: set[int] = field(default_factory=set)  # shared texts that a cell shows

    def style(self, index: str | None) -> Style:
        """The form of a cell by its index."""
        at = whole(index)
        return self.styles[at] if at < len(self.styles) else Style()

    def value(self, cell: Element) -> str:
        """What a cell shows, as text; numbers as they are kept, dates in the order year, month, day."""
        kind = cell.get("t")
        if kind == "inlineStr":
            found = cell.find("{*}is")
            return plain_text(found) if found is not None else ""
        raw = child_text(cell, "v")
        if kind == "s":
            at = whole(raw, -1)
            self.used.add(at)
            return self.strings[at] if 0 <= at < len(self.strings) else ""
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        if kind in ("str", "e", "d") or not raw:
            return raw
        return self._number(raw, self.style(cell.get("s")))

    def _number(self, raw: str, style: Style) -> str:
        try:
            number = float(raw)
        except ValueError:
            return raw
        if style.is_date:
            epoch = CALENDAR_MAC_1904 if self.mac_days else CALENDAR_WINDOWS_1900
            try:
                day = from_excel(number, epoch)
            except (ValueError, OverflowError):
                return raw
            if isinstance(day, datetime) and day.time() == time():
                return f"{day:%Y/%m/%d}"
            return f"{day:%Y/%m/%d %H:%M}" if isinstance(day, datetime) else str(day)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.10g}"


def read_book(package: Package) -> Book:
    """The workbook of a package. Raises DocumentError when it is damaged."""
    main = next(iter(package.related("", "officeDocument")), "xl/workbook.xml")
    root = package.tree(main)
    if root is None:
        raise DocumentError(
            "ファイルが壊れています。元のソフトで開いて保存し直すか、PDFに保存してから選び直してください。"
        )
    names = [
        (each.get("name") or "", each.text or "", each.get("localSheetId"))
        for each in root.iter("{*}definedName")
    ]
    targets = {each.id: each.target for each in package.relations(main)}
    sheets = []
    for number, sheet in enumerate(root.iter("{*}sheet"), 1):
        areas = [text for name, text, at in names if name == "_xlnm.Print_Area" and at == str(number - 1)]
        sheets.append(
            SheetPart(
                number=number,
                name=sheet.get("name") or "",
                part=targets.get(attribute(sheet, "id") or "", ""),
                hidden=sheet.get("state") in ("hidden", "veryHidden"),
                printed=tuple(_areas(areas[0])) if areas else (),
            )
        )
    properties = root.find("{*}workbookPr")
    return Book(
        main=main,
        sheets=tuple(sheets),
        strings=_strings(package, main),
        styles=_styles(package, main),
        names=tuple((name, text) for name, text, _ in names if not name.startswith("_xlnm.")),
        mac_days=properties is not None and properties.get("date1904") in ("1", "true"),
    )


def plain_text(element: Element) -> str:
    """The letters of a text with forms; readings (furigana) above it are left out."""
    parts = []
    for each in element.iter("{*}t"):
        if local(each.getparent()) != "rPh":
            parts.append(each.text or "")
    return "".join(parts)


def readings(element: Element) -> str:
    """The readings Excel keeps for a text, which a sheet hardly ever shows: they give names in kana."""
    return "".join(each.text or "" for each in element.iterfind(".//{*}rPh/{*}t"))


def column_number(reference: str) -> int:
    """The column, from 1, of a reference such as B3; 0 where there is none."""
    number = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number


def _strings(package: Package, main: str) -> tuple[str, ...]:
    part = next(iter(package.related(main, "sharedStrings")), None)
    found: list[str] = []
    for each in package.elements(part, "{*}si") if part else ():
        found.append(plain_text(each))
        if len(found) > MOST_STRINGS:
            raise DocumentError(_TOO_MANY)
    return tuple(found)


def _areas(text: str) -> Iterator[Area]:
    """The cells of a print area such as 'Sheet 1'!$A$1:$D$20,'Sheet 1'!$F$1."""
    for piece in text.split(","):
        found = _AREA.search(piece.rpartition("!")[2].strip())
        if found:
            left, top = column_number(found[1]), int(found[2])
            yield Area(
                top=top, left=left, bottom=int(found[4] or top), right=column_number(found[3] or "") or left
            )


def _styles(package: Package, main: str) -> tuple[Style, ...]:
    part = next(iter(package.related(main, "styles")), None)
    root = package.tree(part) if part else None
    if root is None:
        return ()
    formats = dict(BUILTIN_FORMATS)
    for each in root.iter("{*}numFmt"):
        formats[whole(each.get("numFmtId"), -1)] = each.get("formatCode") or ""
    white = [_is_white(font.find("{*}color")) for font in root.iterfind("{*}fonts/{*}font")]
    filled = [_is_filled(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    return tuple(_style(each, formats, white, filled) for each in root.iterfind("{*}cellXfs/{*}xf"))


def _style(xf: Element, formats: dict[int, str], white: list[bool], filled: list[bool]) -> Style:
    def index(name: str) -> int:
        return whole(xf.get(name))

    code = formats.get(index("numFmtId"), "General")
    font, fill = index("fontId"), index("fillId")
    return Style(
        is_date=bool(is_date_format(code)),
        unseen=code.replace('"', "").strip() in (";;;", ";;", ";"),
        white=font < len(white) and white[font] and not (fill < len(filled) and filled[fill]),
    )


def _is_white(color: Element | None) -> bool:
    return color is not None and (
        (color.get("rgb") or "").upper() in ("FFFFFFFF", "00FFFFFF", "FFFFFF")
        or (color.get("theme") == "0" and not color.get("tint"))
        or color.get("indexed") in ("1", "9")
    )


def _is_filled(fill: Element) -> bool:
    """Whether a fill gives white letters a ground to be seen on."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return fill.find("{*}gradientFill") is not None
    if pattern.get("patternType") in (None, "none"):
        return False
    return not _is_white(pattern.find("{*}fgColor"))
