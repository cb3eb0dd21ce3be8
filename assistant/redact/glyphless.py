"""A font without shapes: its codes stand for disclosed characters, and its glyphs draw nothing.

Made anew for each file from the disclosed characters alone, so that no list in it tells of another one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

ASCENT: Final = 0.88
"""Share of the font's size above the base line; the rest is below."""
EM: Final = 1000
_STEP: Final = 20  # thousandths of an em: widths are kept to this
_WIDTHS: Final = 12  # of one text; a further one takes the nearest and is moved into place
_MOST: Final = 65_000  # codes of two bytes, with some left over
_WIDEST: Final = 8 * EM
_NAME: Final = "OSUMIT+Glyphless"


class Codes:
    """Hands out a code for each text (usually one character) and width; a code has one width in a PDF."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._widths: list[int] = []
        self._by_text: dict[str, dict[int, str]] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def code(self, text: str, width: float) -> tuple[str, int] | None:
        """A code (four digits, from 0001) and its true width, near the wanted one; widths in thousandths of an em.

        None when all are used up.
        """
        wanted = int(width / _STEP + 0.5) * _STEP
        known = self._by_text.get(text)
        if known is None:
            known = self._by_text[text] = {}
        elif wanted in known:
            return known[wanted], wanted
        wanted = min(max(_STEP, wanted), _WIDEST)
        if wanted not in known:
            full = len(self._texts) >= _MOST
            if known and (full or len(known) >= _WIDTHS):
                wanted = min(known, key=lambda each: abs(each - wanted))
            elif full:
                return None
            else:
                self._texts.append(text)
                self._widths.append(wanted)
                known[wanted] = f"{len(self._texts):04X}"
        return known[wanted], wanted

    def font(self, pdf: pikepdf.Pdf) -> Any:
        """The font as an indirect object of `pdf`: Type0, Identity-H, every code drawn as nothing."""
        kinds = sorted(set(self._widths))
        data = _nothing(tuple(kinds))
        file = pdf.make_stream(data, Length1=len(data))
        glyph = {width: at for at, width in enumerate(kinds, 1)}
        name = pikepdf.Name("/" + _NAME)
        descriptor = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.FontDescriptor,
                FontName=name,
                Flags=4,
                FontBBox=[0, round((ASCENT - 1) * EM), EM, round(ASCENT * EM)],
                ItalicAngle=0,
                Ascent=round(ASCENT * EM),
                Descent=round((ASCENT - 1) * EM),
                CapHeight=round(ASCENT * EM),
                StemV=80,
                FontFile2=file,
            )
        )
        cid = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=pikepdf.Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            FontDescriptor=descriptor,
            DW=EM,
            W=[1, pikepdf.Array(self._widths)] if self._widths else [],
            CIDToGIDMap=pdf.make_stream(
                b"\0\0" + b"".join(glyph[width].to_bytes(2, "big") for width in self._widths)
            ),
        )
        return pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type0,
                BaseFont=name,
                Encoding=pikepdf.Name("/Identity-H"),
                DescendantFonts=[pdf.make_indirect(cid)],
                ToUnicode=pdf.make_stream("\n".join(self._to_unicode()).encode("ascii")),
            )
        )

    def _to_unicode(self) -> Iterator[str]:
        yield "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap"
        yield "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def"
        yield "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def"
        yield "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange"
        for start in range(0, len(self._texts), 100):  # no more in one block (Adobe technical note 5014)
            block = self._texts[start : start + 100]
            yield f"{len(block)} beginbfchar"
            for code, text in enumerate(block, start + 1):
                yield f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
            yield "endbfchar"
        yield "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


@cache
def _nothing(widths: tuple[int, ...]) -> bytes:
    """A TrueType font that draws nothing: one glyph for each width, in thousandths of an em."""
    names = [".notdef", *(f"w{width}" for width in widths)]
    glyphs = {".notdef": Glyph()}
    for name, width in zip(names[1:], widths, strict=True):
        # A line there and back has no area to paint, but an extent: pdfium passes over text without any, and takes it for
        # the place of the character.
        pen = TTGlyphPen(None)
        pen.moveTo((0, round((ASCENT - 1) * EM)))
        pen.lineTo((width, round(ASCENT * EM)))
        pen.closePath()
        glyphs[name] = pen.glyph()
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict(zip(names, ((width, 0) for width in (EM, *widths)), strict=True)))
    builder.setupHorizontalHeader(ascent=round(ASCENT * EM), descent=round((ASCENT - 1) * EM))
    builder.setupMaxp()
    # The time a font was made is part of it; the same input is to give the same file.
    builder.setupHead(unitsPerEm=EM, created=0, modified=0)
    builder.setupCharacterMap({})
    builder.setupOS2(sTypoAscender=round(ASCENT * EM), sTypoDescender=round((ASCENT - 1) * EM))
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()
