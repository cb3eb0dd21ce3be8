"""Earlier states of a PDF: saving may only append, and what was struck out is still there for whoever cuts the end off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import pypdfium2

from assistant.documents.pdf_engine import PDFIUM, open_pdf
from assistant.domain.document import Hidden, HiddenKind
from assistant.errors import DocumentError
from assistant.text.folding import folded_text

MOST: Final = 5
"""Earlier states that are read, the latest first; of more it is only said how many there are."""

_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF[ \t]*\r?\n?")
_PAGES: Final = 100  # of each state
_LONGEST: Final = 200_000


def earlier_states(data: bytes, shown: Mapping[int, str], password: str | None = None) -> Iterator[Hidden]:
    """One entry for each earlier state: the lines that stood there and stand on no page now; none where all still do."""
    ends = [end.end() for end in _END.finditer(data) if int(end[1]) > 0]
    # A file made for the web has its first table at its head; that end is none of an earlier state.
    if b"/Linearized" in data[:2048] and ends:
        ends = ends[1:] if ends[0] < len(data) / 2 or len(ends) > 1 else ends
    earlier = ends[:-1]
    if not earlier:
        return
    now = folded_text("\n".join(shown.values()))
    for number, end in list(enumerate(earlier, 1))[-MOST:]:
        gone = [line for line in _lines(data[:end], password) if folded_text(line) not in now]
        yield Hidden(
            kind=HiddenKind.REVISION,
            place=f"上書き保存の前の版（{len(earlier)}版のうち{number}番目）",
            text="\n".join(gone)[:_LONGEST],
        )


def _lines(data: bytes, password: str | None) -> list[str]:
    with PDFIUM:
        try:
            document = open_pdf(data, password)
        except DocumentError:
            return []
        try:
            lines: list[str] = []
            for index in range(min(_PAGES, len(document))):
                try:
                    page = document[index]
                    text = page.get_textpage().get_text_range()
                    page.close()
                except pypdfium2.PdfiumError:
                    continue
                lines.extend(line.strip() for line in text.splitlines() if line.strip())
            return lines
        finally:
            document.close()
