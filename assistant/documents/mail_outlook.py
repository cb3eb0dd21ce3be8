"""Outlook's mail files (.msg): properties in streams of an OLE file (MS-OXMSG, MS-OXPROPS), the page as of other mails."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import olefile

from assistant.documents.hoard import Hoard, Inner
from assistant.documents.mail import Letter, attach, attachment_notes, html_text, page_text
from assistant.domain.document import HiddenKind
from assistant.errors import DocumentError
from assistant.text.charsets import UnknownCharset, decode

_BROKEN = "メールとして読めません。Outlookで開き、PDFに印刷（保存）してから選び直してください。"
_RICH_ONLY = "このメールの本文はリッチテキストだけなので読めません。Outlookで開き、PDFに印刷（保存）してから選び直してください。"
_SUBJECT, _SENDER, _SENDER_MAIL, _SENDER_SMTP = "0037", "0C1A", "0C1F", "5D01"
_TO, _CC, _BCC, _BODY, _HTML, _RICH = "0E04", "0E03", "0E02", "1000", "1013", "1009"
_HEADERS, _FILE, _FILE_SHORT, _DATA = "007D", "3707", "3704", "3701"
_NAME, _SMTP, _MAIL = "3001", "39FE", "3003"
_TIMES = (0x00390040, 0x0E060040)  # sent, received
_TEXT, _NARROW, _BINARY = "001F", "001E", "0102"
_SINCE = datetime(1601, 1, 1, tzinfo=UTC)
_JAPAN = timezone(timedelta(hours=9))
_MOST = 100 * 1024 * 1024
_FAULTS = (
    OSError,
    ValueError,
    struct.error,
    IndexError,
    KeyError,
    OverflowError,
    TypeError,
)


def read_outlook(data: bytes, hoard: Hoard, inner: Inner) -> Letter:
    """A mail of Outlook. Raises DocumentError when it is damaged."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return _letter(ole, hoard, inner)
    except _FAULTS:
        raise DocumentError(_BROKEN) from None


def _letter(ole: olefile.OleFileIO, hoard: Hoard, inner: Inner) -> Letter:
    folders = sorted({entry[0] for entry in ole.listdir() if len(entry) > 1})
    heads = [
        (
            "差出人",
            _who(_text(ole, "", _SENDER), _text(ole, "", _SENDER_SMTP) or _text(ole, "", _SENDER_MAIL)),
        ),
        ("宛先", _text(ole, "", _TO)),
        ("CC", _text(ole, "", _CC)),
        ("送信日時", _sent(ole)),
        ("件名", _text(ole, "", _SUBJECT)),
    ]
    body, html = _text(ole, "", _BODY).replace("\r\n", "\n").replace("\r", "\n"), _html(ole)
    notes: list[str] = []
    if not body.strip():
        body = html
        if not body and _has(ole, "", _RICH):
            notes.append(_RICH_ONLY)
    elif html:
        hoard.add_words(HiddenKind.HIDDEN_TEXT, "本文のもう一つの形（HTML）", html)
    hoard.add_words(HiddenKind.PROPERTIES, "メールの見えないヘッダー", _text(ole, "", _HEADERS))
    hoard.add_words(HiddenKind.PROPERTIES, "メールの見えないヘッダー（BCC）", _text(ole, "", _BCC))
    for folder in (each for each in folders if each.startswith("__recip_version1.0_")):
        address = _text(ole, folder, _SMTP) or _text(ole, folder, _MAIL)
        hoard.add_words(HiddenKind.PROPERTIES, "宛先のアドレス", _who(_text(ole, folder, _NAME), address))
    attached = [each for each in folders if each.startswith("__attach_version1.0_")]
    for number, folder in enumerate(attached, 1):
        name = _text(ole, folder, _FILE) or _text(ole, folder, _FILE_SHORT) or f"添付{number}"
        attach(name, _stream(ole, folder, _DATA, _BINARY), hoard, inner)
    return Letter(text=page_text(heads, body), notes=(*notes, *attachment_notes(len(attached))))


def _who(name: str, address: str) -> str:
    if not address or "@" not in address or address == name:
        return name or address
    return f"{name} <{address}>" if name else address


def _path(folder: str, number: str, kind: str) -> str:
    stream = f"__substg1.0_{number}{kind}"
    return f"{folder}/{stream}" if folder else stream


def _has(ole: olefile.OleFileIO, folder: str, number: str) -> bool:
    return bool(ole.exists(_path(folder, number, _BINARY)))


def _stream(ole: olefile.OleFileIO, folder: str, number: str, kind: str) -> bytes:
    path = _path(folder, number, kind)
    if not ole.exists(path) or ole.get_type(path) != olefile.STGTY_STREAM or ole.get_size(path) > _MOST:
        return b""
    return bytes(ole.openstream(path).read())


def _text(ole: olefile.OleFileIO, folder: str, number: str) -> str:
    """A property in letters: UTF-16 in newer files, the sender's code page in older ones."""
    wide = _stream(ole, folder, number, _TEXT)
    if wide:
        return wide.decode("utf-16-le", "replace").rstrip("\x00")
    return _decoded(_stream(ole, folder, number, _NARROW))


def _html(ole: olefile.OleFileIO) -> str:
    page = _decoded(_stream(ole, "", _HTML, _BINARY)) or _text(ole, "", _HTML)
    return html_text(page)[0] if page else ""


def _decoded(data: bytes) -> str:
    data = data.rstrip(b"\x00")
    try:
        return decode(data).text if data else ""
    except UnknownCharset:
        return data.decode("cp932", "replace")


def _sent(ole: olefile.OleFileIO) -> str:
    """When it was sent, in Japan's time: 100-nanosecond steps since 1601 among the fixed properties."""
    times = dict(_fixed(ole))
    for number in _TIMES:
        steps = times.get(number, 0)
        if steps:
            moment = (_SINCE + timedelta(microseconds=steps // 10)).astimezone(_JAPAN)
            return f"{moment:%Y年%m月%d日 %H:%M}"
    return ""


def _fixed(ole: olefile.OleFileIO) -> Iterator[tuple[int, int]]:
    """(property, eight bytes as a number) of the stream of fixed properties, behind its 32 bytes of head."""
    if not ole.exists("__properties_version1.0"):
        return
    data = ole.openstream("__properties_version1.0").read()
    for at in range(32, len(data) - 15, 16):
        number, _, value = struct.unpack_from("<IIQ", data, at)
        yield number, value
