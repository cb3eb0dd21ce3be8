"""A PDF as pages of text with a place for every character, what it hides, and what a person must look at."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

from assistant.documents.doubts import Doubt
from assistant.documents.pdf_engine import PDFIUM, decrypted, open_pdf, rewritten
from assistant.documents.pdf_hidden import hidden_in
from assistant.documents.pdf_ocr import Looked, look_at
from assistant.documents.pdf_page import PageReader, ReadPage
from assistant.documents.pdf_revisions import earlier_states
from assistant.documents.pdf_second import compare
from assistant.documents.pdf_weight import TooIntricate
from assistant.documents.ports import Opened, Readers, Tell, untold
from assistant.domain.boxes import CharBoxes
from assistant.domain.document import Document, Hidden, HiddenKind, Origin, Page
from assistant.errors import DocumentError, PasswordNeeded
from assistant.text.folding import folded_text

_SIGHT: Final = 10.0  # seconds a file may take to tell what is seen, and for each of its pages besides
_SIGHT_A_PAGE: Final = 0.05
_AGREES: Final = 0.7  # of the characters: then what the file says stands, and the picture only confirms it
_ORDER: Final = tuple(Doubt)


def read_pdf(
    data: bytes,
    *,
    name: str,
    sha256: str | None = None,
    readers: Readers,
    password: str | None = None,
    doc_type: str | None = None,
    media: str = "pdf",
    tell: Tell = untold,
) -> Opened:
    """Read all pages. `sha256`: of the file as it was handed in, if that was not `data` (an office file's print).

    Raises PasswordNeeded; DocumentError for what is no PDF, damaged, empty or too large.
    """
    pdf, pages = _read_pages(data, password, tell if readers.eyes is None else untold)
    shown = {page.number: page.text for page in pages}
    notes: list[str] = []
    second = compare(
        pdf, {page.number: page.plain for page in pages if page.plain.strip()}, first=_suspects(pages)
    )
    for page in pages:
        if page.number in second.differ:
            page.doubts.add(Doubt.READERS_DIFFER)
    texts = sum(1 for page in pages if page.plain.strip())
    if len(second.pages) < texts:
        notes.append(
            f"文字のある{texts:,}ページのうち{len(second.pages):,}ページを、二つの読み方で比べました。"
        )
    hidden, more = hidden_in(pdf, shown)
    notes.extend(more)
    looked = look_at(pdf, pages, eyes=readers.eyes, tell=tell)
    if looked.note:
        notes.append(looked.note)
    document = Document(
        name=name,
        sha256=sha256 or hashlib.sha256(data).hexdigest(),
        pages=tuple(_page(page, looked.by_page.get(page.number)) for page in pages),
        doc_type=doc_type,
        media=media,
        hidden=(*_hidden_text(pages), *hidden, *earlier_states(data, shown, password)),
    )
    return Opened(document=document, pdf=pdf, notes=tuple(notes))


def _read_pages(data: bytes, password: str | None, tell: Tell) -> tuple[bytes, list[ReadPage]]:
    """The file without its key, and its pages; a file pdfium can't read is tried once more as pikepdf repairs it."""
    try:
        return _read_once(data, password, tell)
    except (PasswordNeeded, TooIntricate):
        raise
    except DocumentError:
        repaired = rewritten(data, password)
        if repaired is None:
            raise
    return _read_once(repaired, None, tell)


def _read_once(data: bytes, password: str | None, tell: Tell) -> tuple[bytes, list[ReadPage]]:
    with PDFIUM:
        document = open_pdf(data, password)
    try:
        with PDFIUM:
            count = len(document)
            pdf = decrypted(data, password, document)
        reader = PageReader(document, sight=_SIGHT + _SIGHT_A_PAGE * count)
        pages = []
        for number in range(1, count + 1):
            with PDFIUM:  # let go of between pages: somebody may be waiting for a picture
                pages.append(reader.read(number))
            tell(number, count)
        return pdf, pages
    finally:
        with PDFIUM:
            document.close()


def _suspects(pages: Sequence[ReadPage]) -> list[int]:
    return [page.number for page in pages if page.doubts & {Doubt.NO_MAPPING, Doubt.GARBLED, Doubt.GAIJI}]


def _page(read: ReadPage, looked: Looked | None) -> Page:
    """The page from what the file says and what was read from its picture."""
    doubts, number = set(read.doubts), read.number
    text, boxes = read.text, CharBoxes.of_sides(number, read.sides)
    origin = Origin.FILE
    if Doubt.OCR_LAYER in doubts:
        origin = Origin.OCR
    if read.wanted == "all" and looked is None:
        doubts.add(Doubt.NO_OCR)
        if not text.strip():
            origin = Origin.NONE
    elif looked is not None and read.wanted == "all" and not _agree(text, looked.whole.text):
        text, boxes, origin = looked.whole.text, CharBoxes(number, looked.whole.boxes), Origin.OCR
        doubts.add(Doubt.OCR)
    elif looked is not None and looked.besides.text.strip():
        both = [*boxes, None, *looked.besides.boxes]
        text, boxes = f"{text}\n{looked.besides.text}", CharBoxes(number, both)
        doubts.add(Doubt.OCR_PART)
    return Page(
        number=number,
        text=text,
        boxes=boxes,
        width=read.size.width,
        height=read.size.height,
        turned=read.size.turned,
        origin=origin,
        doubts=tuple(doubt.value for doubt in _ORDER if doubt in doubts),
    )


def _agree(said: str, seen: str) -> bool:
    """Whether what the file says is seen in its picture, as far as recognition can tell; the picture may show more."""
    one, other = Counter(folded_text(said)), Counter(folded_text(seen))
    return one.total() > 0 and (one & other).total() >= _AGREES * one.total()


def _hidden_text(pages: Sequence[ReadPage]) -> list[Hidden]:
    found = []
    for page in pages:
        for place, text in (("見えない文字", page.unseen), ("紙の外の文字", page.outside)):
            if text.strip():
                found.append(
                    Hidden(
                        kind=HiddenKind.HIDDEN_TEXT,
                        place=f"{page.number}ページの{place}",
                        text=text,
                        page=page.number,
                    )
                )
    return found
