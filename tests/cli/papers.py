"""Small real PDFs of our own for the commands, typeset with the Japanese fonts every PDF reader has."""

from __future__ import annotations

import io
from collections.abc import Sequence

from passages import LETTER
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

_FONT = "HeiseiKakuGo-W5"


def pdf_of(*pages: str, boxes: Sequence[tuple[float, float, float, float]] = (), password: str = "") -> bytes:
    """Pages of lines from the top, 12 points; `boxes`: black rectangles painted over the first page, as people do."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    kept = io.BytesIO()
    canvas = Canvas(kept, pagesize=(595, 842), encrypt=password or None, invariant=1)
    for number, text in enumerate(pages):
        canvas.setFont(_FONT, 12)
        for line, words in enumerate(text.splitlines()):
            canvas.drawString(60, 780 - 20 * line, words)
        for x, y, width, height in boxes if number == 0 else ():
            canvas.setFillGray(0)
            canvas.rect(x, y, width, height, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return kept.getvalue()


def letter() -> bytes:
    """The letter of `passages` on paper."""
    return pdf_of(LETTER.replace("\u3000", " "))
