"""The text of PDF pages and the place of every character, whatever way the page is turned, cropped or written."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_fixtures import LINES, MINCHO, UPRIGHT, changed, ink_outside, paper, read, write, written
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.pdf import read_pdf
from assistant.documents.pdf_lines import join, lines_of
from assistant.documents.pdf_text import Char
from assistant.documents.ports import Readers
from assistant.domain.document import HiddenKind, Origin


def test_text_comes_line_by_line_with_a_box_for_every_letter() -> None:
    opened = read(written())
    (page,) = opened.document.pages
    assert page.text == "\n".join(LINES)
    assert page.origin is Origin.FILE
    assert (page.width, page.height, page.turned) == (400.0, 300.0, 0)
    assert [box is None for box in page.boxes] == [letter == "\n" for letter in page.text]
    assert page.doubts == ()
    assert opened.notes == ()


@pytest.mark.parametrize("turned", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("cropped", [None, (40, 30, 390, 270), (-50, -20, 350, 310)])
def test_boxes_cover_the_ink_of_the_page_as_shown(
    turned: int, cropped: tuple[int, int, int, int] | None
) -> None:
    def change(file: pikepdf.Pdf) -> None:
        file.pages[0].obj.Rotate = turned
        if cropped is not None:
            file.pages[0].obj.CropBox = pikepdf.Array(list(cropped))

    opened = read(changed(written(), change))
    (page,) = opened.document.pages
    assert page.text == "\n".join(LINES)
    assert page.turned == turned % 360
    wide, high = 400.0, 300.0
    if cropped is not None:
        wide, high = min(cropped[2], 400) - max(cropped[0], 0), min(cropped[3], 300) - max(cropped[1], 0)
    assert (page.width, page.height) == ((high, wide) if turned % 180 else (wide, high))
    ink, outside = ink_outside(opened, page)
    assert ink > 500
    assert outside == 0
    for box in page.boxes:
        if box is not None:
            assert 0 <= box.x0 < box.x1 <= page.width
            assert 0 <= box.y0 < box.y1 <= page.height


def test_a_media_box_away_from_the_origin_moves_everything() -> None:
    def change(file: pikepdf.Pdf) -> None:
        file.pages[0].obj.MediaBox = pikepdf.Array([-100, -200, 300, 290])

    opened = read(changed(written(), change))
    (page,) = opened.document.pages
    assert (page.width, page.height) == (400.0, 490.0)
    assert ink_outside(opened, page)[1] == 0


def test_a_box_is_no_taller_than_its_line() -> None:
    (page,) = read(written(size=14.0)).document.pages
    heights = [box.y1 - box.y0 for box in page.boxes if box is not None]
    assert max(heights) <= 14 * 1.3


@settings(max_examples=15, deadline=None)
@given(
    angle=st.floats(-180, 180),
    size=st.floats(6, 40),
    word=st.text(st.sampled_from("見本市花子太郎字ア1A-。ー"), min_size=1, max_size=8),
)
def test_letters_at_any_angle_are_covered(angle: float, size: float, word: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(450, 450)
        canvas.rotate(angle)
        canvas.setFont(MINCHO, size)
        canvas.drawString(0, 0, word)

    opened = read(paper(draw, size=(900, 900)))
    (page,) = opened.document.pages
    assert "".join(page.text.split()) == word
    assert ink_outside(opened, page)[1] == 0


def test_vertical_columns_are_read_from_right_to_left() -> None:
    columns = ["春はあけぼの", "やうやう白く", "なりゆく山際"]

    def draw(canvas: Canvas) -> None:
        canvas.setFont(UPRIGHT, 16)
        for index, column in enumerate(reversed(columns)):  # the file has them from left to right
            canvas.drawString(100 + index * 30, 250, column)

    opened = read(paper(draw))
    (page,) = opened.document.pages
    assert page.text == "\n".join(columns)
    assert ink_outside(opened, page)[1] == 0
    first, second = page.boxes[0], page.boxes[1]
    assert first is not None
    assert second is not None
    assert first.y0 > second.y0


def test_letters_set_one_by_one_become_a_column() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(MINCHO, 16)
        for index, letter in enumerate("見本花子"):
            canvas.drawString(100, 250 - index * 20, letter)

    (page,) = read(paper(draw)).document.pages
    assert page.text == "見本花子"


def test_digits_below_one_another_stay_a_table() -> None:
    chars: list[Char] = []
    for index in range(4):
        chars.append(Char(str(index), (100, 250 - index * 18, 106, 262 - index * 18), 1))
        chars.append(Char("\n", None, 0))
    assert join(lines_of(chars))[0] == "0\n1\n2\n3"


def test_spaces_pdfium_adds_at_the_end_of_a_line_go() -> None:
    chars = [
        Char("見", (0, 0, 9, 9), 1),
        Char("本", (9, 0, 18, 9), 1),
        Char(" ", None, 0),
        Char("\n", None, 0),
    ]
    assert join(lines_of(chars)) == ("見本", [(0, 0, 9, 9), (9, 0, 18, 9)])


def test_two_tiers_of_columns_are_read_one_after_the_other() -> None:
    chars: list[Char] = []
    for left, top, column in (
        (50, 90, "六七八"),
        (80, 90, "三四五"),
        (50, 200, "丁戊己"),
        (80, 200, "甲乙丙"),
    ):
        for index, letter in enumerate(column):
            chars.append(Char(letter, (left, top - index * 12, left + 10, top - index * 12 + 10), 1))
        chars.append(Char("\n", None, 0))
    assert join(lines_of(chars))[0] == "甲乙丙\n丁戊己\n三四五\n六七八"


def test_a_letter_beyond_the_basic_plane_is_one_character() -> None:
    (page,) = read(written(["𠮷野家の件"])).document.pages
    assert page.text == "𠮷野家の件"
    assert len(page.boxes) == 5


def test_text_outside_the_visible_part_is_hidden_not_page_text() -> None:
    def change(file: pikepdf.Pdf) -> None:
        file.pages[0].obj.CropBox = pikepdf.Array([0, 235, 400, 300])

    document = read(changed(written(), change)).document
    assert document.pages[0].text == LINES[0]
    (entry,) = [each for each in document.hidden if each.kind is HiddenKind.HIDDEN_TEXT]
    assert entry.page == 1
    assert entry.text == "\n".join(LINES[1:])


def test_an_empty_page_gives_no_reason_for_doubt() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, LINES)
        canvas.showPage()
        canvas.showPage()

    pages = read(paper(draw)).document.pages
    assert [page.text for page in pages[1:]] == ["", ""][: len(pages) - 1]
    assert all(page.doubts == () and page.origin is Origin.FILE for page in pages)


def test_progress_counts_every_page() -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(3):
            write(canvas, LINES)
            canvas.showPage()

    told: list[tuple[int, int]] = []
    opened = read_pdf(
        paper(draw), name="x.pdf", readers=Readers(), tell=lambda done, of: told.append((done, of))
    )
    count = len(opened.document.pages)
    assert told == [(number, count) for number in range(1, count + 1)]
