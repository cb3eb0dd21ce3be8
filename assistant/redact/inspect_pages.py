"""What pages show and say: their text by two engines, what lies in given areas, and what can be read from a picture."""

from __future__ import annotations

import ctypes
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pikepdf
import pypdf
from PIL import Image
from pypdfium2 import raw

from assistant.documents.pdf_engine import PDFIUM, open_pdf
from assistant.domain.document import Box
from assistant.redact.inspect_bytes import Clock

_DEVICE = 100_000  # device units a page is stretched to, to read its turn and crop from pdfium
_FAINT = 40  # levels of grey by which pixels of one colour may differ: what JPEG and smoothing leave
_LABEL_SHARE = 0.45  # share of an area a printed label may cover
_EDGE = 1.5  # points of an area's rim that belong to its neighbours
_EDGE_SHARE = 0.15  # of the shorter side, at most
_ALIKE = 0.5  # correlation with what was there from which it is seen through
_ALIKE_IN_PART = 0.75  # the same for a part as long as the box is high, where chance is greater
_LEGIBLE = 8  # pixels of height below which nobody reads anything
_CLEAR = 24  # pixels of height from which likeness is no chance
_SPECK = 0.02  # share of ink below which there is nothing to compare
_MOST_LETTERS = 400_000  # of one page

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings may hold pieces of the file


@dataclass(frozen=True, slots=True)
class Letters:
    """The characters of a page as pdfium gives them, and where: x0, y0, x1, y1 of each in points of the page as shown."""

    text: str
    places: npt.NDArray[np.float64]

    def within(self, area: Box) -> str:
        """The characters whose middle lies in an area but for its rim, white space left out: the letter beside a box may be
        set a hair too narrow."""
        if not len(self.text):
            return ""
        x = (self.places[:, 0] + self.places[:, 2]) / 2
        y = (self.places[:, 1] + self.places[:, 3]) / 2
        aside = min(_EDGE, _EDGE_SHARE * min(area.x1 - area.x0, area.y1 - area.y0))
        inside = (x > area.x0 + aside) & (x < area.x1 - aside) & (y > area.y0 + aside) & (y < area.y1 - aside)
        return "".join(self.text[at] for at in np.flatnonzero(inside) if not self.text[at].isspace())


class PageTexts:
    """A file opened in pdfium for its text. A context manager."""

    def __init__(self, pdf: bytes, password: str | None) -> None:
        """Raises DocumentError (PasswordNeeded)."""
        with PDFIUM:
            self.document: Any = open_pdf(pdf, password)
            self.count = len(self.document)

    def __enter__(self) -> PageTexts:
        return self

    def __exit__(self, *_: object) -> None:
        with PDFIUM:
            self.document.close()

    def text(self, number: int) -> str:
        """All text of a page, also what is off the paper, invisible or in layers switched off."""
        with PDFIUM:
            page = self.document[number - 1]
            try:
                found = page.get_textpage()
                told: str = found.get_text_range()
                return told
            finally:
                page.close()

    def letters(self, number: int) -> Letters:
        """The characters of a page with their places."""
        with PDFIUM:
            page = self.document[number - 1]
            try:
                return letters_of(page)
            finally:
                page.close()

    def size(self, number: int) -> tuple[float, float]:
        """Points, as shown."""
        with PDFIUM:
            found: tuple[float, float] = self.document.get_page_size(number - 1)
            return found


def letters_of(page: Any) -> Letters:
    """The characters of a loaded page. Call it holding `PDFIUM`."""
    textpage = page.get_textpage()
    count = min(raw.FPDFText_CountChars(textpage), _MOST_LETTERS)
    corners = np.full((max(count, 0), 4), np.nan)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    codes = []
    for at in range(count):
        code = raw.FPDFText_GetUnicode(textpage, at)
        codes.append(chr(code) if 0 < code < 0x110000 else "\ufffd")
        if raw.FPDFText_GetCharBox(textpage, at, left, right, bottom, top):
            corners[at] = (left.value, bottom.value, right.value, top.value)
    return Letters("".join(codes), as_shown(page, corners))


def as_shown(page: Any, corners: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Rectangles of the file's own space in the page as shown (cropped and turned), points, origin bottom left."""
    width, height = page.get_width(), page.get_height()

    def shown(x: float, y: float) -> tuple[float, float]:
        to_x, to_y = ctypes.c_double(), ctypes.c_double()
        raw.FPDF_DeviceToPage(page, 0, 0, _DEVICE, _DEVICE, 0, round(x), round(y), to_x, to_y)
        return to_x.value, to_y.value

    # The page's own space at three corners of the picture gives the way there; its inverse is the way back.
    origin, along, down = shown(0, 0), shown(_DEVICE, 0), shown(0, _DEVICE)
    matrix = np.array(
        [[along[0] - origin[0], down[0] - origin[0]], [along[1] - origin[1], down[1] - origin[1]]],
        dtype=float,
    )
    if not len(corners) or abs(np.linalg.det(matrix)) < 1e-9:
        return corners
    back = np.linalg.inv(matrix)
    found = []
    for x, y in ((corners[:, 0], corners[:, 1]), (corners[:, 2], corners[:, 3])):
        share = back @ np.stack([x - origin[0], y - origin[1]])
        found.append((share[0] * width, (1 - share[1]) * height))
    (x0, y0), (x1, y1) = found
    return np.stack([np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)], axis=1)


def second_reading(pdf: bytes, password: str | None, clock: Clock) -> list[str] | None:
    """The text of each page by pypdf; None where it can't be carried through."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(pdf))
        if reader.is_encrypted:
            reader = pypdf.PdfReader(io.BytesIO(_unlocked(pdf, password)))
        texts = []
        for page in reader.pages:
            if clock.over:
                return None
            texts.append(page.extract_text())
    except Exception:
        return None
    return texts


def _unlocked(pdf: bytes, password: str | None) -> bytes:
    """The file without its lock: pypdf does not open the newer ones by itself."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf), password=password or "") as locked:
        locked.save(out)
    return out.getvalue()


def patch(picture: npt.NDArray[np.uint8], size: tuple[float, float], area: Box) -> npt.NDArray[np.uint8]:
    """The pixels of an area but for its smoothed edge. May be empty."""
    height, width = picture.shape[:2]
    across, up = width / max(size[0], 1e-6), height / max(size[1], 1e-6)
    x0, x1 = int(np.ceil(area.x0 * across)) + 1, int(np.floor(area.x1 * across)) - 1
    y0, y1 = int(np.ceil((size[1] - area.y1) * up)) + 1, int(np.floor((size[1] - area.y0) * up)) - 1
    return picture[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]


def is_uniform(pixels: npt.NDArray[np.uint8]) -> bool:
    """Whether nothing can be seen in a patch."""
    return pixels.size == 0 or int(pixels.max()) - int(pixels.min()) <= _FAINT


def is_label(pixels: npt.NDArray[np.uint8]) -> bool:
    """Whether a patch that is not of one colour may be a box with a label printed on it, by how much ink it has."""
    return bool(_ink(pixels).mean() <= _LABEL_SHARE)


def shows_through(pixels: npt.NDArray[np.uint8], before: npt.NDArray[np.uint8]) -> bool:
    """Whether the ink of a patch follows what was there `before`, the patch of the original, wholly or in a part.

    Labels and frames of boxes are ink too, but stand where the words stood by chance only.
    """
    if not before.size:
        return False
    if before.shape != pixels.shape:  # a page whose size is no whole number of points
        size = (pixels.shape[1], pixels.shape[0])
        before = np.asarray(Image.fromarray(before).resize(size, Image.Resampling.NEAREST))
    ink, was = _ink(pixels), _ink(before)
    if min(ink.shape) < _LEGIBLE:
        return False
    if min(ink.shape) < _CLEAR:
        return abs(_alike(ink, was)) > _ALIKE_IN_PART
    if abs(_alike(ink, was)) > _ALIKE:
        return True
    rows, columns = ink.shape
    side = min(rows, columns)
    for at in range(0, max(rows, columns) - side + 1, max(side // 2, 1)):
        part = np.s_[:, at : at + side] if columns >= rows else np.s_[at : at + side, :]
        if abs(_alike(ink[part], was[part])) > _ALIKE_IN_PART:
            return True
    return False


def _ink(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = np.abs(pixels.astype(np.int16) - int(np.median(pixels))) > _FAINT
    return found


def _alike(one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_]) -> float:
    """Pearson's correlation of two patches of ink; 0 where one has next to none."""
    if min(one.mean(), other.mean()) < _SPECK or max(one.mean(), other.mean()) > 1 - _SPECK:
        return 0.0
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def areas_on(areas: Sequence[Box], number: int) -> tuple[Box, ...]:
    """The areas of one page."""
    return tuple(area for area in areas if area.page == number)


def corners_of(rectangles: Sequence[tuple[float, float, float, float]]) -> npt.NDArray[np.float64]:
    """Rectangles as rows of numbers, for `as_shown`."""
    return np.array(rectangles, dtype=float).reshape(-1, 4)
