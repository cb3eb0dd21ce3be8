"""PDFs for tests, made on the spot: what cities have, and what hides in them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import numpy as np
import pikepdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.pdf import read_pdf
from assistant.documents.pdf_picture import Pictures
from assistant.documents.ports import Opened, Readers, SeenWord
from assistant.domain.document import Page

MINCHO = "HeiseiMin-W3"
UPRIGHT = "HeiseiMin-W3-upright"
LINES = ("情報公開請求書", "氏名　見本　花子", "住所　見本市中央一丁目２番３号", "電話 012-345-6789 Tel.")


def paper(draw: Callable[[Canvas], None], *, size: tuple[float, float] = (400.0, 300.0)) -> bytes:
    """A PDF as `draw` makes it; pages end where it says so, the last by itself."""
    if MINCHO not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(MINCHO))
        upright = UnicodeCIDFont(MINCHO, isVertical=True)
        upright.fontName = upright.name = UPRIGHT
        pdfmetrics.registerFont(upright)
    store = io.BytesIO()
    canvas = Canvas(store, pagesize=size, invariant=1)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return store.getvalue()


def written(
    lines: Sequence[str] = LINES, *, size: float = 14.0, at: tuple[float, float] = (60, 240)
) -> bytes:
    """A page of lines."""

    def draw(canvas: Canvas) -> None:
        write(canvas, lines, size=size, at=at)

    return paper(draw)


def write(
    canvas: Canvas, lines: Sequence[str], *, size: float = 14.0, at: tuple[float, float] = (60, 240)
) -> None:
    """Lines, one below the other."""
    canvas.setFont(MINCHO, size)
    for index, line in enumerate(lines):
        canvas.drawString(at[0], at[1] - index * size * 1.7, line)


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], None], **how: object) -> bytes:
    """The file after `change`; `how` goes to pikepdf's `save`."""
    store = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        change(file)
        file.save(store, **how)
    return store.getvalue()


def letters(text: str, *, size: tuple[int, int] = (1200, 300), height: int = 80) -> Image.Image:
    """A picture of Latin letters and digits (a font that is everywhere)."""
    picture = Image.new("L", size, 255)
    ImageDraw.Draw(picture).text((60, 60), text, fill=0, font=ImageFont.load_default(height))
    return picture


def scanned(picture: Image.Image, *, layer: str | None = None) -> bytes:
    """A page that is one picture, with invisible text over it if asked for."""

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), 0, 0, 400, 100)
        if layer is not None:
            text = canvas.beginText(20, 60)
            text.setFont("Helvetica", 24)
            text.setTextRenderMode(3)
            text.textOut(layer)
            canvas.drawText(text)

    return paper(draw, size=(400, 100))


def read(pdf: bytes, *, password: str | None = None, readers: Readers | None = None) -> Opened:
    """Read it as the program does."""
    return read_pdf(pdf, name="fixture.pdf", readers=readers or Readers(), password=password)


def ink_outside(opened: Opened, page: Page, *, dpi: float = 150) -> tuple[int, int]:
    """Dark pixels of a page, and how many of them no character's box covers."""
    assert opened.pdf is not None
    with Pictures(opened.pdf) as pictures:
        dark = np.asarray(pictures.draw(page.number, dpi)) < 110
    covered = np.zeros_like(dark)
    high, wide = dark.shape
    for box in page.boxes:
        if box is not None:
            top, bottom = (
                (page.height - box.y1) * high / page.height,
                (page.height - box.y0) * high / page.height,
            )
            left, right = box.x0 * wide / page.width, box.x1 * wide / page.width
            covered[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1] = True
    return int(dark.sum()), int((dark & ~covered).sum())


class FakeEyes:
    """Eyes that see what they are told, and remember what they were shown."""

    def __init__(
        self, words: Sequence[SeenWord] = (), *, missing: str | None = None, fails: Exception | None = None
    ) -> None:
        self._words = tuple(words)
        self._missing = missing
        self._fails = fails
        self.shown: list[tuple[tuple[int, int], int]] = []

    @property
    def missing(self) -> str | None:
        return self._missing

    def read(self, picture: Image.Image, *, dpi: int) -> tuple[SeenWord, ...]:
        self.shown.append((picture.size, dpi))
        if self._fails is not None:
            raise self._fails
        return self._words
