"""Pages as pictures for the screen: drawn once, kept in memory while somebody looks at the case, never on disk."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from assistant.documents.pdf_picture import Pictures
from assistant.errors import DocumentError

DPI = 144
"""Twice the points: an A4 page fills a wide screen, and small print can be read when it is enlarged."""
_MOST_PIXELS = 4_000_000
_CASES = 2  # documents kept open
_PAGES = 60  # pictures kept; a text page has about 150 KB

Pdf = Callable[[], bytes]


@dataclass(slots=True)
class _Shelf:
    lock: threading.Lock = field(default_factory=threading.Lock)
    documents: OrderedDict[str, Pictures] = field(default_factory=OrderedDict)
    pictures: OrderedDict[tuple[str, int], bytes] = field(default_factory=OrderedDict)


_SHELF = _Shelf()
_AHEAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages-ahead")


def picture_at_hand(case: str, number: int) -> bytes | None:
    """The picture of a page as PNG if it was drawn before."""
    with _SHELF.lock:
        return _SHELF.pictures.get((case, number))


def picture_of(case: str, number: int, pdf: Pdf) -> bytes:
    """The picture of a page as PNG. `pdf`: the file whose pages they are, read when it is not open already.

    Raises DocumentError for a page that cannot be drawn, KeyError for one that is not there.
    """
    drawn = picture_at_hand(case, number)
    if drawn is not None:
        return drawn
    out = io.BytesIO()
    try:
        picture = _document(case, pdf).draw(number, DPI, colour=True, most_pixels=_MOST_PIXELS)
    except ValueError:  # put away by somebody who looks at other cases, between opening and drawing
        picture = _document(case, pdf).draw(number, DPI, colour=True, most_pixels=_MOST_PIXELS)
    picture.save(out, "PNG", compress_level=3)
    with _SHELF.lock:
        _SHELF.pictures[case, number] = out.getvalue()
        while len(_SHELF.pictures) > _PAGES:
            _SHELF.pictures.popitem(last=False)
    return out.getvalue()


def draw_ahead(case: str, number: int, pdf: Pdf) -> None:
    """Draws a page in the background; what goes wrong is told when it is looked at."""
    if picture_at_hand(case, number) is None:
        _AHEAD.submit(_drawn_ahead, case, number, pdf)


def forget(case: str) -> None:
    """Nothing of a deleted case stays in memory."""
    with _SHELF.lock:
        held = _SHELF.documents.pop(case, None)
        for key in [key for key in _SHELF.pictures if key[0] == case]:
            del _SHELF.pictures[key]
    if held is not None:
        held.close()


def _drawn_ahead(case: str, number: int, pdf: Pdf) -> None:
    try:
        picture_of(case, number, pdf)
    except (DocumentError, KeyError):
        return


def _document(case: str, pdf: Pdf) -> Pictures:
    with _SHELF.lock:
        if case in _SHELF.documents:
            _SHELF.documents.move_to_end(case)
            return _SHELF.documents[case]
    opened = Pictures(pdf())
    with _SHELF.lock:
        held = _SHELF.documents.setdefault(case, opened)
        gone = [_SHELF.documents.popitem(last=False)[1] for _ in range(len(_SHELF.documents) - _CASES)]
    for one in (*gone, *((opened,) if held is not opened else ())):
        one.close()
    return held
