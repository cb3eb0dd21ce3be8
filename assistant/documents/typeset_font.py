"""A Japanese font of this machine, and those of its glyphs that are needed, put into a PDF with the letters they stand for."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont, TTLibError

from assistant.corpus.datafile import REFUSING, parse, read_toml

_RESTRICTED = 0x2  # OS/2 fsType: must not be embedded
_SELECTORS = range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)
_UNREADABLE = (OSError, TTLibError, KeyError, ValueError, AttributeError, IndexError, AssertionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    __pydantic_config__ = REFUSING
    file: str
    face: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fonts:
    __pydantic_config__ = REFUSING
    font: tuple[_Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFile:
    """Where a font is; `number`: which one of its file."""

    path: Path
    number: int = 0


class Letters:
    """The measures of a font: which glyph shows a letter and how wide it is, in thousandths of its size."""

    def __init__(self, file: FontFile) -> None:
        self.file = file
        self._font = TTFont(file.path, fontNumber=file.number, lazy=True)
        self._cmap: dict[int, str] = self._font.getBestCmap() or {}
        self._unit = self._font["head"].unitsPerEm
        self._widths = self._font["hmtx"].metrics
        self._known: dict[str, float] = {}
        head = self._font["hhea"]
        scale = 1000 / self._unit
        self.ascent = min(float(head.ascent) * scale, 1000.0)
        self.descent = max(float(head.descent) * scale, -300.0)

    def __contains__(self, letter: str) -> bool:
        return ord(letter) in self._cmap

    def width(self, letter: str) -> float:
        """The advance of a letter; that of a full square where the font lacks it."""
        known = self._known.get(letter)
        if known is None:
            name = self._cmap.get(ord(letter))
            known = 1000.0 if name is None else self._widths[name][0] * 1000 / self._unit
            self._known[letter] = known
        return known

    def close(self) -> None:
        """Lets go of the file."""
        self._font.close()


def is_selector(letter: str) -> bool:
    """Whether a character only chooses the form of the one before it."""
    return any(ord(letter) in each for each in _SELECTORS)


@cache
def japanese_font() -> FontFile | None:
    """The first font of `fonts.toml` that is on this machine and may be embedded; None where there is none."""
    wanted = parse(_Fonts, read_toml(Path(__file__).with_name("fonts.toml"))).font
    here = _installed({each.file.lower() for each in wanted})
    for each in wanted:
        path = here.get(each.file.lower())
        found = _usable(path, each.face) if path is not None else None
        if found is not None:
            return found
    return None


def _folders() -> Iterator[Path]:
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts")
        yield Path(os.environ.get("LOCALAPPDATA", ""), "Microsoft", "Windows", "Fonts")
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"), Path.home() / "Library" / "Fonts")
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
        yield from (Path.home() / ".local" / "share" / "fonts", Path.home() / ".fonts")


def _installed(names: set[str]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in _folders():
        for at, _, files in os.walk(folder):
            for file in files:
                if file.lower() in names:
                    found.setdefault(file.lower(), Path(at, file))
    return found


def _usable(path: Path, face: str) -> FontFile | None:
    try:
        count, number = 1, 0
        if path.suffix.lower() == ".ttc":
            with TTCollection(path, lazy=True) as collection:
                count = len(collection.fonts)
        for each in range(count):
            with TTFont(path, fontNumber=each, lazy=True) as font:
                if (
                    face
                    and font["name"].getDebugName(4) not in (face, f"{face} Regular")
                    and font["name"].getDebugName(1) != face
                ):
                    continue
                number = each
                if font["OS/2"].fsType & _RESTRICTED or ord("見") not in (font.getBestCmap() or {}):
                    return None
                return FontFile(path=path, number=number)
    except _UNREADABLE:
        return None
    return None


@dataclass(frozen=True, slots=True)
class Embedded:
    """A font in a PDF: the object to name in a page's resources, and the code of each letter (two bytes in text)."""

    font: pikepdf.Object
    codes: dict[str, int]


def embed(pdf: pikepdf.Pdf, letters: Letters, used: Iterable[str]) -> Embedded:
    """Puts the glyphs of `used` into `pdf`. Letters the font lacks get its sign for a missing glyph (code 0)."""
    text = sorted(set(used))
    font, data, kind = _subset(letters.file, text)
    cmap = font.getBestCmap() or {}
    is_cff = "CFF " in font
    codes = {letter: _code(font, cmap[ord(letter)], is_cff=is_cff) for letter in text if ord(letter) in cmap}
    unit = font["head"].unitsPerEm
    scale = 1000 / unit
    widths = {codes[letter]: font["hmtx"].metrics[cmap[ord(letter)]][0] * scale for letter in codes}
    stream = pdf.make_stream(data)
    if is_cff:
        stream.Subtype = pikepdf.Name.OpenType if kind == "sfnt" else pikepdf.Name.CIDFontType0C
    head, box = font["hhea"], font["head"]
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name("/OSUMIT+Gothic"),
        Flags=4,
        FontBBox=[round(side * scale) for side in (box.xMin, box.yMin, box.xMax, box.yMax)],
        ItalicAngle=0,
        Ascent=round(head.ascent * scale),
        Descent=round(head.descent * scale),
        CapHeight=700,
        StemV=80,
    )
    descriptor[pikepdf.Name.FontFile3 if is_cff else pikepdf.Name.FontFile2] = pdf.make_indirect(stream)
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType0 if is_cff else pikepdf.Name.CIDFontType2,
        BaseFont=pikepdf.Name("/OSUMIT+Gothic"),
        CIDSystemInfo=pikepdf.Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=1000,
        W=[side for code in sorted(widths) for side in (code, [round(widths[code], 2)])],
    )
    if not is_cff:
        descendant.CIDToGIDMap = pikepdf.Name.Identity
    whole = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=pikepdf.Name("/OSUMIT+Gothic"),
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=[pdf.make_indirect(descendant)],
        ToUnicode=pdf.make_indirect(pdf.make_stream(_to_unicode(codes))),
    )
    return Embedded(font=pdf.make_indirect(whole), codes=codes)


def _subset(file: FontFile, text: list[str]) -> tuple[Any, bytes, str]:
    """The font with these letters only, its bytes for the PDF, and what they are ("cff" or "sfnt")."""
    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)
    options = subset.Options()
    options.layout_features, options.name_IDs = [], []
    options.hinting, options.notdef_outline, options.glyph_names = False, True, False
    options.drop_tables += ["GSUB", "GPOS", "BASE", "VORG", "vmtx", "vhea", "GDEF", "DSIG", "MATH"]
    with TTFont(file.path, fontNumber=file.number, lazy=True) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[ord(letter) for letter in text])
        cutter.subset(font)
        made = io.BytesIO()
        font.save(made)
    made.seek(0)
    small = TTFont(made)
    if "CFF " in small:
        return small, bytes(small.getTableData("CFF ")), "cff"
    return small, made.getvalue(), "sfnt"


def _code(font: Any, name: str, *, is_cff: bool) -> int:
    """The number by which a glyph is called: its CID where the font has such, else its place."""
    if is_cff and hasattr(font["CFF "].cff[0], "ROS"):
        return int(name.removeprefix("cid"))
    return int(font.getGlyphID(name))


def _to_unicode(codes: dict[str, int]) -> bytes:
    """The table by which readers turn codes back into letters."""
    lines = [f"<{code:04x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in codes.items()]
    blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
