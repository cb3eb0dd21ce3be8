"""What kind of picture a page is: ink on paper, shades of grey, or colours. A measured look, some milliseconds a page."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

Grey = NDArray[np.uint8]

INK: Final = 190
"""Greys up to this are ink on a black-and-white page: light grey words stay, and paper that is not quite white is bare."""
COLOUR_DPI: Final = 36
"""Dots per inch of the small picture in which colours are looked for."""

_FAINT = 235  # between INK and this: what a black-and-white page would lose
_DARK = 60  # below this a shade is as good as black
_ALIKE = 6  # greys that differ by no more belong to one shade
_EVERY = 12  # rows from one looked-at row to the next
_RIM = 4  # pixels at the edge that are not looked at: neighbours would be outside
_SHADED = 0.001  # share of the page in one shade of grey beside its neighbours
_LOST = 0.0002  # share of the page that is faint and not the soft edge of ink
_MIXED = 0.08  # share in between black and white at all: a photograph is never flat
_COLOURFUL = 24  # by so much the largest of red, green and blue exceeds the smallest
_COLOURED = 0.0003  # share of the small picture: a seal of 12 mm on A4 has about twice this


class Look(StrEnum):
    """How a page is kept."""

    INK = "ink"  # black and white, CCITT Group 4
    GREY = "grey"  # JPEG
    COLOUR = "colour"  # JPEG


def has_colour(small: Image) -> bool:
    """Whether a small picture (mode "RGB") of the page shows colours."""
    channels = np.asarray(small)
    spread = channels.max(axis=2).astype(np.int16) - channels.min(axis=2)
    return bool((spread > _COLOURFUL).mean() > _COLOURED)


def has_shades(grey: Grey) -> bool:
    """Whether the page (shape (rows, columns)) has anything black and white would lose: shades, photographs, faint ink.

    Looks at every twelfth row, and there closely only at what is neither black nor white.
    """
    rows, columns = grey.shape
    if rows < 4 * _EVERY or columns < 16:
        return bool(((grey > _DARK) & (grey < _FAINT)).any())
    looked = grey[_RIM : rows - _RIM : _EVERY, _RIM : columns - _RIM]
    # Greys below the darkest shade wrap around to large numbers: one comparison instead of two.
    found = np.flatnonzero(np.ascontiguousarray(looked - np.uint8(_DARK + 1)) < _FAINT - _DARK - 1)
    if found.size > _MIXED * looked.size:
        return True
    row, column = np.divmod(found, looked.shape[1])
    row, column = row * _EVERY + _RIM, column + _RIM
    here = grey[row, column].astype(np.int16)

    def alike(down: int, right: int) -> NDArray[np.bool_]:
        beside: NDArray[np.bool_] = np.abs(here - grey[row + down, column + right]) <= _ALIKE
        return beside

    if np.count_nonzero(alike(0, -3) & alike(2, 0)) > _SHADED * looked.size:
        return True
    faint = here > INK
    row, column = row[faint], column[faint]
    darkest = np.full(row.shape, 255, dtype=np.uint8)
    for down in range(-2, 3):
        for right in range(-2, 3):
            np.minimum(darkest, grey[row + down, column + right], out=darkest)
    return int(np.count_nonzero(darkest > INK)) > _LOST * looked.size


_NUMBER = rb"[-+]?(?:\d+\.?\d*|\.\d+)"
_RGB = re.compile(rb"(" + _NUMBER + rb")\s+(" + _NUMBER + rb")\s+(" + _NUMBER + rb")\s+(?:rg|RG)\b")
# Setting a colour space or a pattern, and drawing pictures, forms or shadings. `gs` alone brings no colour.
_SUSPECT = re.compile(rb"(?:^|[\s\]>)/])(?:k|K|cs|CS|sc|SC|scn|SCN|sh|Do|BI)(?=[\s/\[<(]|$)")


def may_have_colour(page: Any) -> bool:
    """Whether a page (pikepdf's; None where it cannot be had) could show colours. Spares most pages of text the look.

    Only where its instructions set nothing but greys, and nothing else is drawn on it, the answer is no.
    """
    try:
        fonts = page.resources.get("/Font", {})
        # Glyphs of Type 3 are drawings of their own.
        if "/Annots" in page or any(font.get("/Subtype") == "/Type3" for _, font in fonts.items()):
            return True
        contents = page.obj.get("/Contents", [])
        parts = contents if contents._type_name == "array" else [contents]
        stream = b"\n".join(part.read_bytes() for part in parts)
    except Exception:  # pikepdf raises as many kinds of errors as files can be damaged: then look
        return True
    if _SUSPECT.search(stream):
        return True
    return any(len({float(part) for part in found.groups()}) > 1 for found in _RGB.finditer(stream))
