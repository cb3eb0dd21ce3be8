"""PDFs that leak, each in one way, made by hand for the tests."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)
SECRET = "見本太郎"
Draw = Callable[[Canvas], None]


def pdf_of(*pages: Draw) -> bytes:
    """A4 pages, each drawn by a function; Japanese in 12 points."""
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.setTitle("試験")
    for draw in pages:
        canvas.setFont("HeiseiMin-W3", 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def says(*lines: str) -> Draw:
    """Lines from (60, 780) down, 24 points apart."""

    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(lines):
            canvas.drawString(60, 780 - 24 * number, line)

    return draw


def harmless() -> bytes:
    return pdf_of(says("この文書には公にする文字だけがある。"))


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None], **how: object) -> bytes:
    """The file after a change with pikepdf."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out, **how)
    return out.getvalue()


def picture(ink: Callable[[Image.Image], None], size: tuple[int, int] = (595, 842)) -> ImageReader:
    """A picture for a page."""
    image = Image.new("L", size, 255)
    ink(image)
    return ImageReader(image)


def with_stream(pdf: pikepdf.Pdf, data: bytes, **keys: object) -> pikepdf.Object:
    """An indirect stream."""
    stream = pikepdf.Stream(pdf, data)
    for key, value in keys.items():
        stream[f"/{key}"] = value
    return pdf.make_indirect(stream)
