"""One page: drawn, looked at, its marks burned in, encoded, and what of its text may stand over it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from assistant.documents.pdf_picture import PageSize, Pictures
from assistant.domain.document import Box, Extent, Origin, Page
from assistant.errors import DocumentError
from assistant.redact.areas import (
    Area,
    Floats,
    extents_of,
    marked_on,
    on_grid,
    padded,
    sides_of,
    standard,
    whole_letters,
    withheld_on,
)
from assistant.redact.burn import Burned
from assistant.redact.encode import Encoded, as_ink, as_jpeg, inked
from assistant.redact.lettering import Lettering
from assistant.redact.look import COLOUR_DPI, Look, has_colour, has_shades
from assistant.redact.marks import Mark
from assistant.redact.options import Options
from assistant.redact.pieces import Piece, pieces_on

_MOST_PIXELS: Final = 36_000_000  # of ink: one byte each while it is worked on
_MOST_COLOURED: Final = 16_000_000  # of shades and colours: up to three bytes, some times over
_LONGEST: Final = 30_000  # pixels of one side; JPEG ends at 65,535
_TOO_MUCH: Final = 400_000  # bytes of ink: a screened photograph, which JPEG may hold in fewer
_POINTS: Final = 72.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A page as a picture. `size`: points as shown; `unit`: its /UserUnit."""

    picture: Image
    size: PageSize
    unit: float
    coloured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A finished page. `areas`: final rectangles; `withheld`: characters that are no text any more.

    `sides`, `gone`: of each character, its place and whether it is withheld. `unlabelled`, `unstamped`: what did not fit.
    """

    encoded: Encoded
    areas: tuple[Box, ...]
    withheld: tuple[Extent, ...]
    sides: Floats
    gone: NDArray[np.bool_]
    unlabelled: int
    unstamped: bool


class _Work(NamedTuple):
    encoded: Encoded
    areas: list[Area]
    unlabelled: int
    unstamped: bool


class Press:
    """Prints the pages of one file."""

    def __init__(
        self, pictures: Pictures, options: Options, *, lettering: Lettering | None, pages: int
    ) -> None:
        """`lettering`: for labels and stamp, None where neither is wanted; `pages`: how many the file has."""
        self._pictures = pictures
        self._options = options
        self._lettering = lettering
        self._pages = pages

    def draw(self, page: Page, *, may_be_coloured: bool) -> Drawn:
        """The page in grey, and whether it has colours. Raises DocumentError, also where the file shows another page than
        the one that was read."""
        number, unit = page.number, self._pictures.unit(page.number)
        # To ask the file for a size is to parse the page once more: a third of the time drawing takes.
        size = PageSize(page.width, page.height, page.turned)
        coloured = False
        if may_be_coloured:
            dpi = _fitting(size, unit, COLOUR_DPI, _MOST_COLOURED // 16)
            coloured = has_colour(self._pictures.draw(number, dpi, colour=True))
        dpi = _fitting(size, unit, self._options.dpi, _MOST_PIXELS)
        picture = self._pictures.draw(number, dpi, most_pixels=_MOST_PIXELS)
        wanted = (math.ceil(side * unit * dpi / _POINTS) for side in size[:2])
        if any(abs(side - want) > 1 for side, want in zip(picture.size, wanted, strict=True)):
            raise DocumentError(
                f"{number}ページ目の大きさが、調べた文書と違います。調べたときと同じファイルを指定してください。"
            )
        return Drawn(picture=picture, size=size, unit=unit, coloured=coloured)

    def print(self, drawn: Drawn, page: Page, marks: Sequence[Mark]) -> Printed:
        """Everything about one page. Raises DocumentError (a mark without a place), RedactionLeak."""
        sides = sides_of(page)
        marked = marked_on(page, marks)
        pieces = padded(
            pieces_on(page, marks), sides[~marked & ~np.isnan(sides[:, 0])], self._options.padding
        )
        look = Look.INK
        if drawn.coloured:
            look = Look.COLOUR
        elif has_shades(np.asarray(drawn.picture)):
            look = Look.GREY
        work = self._work(drawn, look, page.number, pieces)
        image = (work.encoded.width, work.encoded.height)
        boxes = tuple(area.box(page.number, drawn.size[:2], image) for area in work.areas)
        gone = withheld_on(page, sides, marked, boxes)
        return Printed(
            encoded=work.encoded,
            areas=boxes,
            withheld=extents_of(page, gone),
            sides=sides,
            gone=gone,
            unlabelled=work.unlabelled,
            unstamped=work.unstamped,
        )

    def _work(self, drawn: Drawn, look: Look, number: int, pieces: Sequence[Piece]) -> _Work:
        """The picture with everything on it, in the cheapest form that keeps how it looks."""
        picture = drawn.picture
        if look is not Look.INK:
            dpi = _fitting(drawn.size, drawn.unit, self._options.jpeg_dpi, _MOST_COLOURED)
            picture = self._pictures.draw(number, dpi, colour=look is Look.COLOUR, most_pixels=_MOST_COLOURED)
        areas = self._areas(pieces, picture, drawn.size)
        words = self._options.stamped(number, self._pages) if self._options.stamp else ""
        # The grey picture may be needed once more; it is copied only where something is drawn on it.
        own = picture.copy() if picture is drawn.picture and (areas or words) else picture
        burned = Burned(own, self._options.colour)
        pixels_a_point = picture.width / drawn.size.width / drawn.unit
        burned.cover(areas, self._lettering if self._options.labels else None, pixels_a_point)
        stamped = True
        if words and self._lettering is not None:
            stamped = burned.stamp(words, self._lettering, areas, pixels_a_point)
        if look is Look.INK:
            ink = inked(np.asarray(burned.picture))
            burned.check(areas, ink)
            encoded = as_ink(ink)
        else:
            burned.check(areas)
            encoded = as_jpeg(burned.picture, self._options.jpeg_quality)
        work = _Work(encoded, areas, burned.unlabelled, not stamped)
        if look is Look.INK and len(encoded.data) > _TOO_MUCH:
            other = self._work(drawn, Look.GREY, number, pieces)
            return other if len(other.encoded.data) < len(encoded.data) else work
        return work

    def _areas(self, pieces: Sequence[Piece], picture: Image, size: PageSize) -> list[Area]:
        grey = np.asarray(picture.convert("L")) if any(piece.seen for piece in pieces) else None
        found = []
        for piece in pieces:
            area = on_grid(piece, size[:2], picture.size)
            if area is not None:
                found.append(whole_letters(area, grey) if piece.seen and grey is not None else area)
        if self._options.standard_width and found:
            step = self._options.standard_width * picture.width / size.width
            found = standard(found, np.asarray(picture.convert("L")), step)
        return found


def _fitting(size: PageSize, unit: float, dpi: float, most: int) -> float:
    """The resolution, less where the page would have more than `most` pixels or a side of more than `_LONGEST`."""
    width, height = max(size.width * unit, 0.01), max(size.height * unit, 0.01)
    by_area = _POINTS * math.sqrt(most / (width * height))
    return min(dpi, by_area, _POINTS * _LONGEST / max(width, height))


def has_layer(page: Page, options: Options) -> bool:
    """Whether the page's text may stand over its picture."""
    return page.origin is Origin.FILE or (page.origin is Origin.OCR and options.ocr_text)
