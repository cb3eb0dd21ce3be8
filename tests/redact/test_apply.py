"""A redacted file holds nothing of what was marked, and everything else of what was seen."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pypdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.pdf import read_pdf
from assistant.documents.pdf_picture import Pictures
from assistant.documents.ports import Readers
from assistant.domain.document import Box, CharBoxes, Document, Extent, Origin
from assistant.errors import DocumentError, RedactionLeak, SettingsError
from assistant.jobs.ports import Cancelled
from assistant.redact.apply import Applied, apply
from assistant.redact.areas import Area
from assistant.redact.burn import Burned
from assistant.redact.look import Look
from assistant.redact.marks import Mark
from assistant.redact.options import BoxColour, Options
from tests.documents.pdf_fixtures import MINCHO, UPRIGHT, paper, write, written
from tests.redact.redacting import (
    disclosed,
    fold,
    mark,
    read_back,
    recovered,
    shapes,
    share_kept,
    streams,
    uncovered,
)

NAME = "見本　花子"
LABEL = "第7条第2号"


def opened(pdf: bytes) -> tuple[bytes, Document]:
    read = read_pdf(pdf, name="試験.pdf", readers=Readers())
    assert read.pdf is not None
    return read.pdf, read.document


def pixels(applied: Applied, area: Box, dpi: int = 300) -> np.ndarray:
    """The drawn output inside an area, a pixel and a half within its edge."""
    with Pictures(applied.pdf) as pictures:
        grey = np.asarray(pictures.draw(area.page, dpi))
        width, height, _ = pictures.size(area.page)
    across, down = grey.shape[1] / width, grey.shape[0] / height
    return grey[
        round((height - area.y1) * down) + 2 : round((height - area.y0) * down) - 2,
        round(area.x0 * across) + 2 : round(area.x1 * across) - 2,
    ]


def changed(pdf: bytes, **entries: object) -> bytes:
    """The file with other entries in its first page."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for key, value in entries.items():
            file.pages[0].obj["/" + key] = value
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


VERTICAL = paper(
    lambda canvas: (canvas.setFont(UPRIGHT, 16), canvas.drawString(300, 250, "氏名見本花子住所見本市"))[0]
)
PAGES = {
    "plain": written(),
    **{f"turned {turn}": changed(written(), Rotate=turn) for turn in (90, 180, 270)},
    "cropped": changed(written(), CropBox=pikepdf.Array([40, 100, 360, 290])),
    "cropped and turned": changed(written(), CropBox=pikepdf.Array([40, 100, 360, 290]), Rotate=90),
    "larger units": changed(written(), UserUnit=2.5),
    "small": written(size=5.0),
}


@pytest.mark.parametrize("kind", PAGES)
def test_what_is_marked_is_gone_and_the_rest_stays(kind: str, tmp_path: Path) -> None:
    pdf, document = opened(PAGES[kind])
    marks = (mark(document.pages[0], NAME, LABEL), mark(document.pages[0], "中央一丁目"))
    applied = apply(pdf, document, marks, title="試験")
    assert not recovered(applied, document, marks, tmp_path)
    assert not uncovered(applied)
    wanted = disclosed(document, applied.withheld)
    assert "情報公開請求書" in wanted[0]
    for reader, texts in read_back(applied.pdf, tmp_path).items():
        # pdftotext takes what stands behind a wide gap for another column; pdfium reads turned pages line by line in its
        # own order, before and after.
        in_order = str if reader == "pypdf" or (reader == "pdfium" and "turned" not in kind) else sorted
        assert in_order(fold(texts[0])) == in_order(fold(wanted[0])), reader
    before, after = shapes(pdf), shapes(applied.pdf)
    for reader, shape in before.items():
        assert after[reader] == [pytest.approx(page, abs=0.01) for page in shape], reader


def test_units_are_kept_and_drawn_as_finely_as_they_are_large() -> None:
    pdf, document = opened(PAGES["larger units"])
    applied = apply(pdf, document, ())
    with pikepdf.open(io.BytesIO(applied.pdf)) as file:
        page = file.pages[0]
        assert float(page.obj.UserUnit) == 2.5
        width = int(next(iter(page.images.values())).Width)
    assert width == pytest.approx(400 * 2.5 * 300 / 72, abs=2)


def test_vertical_lines_are_covered_by_one_rectangle_and_read_downwards(tmp_path: Path) -> None:
    pdf, document = opened(VERTICAL)
    marks = (mark(document.pages[0], "見本花子", LABEL),)
    applied = apply(pdf, document, marks, Options(labels=True))
    (area,) = applied.areas
    assert area.y1 - area.y0 > 3 * (area.x1 - area.x0)
    assert not recovered(applied, document, marks, tmp_path)
    for reader, texts in read_back(applied.pdf, tmp_path).items():
        assert fold(texts[0]) == "氏名住所見本市", reader


def test_a_mark_over_two_lines_is_two_rectangles_and_covers_nothing_beside_them() -> None:
    pdf, document = opened(written(("申請者は見本", "花子という者")))
    page = document.pages[0]
    start = page.text.index("見本")
    extent = Extent(page=1, start=start, end=page.text.index("という"))
    applied = apply(pdf, document, (Mark(finding="f", extents=(extent,), boxes=()),))
    assert len(applied.areas) == 2
    assert fold(disclosed(document, applied.withheld)[0]) == "申請者はという者"


def test_the_new_file_has_nothing_of_the_old_one() -> None:
    with pikepdf.open(io.BytesIO(written())) as file:
        file.docinfo["/Author"] = "SECRETAUTHOR"
        file.Root.Metadata = file.make_stream(b"<x>SECRETXMP</x>")
        file.attachments["SECRETFILE.txt"] = b"SECRETATTACHED"
        file.pages[0].obj.Annots = file.make_indirect(
            pikepdf.Array(
                [
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot,
                        Subtype=pikepdf.Name.Text,
                        Rect=[10, 10, 30, 30],
                        Contents="SECRETNOTE",
                    )
                ]
            )
        )
        file.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="SECRETSCRIPT")
        out = io.BytesIO()
        file.save(out)
    pdf, document = opened(out.getvalue())
    applied = apply(pdf, document, (), title="公開用")
    inside = streams(applied.pdf)
    assert b"SECRET" not in inside
    assert "SECRET".encode("utf-16-be") not in inside
    with pikepdf.open(io.BytesIO(applied.pdf)) as file:
        assert set(file.Root.keys()) == {"/Type", "/Pages", "/Lang", "/ViewerPreferences"}
        assert set(file.docinfo.keys()) == {"/Title", "/Producer"}
        assert str(file.Root.Lang) == "ja-JP"
    assert pypdf.PdfReader(io.BytesIO(applied.pdf)).metadata == {
        "/Title": "公開用",
        "/Producer": "Osumitsuki",
    }


def test_the_font_knows_disclosed_characters_only() -> None:
    pdf, document = opened(written(("氏名　山田髙志", "住所　見本市")))
    applied = apply(pdf, document, (mark(document.pages[0], "山田髙志"),))
    with pikepdf.open(io.BytesIO(applied.pdf)) as file:
        font = next(iter(file.pages[0].resources.Font.values()))
        mapped = font.ToUnicode.read_bytes().decode("ascii")
    for letter in "山田髙志":
        assert letter.encode("utf-16-be").hex().upper() not in mapped
    assert "市".encode("utf-16-be").hex().upper() in mapped


def test_the_same_input_gives_the_same_bytes() -> None:
    pdf, document = opened(written())
    marks = (mark(document.pages[0], NAME, LABEL),)
    options = Options(labels=True, stamp="部分開示 {page}/{pages}")
    assert apply(pdf, document, marks, options).pdf == apply(pdf, document, marks, options).pdf


def test_neighbours_are_neither_covered_nor_lost() -> None:
    pdf, document = opened(written(("担当山田太郎です",)))
    page = document.pages[0]
    applied = apply(pdf, document, (mark(page, "山田太郎"),), Options(padding=5.0))
    (area,) = applied.areas
    before, after = page.boxes[page.text.index("当")], page.boxes[page.text.index("で")]
    assert before is not None
    assert after is not None
    assert area.x0 > before.x1 - 0.6
    assert area.x1 < after.x0 + 0.6
    assert fold(applied.kept[0]) == "担当です"


def test_lines_that_say_the_same_are_all_found_however_tight_they_stand(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(MINCHO, 12)
        for row in range(10):
            canvas.drawString(60, 260 - 12.5 * row, "建設課　前年度と同じ内容の工事を行った。")
        canvas.drawString(60, 100, NAME)

    pdf, document = opened(paper(draw))
    applied = apply(pdf, document, (mark(document.pages[0], NAME),))
    wanted = disclosed(document, applied.withheld)
    for reader, texts in read_back(applied.pdf, tmp_path).items():
        assert share_kept(wanted, texts) == 1.0, reader


def test_the_outline_of_letters_is_covered_too() -> None:
    """縁取り文字: a thick line round the letters, half of it outside them."""

    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(7)
        canvas.setLineJoin(1)
        text = canvas.beginText(60, 200)
        text.setFont(MINCHO, 24)
        text.setTextRenderMode(2)
        text.textOut(NAME)
        canvas.drawText(text)

    pdf, document = opened(paper(draw))
    applied = apply(pdf, document, (mark(document.pages[0], NAME),))
    (area,) = applied.areas
    with Pictures(applied.pdf) as pictures:
        grey = np.asarray(pictures.draw(1, 144)).copy()
        height = pictures.size(1)[1]
    rows = slice(round((height - area.y1) * 2) - 1, round((height - area.y0) * 2) + 1)
    assert (grey < 128).any()
    grey[rows, round(area.x0 * 2) - 1 : round(area.x1 * 2) + 1] = 255
    assert not (grey < 128).any()


def test_labels_are_printed_and_a_rectangle_too_small_for_one_is_said() -> None:
    pdf, document = opened(written())
    marks = (mark(document.pages[0], NAME, LABEL), mark(document.pages[0], "2", LABEL))
    plain = apply(pdf, document, marks)
    labelled = apply(pdf, document, marks, Options(labels=True))
    large = next(area for area in labelled.areas if area.x1 - area.x0 > 40)
    assert pixels(plain, large).max() == 0
    assert 0.02 < (pixels(labelled, large) > 128).mean() < 0.6
    assert len(labelled.notes) == 1
    assert "1か所" in labelled.notes[0]
    assert LABEL not in "".join(labelled.kept)


def test_white_boxes_have_a_frame_and_nothing_inside() -> None:
    pdf, document = opened(written())
    applied = apply(pdf, document, (mark(document.pages[0], NAME),), Options(colour=BoxColour.WHITE))
    inside = pixels(applied, applied.areas[0])
    assert inside[4:-4, 4:-4].min() == 255
    assert pixels(apply(pdf, document, ()), applied.areas[0]).min() == 0
    with Pictures(applied.pdf) as pictures:
        grey = np.asarray(pictures.draw(1))
    area = applied.areas[0]
    assert grey[round((300 - area.y1) * 300 / 72) + 1, round(area.x0 * 300 / 72) + 20] == 0


def test_a_standard_width_hides_the_length_where_there_is_room() -> None:
    pdf, document = opened(written(("氏名　林", "氏名　長谷川原　　次の言葉")))
    page = document.pages[0]
    marks = (mark(page, "林"), mark(page, "長谷川原"))
    short, long = apply(pdf, document, marks, Options(standard_width=72.0)).areas
    assert short.x1 - short.x0 == pytest.approx(72.0, abs=0.5)
    assert long.x1 - long.x0 == pytest.approx(72.0, abs=0.5)
    cramped = apply(pdf, document, marks, Options(standard_width=300.0))
    assert cramped.areas[1].x1 - cramped.areas[1].x0 < 70
    assert "次の言葉" in fold(cramped.kept[0])


def test_a_stamp_stands_in_a_margin_of_every_page_and_on_no_rectangle() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, ("一枚目",))
        canvas.showPage()
        write(canvas, ("二枚目",))

    pdf, document = opened(paper(draw))
    bare = apply(pdf, document, ())
    stamped = apply(pdf, document, (), Options(stamp="部分開示 {page}/{pages}"))
    corner = [Box(page=number, x0=300, y0=270, x1=398, y1=298) for number in (1, 2)]
    assert all(pixels(bare, box).min() == 255 for box in corner)
    assert all(pixels(stamped, box).min() == 0 for box in corner)
    covered = Mark(finding="f", extents=(), boxes=(document.pages[0].whole,))
    applied = apply(pdf, document, (covered,), Options(stamp="部分開示"))
    assert pixels(applied, document.pages[0].whole).max() == 0
    assert any("余白" in note for note in applied.notes)


def test_a_page_of_machine_read_text_has_a_layer_only_when_asked() -> None:
    pdf, document = opened(written())
    read = replace(document, pages=(replace(document.pages[0], origin=Origin.OCR),))
    assert apply(pdf, read, ()).kept == ("",)
    assert "情報公開請求書" in fold(apply(pdf, read, (), Options(ocr_text=True)).kept[0])
    unread = replace(document, pages=(replace(document.pages[0], origin=Origin.NONE),))
    applied = apply(pdf, unread, (), Options(ocr_text=True))
    assert pypdf.PdfReader(io.BytesIO(applied.pdf)).pages[0].extract_text() == ""


def picture_page(colour: bool) -> bytes:
    rows = np.linspace(0, 255, 200, dtype=np.uint8)
    shades = np.repeat(np.add.outer(rows, rows)[:, :, None] // 2, 3, axis=2)
    if colour:
        shades[:, :, 1:] //= 3

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.fromarray(shades)), 50, 50, 150, 150)
        write(canvas, ("写真と文字",))

    return paper(draw)


@pytest.mark.parametrize(("colour", "look"), [(False, Look.GREY), (True, Look.COLOUR)])
def test_pictures_keep_their_shades_and_rectangles_on_them_are_black(colour: bool, look: Look) -> None:
    pdf, document = opened(picture_page(colour))
    box = Box(page=1, x0=80, y0=80, x1=140, y1=120)
    applied = apply(pdf, document, (Mark(finding="face", extents=(), boxes=(box,)),))
    assert applied.looks == (look,)
    assert pixels(applied, applied.areas[0])[3:-3, 3:-3].max() < 12
    shades = pixels(applied, Box(page=1, x0=60, y0=130, x1=190, y1=190))
    assert len(np.unique(shades)) > 40


@pytest.mark.parametrize(
    ("paint", "look"),
    [
        ("black", Look.INK),
        ("shaded header", Look.GREY),
        ("pale words", Look.GREY),
        ("red seal", Look.COLOUR),
    ],
)
def test_how_a_page_is_kept_is_seen_in_its_picture(paint: str, look: Look) -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, ("表の見出し",))
        if paint == "shaded header":
            canvas.setFillGray(0.6)
            canvas.rect(50, 50, 300, 20, fill=1, stroke=0)
        elif paint == "pale words":
            canvas.setFillGray(0.85)
            canvas.setFont(MINCHO, 14)
            for line in range(6):
                canvas.drawString(60, 60 + 20 * line, "薄い灰色の文字の行が残るように")
        elif paint == "red seal":
            canvas.setStrokeColorRGB(0.9, 0.1, 0.1)
            canvas.setLineWidth(2)
            canvas.circle(300, 100, 18)

    pdf, document = opened(paper(draw))
    assert apply(pdf, document, ()).looks == (look,)


def test_a_page_of_text_takes_less_than_sixty_kilobytes() -> None:
    lines = tuple("市長は公文書の開示請求があったときは当該公文書を開示する" for _ in range(26))

    def draw(canvas: Canvas) -> None:
        write(canvas, lines, size=10.5, at=(90, 780))

    pdf, document = opened(paper(draw, size=(595.28, 841.89)))
    assert len(document.pages[0].text) > 700
    assert len(apply(pdf, document, ()).pdf) < 60_000


def test_huge_pages_are_drawn_with_fewer_dots() -> None:
    pdf, document = opened(changed(written(), MediaBox=pikepdf.Array([0, 0, 14400, 14400])))
    applied = apply(pdf, document, (mark(document.pages[0], NAME),))
    with pikepdf.open(io.BytesIO(applied.pdf)) as file:
        image = next(iter(file.pages[0].images.values()))
        assert int(image.Width) * int(image.Height) <= 36_000_000
    assert shapes(applied.pdf)["pypdf"] == [pytest.approx((14400, 14400, 0))]


def test_a_mark_whose_place_nobody_knows_is_refused() -> None:
    pdf, document = opened(written())
    page = document.pages[0]
    placeless = replace(page, boxes=CharBoxes.nowhere(1, len(page.text)))
    lost = replace(document, pages=(placeless,))
    with pytest.raises(DocumentError, match="1ページ目"):
        apply(pdf, lost, (mark(placeless, NAME),))
    drawn = replace(mark(placeless, NAME), boxes=(Box(page=1, x0=100, y0=200, x1=200, y1=230),))
    assert len(apply(pdf, lost, (drawn,)).areas) == 1


def test_a_marked_character_without_a_place_is_covered_with_its_neighbours() -> None:
    pdf, document = opened(written(("氏名　見本花子さん",)))
    page = document.pages[0]
    boxes: list[Box | None] = list(page.boxes)
    at = page.text.index("子")
    there = boxes[at]
    assert there is not None
    boxes[at] = None
    less = replace(page, boxes=CharBoxes(1, boxes))
    applied = apply(pdf, replace(document, pages=(less,)), (mark(less, "見本花子"),))
    (area,) = applied.areas
    assert area.x1 >= there.x1 - 0.1


def test_another_documents_marks_and_pages_are_refused() -> None:
    pdf, document = opened(written())
    foreign = Mark(finding="f", extents=(Extent(page=1, start=0, end=10_000),), boxes=())
    with pytest.raises(DocumentError):
        apply(pdf, document, (foreign,))
    elsewhere = Mark(finding="f", extents=(), boxes=(Box(page=2, x0=0, y0=0, x1=9, y1=9),))
    with pytest.raises(DocumentError):
        apply(pdf, document, (elsewhere,))
    with pytest.raises(DocumentError):
        apply(pdf, replace(document, pages=(*document.pages, replace(document.pages[0], number=2))), ())


def test_it_can_be_called_off_and_tells_how_far_it_is() -> None:
    pdf, document = opened(written())
    with pytest.raises(Cancelled):
        apply(pdf, document, (), cancelled=lambda: True)
    told: list[tuple[int, int]] = []
    apply(pdf, document, (), tell=lambda done, of: told.append((done, of)))
    assert told == [(1, 1)]


def test_a_rectangle_that_is_not_clean_is_a_leak() -> None:
    picture = Image.new("L", (50, 50), 255)
    burned = Burned(picture, BoxColour.BLACK)
    area = Area(left=10, top=10, right=40, bottom=40)
    burned.cover([area], None, 1.0)
    burned.check([area])
    burned.picture.putpixel((20, 20), 180)
    with pytest.raises(RedactionLeak):
        burned.check([area])


def test_unmarked_pages_stay_text_only_when_asked_and_only_when_nothing_is_odd() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, ("一枚目の文字",))
        canvas.showPage()
        canvas.setFont("Helvetica", 14)
        canvas.drawString(60, 200, "second page")
        canvas.showPage()
        canvas.setFont("Courier", 14)
        canvas.drawString(60, 200, "third page")
        canvas.setFillGray(1)
        canvas.drawString(60, 150, "white words")

    pdf, document = opened(paper(draw))
    asked = Options(keep_unmarked_vector=True)
    assert apply(pdf, document, ()).looks == (Look.INK,) * 3
    marks = (mark(document.pages[0], "文字"),)
    looks = apply(pdf, document, marks, asked).looks
    assert looks[0] is Look.INK
    assert looks[2] is Look.INK, "white words may not come along"
    free = apply(pdf, document, (), asked)
    assert free.looks[0] is None
    read = pypdfium2.PdfDocument(free.pdf)
    assert "一枚目の文字" in read[0].get_textpage().get_text_range()
    read.close()
    assert b"white words" not in streams(free.pdf)


@pytest.mark.parametrize("stamp", ["{name}", "{page.x}", "{", "{0}"])
def test_a_stamp_with_unknown_fields_is_refused(stamp: str) -> None:
    with pytest.raises(SettingsError):
        Options(stamp=stamp)


def test_kept_text_is_what_readers_find(tmp_path: Path) -> None:
    pdf, document = opened(written(("Tel. 012-345-6789 illicit affair", "ｶﾅと漢字 AND 123")))
    applied = apply(pdf, document, (mark(document.pages[0], "345"),))
    for reader, texts in read_back(applied.pdf, tmp_path).items():
        assert share_kept(applied.kept, texts) == 1.0, reader
    words = pypdfium2.PdfDocument(applied.pdf)
    page = words[0].get_textpage()
    assert page.search("affair").get_next() is not None
    assert page.search("345").get_next() is None
