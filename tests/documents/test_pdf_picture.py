"""Pages as pictures: of the right size, turned as shown, with fields drawn, within bounds."""

from __future__ import annotations

import threading

import numpy as np
import pikepdf
import pytest
from pdf_fixtures import LINES, changed, paper, write, written
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.pdf_picture import MOST_PIXELS, Pictures
from assistant.errors import DocumentError


@pytest.mark.parametrize(
    ("turned", "pixels"), [(0, (834, 625)), (90, (625, 834)), (180, (834, 625)), (270, (625, 834))]
)
def test_size_and_turn(turned: int, pixels: tuple[int, int]) -> None:
    def change(file: pikepdf.Pdf) -> None:
        file.pages[0].obj.Rotate = turned

    with Pictures(changed(written(), change)) as pictures:
        assert pictures.count == 1
        assert pictures.size(1) == ((400, 300, turned) if turned % 180 == 0 else (300, 400, turned))
        grey, colour = pictures.draw(1, 150), pictures.draw(1, 150, colour=True)
        assert (grey.mode, colour.mode) == ("L", "RGB")
        assert grey.size == colour.size == pixels
        assert grey.info["dpi"] == (150, 150)
        assert np.asarray(grey).min() < 60


def test_colours_are_the_right_way_round() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(0, 0, 400, 300, fill=1, stroke=0)

    with Pictures(paper(draw)) as pictures:
        assert pictures.draw(1, 72, colour=True).getpixel((50, 50)) == (255, 0, 0)


def test_a_page_of_200_inches_has_fewer_dots() -> None:
    def change(file: pikepdf.Pdf) -> None:
        file.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 14400, 14400])

    with Pictures(changed(written(), change)) as pictures:
        picture = pictures.draw(1, 300, most_pixels=4_000_000)
        assert picture.width * picture.height <= 4_010_000
        assert picture.info["dpi"][0] == pytest.approx(pictures.dpi(1, 300, 4_000_000))
        assert 200 * 200 * pictures.dpi(1) ** 2 == pytest.approx(MOST_PIXELS)


def test_large_units_are_drawn_with_as_many_dots() -> None:
    def change(file: pikepdf.Pdf) -> None:
        file.pages[0].obj.UserUnit = 4

    with Pictures(changed(written(), change)) as pictures:
        assert pictures.unit(1) == 4
        assert pictures.size(1)[:2] == (400, 300)
        assert pictures.draw(1, 72).size == (1600, 1200)


def test_the_value_of_a_field_is_drawn() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="a", value="Hanako", x=60, y=60, width=200, height=24, borderWidth=0)

    with Pictures(paper(draw)) as pictures:
        assert np.asarray(pictures.draw(1, 150)).min() < 90


@pytest.mark.parametrize("number", [0, 2, -1])
def test_no_such_page(number: int) -> None:
    with Pictures(written()) as pictures:
        with pytest.raises(KeyError):
            pictures.draw(number)
        with pytest.raises(KeyError):
            pictures.size(number)


def test_a_page_that_takes_too_long_is_given_up() -> None:
    def draw(canvas: Canvas) -> None:
        for index in range(20_000):
            canvas.circle(200, 150, 1 + index % 140)

    with Pictures(paper(draw), patience=0.0) as pictures, pytest.raises(DocumentError, match="込み入って"):
        pictures.draw(1)


def test_closed_twice_and_used_no_more() -> None:
    pictures = Pictures(written())
    pictures.close()
    pictures.close()
    with pytest.raises(ValueError, match="closed"):
        pictures.draw(1)


def test_threads_wait_for_one_another() -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(3):
            write(canvas, LINES)
            canvas.showPage()

    data = paper(draw)
    with Pictures(data) as alone:
        expected = {number: alone.draw(number, 100).tobytes() for number in range(1, alone.count + 1)}
    faults: list[str] = []

    def work(pictures: Pictures) -> None:
        for number in list(expected) * 4:
            if pictures.draw(number, 100).tobytes() != expected[number]:
                faults.append(f"page {number}")

    with Pictures(data) as one, Pictures(data) as other:
        threads = [threading.Thread(target=work, args=(each,)) for each in (one, one, other, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert faults == []
