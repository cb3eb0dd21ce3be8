"""Which characters of a page leave no ink: the page is drawn with its text and without, and the pictures compared.

That catches white on white, text under pictures and filled boxes, layers switched off, clipped and invisible text
alike. Where it can't be told (other ink stands in the same place), the character counts as seen.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import raw

from assistant.documents.pdf_picture import PATIENCE, render
from assistant.documents.pdf_text import Characters, Sides, placer

_DPI: Final = 100.0
_PIXELS: Final = 4_000_000  # of the pictures that are compared
_CHANGE: Final = 14  # of 255: fainter ink than this is not seen on paper
_CONTRAST: Final = 60  # of 255: letters of a scan against their paper
_READABLE: Final = 1.2  # points: smaller letters are dust, whatever they say
_DEEPEST: Final = 8  # nested forms

_BESIDE: Final = 2  # pixels: half a millimetre, as much as marks are padded
_FEW: Final = 40  # pixels: a stroke of a large letter
_SPILT: Final = 0.02  # of the ink of letters

_Bits = NDArray[np.int32]
_Spans = tuple[NDArray[np.int_], NDArray[np.int_], NDArray[np.int_], NDArray[np.int_]]


class Sight:
    """What `unseen` found: characters that cannot be seen, and of them those that lie over the letters of a scan.

    `spilt`: whether letters leave ink beside the places the file gives them; a box over the place hides only part.
    """

    def __init__(self) -> None:
        self.hidden: set[int] = set()
        self.layer: set[int] = set()
        self.spilt = False


def unseen(document: Any, page: Any, read: Characters) -> Sight:
    """Indexes into `read.chars`. Call it holding `PDFIUM`. Raises DocumentError when drawing takes too long."""
    sight = Sight()
    width, height = page.get_width(), page.get_height()
    placed = [(index, char) for index, char in enumerate(read.chars) if char.sides and char.letter.strip()]
    if not placed or width <= 0 or height <= 0:
        return sight
    scale = min(_DPI / 72, (_PIXELS / (width * height)) ** 0.5)
    before = _picture(document, page, scale)
    for thing in read.things.values():
        raw.FPDFPageObj_SetIsActive(thing.handle, False)
    try:
        after = _picture(document, page, scale)
    finally:
        for thing in read.things.values():
            raw.FPDFPageObj_SetIsActive(thing.handle, True)
    changed = np.abs(before - after) > _CHANGE
    sums = np.zeros((changed.shape[0] + 1, changed.shape[1] + 1), dtype=np.int32)
    np.cumsum(changed, axis=1, dtype=np.int32, out=sums[1:, 1:])
    np.cumsum(sums, axis=0, out=sums)
    boxes = np.array([char.sides for _, char in placed])
    spans = _spans(boxes, changed.shape, (width, height))
    ink = _counted(sums, spans)
    sight.spilt = _is_spilt(changed, spans)
    pictures: list[Sides] | None = None
    for (index, char), pixels in zip(placed, ink, strict=True):
        owner = read.things.get(char.thing)
        if owner is not None and owner.inked and pixels and owner.em >= _READABLE:
            continue
        sight.hidden.add(index)
        if pictures is None:
            pictures = _pictures(page)
        if char.sides and _over(pictures, char.sides) and _has_letters(after, char.sides, width, height):
            sight.layer.add(index)
    _carry_spaces(read, sight)
    return sight


def _picture(document: Any, page: Any, scale: float) -> NDArray[np.int16]:
    picture = render(document, page, scale, colour=False, patience=PATIENCE / 4)
    return np.asarray(picture).astype(np.int16)


def _spans(boxes: NDArray[np.float64], shape: tuple[int, ...], size: tuple[float, float]) -> _Spans:
    """Left, right, top and bottom of each box in pixels."""
    (rows, columns), (width, height) = shape, size
    x0, x1 = (np.clip(boxes[:, side] * columns / width, 0, columns) for side in (0, 2))
    y0, y1 = (np.clip((height - boxes[:, side]) * rows / height, 0, rows) for side in (3, 1))
    return (
        np.floor(x0).astype(int),
        np.ceil(x1).astype(int),
        np.floor(y0).astype(int),
        np.ceil(y1).astype(int),
    )


def _counted(sums: _Bits, spans: _Spans) -> _Bits:
    """How many pixels changed within each box, all at once."""
    left, right, top, bottom = spans
    counts: _Bits = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return counts


def _is_spilt(changed: NDArray[np.bool_], spans: _Spans) -> bool:
    """Whether a notable share of the ink of letters lies beside their boxes."""
    rows, columns = changed.shape
    left, right, top, bottom = spans
    left, right = np.maximum(left - _BESIDE, 0), np.minimum(right + _BESIDE, columns)
    top, bottom = np.maximum(top - _BESIDE, 0), np.minimum(bottom + _BESIDE, rows)
    edges = np.zeros((rows + 1, columns + 1), dtype=np.int32)
    for ys, xs, step in ((top, left, 1), (bottom, right, 1), (top, right, -1), (bottom, left, -1)):
        np.add.at(edges, (ys, xs), step)
    covered = edges.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0
    ink, beside = int(changed.sum()), int((changed & ~covered).sum())
    return beside > max(_FEW, _SPILT * ink)


def _pictures(page: Any) -> list[Sides]:
    """Where pictures stand on the page as shown."""
    place = placer(page)
    found = []
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST):
        sides = bounds_of(item)
        if sides is not None:
            found.append(place(*sides))
    return found


def bounds_of(item: Any) -> Sides | None:
    """The bounds of a page object in the file's coordinates, those of the forms it stands in applied; None unknown."""
    try:
        sides: Sides = item.get_bounds()
        holder = item.container
        while holder is not None:
            matrix = holder.get_matrix()
            corners = [matrix.on_point(x, y) for x in (sides[0], sides[2]) for y in (sides[1], sides[3])]
            across, up = zip(*corners, strict=True)
            sides = min(across), min(up), max(across), max(up)
            holder = holder.container
    except (RuntimeError, ValueError):
        return None
    return sides


def _over(pictures: list[Sides], sides: Sides) -> bool:
    x, y = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in pictures)


def _has_letters(picture: NDArray[np.int16], sides: Sides, width: float, height: float) -> bool:
    """Whether anything but even paper or an even box stands in the place."""
    rows, columns = picture.shape
    left, right = int(sides[0] * columns / width), int(sides[2] * columns / width) + 1
    top, bottom = int((height - sides[3]) * rows / height), int((height - sides[1]) * rows / height) + 1
    part = picture[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    return bool(part.size) and int(part.max()) - int(part.min()) > _CONTRAST


def _carry_spaces(read: Characters, sight: Sight) -> None:
    """A space goes with the character before it, the end of a line with nobody."""
    before = -1
    for index, char in enumerate(read.chars):
        if char.letter.strip():
            before = index
        elif char.letter != "\n" and before >= 0:
            if before in sight.hidden:
                sight.hidden.add(index)
            if before in sight.layer:
                sight.layer.add(index)
        else:
            before = -1
