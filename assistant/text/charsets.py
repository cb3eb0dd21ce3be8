"""In which encoding bytes were written: what Japanese offices save text as, told apart without guessing wildly.

An encoding that says so itself (a byte order mark, the escapes of ISO-2022-JP) is believed. UTF-8 is hardly ever valid
by chance. Shift_JIS and EUC-JP often are valid as one another, so both are read and the better Japanese is taken
(`garbled.py` has the measure); where neither reads as Japanese the bytes are refused rather than shown as mojibake.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from assistant.text.garbled import garbled_in, japanese_worth

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ESCAPES = re.compile(rb"\x1b(?:\$[@B]|\$\([DOPQ]|\([BJI])")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Wider sets first: they read everything the narrower ones do, and the NEC and IBM letters (①㈱髙) besides.
_ISO_2022 = ("iso2022_jp_2004", "iso2022_jp_ext", "iso2022_jp_2")
_MULTIBYTE = ("cp932", "euc_jp", "euc_jis_2004", "shift_jis_2004")
_GAIN = 0.05  # by how much a later candidate must read better
_LEAST = -0.45  # mean worth below which text is not Japanese; a list of rare names alone has about -0.4
_KANA_OF_EUC = re.compile(rb"(?:\x8e[\xa1-\xdf])+")
# What every second line of Chinese or Korean has; their two-byte letters stand where EUC-JP has ideographs.
_FOREIGN = (
    ("gb18030", re.compile("[的是不了在这为们对说]")),
    ("big5", re.compile("[的是不了在這為們對說]")),
    ("cp949", re.compile("[이다는을를에의하고지]")),
)
_WHOLE_TO_LOST = 50
_SAMPLE = 40_000  # letters that are judged


class UnknownCharset(ValueError):
    """The bytes are no text in an encoding that is known to be used for Japanese."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and the encoding (Python's name) its bytes were written in."""

    text: str
    charset: str


def decode(data: bytes, *, told: str | None = None) -> Decoded:
    """The text of `data`; `told`: the encoding a mail or page claims, believed when its letters are not garbled.

    Raises UnknownCharset: binary data, another country's encoding, or too damaged to tell.
    """
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data[len(mark) :], charset), charset)
    if b"\0" not in data:
        data = data.rstrip(b"\x1a")  # the end of a file, as programs of the eighties wrote it
    claimed = _as_claimed(data, told)
    if claimed is not None:
        return claimed
    if _ESCAPES.search(data) and max(data) < 0x80:
        return _first(data, _ISO_2022)
    wide = _wide_without_mark(data)
    if wide is not None:
        return wide
    try:
        return _checked(Decoded(data.decode("utf-8"), "utf-8"))
    except UnicodeDecodeError:
        return _damaged(data) or _best(data)


def _as_claimed(data: bytes, told: str | None) -> Decoded | None:
    """As the claim says. Mail programs write "Shift_JIS" and "ISO-2022-JP" for Microsoft's wider sets."""
    if told is None:
        return None
    names = {"shift_jis": ("cp932",), "iso2022_jp": _ISO_2022, "euc_jp": ("euc_jp", "euc_jis_2004")}
    try:
        name = codecs.lookup(told).name
    except (LookupError, ValueError):
        return None
    if name == "iso2022_jp" and _ESCAPES.search(data) and max(data) < 0x80:
        return None  # it says so itself
    for charset in names.get(name, (name,)):
        try:
            text = data.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
        if not _CONTROL.search(text) and garbled_in(text[:_SAMPLE]) is None:
            return Decoded(text, charset)
    return None


def _strictly(data: bytes, charset: str) -> str:
    try:
        return _checked(Decoded(data.decode(charset), charset)).text
    except UnicodeDecodeError:
        raise UnknownCharset(charset) from None


def _first(data: bytes, charsets: tuple[str, ...]) -> Decoded:
    for charset in charsets:
        try:
            return _checked(Decoded(data.decode(charset), charset))
        except UnicodeDecodeError:
            continue
    return _checked(Decoded(_microsofts_iso_2022(data), "cp50221"))


def _microsofts_iso_2022(data: bytes) -> str:
    """ISO-2022-JP as Outlook writes it: the letters of code page 932 (①㈱髙) in rows the standard leaves empty.

    Each pair is moved to where Shift_JIS has it. Raises UnknownCharset.
    """
    parts: list[str] = []
    at, ends = 0, [*_ESCAPES.finditer(data), None]
    two, kana = False, False
    for escape in ends:
        run = data[at : escape.start() if escape else len(data)]
        try:
            parts.append(
                _moved(run) if two else bytes(byte | (0x80 if kana else 0) for byte in run).decode("cp932")
            )
        except UnicodeDecodeError:
            raise UnknownCharset("cp50221") from None
        if escape is not None:
            at = escape.end()
            two, kana = escape[0].startswith(b"\x1b$"), escape[0] == b"\x1b(I"
    return "".join(parts)


def _moved(run: bytes) -> str:
    """Pairs of seven bits in letters; ends of lines between them as they are."""
    moved = bytearray()
    at = 0
    while at < len(run):
        if run[at] <= 0x20 or at + 1 == len(run):
            moved.append(run[at])
            at += 1
            continue
        row, cell = run[at], run[at + 1]
        moved.append((row + 1) // 2 + (0x70 if row < 0x5F else 0xB0))
        moved.append(cell + (0x7E if not row % 2 else 0x1F if cell < 0x60 else 0x20))
        at += 2
    try:
        return moved.decode("cp932")
    except UnicodeDecodeError:
        raise UnknownCharset("cp50221") from None


def _damaged(data: bytes) -> Decoded | None:
    """UTF-8 that was cut off or has a bad byte here and there; what is lost keeps its place as U+FFFD.

    Nearly all of it are letters of three bytes, which no other encoding gives by chance.
    """
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    whole = sum("\u3000" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef" for letter in text)
    beyond = sum(not letter.isascii() for letter in text) - lost
    if whole < 8 or whole * 10 < beyond * 9 or lost * _WHOLE_TO_LOST > whole + _WHOLE_TO_LOST:
        return None
    return _checked(Decoded(text, "utf-8"))


def _wide_without_mark(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: every second byte of its ASCII letters and newlines is zero, always on the same side."""
    zeros = data[:4000].count(0)
    if len(data) % 2 or not zeros:
        return None
    charset = "utf-16-le" if data[1:4000:2].count(0) * 2 >= zeros else "utf-16-be"
    try:
        decoded = _checked(Decoded(data.decode(charset), charset))
    except UnicodeDecodeError:
        raise UnknownCharset(charset) from None
    if japanese_worth(decoded.text[:_SAMPLE]) < _LEAST:  # words with a few zeros among them
        raise UnknownCharset(charset)
    return decoded


def _checked(decoded: Decoded) -> Decoded:
    """Refuses text with the control characters of binary data; escape, form feed and tab are text."""
    strange = len(_CONTROL.findall(decoded.text[:_SAMPLE]))
    if "\x00" in decoded.text or strange * 200 > len(decoded.text[:_SAMPLE]):
        raise UnknownCharset(decoded.charset)
    return decoded


def _best(data: bytes) -> Decoded:
    """The best Japanese among the encodings in which the bytes are valid."""
    best: tuple[float, Decoded] | None = None
    for charset in _MULTIBYTE:
        try:
            decoded = _checked(Decoded(data.decode(charset), charset))
        except (UnicodeDecodeError, UnknownCharset):
            continue
        if charset == "euc_jp" and _is_half_width_euc(data):
            return decoded
        worth = japanese_worth(decoded.text[:_SAMPLE])
        if best is None or worth > best[0] + _GAIN:
            best = worth, decoded
    if best is None or best[0] < _LEAST or _is_foreign(data, best[1].text):
        raise UnknownCharset("none")
    return best[1]


def _is_half_width_euc(data: bytes) -> bool:
    """Half-width kana of EUC-JP, each led by one byte: as Shift_JIS they would be ideographs of a single row."""
    kana = sum(len(run) for run in _KANA_OF_EUC.findall(data))
    return kana >= 8 and kana * 5 >= 4 * sum(byte >= 0x80 for byte in data)


def _is_foreign(data: bytes, read: str) -> bool:
    """Whether the bytes are better Chinese or Korean: no kana this way, the commonest words that way."""
    if any("ぁ" <= letter <= "ヺ" for letter in read):
        return False
    for charset, common in _FOREIGN:
        other = data.decode(charset, "ignore")
        if len(common.findall(other)) * 40 > sum(not letter.isascii() for letter in other):
            return True
    return False
