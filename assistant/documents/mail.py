"""A mail as one reads it: who, to whom, when, about what, and the body; headers not shown and attachments are listed."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from html.parser import HTMLParser

from assistant.documents.hoard import Hoard, Inner
from assistant.domain.document import HiddenKind
from assistant.errors import DocumentError
from assistant.text.charsets import UnknownCharset, decode

SHOWN = (("From", "差出人"), ("To", "宛先"), ("Cc", "CC"), ("Date", "送信日時"), ("Subject", "件名"))
"""Headers that are part of the page, with what mail programs here call them."""

_MOST_PARTS = 1_000
_BREAK_TAGS = "p div br tr li table h1 h2 h3 h4 h5 h6 blockquote pre ul ol hr section article header footer"
_BREAKS = frozenset(_BREAK_TAGS.split())
_UNSHOWN = frozenset(("script", "style", "head", "title", "template"))
_EMPTY_NAMES = "area base br col embed hr img input link meta source track wbr"
_EMPTY_TAGS = frozenset(_EMPTY_NAMES.split())
_ENDED_BY_THE_NEXT = frozenset(("p", "li", "td", "th", "tr", "option"))
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_FOR_OFFICE = re.compile(r"\s*\[(?:if|endif)\b", re.I)
_SEVERAL = (
    "何通かのメールが一つにまとまったファイルです。メールソフトで一通ずつ保存してから選び直してください。"
)
_NEXT = re.compile(rb"\r?\n\r?\nFrom \S+ [^\r\n]*\d{4}[^\r\n]*\r?\n[!-9;-~]+:")
_BROKEN = "メールとして読めません。メールソフトで開き、PDFに印刷（保存）してから選び直してください。"
_NAME = re.compile(r"[\x00-\x1f/\\]")
_FAULTS = (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail's page of text, and sentences for the person who opened it."""

    text: str
    notes: tuple[str, ...] = ()


def read_mail(data: bytes, hoard: Hoard, inner: Inner) -> Letter:
    """A mail of a file (.eml). Raises DocumentError when it is none, or several."""
    if data.startswith(b"From ") and _NEXT.search(data):
        raise DocumentError(_SEVERAL)
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        parts = list(_parts(message))
    except _FAULTS:
        raise DocumentError(_BROKEN) from None
    bodies = [part for part in parts if _is_body(part)]
    plain = [part for part in bodies if part.get_content_type() == "text/plain"]
    shown = plain or bodies
    raw: dict[str, str] = {}
    for (
        name,
        value,
    ) in message.raw_items():  # `items` would lose the bytes of programs that do not encode headers
        raw.setdefault(name.title(), value)
        if name.title() not in dict(SHOWN):
            hoard.add_words(HiddenKind.PROPERTIES, f"メールの見えないヘッダー（{name}）", header_text(value))
    body = "\n".join(_body(part)[0] for part in shown).strip("\n")
    for part in bodies:
        text, unseen = _body(part)
        if part not in shown:
            hoard.add_words(HiddenKind.HIDDEN_TEXT, "本文のもう一つの形（HTML）", text)
        hoard.add_words(HiddenKind.HIDDEN_TEXT, "本文の見えない文字（HTML）", unseen)
    count = 0
    for part in parts:
        if part not in bodies:
            count += 1
            attach(_file_name(part) or f"添付{count}", _content(part), hoard, inner)
    heads = [(label, header_text(raw[name])) for name, label in SHOWN if name in raw]
    return Letter(text=page_text(heads, body), notes=attachment_notes(count))


def page_text(heads: list[tuple[str, str]], body: str) -> str:
    """The page of a mail: a line a header, an empty line, the body."""
    return "\n".join([*(f"{label}：{value}" for label, value in heads if value), "", body])


def attachment_notes(count: int) -> tuple[str, ...]:
    """What to do with attachments."""
    if not count:
        return ()
    return (
        f"添付ファイルが{count}件あります。このメールの黒塗りには入りません。公開の対象なら、保存して一つずつ開いてください。",
    )


def attach(name: str, data: bytes, hoard: Hoard, inner: Inner) -> None:
    """Lists an attachment with its name and, where it is readable, its text."""
    hoard.add(HiddenKind.ATTACHMENT, "添付ファイル", f"{name}\n{inner(name, data)}")


def html_text(html: str) -> tuple[str, str]:
    """The text of a page of HTML, and that of its parts which are not shown; nothing is loaded."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    shown = re.sub(r"[ \t\r\f\v\xa0]+", " ", "".join(reader.shown))
    return re.sub(r" ?\n ?(?:\n ?)+", "\n\n", shown).strip(), " ".join(reader.unseen).strip()


def header_text(value: object) -> str:
    """A header in letters: encoded words, raw bytes of whatever encoding, folded lines."""
    text = str(value)
    if any("\udc80" <= letter <= "\udcff" for letter in text):
        text = _told(text.encode("utf-8", "surrogateescape"), None)
    elif "\x1b" in text and text.isascii():  # ISO-2022-JP that was not encoded
        text = _told(text.encode("ascii"), None)
    pieces: list[str] = []
    try:
        for piece, charset in decode_header(re.sub(r"\r?\n[ \t]+", " ", text)):
            pieces.append(_told(piece, charset) if isinstance(piece, bytes) else piece)
    except _FAULTS:
        return text
    return " ".join("".join(pieces).split())


def _parts(message: Message) -> Iterator[Message]:
    """The leaves of a mail; a mail inside a mail is one, an attachment."""
    stack, count = [message], 0
    while stack:
        part = stack.pop()
        count += 1
        if count > _MOST_PARTS:
            raise ValueError("too many parts")
        content = part.get_payload()
        if part.get_content_type() == "message/rfc822" or not isinstance(content, list):
            yield part
        else:
            stack.extend(reversed([each for each in content if isinstance(each, Message)]))


def _is_body(part: Message) -> bool:
    return (
        part.get_content_type() in ("text/plain", "text/html")
        and part.get_content_disposition() != "attachment"
        and not _file_name(part)
    )


def _body(part: Message) -> tuple[str, str]:
    """What it shows, and what it hides."""
    text = _told(_content(part), part.get_content_charset())
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return html_text(text) if part.get_content_type() == "text/html" else (text, "")


def _content(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inside = part.get_payload()
        first = inside[0] if isinstance(inside, list) and inside else None
        return first.as_bytes() if isinstance(first, Message) else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _file_name(part: Message) -> str:
    """The name of an attachment, also where a program broke the rules for names beyond ASCII."""
    try:
        name = part.get_filename()
    except _FAULTS:
        return ""
    return _NAME.sub("_", header_text(name)) if name else ""


def _told(data: bytes, charset: str | None) -> str:
    """Letters of bytes that claim an encoding; what cannot be read at all keeps its place as U+FFFD."""
    claimed = None if charset in (None, "unknown-8bit", "us-ascii") else charset
    try:
        return decode(data, told=claimed).text
    except UnknownCharset:
        try:
            return data.decode(claimed or "utf-8", "replace")
        except LookupError:
            return data.decode("utf-8", "replace")


class _Text(HTMLParser):
    """Collects the text of HTML: what is shown, and comments and hidden parts (newsletters begin with some)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.unseen: list[str] = []
        self._skipped = 0
        self._hidden: list[str] = []  # the tag that hides, and those of its name within it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden and tag == self._hidden[0] and tag in _ENDED_BY_THE_NEXT:
            self._hidden.clear()
        if (self._hidden and tag == self._hidden[0]) or (
            not self._hidden and tag not in _EMPTY_TAGS and _hides(attrs)
        ):
            self._hidden.append(tag)
        if tag in _UNSHOWN:
            self._skipped += 1
        if tag in _BREAKS:
            self.shown.append("\n")
        elif tag in ("td", "th"):
            self.shown.append("\t")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSHOWN:
            self._skipped = max(0, self._skipped - 1)
        if self._hidden and tag == self._hidden[0]:
            self._hidden.pop()
        if tag in _BREAKS and tag != "br":
            self.shown.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            (self.unseen if self._hidden else self.shown).append(data)

    def handle_comment(self, data: str) -> None:
        if not _FOR_OFFICE.match(data):
            self.unseen.append(data)


def _hides(attrs: list[tuple[str, str | None]]) -> bool:
    told = dict(attrs)
    return "hidden" in told or bool(_HIDING.search(told.get("style") or ""))
