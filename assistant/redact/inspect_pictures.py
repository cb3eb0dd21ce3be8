"""Pictures that hold more than the page shows: under a box drawn over them, under one another, beyond the paper."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
from pypdfium2 import raw

from assistant.documents.pdf_engine import PDFIUM, open_pdf
from assistant.domain.document import Box
from assistant.redact.inspect_bytes import Clock
from assistant.redact.inspect_objects import Drawn, drawn_on
from assistant.redact.inspect_pages import areas_on, as_shown, is_uniform
from assistant.redact.inspect_report import Leak
from assistant.redact.inspect_tally import Tally

_BEYOND = 0.02  # share of the page by which a picture may stick out
_MOST_PIXELS = 120_000_000


def search_pictures(
    pdf: bytes, password: str | None, areas: Sequence[Box], tally: Tally, clock: Clock
) -> None:
    """Look under the areas in every picture by itself, and note pictures that stick out of the paper.

    A page that is one picture and nothing drawn above it was looked at as it is shown; no need to look twice.
    """
    numbers = sorted({area.page for area in areas})
    pictures = 0
    with PDFIUM:
        document = open_pdf(pdf, password)
        try:
            for number in numbers or range(1, len(document) + 1):
                if number > len(document):
                    break
                if clock.over:
                    tally.unfinished("pictures", "時間の上限に達したため、最後まで調べていません。")
                    return
                page = document[number - 1]
                pictures += _on_page(page, number, areas_on(areas, number), tally)
                page.close()
        finally:
            document.close()
    tally.ran("pictures", pictures=pictures)


def _on_page(page: Any, number: int, areas: Sequence[Box], tally: Tally) -> int:
    things = list(drawn_on(page))
    pictures = [thing for thing in things if thing.kind == raw.FPDF_PAGEOBJ_IMAGE]
    above = [thing for thing in things if thing.kind not in {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_TEXT}]
    for thing in pictures:
        if _sticks_out(page, thing):
            tally.note("pictures", "用紙からはみ出した画像", number)
    simple = len(pictures) <= 1 and not above and not raw.FPDFPage_GetAnnotCount(page)
    if areas and not simple:
        for thing in pictures:
            _under(page, thing, number, areas, tally)
    return len(pictures)


def _sticks_out(page: Any, thing: Drawn) -> bool:
    x0, y0, x1, y1 = as_shown(page, np.array([thing.bounds]))[0]
    width, height = page.get_width(), page.get_height()
    return bool(
        min(x0 / width, y0 / height) < -_BEYOND or x1 > width * (1 + _BEYOND) or y1 > height * (1 + _BEYOND)
    )


def _under(page: Any, thing: Drawn, number: int, areas: Sequence[Box], tally: Tally) -> None:
    place = as_shown(page, np.array([thing.bounds]))[0]
    here = Box(page=number, x0=place[0], y0=place[1], x1=place[2], y1=place[3])
    touched = [area for area in areas if area.meets(here)]
    pixels = _pixels(thing.handle) if touched else None
    if touched and pixels is None:
        tally.unfinished("pictures", "読めない画像があり、枠の下を調べられません。")
    for area in touched if pixels is not None else ():
        part = _part(page, thing, pixels, area)
        if not is_uniform(part):
            tally.leak(Leak(check="pictures", place="枠の下の画像", page=number, box=area))


def _pixels(handle: Any) -> npt.NDArray[np.uint8] | None:
    """A picture's own pixels in grey, before the page places it."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if (
        not raw.FPDFImageObj_GetImagePixelSize(handle, width, height)
        or width.value * height.value > _MOST_PIXELS
    ):
        return None
    bitmap = raw.FPDFImageObj_GetBitmap(handle)
    if not bitmap:
        return None
    found = pypdfium2.PdfBitmap.from_raw(bitmap)
    try:
        return np.asarray(found.to_pil().convert("L"))
    finally:
        found.close()


def _part(page: Any, thing: Drawn, pixels: npt.NDArray[np.uint8] | None, area: Box) -> npt.NDArray[np.uint8]:
    """The pixels of a picture that lie under an area; nothing for a picture that has no area itself."""
    empty = np.zeros((0, 0), dtype=np.uint8)
    if pixels is None or abs(np.linalg.det(thing.matrix)) < 1e-9:
        return empty
    corners = np.array([[x, y, 1.0] for x, y in _own_space(page, area)]) @ np.linalg.inv(thing.matrix)
    height, width = pixels.shape[:2]
    x0, x1 = np.clip([corners[:, 0].min(), corners[:, 0].max()], 0, 1) * width
    y0, y1 = (1 - np.clip([corners[:, 1].max(), corners[:, 1].min()], 0, 1)) * height
    return pixels[int(y0) + 2 : int(y1) - 1, int(x0) + 2 : int(x1) - 1]


def _own_space(page: Any, area: Box) -> list[tuple[float, float]]:
    """Two corners of an area in the page's own space, before turning and cropping."""
    found = []
    for x, y in ((area.x0, area.y0), (area.x1, area.y1)):
        to_x, to_y = ctypes.c_double(), ctypes.c_double()
        width, height = page.get_width(), page.get_height()
        scale = 1000
        raw.FPDF_DeviceToPage(
            page,
            0,
            0,
            round(width * scale),
            round(height * scale),
            0,
            round(x * scale),
            round((height - y) * scale),
            to_x,
            to_y,
        )
        found.append((to_x.value, to_y.value))
    return found
