"""The things drawn on a page, as pdfium lists them, nested forms opened, with where each lies."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pypdfium2 import raw

MOST: Final = 60_000  # things drawn on one page that are looked at
_DEEP = 8

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing. `order`: later ones lie above. `matrix`: 3×3, from its own space to the page's (row vectors).

    `bounds`: x0, y0, x1, y1 in the page's own space (not yet turned or cropped).
    """

    handle: Any
    kind: int  # raw.FPDF_PAGEOBJ_…
    order: int
    matrix: Matrix
    bounds: tuple[float, float, float, float]


def drawn_on(page: Any) -> Iterator[Drawn]:
    """Everything drawn on a loaded page, lowest first; forms are opened, not told. Call it holding `PDFIUM`."""
    count = raw.FPDFPage_CountObjects(page)
    order = 0
    handles = ((raw.FPDFPage_GetObject(page, at), np.eye(3)) for at in range(min(count, MOST)))
    for handle, outer in handles:
        for kind, inner, matrix in _opened(handle, outer, 0):
            if order >= MOST:
                return
            yield Drawn(inner, kind, order, _own(inner) @ matrix, _bounds(inner, matrix))
            order += 1


def _opened(handle: Any, outer: Matrix, depth: int) -> Iterator[tuple[int, Any, Matrix]]:
    kind = raw.FPDFPageObj_GetType(handle)
    if kind != raw.FPDF_PAGEOBJ_FORM:
        yield kind, handle, outer
        return
    if depth >= _DEEP:
        return
    matrix = _own(handle) @ outer
    for at in range(min(max(raw.FPDFFormObj_CountObjects(handle), 0), MOST)):
        yield from _opened(raw.FPDFFormObj_GetObject(handle, at), matrix, depth + 1)


def _own(handle: Any) -> Matrix:
    told = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, told):
        return np.eye(3)
    return np.array([[told.a, told.b, 0], [told.c, told.d, 0], [told.e, told.f, 1]], dtype=float)


def _bounds(handle: Any, matrix: Matrix) -> tuple[float, float, float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(handle, left, bottom, right, top):
        return (0.0, 0.0, 0.0, 0.0)
    x, y = (left.value, right.value), (bottom.value, top.value)
    corners = np.array([[one, other, 1.0] for one in x for other in y]) @ matrix
    lows, highs = corners.min(axis=0), corners.max(axis=0)
    return (float(lows[0]), float(lows[1]), float(highs[0]), float(highs[1]))


def fill_of(handle: Any) -> tuple[int, int, int, int] | None:
    """Red, green, blue, alpha (0–255) of a path that is filled, None for one that is not."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(handle, mode, stroke) or mode.value == raw.FPDF_FILLMODE_NONE:
        return None
    return _colour(handle, raw.FPDFPageObj_GetFillColor)


def stroke_of(handle: Any) -> tuple[tuple[int, int, int, int], float] | None:
    """The colour and width (in its own space) of a path that is stroked, None for one that is not."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(handle, mode, stroke) or not stroke.value:
        return None
    width = ctypes.c_float()
    raw.FPDFPageObj_GetStrokeWidth(handle, width)
    colour = _colour(handle, raw.FPDFPageObj_GetStrokeColor)
    return (colour, width.value) if colour else None


def _colour(handle: Any, ask: Any) -> tuple[int, int, int, int] | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not ask(handle, *parts):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha
