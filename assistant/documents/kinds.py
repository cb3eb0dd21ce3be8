"""What a file is, by its content; its name only breaks ties. Files that are not taken are refused with what to do next."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from pathlib import PurePath

import olefile

from assistant.errors import DocumentError


class Kind(StrEnum):
    """How a file is read."""

    PDF = "pdf"
    WORD = "docx"
    SHEET = "xlsx"
    SLIDES = "pptx"
    OLD = "old"  # LibreOffice makes a newer file of it first
    MAIL = "mail"
    OUTLOOK = "outlook"
    IMAGE = "image"
    TEXT = "text"


_UNPACK = "まとめられたファイル（{what}）です。展開（解凍）して、中のファイルを一つずつ選んでください。"
_LOCKED = "パスワードのかかったWord、Excel、PowerPointのファイルです。元のソフトで開き、パスワードを外して保存してから選び直してください。"
_ICHITARO = "一太郎のファイルは読めません。一太郎で開き、PDFに保存（印刷）してから選び直してください。"
_HTML = "中身がウェブページ（HTML）です。ブラウザーで開き、PDFに印刷（保存）してから選び直してください。"
_EMPTY = "ファイルが空です（0バイト）。元のファイルを確かめて選び直してください。"
_HEIC = "スマートフォンの写真の形式（HEIC、AVIF）は読めません。JPEGかPNGに変換してから選び直してください。"
_UNKNOWN = "この種類のファイルは読めません。元のソフトで開き、PDFに保存（印刷）してから選び直してください。"
_BROKEN = "ファイルが壊れています。元のソフトで開いて保存し直すか、PDFに保存してから選び直してください。"

_HEAD = 1024  # PDF readers look for the mark this far
_PACKED = (
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"MSCF", "cab"),
    (b"PK\x05\x06", "ZIP"),
)
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8", b"\x00\x00\x00\x0cjP  ")
_PROGRAMS = (b"MZ", b"\x7fELF", b"SQLite format 3\x00", b"8BPS", b"AC10", b"OggS", b"ID3", b"fLaC")
_PLAIN = (".txt", ".csv", ".tsv", ".md", ".log", ".json", ".xml", ".toml", ".ini", ".tex")
_MAILS = (".eml", ".emlx", ".mail", ".mbox")
_ICHITARO_SUFFIXES = (".jtd", ".jtt", ".jtdc", ".jttc", ".jaw", ".jbw", ".jfw", ".jvw")
_PHONE_PICTURES = (b"hei", b"avi", b"mif", b"hev", b"msf")
_MARKUP = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_HEADER = re.compile(
    rb"(?:from|to|cc|subject|date|received|return-path|delivered-to|message-id|mime-version|content-type|x-[a-z-]+|"
    rb"reply-to|sender|dkim-signature|arc-[a-z-]+|authentication-results):",
    re.I,
)
_OPEN_DOCUMENTS = {"text": ".odt", "spreadsheet": ".ods", "presentation": ".odp"}
_OLD_SUFFIX = {"WordDocument": ".doc", "Workbook": ".xls", "Book": ".xls", "PowerPoint Document": ".ppt"}
_KIND_OF_PART = (("word/", Kind.WORD), ("xl/", Kind.SHEET), ("ppt/", Kind.SLIDES))


def kind_of(data: bytes, name: str) -> tuple[Kind, str]:
    """(how it is read, the suffix its content deserves). Raises DocumentError for what is not taken."""
    suffix = PurePath(name).suffix.lower()
    if not data:
        raise DocumentError(_EMPTY)
    if not data.strip(b"\x00"):
        raise DocumentError(_BROKEN)
    _refuse(data)
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    if data.startswith(olefile.MAGIC):
        return _ole_kind(data, suffix)
    if data.startswith(b"{\\rtf"):
        return Kind.OLD, ".rtf"
    return (Kind.IMAGE, suffix) if _is_picture(data) else _by_words(data, suffix)


def _refuse(data: bytes) -> None:
    """Raises for archives, programs and media, which say by their first bytes what they are."""
    for mark, what in _PACKED:
        if data.startswith(mark):
            raise DocumentError(_UNPACK.format(what=what))
    if data[2:5] == b"-lh" and data[6:7] == b"-":
        raise DocumentError(_UNPACK.format(what="LZH"))
    if data[4:8] == b"ftyp":
        raise DocumentError(_HEIC if data[8:11] in _PHONE_PICTURES else _UNKNOWN)
    if data.startswith(_PROGRAMS) and b"\x00" in data[:_HEAD]:  # "MZ" and "ID3" begin words too
        raise DocumentError(_UNKNOWN)


def _by_words(data: bytes, suffix: str) -> tuple[Kind, str]:
    """What has no mark of its own at its very beginning."""
    head = data[:_HEAD]
    plain = suffix in _PLAIN
    if data.startswith(b"%PDF-") or (b"%PDF-" in head and not plain and suffix not in _MAILS):
        return Kind.PDF, ".pdf"
    if not plain and _MARKUP.match(_bare(head)):
        raise DocumentError(_HTML)
    if not plain and _is_mail(head, suffix):
        return Kind.MAIL, ".eml"
    if suffix in _ICHITARO_SUFFIXES:
        raise DocumentError(_ICHITARO)
    # A PDF without its mark is damaged, or something else by that name: the PDF reader says which.
    return (Kind.PDF, ".pdf") if suffix == ".pdf" else (Kind.TEXT, suffix or ".txt")


def _bare(head: bytes) -> bytes:
    """Markup in ASCII, whatever its marks of encoding."""
    return head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").replace(b"\x00", b"")


def _is_picture(data: bytes) -> bool:
    if data.startswith(_PICTURES) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return True
    # "BM" begins words too: the size that follows tells a picture.
    return data.startswith(b"BM") and len(data) > 26 and data[6:10] == bytes(4) and data[14:18] in (
        b"\x0c\x00\x00\x00", b"\x28\x00\x00\x00", b"\x6c\x00\x00\x00", b"\x7c\x00\x00\x00",
    )  # fmt: skip


def _is_mail(head: bytes, suffix: str) -> bool:
    """A mail begins with headers; without the name of one it takes three of them, one saying from whom."""
    lines = re.split(rb"\r?\n(?![ \t])", head)
    if lines and lines[0].startswith(b"From "):
        lines = lines[1:]
    headers = []
    for line in lines:
        if not re.match(rb"[!-9;-~]+:", line):
            break
        headers.append(line)
    known = [line for line in headers if _HEADER.match(line)]
    if suffix in _MAILS:
        return bool(known)
    return len(known) >= 3 and any(
        line.lower().startswith((b"from:", b"received:", b"return-path:", b"mime-version:")) for line in known
    )


def _zip_kind(data: bytes) -> tuple[Kind, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype")[:200] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        raise DocumentError(_BROKEN) from None
    if b"opendocument" in mimetype:
        for word, suffix in _OPEN_DOCUMENTS.items():
            if word.encode() in mimetype:
                return Kind.OLD, suffix
        raise DocumentError(_UNKNOWN)
    if "[Content_Types].xml" in names:
        if "xl/workbook.bin" in names:
            return Kind.OLD, ".xlsb"
        for folder, kind in _KIND_OF_PART:
            if any(name.startswith(folder) for name in names):
                return kind, f".{kind.value}"
        raise DocumentError(_UNKNOWN)
    raise DocumentError(_UNPACK.format(what="ZIP"))


def _ole_kind(data: bytes, suffix: str) -> tuple[Kind, str]:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            streams = {entry[0] for entry in ole.listdir()}
    except (OSError, ValueError, IndexError, TypeError, OverflowError):
        raise DocumentError(_BROKEN) from None
    if "EncryptedPackage" in streams:
        raise DocumentError(_LOCKED)
    if "__properties_version1.0" in streams:
        return Kind.OUTLOOK, ".msg"
    for stream, old in _OLD_SUFFIX.items():
        if stream in streams:
            return Kind.OLD, old
    if "DocumentText" in streams or suffix in _ICHITARO_SUFFIXES:
        raise DocumentError(_ICHITARO)
    raise DocumentError(_UNKNOWN)
