"""PDFs of our own for the browser: a record of three pages on paper, and one that somebody painted over."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

_FONT = "HeiseiMin-W3"

NAME = "白鳥弥生"
PHONE = "090-8765-4321"
KEPT = "騒音について相談があった"
RECORD = (
    f"相談記録\n相談者　氏名：{NAME}\n電話番号：{PHONE}\n内容：{KEPT}。\n見本市役所　環境課",
    f"経過\n令和6年4月3日　電話\n相手方　氏名：{NAME}\n同日、現地を確認した。",
    "添付書類\n位置図　一式",
)


def on_paper(
    pages: Sequence[str],
    *,
    painted: Sequence[tuple[float, float, float, float]] = (),
    password: str | None = None,
) -> bytes:
    """A4, 12 points, lines from the top. `painted`: black rectangles over the first page, as people do."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    kept = io.BytesIO()
    canvas = Canvas(kept, pagesize=(595, 842), encrypt=password)
    canvas.setAuthor("見本 作成者")
    for number, text in enumerate(pages):
        canvas.setFont(_FONT, 12)
        for line, words in enumerate(text.splitlines()):
            canvas.drawString(60, 780 - 24 * line, words)
        for x, y, width, height in painted if number == 0 else ():
            canvas.rect(x, y, width, height, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return kept.getvalue()
