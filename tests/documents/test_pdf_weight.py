"""Small files that would fill the memory or stand still for hours are refused before pdfium begins; others are not."""

from __future__ import annotations

import io
import time

import pikepdf
import pytest
from pdf_fixtures import read, written
from pikepdf import Array, Dictionary, Name

from assistant.documents import pdf_page
from assistant.documents.pdf_picture import Pictures
from assistant.documents.pdf_weight import TooIntricate
from assistant.errors import DocumentError

SQUARE = b"0 0 10 10 re f\n"


class Sheet:
    """A PDF of one page, its parts made from the innermost outwards."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()

    def drawing(self, content: bytes, **entries: object) -> pikepdf.Object:
        stream = self.pdf.make_stream(content)
        for name, value in entries.items():
            stream[f"/{name}"] = value
        return self.pdf.make_indirect(stream)

    def form(self, content: bytes, **resources: object) -> pikepdf.Object:
        return self.drawing(
            content, Subtype=Name.Form, BBox=Array([0, 0, 500, 500]), Resources=Dictionary(**resources)
        )

    def done(self, content: bytes, **resources: object) -> bytes:
        self.pdf.add_blank_page(page_size=(500, 500))
        page = self.pdf.pages[0].obj
        page.Contents = self.pdf.make_stream(content)
        page.Resources = Dictionary(**resources)
        return self.saved()

    def saved(self) -> bytes:
        store = io.BytesIO()
        self.pdf.save(store)
        return store.getvalue()


def forms_in_forms(times: int, levels: int) -> bytes:
    sheet = Sheet()
    form = sheet.form(SQUARE)
    for _ in range(levels):
        form = sheet.form(b"/X Do " * times, XObject=Dictionary(X=form))
    return sheet.done(b"/X Do", XObject=Dictionary(X=form))


def a_form_that_names_itself(times: int) -> bytes:
    sheet = Sheet()
    form = sheet.form(b"/#58 Do " * times)  # /X with an escape
    form.Resources = Dictionary(XObject=Dictionary(X=form))
    return sheet.done(b"/X Do", XObject=Dictionary(X=form))


def an_annotation_of_forms() -> bytes:
    sheet = Sheet()
    look = sheet.form(SQUARE)
    for _ in range(9):
        look = sheet.form(b"/X Do " * 10, XObject=Dictionary(X=look))
    sheet.done(b"")
    stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([0, 0, 99, 99]), AP=Dictionary(N=look))
    sheet.pdf.pages[0].obj.Annots = Array([sheet.pdf.make_indirect(stamp)])
    return sheet.saved()


def patterns_in_patterns() -> bytes:
    sheet = Sheet()
    resources = Dictionary()
    for _ in range(9):
        pattern = sheet.drawing(
            b"/Pattern cs /P scn " + SQUARE * 10,
            Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1,
            BBox=Array([0, 0, 10, 10]), XStep=10, YStep=10, Resources=resources,
        )  # fmt: skip
        resources = Dictionary(Pattern=Dictionary(P=pattern))
    return sheet.done(b"/Pattern cs /P scn 0 0 500 500 re f", Pattern=resources.Pattern)


def masks_in_masks() -> bytes:
    sheet = Sheet()
    states = Dictionary()
    for _ in range(12):
        group = sheet.form(b"/G gs 0 0 500 500 re f " * 6, ExtGState=states)
        group.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
        states = Dictionary(G=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=group)))
    return sheet.done(b"/G gs 0 0 500 500 re f", ExtGState=states)


def letters_drawn_by_letters() -> bytes:
    sheet = Sheet()
    fonts = Dictionary()
    for _ in range(9):
        glyph = sheet.drawing(b"1000 0 d0 BT /F 100 Tf (aaaaaaaaaa) Tj ET " + SQUARE)
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1000, 1000]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), CharProcs=Dictionary(a=glyph),
            Encoding=Dictionary(Differences=Array([97, Name.a])), FirstChar=97, LastChar=97,
            Widths=Array([1000]), Resources=Dictionary(Font=fonts),
        )  # fmt: skip
        fonts = Dictionary(F=sheet.pdf.make_indirect(font))
    return sheet.done(b"BT /F 20 Tf 50 400 Td (aaaa) Tj ET", Font=fonts)


def too_many_squares() -> bytes:
    return Sheet().done(SQUARE * 1_100_000)


def unpacked_to_a_gigabyte() -> bytes:
    return Sheet().done(b" " * 200_000_000)


def a_picture(side: int, data: bytes) -> bytes:
    sheet = Sheet()
    picture = sheet.drawing(
        data, Subtype=Name.Image, Width=side, Height=side, BitsPerComponent=8, ColorSpace=Name.DeviceGray
    )
    return sheet.done(b"500 0 0 500 0 0 cm /X Do", XObject=Dictionary(X=picture))


def colours_by_program(program: bytes) -> bytes:
    sheet = Sheet()
    function = sheet.drawing(program, FunctionType=4, Domain=Array([0, 1, 0, 1]), Range=Array([0, 1] * 3))
    shading = Dictionary(
        ShadingType=1, ColorSpace=Name.DeviceRGB, Function=function, Matrix=Array([500, 0, 0, 500, 0, 0])
    )
    return sheet.done(b"/S sh", Shading=Dictionary(S=shading))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(forms_in_forms(10, 9), id="forms"),
        pytest.param(forms_in_forms(2, 28), id="forms by twos"),
        pytest.param(a_form_that_names_itself(2), id="circle"),
        pytest.param(an_annotation_of_forms(), id="annotation"),
        pytest.param(patterns_in_patterns(), id="patterns"),
        pytest.param(masks_in_masks(), id="masks"),
        pytest.param(letters_drawn_by_letters(), id="letters"),
        pytest.param(too_many_squares(), id="squares"),
        pytest.param(unpacked_to_a_gigabyte(), id="spaces"),
        pytest.param(a_picture(30_000, bytes(100_000)), id="picture"),
        pytest.param(colours_by_program(b"{ " + b"sin cos " * 3000 + b"pop dup dup }"), id="colours"),
    ],
)
def test_a_page_that_would_never_end_is_refused_at_once(data: bytes) -> None:
    begun = time.monotonic()
    with pytest.raises(TooIntricate, match=r"1ページ目.*込み入り") as caught:
        read(data)
    with pytest.raises(TooIntricate):  # whoever draws it is spared too
        Pictures(data)
    assert caught.value.exit_code == 2
    assert time.monotonic() - begun < 10


def test_a_page_with_more_letters_than_a_book_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_page, "MOST_LETTERS", 10)
    with pytest.raises(DocumentError, match=r"1ページ目.*文字が多すぎ"):
        read(written())


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(written(), id="text"),
        pytest.param(forms_in_forms(1, 200), id="deep"),
        pytest.param(forms_in_forms(20, 3), id="symbols of symbols"),
        pytest.param(a_form_that_names_itself(1), id="circle"),
        pytest.param(a_picture(2**30, b"abc"), id="a picture that lies"),
        pytest.param(a_picture(3_000, bytes(9_000_000)), id="picture"),
        pytest.param(colours_by_program(b"{ sin exch cos dup }"), id="colours"),
    ],
)
def test_what_can_be_read_is_read(data: bytes) -> None:
    assert len(read(data).document.pages) == 1
