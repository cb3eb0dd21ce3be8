"""Each way in which a secret can survive in a file is found, and a file without it is clean."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.ports import SeenWord
from assistant.domain.document import Box
from assistant.errors import DocumentError
from assistant.redact.inspect import inspect
from assistant.redact.inspect_report import Inspection, State, inspection_to_json
from assistant.redact.marks import Secret
from tests.redact.leaky import SECRET, changed, harmless, pdf_of, picture, says, with_stream

SECRETS = (Secret(text=SECRET, finding="f1"),)


def _failed(data: bytes, **known: object) -> set[str]:
    return {leak.check for leak in _look(data, **known).leaks}


def _look(data: bytes, **known: object) -> Inspection:
    return inspect(data, secrets=SECRETS, **known)  # type: ignore[arg-type]


def _in(change: Callable[[pikepdf.Pdf], None]) -> set[str]:
    return _failed(changed(harmless(), change))


def test_a_harmless_file_is_clean() -> None:
    told = _look(harmless(), file_name="結果.pdf")
    assert told.clean, [check for check in told.checks if check.state is not State.PASSED]
    assert told.check("text_pdfium").state is State.PASSED
    assert told.check("areas_pixels").state is State.NOT_RUN


@pytest.mark.parametrize("line", [SECRET, "見 本　太 郎", "⾒本太郎", "見本\u200b太郎"])
def test_a_name_on_a_page_is_found_by_both_readers(line: str) -> None:
    assert {"text_pdfium", "text_pypdf"} <= _failed(pdf_of(says("氏名は" + line)))


def test_a_name_over_two_lines_is_found() -> None:
    assert "text_pdfium" in _failed(pdf_of(says("氏名は見本", "太郎です")))


def test_a_name_backwards_is_found_where_the_text_is_known() -> None:
    assert "text_pdfium" in _failed(pdf_of(says("氏名は郎太本見")), expected=["氏名は"])


def test_a_name_that_is_disclosed_elsewhere_counts() -> None:
    once, twice = pdf_of(says(f"{SECRET}課長")), pdf_of(says(f"{SECRET}課長", f"申請者 {SECRET}"))
    expected = [f"{SECRET}課長 申請者"]
    assert _look(once, expected=expected).clean
    assert {"text_pdfium", "text_pypdf", "text_beyond"} <= _failed(twice, expected=expected)


def test_letters_nobody_disclosed_are_told() -> None:
    told = _look(pdf_of(says("開示する文字と余計な字")), expected=["開示する文字と"])
    (leak,) = [leak for leak in told.leaks if leak.check == "text_beyond"]
    assert (leak.page, leak.count) == (1, 4)
    assert _look(pdf_of(says("開示する文字")), expected=["開示する文字と"]).clean


def test_text_under_a_box_is_found_whatever_it_says() -> None:
    area = Box(page=1, x0=58, y0=776, x1=140, y1=794)
    told = inspect(pdf_of(says("山田花子 次")), areas=[area], labels=["第九九条"])
    assert [leak.text for leak in told.leaks if leak.check == "areas_text"] == ["山田花子次"]


def test_a_box_that_lets_something_shine_through_is_found() -> None:
    area = Box(page=1, x0=58, y0=776, x1=140, y1=794)

    def boxed(alpha: float) -> bytes:
        def draw(canvas: Canvas) -> None:
            canvas.drawImage(picture(lambda image: image.paste(0, (70, 52, 110, 60))), 0, 0, 595, 842)
            canvas.setFillAlpha(alpha)
            canvas.rect(50, 770, 200, 30, stroke=0, fill=1)

        return pdf_of(draw)

    assert "areas_pixels" in _failed(boxed(0.5), areas=[area])
    assert _failed(boxed(1), areas=[area]) == {"pictures"}  # the box hides it, the picture still has it


@pytest.mark.parametrize(("grey", "leaks"), [(0.35, True), (0.35, False)])
def test_a_label_is_told_from_words_that_shine_through(grey: float, leaks: bool) -> None:
    area = Box(page=1, x0=58, y0=776, x1=140, y1=794)
    original = pdf_of(says(SECRET + "の住所"))

    def draw(canvas: Canvas) -> None:
        canvas.rect(50, 770, 100, 30, stroke=0, fill=1)
        canvas.setFillGray(grey)
        canvas.drawString(60, 780 if leaks else 782, SECRET + "の住所" if leaks else "公公公 公公公")

    told = inspect(pdf_of(draw), areas=[area], labels=["公公公 公公公"], original=original)
    assert ("areas_pixels" in {leak.check for leak in told.leaks}) is leaks


def test_a_painted_picture_is_clean() -> None:
    area = Box(page=1, x0=58, y0=776, x1=140, y1=794)

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(picture(lambda image: image.paste(0, (50, 40, 150, 80))), 0, 0, 595, 842)

    told = _look(pdf_of(draw), areas=[area], expected=[""])
    assert told.clean, told.leaks


def _xmp(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as xmp:
        xmp["dc:creator"] = [SECRET]


def _annotation(pdf: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=f"{SECRET}さんへ"
    )
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def _field(pdf: pikepdf.Pdf) -> None:
    field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="n", V=SECRET)
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([pdf.make_indirect(field)]))


def _outline(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(SECRET, 0))


def _attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["memo.txt"] = SECRET.encode("cp932")


def _word_file(pdf: pikepdf.Pdf) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<w:p><w:t>見本</w:t><w:t>太郎</w:t></w:p>")
    pdf.attachments["memo.docx"] = packed.getvalue()


def _inner_pdf(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["memo.pdf"] = pdf_of(says(SECRET))


def _layer(pdf: pikepdf.Pdf) -> None:
    group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=SECRET))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[group], D=pikepdf.Dictionary(OFF=[group]))


def _structure(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot = pdf.make_indirect(pikepdf.Dictionary(K=pikepdf.Dictionary(ActualText=SECRET)))


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{SECRET}')")


def _label(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(P=SECRET)])


def _loose(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extra = with_stream(
        pdf, zlib.compress(SECRET.encode("utf-16-be") * 2), Filter=pikepdf.Name.FlateDecode
    )


def _info(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Author"] = SECRET


def _form_object(pdf: pikepdf.Pdf) -> None:
    shown = SECRET.encode("utf-16-be").hex()
    pdf.Root.Unused = with_stream(
        pdf, f"BT /F1 9 Tf <{shown}> Tj ET".encode(), Subtype=pikepdf.Name.Form, BBox=[0, 0, 1, 1]
    )


def _font(pdf: pikepdf.Pdf) -> None:
    letters = "この文書に公" + SECRET
    pairs = "".join(f"<{at:04x}> <{ord(letter):04x}>\n" for at, letter in enumerate(letters))
    cmap = f"{len(letters)} beginbfchar\n{pairs}endbfchar"
    pdf.Root.Old = pikepdf.Dictionary(Type=pikepdf.Name.Font, ToUnicode=with_stream(pdf, cmap.encode()))
    pdf.Root.Old = pdf.make_indirect(pdf.Root.Old)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (_xmp, "metadata"),
        (_info, "metadata"),
        (_annotation, "annotations"),
        (_field, "forms"),
        (_outline, "outlines"),
        (_label, "outlines"),
        (_attachment, "attachments"),
        (_word_file, "attachments"),
        (_inner_pdf, "attachments"),
        (_layer, "layers"),
        (_structure, "structure"),
        (_script, "scripts"),
        (_loose, "objects"),
        (_form_object, "objects"),
        (_font, "fonts"),
    ],
)
def test_what_no_page_shows_is_searched(change: Callable[[pikepdf.Pdf], None], check: str) -> None:
    assert check in _in(change)


def test_an_earlier_state_of_the_file_is_opened() -> None:
    before = pdf_of(says(SECRET))
    # A later state is appended that shows something else: what an editor does that "saves changes only".
    with pikepdf.open(io.BytesIO(before)) as pdf:
        contents = pdf.pages[0].obj.Contents.objgen[0]
        size = int(pdf.trailer.Size)
        root = pdf.Root.objgen[0]
    body = b"0 0 m 9 9 l S"
    new = b"\n%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (contents, len(body), body)
    table = len(before) + len(new)
    new += b"xref\n%d 1\n%010d 00000 n \n" % (contents, len(before) + 1)
    old = before.rindex(b"startxref")
    prev = int(before[old:].split()[1])
    new += b"trailer\n<</Size %d /Root %d 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        root,
        prev,
        table,
    )
    failed = _failed(before + new)
    assert "revisions" in failed
    assert "text_pdfium" not in failed


def test_what_follows_the_end_is_read() -> None:
    assert "revisions" in _failed(harmless() + SECRET.encode("euc_jp") + b" and more")


def test_the_file_name_is_looked_at() -> None:
    assert _failed(harmless(), file_name=f"{SECRET}_決定.pdf") == {"file_name"}


def test_short_secrets_are_no_chance_hits() -> None:
    data = changed(pdf_of(says("平成12年 5歳児健診 12ページ")), _info)
    secrets = [Secret(text="12"), Secret(text="5歳"), Secret(text="男"), Secret(text="㊞")]
    told = inspect(data, secrets=secrets, expected=["平成12年 5歳児健診 12ページ"], file_name="令和12年.pdf")
    assert told.clean, told.leaks


def test_disclosed_letters_in_another_order_are_no_leak_but_one_letter_more_is() -> None:
    secrets = [Secret(text="6 30\n256"), Secret(text="14")]
    expected = ["256 1 6 4 30 1 4 256"]
    assert inspect(pdf_of(says("6 30 256", "14 1 4 256")), secrets=secrets, expected=expected).clean
    told = inspect(pdf_of(says("6 30 256", "14 1 4 256 3")), secrets=secrets, expected=expected)
    assert {"text_pdfium", "text_pypdf", "text_beyond"} == {leak.check for leak in told.leaks}


def test_a_number_is_not_found_within_another() -> None:
    assert inspect(pdf_of(says("平成2012年")), secrets=[Secret(text="12")]).clean
    assert not inspect(pdf_of(says("年齢 12")), secrets=[Secret(text="12")]).clean


def test_nothing_secret_is_in_what_is_told() -> None:
    told = str(inspection_to_json(_look(pdf_of(says(SECRET)), file_name=SECRET)))
    assert SECRET not in told
    assert "'finding': 'f1'" in told


@pytest.mark.parametrize("data", [b"", b"<html><body>", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError):
        _look(data)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zlib.compress(zlib.compress(b"\0" * 200_000_000, 9), 9)

    def add(pdf: pikepdf.Pdf) -> None:
        filters = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
        pdf.Root.Extra = with_stream(pdf, bomb, Filter=filters)

    told = _look(changed(harmless(), add, compress_streams=False))
    assert told.check("objects").state is State.UNFINISHED
    assert not told.clean


class _Reader:
    """Eyes that see the same words on every page, and count the pages."""

    def __init__(self, says: str, missing: str | None = None) -> None:
        self._says = says
        self.missing = missing
        self.pages = 0

    def read(self, picture: Image.Image, *, dpi: int) -> tuple[SeenWord, ...]:
        self.pages += 1
        return (SeenWord(text=self._says, x0=0, y0=0, x1=picture.width, y1=dpi, line=1),)


def test_what_can_be_read_from_the_picture_is_a_leak() -> None:
    told = _look(harmless(), eyes=_Reader("見本 太郎"))
    assert [leak.check for leak in told.leaks] == ["ocr"]
    assert _look(harmless(), eyes=_Reader("見本")).clean
    assert _look(
        harmless(), eyes=_Reader(SECRET), expected=[f"この文書には公にする文字だけがある。{SECRET}"]
    ).clean


def test_a_long_file_is_read_by_a_sample_and_says_so() -> None:
    eyes = _Reader("何か")
    told = _look(pdf_of(*[says(str(number)) for number in range(40)]), eyes=eyes, ocr_pages=5)
    assert eyes.pages == 5
    assert dict(told.check("ocr").counts) == {"pages": 5, "of": 40}


def test_missing_eyes_are_said_and_are_no_fault() -> None:
    told = _look(harmless(), eyes=_Reader("", missing="Tesseractを入れてください。"))
    assert told.clean
    assert (told.check("ocr").state, told.check("ocr").why) == (State.NOT_RUN, "Tesseractを入れてください。")
