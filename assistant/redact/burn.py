"""Rectangles, their labels and the stamp, burned into the picture of a page; what is under them is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from assistant.errors import RedactionLeak
from assistant.redact.areas import Area
from assistant.redact.lettering import Lettering
from assistant.redact.options import BoxColour

_LABEL: Final = (4.5, 11.0)  # points: the smallest a label may be, and the largest
_STAMP: Final = 8.0  # points
_EDGE: Final = 14.0  # points from the edge of the paper to the stamp
_FILL: Final = 0.86  # share of the box a label may take
_BLANK: Final = 200


class Burned:
    """A picture with its rectangles on it. `strokes`: a mask of what was drawn on the rectangles, None without labels."""

    def __init__(self, picture: Image.Image, colour: BoxColour) -> None:
        """`picture`: mode "L" or "RGB"; it is changed."""
        self.picture = picture
        self.strokes: Image.Image | None = None
        self.unlabelled = 0
        self._paper = 0 if colour is BoxColour.BLACK else 255
        self._colour = colour

    def cover(self, areas: Sequence[Area], lettering: Lettering | None, pixels_a_point: float) -> None:
        """Fill all of them first, so that no label is under another rectangle; then frames and labels."""
        paper = self._shade(self._paper)
        for area in areas:
            self.picture.paste(paper, (area.left, area.top, area.right, area.bottom))
        framed = self._colour is BoxColour.WHITE
        if not framed and lettering is None:
            return
        if areas:
            self.strokes = Image.new("L", self.picture.size, 0)
        for area in areas:
            mask = Image.new("L", (area.right - area.left, area.bottom - area.top), 0)
            if framed:
                thick = max(1, round(pixels_a_point * 0.75))
                ImageDraw.Draw(mask).rectangle(
                    (0, 0, mask.width - 1, mask.height - 1), outline=255, width=thick
                )
            if (
                lettering is not None
                and area.label
                and not self._write(mask, area, lettering, pixels_a_point)
            ):
                self.unlabelled += 1
            self.picture.paste(self._shade(255 - self._paper), (area.left, area.top), mask)
            assert self.strokes is not None
            self.strokes.paste(255, (area.left, area.top), mask)

    def _write(self, mask: Image.Image, area: Area, lettering: Lettering, pixels_a_point: float) -> bool:
        """Draw the label into the mask, turned where the line runs downwards; False where it does not fit legibly."""
        across, down = (mask.height, mask.width) if area.upright else mask.size
        least, most = (size * pixels_a_point for size in _LABEL)
        drawn = lettering.fitted(area.label, across * _FILL, down * _FILL, least=least, most=most)
        if drawn is None:
            return False
        if area.upright:
            drawn = drawn.transpose(Image.Transpose.ROTATE_270)
        at = ((mask.width - drawn.width) // 2, (mask.height - drawn.height) // 2)
        mask.paste(255, at, drawn)
        return True

    def stamp(self, words: str, lettering: Lettering, areas: Sequence[Area], pixels_a_point: float) -> bool:
        """Print words in a margin: where it is bare, else where least is; never on a rectangle. False: no room."""
        drawn = lettering.drawn(words, _STAMP * pixels_a_point)
        width, height = self.picture.size
        edge = round(_EDGE * pixels_a_point)
        if drawn.width + 2 > width or drawn.height + 2 > height:
            return False
        left, top = min(edge, width - drawn.width), min(edge, height - drawn.height)
        right, bottom = max(0, width - edge - drawn.width), max(0, height - edge - drawn.height)
        middle = (width - drawn.width) // 2
        best: tuple[float, int, int] | None = None
        for x, y in (
            (right, top),
            (right, bottom),
            (middle, bottom),
            (middle, top),
            (left, bottom),
            (left, top),
        ):
            spot = (x, y, x + drawn.width, y + drawn.height)
            if any(_meet(spot, area) for area in areas):
                continue
            there = np.asarray(self.picture.crop(spot).convert("L"))
            inked = float((there < _BLANK).mean())
            if best is None or inked < best[0]:
                best = (inked, x, y)
            if not inked:
                break
        if best is None:
            return False
        self.picture.paste(self._shade(0), best[1:], drawn)
        return True

    def _shade(self, value: int) -> int | tuple[int, int, int]:
        return value if self.picture.mode == "L" else (value, value, value)

    def check(self, areas: Sequence[Area], ink: NDArray[np.bool_] | None = None) -> None:
        """Look once more: every rectangle of one colour but for what was drawn on it. Raises RedactionLeak.

        `ink`: the bitmap as it is going to be encoded, shape (rows, columns), else the picture is looked at.
        """
        strokes = None if self.strokes is None else np.asarray(self.strokes)
        final = np.asarray(self.picture) if ink is None else ink
        wanted = self._paper if ink is None else self._paper == 0
        for area in areas:
            place = (slice(area.top, area.bottom), slice(area.left, area.right))
            wrong = final[place] != wanted
            if wrong.ndim == 3:
                wrong = wrong.any(axis=2)
            if strokes is not None:
                wrong = wrong & (strokes[place] == 0)
            if wrong.any():
                raise RedactionLeak(
                    "墨塗りの枠の中に元の紙面が残りました。ファイルは作りませんでした。"
                    "もう一度試し、それでも続くときは開発者に知らせてください。"
                )


def _meet(spot: tuple[int, int, int, int], area: Area) -> bool:
    return spot[0] < area.right and area.left < spot[2] and spot[1] < area.bottom and area.top < spot[3]
