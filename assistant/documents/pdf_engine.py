"""One way to open a PDF with pdfium, and the lock every use of it needs: pdfium may not be called from two threads."""

from __future__ import annotations

import logging
import threading
from typing import Any, Final

import pypdfium2
from pypdfium2 import raw

from assistant.errors import DocumentError, PasswordNeeded

PDFIUM: Final = threading.RLock()
"""Held for every call into pdfium of this process; whoever uses pypdfium2 elsewhere takes it too."""

MAX_BYTES: Final = 200 * 1024 * 1024
"""A file is held in memory, once as given and once decrypted; a scanned 2,000-page file has about this size."""
MAX_PAGES: Final = 2000
"""Ten 300-page files: beyond that nobody settles marks in one sitting, and places of characters outgrow memory."""

# It advises to build another pdfium for XFA forms; their plain form, which every viewer shows, is read and drawn.
logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)

_HEAD = 1024  # bytes before the header that readers tolerate (ISO 32000 says none, every reader allows some)


def open_pdf(data: bytes, password: str | None = None) -> Any:
    """The `PdfDocument` of a file in memory, with its forms ready to be drawn. Call it holding `PDFIUM`.

    Raises PasswordNeeded for a missing or wrong password; DocumentError for anything that is no readable PDF, has no
    pages, or too many of them.
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
        raise DocumentError("このPDFにはページがありません。作成元のソフトで保存し直してください。")
    if count > MAX_PAGES:
        document.close()
        raise DocumentError(
            f"このPDFは{count:,}ページあります。一度に扱えるのは{MAX_PAGES:,}ページまでです。分けてから開いてください。"
        )
    return document


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
