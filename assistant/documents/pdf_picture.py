"""The pages of a PDF as pictures, as they are shown: cropped, turned, with annotations and the values of form fields."""

from __future__ import annotations

import ctypes
import math
import time
from functools import cached_property
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from assistant.documents.pdf_engine import PDFIUM, open_pdf, user_units
from assistant.errors import DocumentError

MOST_PIXELS: Final = 40_000_000
"""A2 at 300 dpi. A larger page is drawn with fewer dots per inch: memory for a page stays below 200 MB."""
PATIENCE: Final = 20.0
"""Seconds one page may take to draw. Maps with a million lines take two."""

_POINTS = 72.0


class PageSize(NamedTuple):
    """Points as shown, and degrees clockwise by which the file turns the page (0, 90, 180, 270).

    pdfium takes no notice of /UserUnit, and so do we: a page of 612 units is 612 "points" here whatever a unit is
    worth. Only `Pictures.unit` tells, so that a page of few large units is drawn with as many dots as any other; who
    writes such a page anew copies the /UserUnit, and its size stays the same.
    """

    width: float
    height: float
    turned: int


class Pictures:
    """The pages of a PDF that needs no password any more (`Opened.pdf`), drawn one at a time; a context manager.

    Safe to use from several threads, which wait for one another. Pages are numbered from 1.
    """

    def __init__(self, pdf: bytes, *, password: str | None = None, patience: float = PATIENCE) -> None:
        """Raises DocumentError (PasswordNeeded) for what `pdf_engine.open_pdf` refuses."""
        self._patience = patience
        with PDFIUM:
            self._document: Any = open_pdf(pdf, password)
            self.count = len(self._document)
        self._pdf = pdf
        self._password = password

    def size(self, number: int) -> PageSize:
        """How large the page is shown. Raises KeyError for no such page, DocumentError for a damaged one."""
        with PDFIUM:
            page = self._page(number)
            try:
                return size_of(page)
            finally:
                page.close()

    def unit(self, number: int) -> float:
        """How many points a unit of the page is worth (/UserUnit), 1.0 for nearly every page."""
        return self._units.get(number, 1.0)

    def dpi(self, number: int, wanted: float = 300, most_pixels: int = MOST_PIXELS) -> float:
        """The dots per inch `draw` uses: `wanted`, or fewer on a page that would have more than `most_pixels`."""
        width, height, _ = self.size(number)
        unit = self.unit(number)
        return _dpi(width * unit, height * unit, wanted, most_pixels)

    def draw(
        self, number: int, dpi: float = 300, *, colour: bool = False, most_pixels: int = MOST_PIXELS
    ) -> Image.Image:
        """The page as shown on white, mode "L", or "RGB" in colour. `image.info["dpi"]` is the pair of effective dpi.

        A point (x, y) of `Box` is the pixel (x * image.width / width, (height - y) * image.height / height). Raises
        KeyError for no such page, DocumentError for one that is damaged or takes longer than the patience.
        """
        with PDFIUM:
            page = self._page(number)
            try:
                width, height, _ = size_of(page)
                unit = self.unit(number)
                effective = _dpi(width * unit, height * unit, dpi, most_pixels)
                picture = self._drawn(page, unit * effective / _POINTS, colour, number)
            finally:
                page.close()
        picture.info["dpi"] = (effective, effective)
        return picture

    def close(self) -> None:
        """Let go of the file. May be called twice."""
        with PDFIUM:
            if self._document is not None:
                self._document.close()
                self._document = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def _units(self) -> dict[int, float]:
        return user_units(self._pdf, self._password)

    def _page(self, number: int) -> Any:
        if self._document is None:
            raise ValueError("the file is closed")
        if not 0 < number <= self.count:
            raise KeyError(number)
        return load_page(self._document, number)

    def _drawn(self, page: Any, scale: float, colour: bool, number: int) -> Image.Image:
        return render(self._document, page, scale, colour=colour, patience=self._patience, number=number)


def load_page(document: Any, number: int) -> Any:
    """One page of an open document. Raises DocumentError for a damaged one. Call it holding `PDFIUM`."""
    try:
        return document.get_page(number - 1)
    except pypdfium2.PdfiumError:
        raise DocumentError(
            f"{number}ページ目が壊れていて読めません。作成元のソフトでPDFに保存し直すか、そのページを除いてください。"
        ) from None


def size_of(page: Any) -> PageSize:
    """The size of a loaded page. Call it holding `PDFIUM`."""
    return PageSize(page.get_width(), page.get_height(), page.get_rotation())


def render(
    document: Any, page: Any, scale: float, *, colour: bool, patience: float = PATIENCE, number: int = 0
) -> Image.Image:
    """Draw a loaded page, `scale` pixels a point, and what its annotations and fields show. Call it holding `PDFIUM`.

    Raises DocumentError after `patience` seconds (pdfium looks at the clock between objects).
    """
    width, height = (max(1, math.ceil(side * scale)) for side in (page.get_width(), page.get_height()))
    form = raw.FPDFBitmap_BGR if colour else raw.FPDFBitmap_Gray
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, form, rev_byteorder=False)
    flags = raw.FPDF_ANNOT | (0 if colour else raw.FPDF_GRAYSCALE)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        _draw_in_time(bitmap, page, (0, 0, width, height, 0, flags), patience, number)
        if document.formenv:
            raw.FPDF_FFLDraw(document.formenv, bitmap, page, 0, 0, width, height, 0, flags)
        picture: Image.Image = bitmap.to_pil()
        return picture
    finally:
        bitmap.close()


def _draw_in_time(bitmap: Any, page: Any, where: tuple[int, ...], patience: float, number: int) -> None:
    end = time.monotonic() + patience
    pause = raw.IFSDK_PAUSE(version=1)
    # Kept in a name: ctypes does not keep a callback alive that only a structure points to.
    late = type(pause.NeedToPauseNow)(lambda _: time.monotonic() > end)
    pause.NeedToPauseNow = late
    try:
        state = raw.FPDF_RenderPageBitmap_Start(bitmap, page, *where, ctypes.byref(pause))
        if state == raw.FPDF_RENDER_TOBECONTINUED:
            raise DocumentError(
                f"{number}ページ目の図が込み入っていて、{patience:g}秒では描けません。"
                "そのページを画像にして差し替えてから開いてください。"
            )
        if state != raw.FPDF_RENDER_DONE:
            raise DocumentError(f"{number}ページ目を描けません。作成元のソフトでPDFに保存し直してください。")
    finally:
        raw.FPDF_RenderPage_Close(page)


def _dpi(width: float, height: float, wanted: float, most_pixels: int) -> float:
    """As many dots per inch as `most_pixels` leave."""
    pixels = max(width * height, 1e-6) * (wanted / _POINTS) ** 2
    return wanted if pixels <= most_pixels else wanted * math.sqrt(most_pixels / pixels)
