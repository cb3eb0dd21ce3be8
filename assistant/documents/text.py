"""Text → Document: UTF-8, a BOM dropped, newlines made one, a form feed separating pages (design.md §5)."""

from __future__ import annotations

from pathlib import Path

from assistant.domain.document import Document
from assistant.errors import DocumentError

MAX_CHARACTERS = 200_000
"""Longest passage taken at once, in code points; a hundred printed pages."""
_EMPTY = "文章がありません。調べたい文章を貼り付けるか、文字のあるファイルを選んでください。"


def of_passage(text: str, *, name: str = "貼り付けた文章", doc_type: str | None = None) -> Document:
    """A document from pasted text. Raises DocumentError for an empty or an over-long one; offsets are as given
    after newlines are made one and a BOM is dropped."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not any(_shows(letter) for letter in plain):
        raise DocumentError(_EMPTY)
    if len(plain) > MAX_CHARACTERS:
        raise DocumentError(
            f"文章が長すぎます（{len(plain):,}字。一度に調べられるのは{MAX_CHARACTERS:,}字まで）。"
            "章やページごとに分けて調べてください。"
        )
    # A lone surrogate cannot be written to any file or database; U+FFFD shows it, and every position stays.
    shown = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in plain)
    return Document.of_texts(tuple(shown.split("\f")), name=name, doc_type=doc_type)


def of_bytes(data: bytes, *, name: str, doc_type: str | None = None) -> Document:
    """A document from a text file's bytes. Raises DocumentError with what to do when they are not UTF-8 text."""
    if data.startswith(b"%PDF-"):
        raise DocumentError(_about_pdf(data))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DocumentError(
            "WordやExcelのファイルはまだ読めません。文字を写して貼り付けるか、テキスト（UTF-8）で保存してください。"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(
            "ファイルがUTF-8の文字として読めません。メモ帳などで文字コードをUTF-8にして保存し直してください。"
        ) from None
    return of_passage(text, name=name, doc_type=doc_type)


def of_file(path: Path, *, doc_type: str | None = None) -> Document:
    """A document from a file on disk; see `of_bytes`."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DocumentError("指定されたファイルがありません。名前と場所を確かめてください。") from None
    except OSError:
        raise DocumentError(
            "指定されたファイルを開けません。フォルダでないか、読む権限があるかを確かめてください。"
        ) from None
    return of_bytes(data, name=path.name, doc_type=doc_type)


def _shows(letter: str) -> bool:
    return not letter.isspace() and letter.isprintable()


def _about_pdf(data: bytes) -> str:
    """What to do with a PDF until PDFs are read: says whether it has text to copy at all."""
    import io

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            return "PDFはまだ読めません。このPDFには鍵がかかっています。鍵を外した文字を写して貼り付けてください。"
        has_text = any((page.extract_text() or "").strip() for page in reader.pages[:5])
    except (PyPdfError, OSError, ValueError, KeyError, RecursionError):
        return "PDFはまだ読めず、このPDFは壊れているようです。元の文書から文字を写して貼り付けてください。"
    if not has_text:
        return (
            "PDFはまだ読めません。このPDFは画像だけで文字がないようです。文字を打ち直して貼り付けてください。"
        )
    return (
        f"PDFはまだ読めません。このPDF（{len(reader.pages)}ページ）の文字を選んで写し、貼り付けてください。"
    )
