"""Words that were covered instead of removed are told; headings, highlights and scans are not accused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import DocumentError
from assistant.redact.audit import audit
from assistant.redact.inspect_report import Inspection
from tests.redact.leaky import SECRET, changed, pdf_of, picture, says

PEERS = "freelawproject_x-ray__tests_assets_"


def _line(canvas: Canvas, text: str = SECRET) -> None:
    canvas.setFillGray(0)
    canvas.drawString(60, 780, text)


def _box(canvas: Canvas, grey: float = 0.0) -> None:
    canvas.setFillGray(grey)
    canvas.rect(55, 774, 70, 20, stroke=0, fill=1)


def _painted(canvas: Canvas) -> None:
    _line(canvas)
    _box(canvas)


def _whited_out(canvas: Canvas) -> None:
    _line(canvas)
    _box(canvas, 1)


def _grey(canvas: Canvas) -> None:
    _line(canvas)
    _box(canvas, 0.6)


def _marker(canvas: Canvas) -> None:
    """Black letters on black: a word processor's marker lies below its letters."""
    _box(canvas)
    _line(canvas)


def _thick_line(canvas: Canvas) -> None:
    _line(canvas)
    canvas.setLineWidth(18)
    canvas.line(55, 784, 125, 784)


def _patch(canvas: Canvas) -> None:
    _line(canvas)
    canvas.drawImage(picture(lambda image: image.paste(0, (0, 0, 70, 20)), (70, 20)), 55, 774, 70, 20)


def _mosaic(canvas: Canvas) -> None:
    """Grey squares, as a picture editor makes them."""
    _line(canvas)
    squares = picture(lambda image: image.putdata([(at * 73) % 256 for at in range(14 * 4)]), (14, 4))
    canvas.drawImage(squares, 55, 774, 70, 20)


def _labelled(canvas: Canvas) -> None:
    """A clause in white on the box: its letters change the pixels under which the name is."""
    _painted(canvas)
    canvas.setFillGray(1)
    canvas.drawString(58, 780, "第七号関係")


def _replaced(canvas: Canvas) -> None:
    _whited_out(canvas)
    canvas.setFillGray(0)
    canvas.drawString(61, 780, "個人の氏名")


def _vertical(canvas: Canvas) -> None:
    for number, letter in enumerate(SECRET):
        canvas.drawString(60, 780 - 13 * number, letter)
    canvas.rect(55, 735, 22, 60, stroke=0, fill=1)


def _scan_with_box(canvas: Canvas) -> None:
    canvas.drawImage(picture(lambda image: image.paste(0, (50, 45, 150, 75))), 0, 0, 595, 842)
    text = canvas.beginText(60, 780)
    text.setTextRenderMode(3)
    text.textOut(SECRET)
    canvas.drawText(text)


def _in_a_form(canvas: Canvas) -> None:
    canvas.beginForm("part")
    canvas.setFont("HeiseiMin-W3", 12)
    _line(canvas)
    canvas.endForm()
    canvas.doForm("part")
    _box(canvas)


@pytest.mark.parametrize(
    "draw",
    [
        _painted,
        _whited_out,
        _grey,
        _marker,
        _thick_line,
        _patch,
        _mosaic,
        _labelled,
        _replaced,
        _vertical,
        _scan_with_box,
        _in_a_form,
    ],
)
def test_covered_words_are_told_with_their_place(draw: Callable[[Canvas], None]) -> None:
    told = audit(pdf_of(says("表紙"), draw))
    (leak,) = told.leaks
    assert leak.check == "covered_text"
    assert (leak.page, leak.text, leak.count) == (2, SECRET, 4)
    assert leak.box is not None
    assert leak.box.x0 == pytest.approx(60, abs=2)
    assert not told.clean


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_and_cropped_pages_are_looked_at_as_shown(turn: int) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = turn
        pdf.pages[0].obj.CropBox = pikepdf.Array([30, 400, 400, 830])

    (leak,) = audit(changed(pdf_of(_painted), change)).leaks
    assert leak.text == SECRET


def _heading(canvas: Canvas) -> None:
    _box(canvas)
    canvas.setFillGray(1)
    canvas.drawString(60, 780, SECRET)


def _highlight(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 0)
    canvas.rect(55, 774, 70, 20, stroke=0, fill=1)
    _line(canvas)


def _shadowed(canvas: Canvas) -> None:
    """A heading with its shadow, black on black."""
    _box(canvas)
    _line(canvas, SECRET)
    canvas.setFillGray(1)
    canvas.drawString(60, 780, SECRET)


def _misread_layer(canvas: Canvas) -> None:
    """Invisible letters that a machine misread, under those that are seen, in a coloured cell."""
    canvas.setFillColorRGB(1, 1, 0.6)
    canvas.rect(55, 774, 70, 20, stroke=0, fill=1)
    text = canvas.beginText(60, 780)
    text.setTextRenderMode(3)
    text.textOut("貝木大朗")
    canvas.drawText(text)
    _line(canvas)


def _see_through(canvas: Canvas) -> None:
    _line(canvas)
    canvas.setFillAlpha(0.4)
    _box(canvas, 0.5)


def _struck_out(canvas: Canvas) -> None:
    _line(canvas)
    canvas.line(55, 784, 125, 784)


def _framed(canvas: Canvas) -> None:
    _line(canvas)
    canvas.rect(55, 774, 70, 20, stroke=1, fill=0)


def _scan(canvas: Canvas) -> None:
    def ink(image: Image.Image) -> None:
        for x in range(60, 110, 6):
            image.paste(0, (x, 52, x + 3, 62))

    text = canvas.beginText(60, 780)
    text.textOut(SECRET)
    canvas.drawText(text)  # below the picture, as some scanners write it
    canvas.drawImage(picture(ink), 0, 0, 595, 842)


def _empty_box(canvas: Canvas) -> None:
    _line(canvas, "　　 ・ ー ")
    _box(canvas)


def _placeholder(canvas: Canvas) -> None:
    _line(canvas, "XXXX")
    _box(canvas)


@pytest.mark.parametrize(
    "draw",
    [
        _heading,
        _highlight,
        _shadowed,
        _misread_layer,
        _see_through,
        _struck_out,
        _framed,
        _scan,
        _empty_box,
        _placeholder,
    ],
)
def test_what_can_be_seen_or_says_nothing_is_not_accused(draw: Callable[[Canvas], None]) -> None:
    told = audit(pdf_of(draw))
    assert told.leaks == ()
    assert told.clean


def test_white_letters_are_noted() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(1)
        canvas.drawString(60, 780, SECRET)

    told = audit(pdf_of(draw))
    assert told.clean
    assert [(note.check, note.text) for note in told.notes if note.check == "unseen_text"] == [
        ("unseen_text", SECRET)
    ]


def test_a_redaction_that_was_never_applied_is_a_leak() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        mark = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Redact, Rect=pikepdf.Array([55, 774, 125, 794])
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(mark)])

    (leak,) = audit(changed(pdf_of(says(SECRET)), change)).leaks
    assert (leak.check, leak.text) == ("unapplied", SECRET)


def test_what_else_a_file_carries_is_noted() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["memo.txt"] = b"memo"
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")
        group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="案"))
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[group], D=pikepdf.Dictionary(OFF=[group]))

    told = audit(changed(pdf_of(says("案")), change))
    assert told.clean
    assert {"attachments", "scripts", "layers", "metadata"} <= {note.check for note in told.notes}


def _peers(folder: Path) -> dict[str, Inspection]:
    return {
        path.stem.removeprefix(PEERS): audit(path.read_bytes())
        for path in sorted((folder / "pdfs").glob(f"{PEERS}*.pdf"))
    }


def test_bad_redactions_of_others_are_caught_and_good_ones_are_not(shared_data: Path) -> None:
    told = _peers(shared_data)
    assert [name for name, one in told.items() if one.leaks] == ["rectangles_yes"]
    assert [leak.text[:3] for leak in told["rectangles_yes"].leaks] == ["No", "Yes", "No"]


@pytest.mark.sweep
def test_no_real_file_is_accused(shared_data: Path) -> None:
    accused = []
    for entry in json.loads((shared_data / "pdfs" / "manifest.json").read_text("utf-8")):
        data = (shared_data / "pdfs" / entry["file"]).read_bytes()
        try:
            told = audit(data, password=entry["password"])
        except DocumentError:  # a file nobody can open is refused, in words
            continue
        if told.leaks and "rectangles_yes" not in entry["file"]:
            accused.append(entry["file"])
    assert accused == []
