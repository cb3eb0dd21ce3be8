"""Words printed over words: a label on a box hides, by its own ink, that the words under the box are not seen."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pypdfium2 import raw

from assistant.redact.inspect_objects import Drawn
from assistant.redact.inspect_pages import Letters

_MOST: Final = 20_000  # letters of a page that are compared


def address(handle: Any) -> int:
    """What tells one drawn thing from another, 0 for none."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def printed_over(
    page: Any, letters: Letters, places: npt.NDArray[np.float64], things: Mapping[int, Drawn]
) -> tuple[npt.NDArray[np.bool_], tuple[Drawn, ...]]:
    """Which letters have another letter printed over them, and the things that print those.

    `things`: what draws text, by address. The same letter once more is a shadow or a bold one, and hides nothing. Call it
    holding `PDFIUM`.
    """
    below = np.zeros(len(letters.text), dtype=bool)
    wanted = np.array([letter.isalnum() for letter in letters.text], dtype=bool)
    at = np.flatnonzero(wanted & ~np.isnan(places[:, 0]))
    if len(things) < 2 or not 1 < len(at) <= _MOST:
        return below, ()
    textpage = page.get_textpage()
    owners = [things.get(address(raw.FPDFText_GetTextObject(textpage, int(one)))) for one in at]
    order = np.array([-1 if owner is None else owner.order for owner in owners])
    middle_x = (places[at, 0] + places[at, 2]) / 2
    middle_y = (places[at, 1] + places[at, 3]) / 2
    sorted_ = np.argsort(middle_x, kind="stable")
    first = np.searchsorted(middle_x[sorted_], places[at, 0])
    last = np.searchsorted(middle_x[sorted_], places[at, 2])
    above: dict[int, Drawn] = {}
    for one in range(len(at)):
        near = sorted_[first[one] : last[one]]
        level = (middle_y[near] > places[at[one], 1]) & (middle_y[near] < places[at[one], 3])
        for other in near[level & (order[near] != order[one])].tolist():
            lower, upper = (one, other) if order[one] < order[other] else (other, one)
            thing = owners[upper]
            if thing is None or order[lower] < 0 or letters.text[at[lower]] == letters.text[at[upper]]:
                continue
            below[at[lower]] = True
            above[thing.order] = thing
    return below, tuple(above.values())
