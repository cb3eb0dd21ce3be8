"""Letters that were read in a picture stand a pixel or two off: none is left half seen beside its rectangle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assistant.documents.pdf import read_pdf
from assistant.documents.ports import Readers
from assistant.domain.document import Box, Origin
from assistant.redact.areas import Area, whole_letters
from assistant.redact.pieces import pieces_on
from tests.documents.pdf_fixtures import written
from tests.redact.redacting import mark


def test_a_letter_read_in_a_picture_is_covered_whole_though_its_place_is_off() -> None:
    # 白's left stroke, as Tesseract reported it, lay a point outside of its box.
    grey = np.full((40, 200), 255, dtype=np.uint8)
    grey[5:35, 50:53] = 0  # the stroke that was left
    grey[5:35, 49] = 180  # with its soft edge, which is ink in black and white
    grey[10:12, 50:70] = 0  # and one that goes on under the box
    grey[5:35, 90:96] = 0  # another letter ends under the box's right side
    grey[38, :] = 0  # a ruled line beneath
    grey[5:35, 20:30] = 0  # a letter that is disclosed
    area = Area(left=55, top=4, right=94, bottom=40)
    whole = whole_letters(area, grey)
    assert (whole.left, whole.top, whole.right, whole.bottom) == (49, 4, 96, 40)
    apart = replace(area, left=47, right=80)
    assert whole_letters(apart, grey) == apart  # nothing is cut through
    turned = Area(left=4, top=55, right=40, bottom=150, upright=True)
    upright = whole_letters(turned, np.ascontiguousarray(grey.T))
    assert (upright.top, upright.bottom, upright.left, upright.right) == (49, 150, 4, 40)
    crossed = np.zeros((40, 200), dtype=np.uint8)
    assert whole_letters(area, crossed) == area  # no letters, all ink


def test_only_characters_read_in_a_picture_are_made_whole() -> None:
    page = read_pdf(written(), name="試験.pdf", readers=Readers()).document.pages[0]
    drawn = Box(page=1, x0=100, y0=100, x1=160, y1=160)
    name = replace(mark(page, "情報公開請求書"), boxes=(drawn,))
    assert not any(piece.seen for piece in pieces_on(page, [name]))
    pieces = pieces_on(replace(page, origin=Origin.OCR), [name])
    assert [piece.seen for piece in pieces if piece.box == drawn] == [False]
    assert [piece.seen for piece in pieces if piece.box != drawn] == [True]
