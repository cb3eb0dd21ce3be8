"""Look at any PDF somebody else made, knowing nothing: words that were covered and not removed, and what else is in it.

A leak is what somebody meant to hide and can be taken out: words under boxes, redactions never applied. A note is what
a person should know before handing the file out: comments, attachments, an author's name, earlier states.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import pikepdf
from pypdfium2 import raw

from assistant.documents.pdf_engine import PDFIUM, open_pdf
from assistant.documents.pdf_hidden import hidden_in
from assistant.documents.pdf_revisions import earlier_states
from assistant.documents.ports import Tell, untold
from assistant.domain.document import Box, Hidden, HiddenKind
from assistant.errors import DocumentError
from assistant.redact.audit_covers import Kind, unseen_runs
from assistant.redact.inspect_bytes import Clock
from assistant.redact.inspect_carriers import guarded
from assistant.redact.inspect_layers import hidden_layers
from assistant.redact.inspect_pages import as_shown, corners_of, letters_of
from assistant.redact.inspect_report import Inspection, Leak
from assistant.redact.inspect_tally import Tally

_SECONDS: Final = 20.0
_SECONDS_A_PAGE: Final = 0.5
_MOST_ANNOTATIONS: Final = 5000

_CHECKS: Final = {
    HiddenKind.COMMENT: "annotations",
    HiddenKind.ANNOTATION: "annotations",
    HiddenKind.FORM_VALUE: "forms",
    HiddenKind.PROPERTIES: "metadata",
    HiddenKind.BOOKMARK: "outlines",
    HiddenKind.ATTACHMENT: "attachments",
    HiddenKind.SCRIPT: "scripts",
    HiddenKind.LINK: "scripts",
    HiddenKind.REVISION: "revisions",
    HiddenKind.HIDDEN_TEXT: "unseen_text",
}
_WORDS: Final = {
    Kind.COVERED: "塗りつぶしの下の文字",
    Kind.LABEL: "塗りつぶしに重ねて印字された文字",
    Kind.PATCHED: "画像などの下の文字",
    Kind.PICTURED: "画像などの下の文字",
    Kind.BLANK: "白い文字・透明な文字",
    Kind.OUTSIDE: "用紙の外の文字",
}


def audit(pdf: bytes, *, password: str | None = None, tell: Tell = untold) -> Inspection:
    """What can be taken out of a file though it cannot be seen in it. Bounded as `inspect.inspect` is.

    The words found are in `text` of leaks and notes: for the person who looks. Raises DocumentError (PasswordNeeded)
    for a file that can't be opened.
    """
    tally = Tally()
    shown: dict[int, str] = {}
    with PDFIUM:
        document = open_pdf(pdf, password)
        pages = len(document)
        document.close()
    clock = Clock(_SECONDS + _SECONDS_A_PAGE * pages)
    guarded(tally, "covered_text", lambda: _pages(pdf, password, tally, clock, shown=shown, tell=tell))
    plain = _unlocked(pdf, password)
    guarded(tally, "metadata", lambda: _carried(plain, shown, tally))
    guarded(tally, "revisions", lambda: _earlier(pdf, password, shown, tally))
    guarded(tally, "layers", lambda: _layers(plain, tally))
    return Inspection(
        sha256=hashlib.sha256(pdf).hexdigest(),
        pages=pages,
        checks=tally.checks(),
        leaks=tally.all_leaks,
        notes=tally.all_notes,
    )


def _pages(  # what is gathered, and by whom it is told
    pdf: bytes, password: str | None, tally: Tally, clock: Clock, *, shown: dict[int, str], tell: Tell
) -> None:
    """Page by page, the lock let go in between: somebody else may be waiting to see a page."""
    with PDFIUM:
        document = open_pdf(pdf, password)
    skipped = 0
    count = len(document)
    try:
        for number in range(1, count + 1):
            if clock.over:
                tally.unfinished("covered_text", "時間の上限に達したため、最後まで調べていません。")
                break
            try:
                with PDFIUM:
                    _page(document, number, tally, shown)
            except (DocumentError, RuntimeError):
                skipped += 1
            tell(number, count)
    finally:
        with PDFIUM:
            document.close()
    if skipped:
        tally.unfinished("covered_text", f"読めないか描けないページが{skipped}ページあり、調べられません。")
    for check in ("covered_text", "unapplied", "unseen_text"):
        tally.ran(check, pages=count - skipped)


def _page(document: Any, number: int, tally: Tally, shown: dict[int, str]) -> None:
    page = document[number - 1]
    try:
        shown[number] = page.get_textpage().get_text_range()
        for run in unseen_runs(document, page, number):
            if run.kind in {Kind.COVERED, Kind.PATCHED}:
                count = sum(not letter.isspace() for letter in run.text)
                leak = Leak(
                    check="covered_text",
                    place=_WORDS[run.kind],
                    page=number,
                    box=run.box,
                    count=count,
                    text=run.text,
                )
                tally.leak(leak)
            else:
                tally.note("unseen_text", _WORDS[run.kind], number, count=len(run.text), text=run.text)
        _unapplied(page, number, tally)
    finally:
        page.close()


def _unapplied(page: Any, number: int, tally: Tally) -> None:
    """Redaction annotations mark what is to be taken out; while they are there, nothing has been."""
    letters = None
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) != raw.FPDF_ANNOT_REDACT:
                continue
            letters = letters or letters_of(page)
            for x0, y0, x1, y1 in as_shown(page, corners_of(_quads(annotation))).tolist():
                box = Box(page=number, x0=x0, y0=y0, x1=x1, y1=y1)
                text = letters.within(box)
                count = max(len(text), 1)
                tally.leak(
                    Leak(
                        check="unapplied",
                        place="適用していない墨消し注釈の下",
                        page=number,
                        box=box,
                        count=count,
                        text=text,
                    )
                )
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _quads(annotation: Any) -> list[tuple[float, float, float, float]]:
    """The places an annotation marks, in the page's own space: its quadrilaterals, else its rectangle."""
    found = []
    for at in range(min(raw.FPDFAnnot_CountAttachmentPoints(annotation), _MOST_ANNOTATIONS)):
        quad = raw.FS_QUADPOINTSF()
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, at, ctypes.byref(quad)):
            across = (quad.x1, quad.x2, quad.x3, quad.x4)
            up = (quad.y1, quad.y2, quad.y3, quad.y4)
            found.append((min(across), min(up), max(across), max(up)))
    place = raw.FS_RECTF()
    if not found and raw.FPDFAnnot_GetRect(annotation, place):
        found.append((place.left, min(place.top, place.bottom), place.right, max(place.top, place.bottom)))
    return found


def _unlocked(pdf: bytes, password: str | None) -> bytes:
    """The file as it is, or without its lock."""
    try:
        with pikepdf.open(io.BytesIO(pdf), password=password or "") as file:
            if not file.is_encrypted:
                return pdf
            out = io.BytesIO()
            file.save(out)
            return out.getvalue()
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, ValueError):
        return pdf


def _carried(pdf: bytes, shown: dict[int, str], tally: Tally) -> None:
    """What the file carries beside its pages."""
    found, problems = hidden_in(pdf, shown)
    _noted(found, tally)
    for check in ("annotations", "forms", "metadata", "outlines", "attachments", "scripts"):
        if problems:
            tally.unfinished(check, "ファイルの一部が壊れているため、すべては調べられません。")
        else:
            tally.ran(check)


def _earlier(pdf: bytes, password: str | None, shown: dict[int, str], tally: Tally) -> None:
    _noted(earlier_states(pdf, shown, password), tally)
    tally.ran("revisions")


def _layers(pdf: bytes, tally: Tally) -> None:
    hidden_layers(pdf, None, tally)
    tally.ran("layers")


def _noted(found: Iterable[Hidden], tally: Tally) -> None:
    counted: Counter[tuple[str, str, int | None]] = Counter()
    words: dict[tuple[str, str, int | None], list[str]] = {}
    for one in found:
        key = (_CHECKS.get(one.kind, "objects"), one.place, one.page)
        counted[key] += 1
        words.setdefault(key, []).append(one.text)
    for key, count in counted.items():
        check, place, page = key
        tally.note(check, place, page, count=count, text="\n".join(words[key]))
