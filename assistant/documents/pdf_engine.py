"""One way to open a PDF with pdfium, and the lock every use of it needs: pdfium may not be called from two threads."""

from __future__ import annotations

import io
import logging
import threading
from typing import Any, Final

import pikepdf
import pypdfium2
from pypdfium2 import raw

from assistant.documents.pdf_faults import PIKE_FAULTS
from assistant.documents.pdf_weight import refuse_intricate
from assistant.errors import DocumentError, PasswordNeeded

PDFIUM: Final = threading.RLock()
"""Held for every call into pdfium of this process; whoever uses pypdfium2 elsewhere takes it too."""

MAX_BYTES: Final = 200 * 1024 * 1024
"""A file is held in memory, once as given and once decrypted; a scanned 2,000-page file has about this size."""
MAX_PAGES: Final = 2000
"""Ten 300-page files: beyond that nobody settles marks in one sitting, and places of characters outgrow memory."""

# It advises to build another pdfium for XFA forms; their plain form, which every viewer shows, is read and drawn.
logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)

logging.getLogger("pikepdf").setLevel(logging.CRITICAL + 1)

_HEAD = 1024  # bytes before the header that readers tolerate (ISO 32000 says none, every reader allows some)


def open_pdf(data: bytes, password: str | None = None) -> Any:
    """The `PdfDocument` of a file in memory, with its forms ready to be drawn. Call it holding `PDFIUM`.

    Raises PasswordNeeded for a missing or wrong password; TooIntricate for a page that could not be stopped any more;
    DocumentError for anything else that is no readable PDF, has no pages, or too many of them.
    """
    _refuse_strangers(data)
    try:
        document = pypdfium2.PdfDocument(data, password=password or None)
    except pypdfium2.PdfiumError as error:
        raise _reason(getattr(error, "err_code", None), given=bool(password)) from None
    try:
        document.init_forms()
        count = len(document)
    except pypdfium2.PdfiumError:
        document.close()
        raise DocumentError(_DAMAGED) from None
    if not count:
        document.close()
        raise DocumentError(_NO_PAGES)
    if count > MAX_PAGES:
        document.close()
        raise DocumentError(
            f"このPDFは{count:,}ページあります。一度に扱えるのは{MAX_PAGES:,}ページまでです。分けてから開いてください。"
        )
    try:
        refuse_intricate(data, password)
    except DocumentError:
        document.close()
        raise
    return document


def decrypted(data: bytes, password: str | None, document: Any) -> bytes:
    """The same pages in a file that needs no password; the bytes as given where the file is not encrypted.

    `document` is the file, opened. pikepdf keeps everything but the key; where it cannot, pdfium writes what it read.
    Call it holding `PDFIUM`.
    """
    if raw.FPDF_GetSecurityHandlerRevision(document) == -1:
        return data
    store = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data), password=password or "") as file:
            file.save(store, encryption=False)
            return store.getvalue()
    except PIKE_FAULTS:
        store = io.BytesIO()
        try:
            document.save(store, flags=raw.FPDF_REMOVE_SECURITY)
        except pypdfium2.PdfiumError:
            raise DocumentError(_DAMAGED) from None
        return store.getvalue()


def rewritten(data: bytes, password: str | None) -> bytes | None:
    """A damaged file as pikepdf repairs it, None where it can't either. Raises PasswordNeeded when it can with a
    key, DocumentError when there are no pages in it.
    """
    store = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data), password=password or "") as file:
            if not file.pages:
                raise DocumentError(_NO_PAGES)
            for page in file.pages:
                _mend_crop(page)
            file.save(store, encryption=False)
    except pikepdf.PasswordError:
        raise _reason(raw.FPDF_ERR_PASSWORD, given=bool(password)) from None
    except PIKE_FAULTS:
        return None
    return store.getvalue()


def _mend_crop(page: pikepdf.Page) -> None:
    """A visible part that lies off the paper leaves nothing of the page; viewers then show all of it."""
    try:
        left, bottom, right, top = _ordered(page.mediabox)
        x0, y0, x1, y1 = _ordered(page.cropbox)
    except PIKE_FAULTS:
        return
    if min(right, x1) <= max(left, x0) or min(top, y1) <= max(bottom, y0):
        page.obj[pikepdf.Name.CropBox] = pikepdf.Array([left, bottom, right, top])


def _ordered(box: pikepdf.Array) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(side) for side in list(box)[:4])
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def user_units(data: bytes, password: str | None = None) -> dict[int, float]:
    """Points per unit of the pages, by number from 1, that say so (/UserUnit); pdfium does not tell."""
    if b"/UserUnit" not in data and b"/ObjStm" not in data:
        return {}
    units = {}
    try:
        with pikepdf.open(io.BytesIO(data), password=password or "") as file:
            for number, page in enumerate(file.pages, 1):
                unit = float(page.obj.get("/UserUnit", 1))
                if unit != 1 and 0.01 <= unit <= _MOST_POINTS:
                    units[number] = unit
    except PIKE_FAULTS:
        return units
    return units


_MOST_POINTS = 75_000.0  # a unit may be that many points; a larger one is damage
_NO_PAGES = "このPDFにはページがありません。作成元のソフトで保存し直してください。"
_DAMAGED = (
    "このPDFは壊れていて開けません。元のファイルを取り直すか、作成元のソフトでPDFに保存し直してください。"
)


def _refuse_strangers(data: bytes) -> None:
    """What is no PDF is said to be none, in words that help: pdfium would only say that the format is wrong."""
    if not data.strip(b"\0 \t\r\n"):
        raise DocumentError("ファイルが空です。元のファイルを取り直してください。")
    if len(data) > MAX_BYTES:
        raise DocumentError(
            f"ファイルが{len(data) // 2**20:,}MBあります。一度に扱えるのは{MAX_BYTES // 2**20:,}MBまでです。"
            "ページを分けてから開いてください。"
        )
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf\0 \t\r\n").lower()
    if b"%pdf" not in data[:_HEAD].lower() and head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        raise DocumentError(
            "これはPDFではなくウェブページです。ブラウザで開いて、PDFとして保存し直してください。"
        )
    if b"%pdf" not in data[: 64 * _HEAD].lower() and b"%%eof" not in data[-_HEAD:].lower():
        raise DocumentError("これはPDFではありません。ファイルの種類を確かめてください。")


def _reason(code: int | None, *, given: bool) -> DocumentError:
    """Why pdfium would not open a file."""
    if code == raw.FPDF_ERR_PASSWORD:
        if given:
            return PasswordNeeded("パスワードが違います。確かめて、もう一度入れてください。")
        return PasswordNeeded("このPDFには鍵がかかっています。開くためのパスワードを入れてください。")
    if code == raw.FPDF_ERR_SECURITY:
        return DocumentError(
            "このPDFは、このソフトの知らない方法で暗号化されています。開けるソフトで印刷し直し、PDFに保存してください。"
        )
    return DocumentError(_DAMAGED)
