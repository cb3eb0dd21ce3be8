"""What a PDF holds and does not show is found, told apart from what is seen, and kept out of the page's text."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pdf_fixtures import LINES, MINCHO, changed, letters, paper, read, scanned, write, written
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.lib import colors
from reportlab.pdfgen.canvas import Canvas

from assistant.domain.document import Document, HiddenKind, Origin

SECRET = "秘密太郎"


def said(document: Document, kind: HiddenKind) -> list[str]:
    return [entry.text for entry in document.hidden if entry.kind is kind]


def white(canvas: Canvas) -> None:
    canvas.setFillColor(colors.white)
    write(canvas, [SECRET], at=(60, 100))


def under_a_box(canvas: Canvas) -> None:
    write(canvas, [SECRET], at=(60, 100))
    canvas.setFillColor(colors.black)
    canvas.rect(50, 90, 120, 40, fill=1, stroke=0)


def invisible(canvas: Canvas) -> None:
    text = canvas.beginText(60, 100)
    text.setFont(MINCHO, 14)
    text.setTextRenderMode(3)
    text.textOut(SECRET)
    canvas.drawText(text)


def transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    write(canvas, [SECRET], at=(60, 100))


def dust(canvas: Canvas) -> None:
    write(canvas, [SECRET], size=0.5, at=(60, 100))


def clipped(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(300, 10, 20, 20)
    canvas.clipPath(path, stroke=0)
    write(canvas, [SECRET], at=(60, 100))


def same_grey(canvas: Canvas) -> None:
    canvas.setFillColor(colors.Color(0.6, 0.6, 0.6))
    canvas.rect(50, 90, 120, 40, fill=1, stroke=0)
    write(canvas, [SECRET], at=(60, 100))


@pytest.mark.parametrize(
    "hide", [white, under_a_box, invisible, transparent, dust, clipped, same_grey], ids=lambda f: f.__name__
)
def test_unseen_text_is_listed_and_not_read(hide: Callable[[Canvas], None]) -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, LINES)
        canvas.saveState()
        hide(canvas)
        canvas.restoreState()

    document = read(paper(draw)).document
    assert document.pages[0].text == "\n".join(LINES)
    assert said(document, HiddenKind.HIDDEN_TEXT) == [SECRET]


def test_white_on_black_is_seen() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(colors.black)
        canvas.rect(50, 90, 120, 40, fill=1, stroke=0)
        white(canvas)

    document = read(paper(draw)).document
    assert document.pages[0].text == SECRET
    assert document.hidden == () or not said(document, HiddenKind.HIDDEN_TEXT)


def test_an_unfilled_frame_hides_nothing() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, [SECRET], at=(60, 100))
        canvas.rect(50, 90, 120, 40, fill=0)

    assert read(paper(draw)).document.pages[0].text == SECRET


def test_a_layer_switched_off_is_hidden() -> None:
    def change(file: pikepdf.Pdf) -> None:
        group = file.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("下書きの層"))
        )
        file.Root.OCProperties = pikepdf.Dictionary(
            OCGs=pikepdf.Array([group]), D=pikepdf.Dictionary(OFF=pikepdf.Array([group]))
        )
        page = file.pages[0]
        page.Resources.Properties = pikepdf.Dictionary(L0=group)
        content = page.Contents.read_bytes()
        page.Contents = file.make_stream(b"/OC /L0 BDC\n" + content + b"\nEMC\n")

    document = read(changed(written([SECRET]), change)).document
    assert document.pages[0].text == ""
    assert SECRET in said(document, HiddenKind.HIDDEN_TEXT)
    assert "下書きの層" in said(document, HiddenKind.HIDDEN_TEXT)


def test_text_over_the_letters_of_a_scan_is_an_ocr_layer() -> None:
    document = read(scanned(letters("HANAKO 123"), layer="HANAKO 123")).document
    (page,) = document.pages
    assert page.text == "HANAKO 123"
    assert page.origin is Origin.OCR
    assert "ocr_layer" in page.doubts
    assert not said(document, HiddenKind.HIDDEN_TEXT)


def test_text_under_a_blackened_part_of_a_scan_is_hidden() -> None:
    picture = letters("HANAKO 123")
    picture.paste(0, (0, 0, 1200, 300))
    document = read(scanned(picture, layer="HANAKO 123")).document
    assert "HANAKO" not in document.pages[0].text
    assert said(document, HiddenKind.HIDDEN_TEXT) == ["HANAKO 123"]


def annotated(*entries: pikepdf.Dictionary) -> bytes:
    def change(file: pikepdf.Pdf) -> None:
        file.pages[0].obj.Annots = pikepdf.Array([file.make_indirect(entry) for entry in entries])

    return changed(written(), change)


def test_comments_links_and_authors_are_listed() -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=[10, 10, 30, 30],
        Contents="内々の話",
        T="書いた人",
    )
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[10, 10, 30, 30],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.invalid/x")),
    )
    document = read(annotated(note, link)).document
    assert document.pages[0].text == "\n".join(LINES)
    assert said(document, HiddenKind.ANNOTATION) == ["内々の話", "書いた人"]
    assert said(document, HiddenKind.LINK) == ["https://example.invalid/x"]
    assert all(entry.page == 1 for entry in document.hidden if entry.kind is HiddenKind.LINK)


def form(**more: object) -> bytes:
    def draw(canvas: Canvas) -> None:
        write(canvas, LINES)
        canvas.acroForm.textfield(
            name="applicant", value="Hanako 42", x=60, y=60, width=200, height=24, **more
        )

    return paper(draw)


def test_a_fields_visible_value_stands_in_the_text_at_its_place() -> None:
    document = read(form()).document
    (page,) = document.pages
    assert page.text == "\n".join((*LINES, "Hanako 42"))
    places = [box for box in page.boxes[page.text.index("Hanako") :] if box is not None]
    assert places
    assert all(60 <= box.x0 < box.x1 <= 260 and 55 <= box.y0 < box.y1 <= 90 for box in places)
    assert said(document, HiddenKind.FORM_VALUE) == ["applicant"]  # its name is not shown


def test_a_hidden_fields_value_is_listed() -> None:
    document = read(form(annotationFlags="hidden")).document
    assert document.pages[0].text == "\n".join(LINES)
    assert said(document, HiddenKind.FORM_VALUE) == ["applicant", "Hanako 42"]


def test_a_field_without_appearance_is_not_lost() -> None:
    def change(file: pikepdf.Pdf) -> None:
        for annotation in file.pages[0].Annots:
            del annotation["/AP"]

    document = read(changed(form(), change)).document
    everything = [document.pages[0].text, *said(document, HiddenKind.FORM_VALUE)]
    assert any("Hanako 42" in text for text in everything)


def test_properties_bookmarks_scripts_attachments() -> None:
    def change(file: pikepdf.Pdf) -> None:
        with file.open_metadata() as metadata:
            metadata["dc:description"] = "件名の説明"
        file.docinfo["/Author"] = "作成 一郎"
        with file.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("見本花子の件", 0))
        file.attachments["名簿.txt"] = "見本 次郎\n".encode("cp932")
        file.attachments["図.bin"] = b"\x00\x01\xff"
        file.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('山田')")
        )

    document = read(changed(written(), change)).document
    properties = "\n".join(said(document, HiddenKind.PROPERTIES))
    assert "作成 一郎" in properties
    assert "件名の説明" in properties
    assert said(document, HiddenKind.BOOKMARK) == ["見本花子の件"]
    attached = said(document, HiddenKind.ATTACHMENT)
    assert any("名簿.txt" in text and "見本 次郎" in text for text in attached)
    assert any("図.bin" in text for text in attached)
    assert said(document, HiddenKind.SCRIPT) == ["app.alert('山田')"]


def test_an_earlier_revision_is_read() -> None:
    writer = PdfWriter(io.BytesIO(written([*LINES, SECRET])), incremental=True)
    page = writer.pages[0]
    replacement = PdfReader(io.BytesIO(written())).pages[0].get_contents()
    assert replacement is not None
    stream = DecodedStreamObject()
    stream.set_data(replacement.get_data())
    page[NameObject("/Contents")] = writer._add_object(stream)
    store = io.BytesIO()
    writer.write(store)

    document = read(store.getvalue()).document
    assert SECRET not in document.pages[0].text
    assert said(document, HiddenKind.REVISION) == [SECRET]


def test_a_bomb_in_an_attachment_stays_packed() -> None:
    def change(file: pikepdf.Pdf) -> None:
        packed = zlib.compress(bytes(64 * 1024 * 1024), 9)
        stream = pikepdf.Stream(file, packed, Filter=pikepdf.Name.FlateDecode)
        spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="big.txt", UF="big.txt")
        spec.EF = pikepdf.Dictionary(F=file.make_indirect(stream))
        names = pikepdf.Array([pikepdf.String("big.txt"), file.make_indirect(spec)])
        file.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=names))

    (text,) = said(read(changed(written(), change)).document, HiddenKind.ATTACHMENT)
    assert text.startswith("big.txt")
    assert len(text) <= 200_000


def test_circles_in_trees_end() -> None:
    def change(file: pikepdf.Pdf) -> None:
        node = file.make_indirect(pikepdf.Dictionary(Title=pikepdf.String("輪")))
        node.Next = node
        node.First = node
        file.Root.Outlines = pikepdf.Dictionary(First=node)
        tree = file.make_indirect(pikepdf.Dictionary())
        tree.Kids = pikepdf.Array([tree, tree])
        file.Root.Names = pikepdf.Dictionary(EmbeddedFiles=tree, JavaScript=tree)
        kid = file.make_indirect(pikepdf.Dictionary(Alt=pikepdf.String("絵")))
        kid.K = pikepdf.Array([kid, kid])
        file.Root.StructTreeRoot = pikepdf.Dictionary(K=kid)

    document = read(changed(written(), change)).document
    assert said(document, HiddenKind.BOOKMARK) == ["輪"]
    assert said(document, HiddenKind.HIDDEN_TEXT) == ["絵"]
