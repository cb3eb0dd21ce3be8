"""Text → Document: its encoding told apart, a BOM dropped, newlines made one, a form feed separating pages (design.md §5)."""

from __future__ import annotations

from pathlib import Path

from assistant.domain.document import Document
from assistant.errors import DocumentError
from assistant.text.charsets import UnknownCharset, decode

MAX_CHARACTERS = 200_000
"""Longest passage taken at once, in code points; a hundred printed pages."""
_FILES = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # what a person would send down a pipe by mistake
_NOT_TEXT = (
    "文字ではなくファイル（PDF、Word、Excelなど）の中身が渡されました。"
    "「-」の代わりにファイルの名前を指定してください。"
)
_UNREADABLE = (
    "ファイルが文字として読めません。日本語の文字コード（UTF-8、Shift_JIS、EUC-JP、ISO-2022-JP）でないか、"
    "文字のファイルではありません。メモ帳などで文字コードをUTF-8にして保存し直してください。"
)
_EMPTY = "文章がありません。調べたい文章を貼り付けるか、文字のあるファイルを選んでください。"


def of_passage(
    text: str, *, name: str = "貼り付けた文章", doc_type: str | None = None, most: int = MAX_CHARACTERS
) -> Document:
    """A document from pasted text. Raises DocumentError for an empty or an over-long one; offsets are as given
    after newlines are made one and a BOM is dropped."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not any(_shows(letter) for letter in plain):
        raise DocumentError(_EMPTY)
    if len(plain) > most:
        raise DocumentError(
            f"文章が長すぎます（{len(plain):,}字。一度に調べられるのは{most:,}字まで）。"
            "章やページごとに分けて調べてください。"
        )
    # A lone surrogate cannot be written to any file or database; U+FFFD shows it, and every position stays.
    shown = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in plain)
    return Document.of_texts(tuple(shown.split("\f")), name=name, doc_type=doc_type)


def of_bytes(data: bytes, *, name: str, doc_type: str | None = None) -> Document:
    """A document from a text file's bytes. Raises DocumentError with what to do when they are no Japanese text."""
    return of_passage(decoded(data), name=name, doc_type=doc_type)


def decoded(data: bytes) -> str:
    """The text of a text file's bytes. Raises DocumentError with what to do when they are no Japanese text."""
    if data.startswith(_FILES):
        raise DocumentError(_NOT_TEXT)
    try:
        return decode(data).text
    except UnknownCharset:
        raise DocumentError(_UNREADABLE) from None


def is_plain(data: bytes) -> bool:
    """Whether bytes are UTF-8 words, and not the beginning of a file of another kind."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not data.startswith(_FILES)


def of_file(path: Path, *, doc_type: str | None = None) -> Document:
    """A document from a file on disk; see `of_bytes`."""
    return of_bytes(read_bytes(path), name=path.name, doc_type=doc_type)


def read_bytes(path: Path, *, most: int | None = None) -> bytes:
    """The bytes of a file on disk. Raises DocumentError: absent, not to be read, or larger than `most`."""
    try:
        if most is not None and path.stat().st_size > most:
            raise DocumentError(
                f"ファイルが大きすぎます（{most // (1024 * 1024):,}MBまで）。必要な部分だけに分けてから選び直してください。"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise DocumentError("指定されたファイルがありません。名前と場所を確かめてください。") from None
    except OSError:
        raise DocumentError(
            "指定されたファイルを開けません。フォルダでないか、読む権限があるかを確かめてください。"
        ) from None


def _shows(letter: str) -> bool:
    return not letter.isspace() and letter.isprintable()
