"""What a picture file says about itself: Exif with the place it was taken, texts of PNG, XMP."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from PIL import ExifTags, Image

_WIDE = ("XPTitle", "XPComment", "XPAuthor", "XPKeywords", "XPSubject")  # written by Windows as UTF-16
_LONGEST = 20_000
_TEXTS = re.compile(rb">([^<>]*[^<>\s][^<>]*)<")
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    KeyError,
    TypeError,
    Image.DecompressionBombError,
    OverflowError,
)


def picture_properties(data: bytes) -> tuple[tuple[str, str], ...]:
    """(name, text) of each property; empty where the bytes are no picture or say nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as picture:
                return tuple(properties_of(picture))
    except _UNREADABLE:
        return ()


def properties_of(picture: Image.Image) -> Iterator[tuple[str, str]]:
    """(name, text) of each property of an open picture; pixels are not read."""
    exif = picture.getexif()
    for tags in (exif, exif.get_ifd(ExifTags.IFD.Exif)):
        for number, value in tags.items():
            name = ExifTags.TAGS.get(number, str(number))
            text = _text(name, value)
            if text:
                yield name, text
    place = _place(exif.get_ifd(ExifTags.IFD.GPSInfo))
    if place:
        yield "GPS", place
    for key, value in picture.info.items():
        if key in ("xmp", "XML:com.adobe.xmp") or (isinstance(value, bytes) and b"x:xmpmeta" in value):
            raw = value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
            yield (
                "XMP",
                " ".join(
                    found.decode("utf-8", "replace").strip() for found in _TEXTS.findall(raw[: _LONGEST * 4])
                ),
            )
        elif isinstance(key, str) and isinstance(value, str) and key != "dpi":
            yield key, str(value)[:_LONGEST]
        elif key == "comment" and isinstance(value, bytes):
            yield "Comment", _decoded(value)


def _text(name: str, value: object) -> str:
    """A property as text; binary ones (thumbnails, maker's notes) give none."""
    if name in _WIDE and isinstance(value, bytes | tuple):
        return bytes(value).decode("utf-16-le", "replace").rstrip("\x00")
    if isinstance(value, bytes):
        if name == "UserComment":
            return _decoded(value[8:])
        return _decoded(value) if len(value) < 200 and b"\x00" not in value.rstrip(b"\x00") else ""
    if isinstance(value, str):
        return _rewritten(value)[:_LONGEST].strip("\x00 ")
    return str(value) if isinstance(value, int | float) or not isinstance(value, dict | tuple) else ""


def _decoded(data: bytes) -> str:
    from assistant.text.charsets import UnknownCharset, decode

    try:
        return decode(data[:_LONGEST].rstrip(b"\x00")).text.strip()
    except UnknownCharset:
        return ""


def _rewritten(text: str) -> str:
    """Pillow reads Exif's ASCII as Latin-1; cameras and programs write Japanese in it all the same."""
    try:
        return _decoded(text.encode("latin-1")) or text
    except UnicodeEncodeError:
        return text


def _place(tags: Mapping[int, Any]) -> str:
    """Latitude and longitude in degrees, from degrees, minutes and seconds."""
    try:
        north = sum(float(part) / 60**power for power, part in enumerate(tags[2]))
        east = sum(float(part) / 60**power for power, part in enumerate(tags[4]))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return ""
    north = -north if str(tags.get(1, "N")).upper().startswith("S") else north
    east = -east if str(tags.get(3, "E")).upper().startswith("W") else east
    return f"{north:.6f}, {east:.6f}"
