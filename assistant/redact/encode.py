"""Pictures → streams a PDF takes as they are: CCITT Group 4 for ink, JPEG for shades and colours."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assistant.redact.look import INK, Look

_OFFSETS, _COUNTS = 273, 279  # tags of TIFF 6.0
_PHOTOMETRIC: Final = 262
_ONE_STRIP: Final = 1 << 30
_SHORT = 3  # a type of TIFF 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """An image stream and what a PDF says about it. `look` tells filter and colour space."""

    data: bytes
    width: int
    height: int
    look: Look


def inked(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a black-and-white page has ink."""
    return grey <= INK


def as_ink(ink: NDArray[np.bool_]) -> Encoded:
    """Group 4 of a bitmap, shape (rows, columns), True where ink."""
    picture = Image.fromarray(ink)
    out = io.BytesIO()
    # A PDF wants one piece of code for the whole page: one strip. Ink is the 1 of the file, so that bare paper is the
    # long run both coders are made for.
    picture.save(out, "TIFF", compression="group4", strip_size=_ONE_STRIP)
    return Encoded(data=_strip(out.getvalue()), width=picture.width, height=picture.height, look=Look.INK)


def as_jpeg(picture: Image.Image, quality: int) -> Encoded:
    """JPEG of a picture in mode "L" or "RGB", without any of its metadata.

    Colours are not thinned out: the edge of a rectangle stays where it is.
    """
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes()) if picture.info else picture
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=quality, optimize=True, subsampling=0)
    look = Look.GREY if picture.mode == "L" else Look.COLOUR
    return Encoded(data=out.getvalue(), width=picture.width, height=picture.height, look=look)


def _strip(tiff: bytes) -> bytes:
    """The one strip of a little-endian TIFF file. Raises ValueError for any other."""
    if tiff[:4] != b"II*\0":
        raise ValueError("not the TIFF that was asked for")
    (at,) = struct.unpack_from("<I", tiff, 4)
    (count,) = struct.unpack_from("<H", tiff, at)
    said: dict[int, int] = {}
    for entry in range(count):
        tag, kind, many, value = struct.unpack_from("<HHII", tiff, at + 2 + 12 * entry)
        if tag in {_OFFSETS, _COUNTS} and many != 1:
            raise ValueError("more than one strip")
        said[tag] = value & 0xFFFF if kind == _SHORT else value
    if said.get(_PHOTOMETRIC) != 1:
        raise ValueError("black and white are the other way round")
    return tiff[said[_OFFSETS] : said[_OFFSETS] + said[_COUNTS]]
