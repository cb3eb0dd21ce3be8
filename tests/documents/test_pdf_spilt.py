"""Where letters leave ink beside the places a file gives them, a person is asked to look; elsewhere nobody is."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pdf_fixtures import read, written
from pikepdf import Array, Dictionary, Name


def drawn(content: bytes, font: Dictionary, to_unicode: bytes | None = None) -> bytes:
    """A page of one font; `to_unicode`: what the codes a and b stand for."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(400, 300))
    page = pdf.pages[0].obj
    if "/CharProcs" in font:
        glyphs = {name: pdf.make_stream(bytes(glyph)) for name, glyph in font.CharProcs.items()}
        font.CharProcs = Dictionary(glyphs)
    if to_unicode is not None:
        font.ToUnicode = pdf.make_stream(
            b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange "
            + to_unicode
            + b" endcmap end"
        )
    page.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    page.Contents = pdf.make_stream(content)
    store = io.BytesIO()
    pdf.save(store)
    return store.getvalue()


def helvetica() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def drawn_letters(width: int, glyph: bytes, *, box: list[int]) -> Dictionary:
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array(box), FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(a=pikepdf.String(glyph)), Encoding=Dictionary(Differences=Array([97, Name.a])),
        FirstChar=97, LastChar=97, Widths=Array([width]), Resources=Dictionary(),
    )  # fmt: skip


LINE = b"BT /F1 60 Tf 30 100 Td (aaa) Tj ET"
AN_A = b"1 beginbfchar <61> <0041> endbfchar"


def test_letters_that_lie_about_their_size() -> None:
    lying = drawn_letters(500, b"500 0 0 0 10 10 d1 0 -300 800 1200 re f", box=[0, 0, 10, 10])
    (page,) = read(drawn(LINE, lying, AN_A)).document.pages
    assert page.text == "AAA"
    assert "spilt" in page.doubts


def test_ink_that_is_said_to_be_a_space() -> None:
    """The words 'aa' and 'bb': only the second is what the file says it is."""
    content = b"BT /F1 30 Tf 30 200 Td (aaaaaa) Tj 0 -100 Td (bbbbbb) Tj ET"
    (page,) = read(drawn(content, helvetica(), b"1 beginbfchar <61> <0020> endbfchar")).document.pages
    assert page.text == "bbbbbb"
    assert "spilt" in page.doubts


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 60 Tf 30 100 Td (fjgQW) Tj ET",
        b"BT /F1 60 Tf 1 0 0.6 1 30 100 Tm (fjgQW) Tj ET",
        b"BT /F1 60 Tf .866 .5 -.5 .866 80 60 Tm (fjgQ) Tj ET",
        b"BT /F1 40 Tf 20 Ts 150 Tz 30 100 Td (fjgQ) Tj ET",
        b"BT 2 Tr 1 w /F1 40 Tf 30 100 Td (fjgQ) Tj ET",
    ],
)
def test_slanted_turned_wide_and_bold_letters_stay_within(content: bytes) -> None:
    (page,) = read(drawn(content, helvetica())).document.pages
    assert page.doubts == ()


def test_letters_that_are_drawings_and_honest() -> None:
    honest = drawn_letters(800, b"800 0 d0 0 -200 800 900 re f", box=[0, -200, 800, 700])
    (page,) = read(drawn(LINE, honest, AN_A)).document.pages
    assert page.text == "AAA"
    assert "spilt" not in page.doubts
    assert read(written()).document.pages[0].doubts == ()
