"""A second reading of a PDF's text by pypdf, which fails differently from pdfium: where they disagree, a person looks.

pypdf is pure Python and slow (16 to 166 pages a second), and some files keep it busy for minutes. So the reading has a
budget of time, pages that give reason for doubt come first, the others follow spread over the document, and it is said
how many were compared. What is compared is the bag of folded characters: the two have other ideas of order and spaces.
"""

from __future__ import annotations

import ctypes
import io
import logging
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pypdf

from assistant.text.folding import folded_text

BUDGET: Final = 5.0
"""Seconds for a file."""

_SHARE: Final = 0.02  # of the characters of a page that may differ: ligatures, bullets, hyphens at line ends
_FEWEST: Final = 4
_GRACE: Final = 2.0  # seconds for the reader to notice that it must stop
_GOLDEN: Final = 0.6180339887  # multiples of it modulo 1 fill an interval evenly, however many are taken
_LIMITS: Final = {
    "stream_decoding_work_maximum_length": 100_000_000,
    "stream_parsing_work_maximum_count": 1_000_000,
}

# What pypdf says about a damaged file may quote the file.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


@dataclass(slots=True)
class Compared:
    """Page numbers: those that were read twice, and of them those whose readings differ."""

    pages: set[int] = field(default_factory=set)
    differ: set[int] = field(default_factory=set)


class _Late(BaseException):
    """Raised inside the reader when its time is up; pypdf, which catches exceptions, must not catch this one."""


def compare(
    pdf: bytes, texts: Mapping[int, str], *, first: Iterable[int] = (), budget: float = BUDGET
) -> Compared:
    """Read pages again and compare with `texts` (by page number), those in `first` before the others.

    Never raises: a page pypdf cannot read is one that was not compared. Returns within the budget and two seconds.
    """
    compared = Compared()
    urgent = [number for number in first if number in texts]
    others = sorted((n for n in texts if n not in set(urgent)), key=lambda n: n * _GOLDEN % 1)
    end = time.monotonic() + budget
    reader = threading.Thread(
        target=_read, args=(pdf, texts, [*urgent, *others], compared, end), name="second reading", daemon=True
    )
    reader.start()
    reader.join(budget)
    if reader.is_alive() and reader.ident is not None:
        # pypdf looks at no clock; an exception set from outside ends a loop in pure Python wherever it is.
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(reader.ident), ctypes.py_object(_Late))
        reader.join(_GRACE)
    return Compared(set(compared.pages), set(compared.differ))


def differs(one: str, other: str) -> bool:
    """Whether two readings of a page differ by more than order, spaces, and forms that are folded."""
    bags = [Counter(folded_text(text)) for text in (one, other)]
    apart = sum(((bags[0] - bags[1]) + (bags[1] - bags[0])).values())
    return apart > max(_FEWEST, 2 * _SHARE * max(bag.total() for bag in bags))


def _read(pdf: bytes, texts: Mapping[int, str], order: list[int], compared: Compared, end: float) -> None:
    try:
        with pypdf.apply_configuration(pypdf.get_configuration().with_overwrites(**_LIMITS)):
            pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
            for number in order:
                if time.monotonic() > end:
                    return
                _read_page(pages, number, texts[number], compared)
    except (_Late, Exception):  # whatever it stumbles over, the first reading stands
        return


def _read_page(pages: Iterable[pypdf.PageObject], number: int, text: str, compared: Compared) -> None:
    try:
        again = pages[number - 1].extract_text()  # type: ignore[index]  # pypdf's pages are a sequence of its own
    except Exception:  # pypdf raises nearly anything over damaged files
        return
    if differs(text, again):
        compared.differ.add(number)
    compared.pages.add(number)
