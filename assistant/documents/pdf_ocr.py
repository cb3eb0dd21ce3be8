"""Pages of a PDF read as pictures, several at a time: recognition is a program of its own and waits on no lock."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from assistant.documents.pdf_page import ReadPage
from assistant.documents.pdf_picture import Pictures
from assistant.documents.pdf_text import Sides
from assistant.documents.ports import Eyes, SeenWord, Tell
from assistant.documents.scans import DPI, MOST_PIXELS, ReadPicture, lay_out
from assistant.errors import DocumentError

_MOST_AT_ONCE: Final = 4
_COVERED: Final = 0.3  # of a word: then the file says it already


@dataclass(frozen=True, slots=True)
class Looked:
    """What was read from a page's picture: all of it, and what stands where the file itself has no text.

    Of a page whose text is trusted only the second is read, and only in its large pictures.
    """

    whole: ReadPicture
    besides: ReadPicture


@dataclass(slots=True)
class Sightings:
    """By page number; pages that could not be read are left out. `note`: why, for the person."""

    by_page: dict[int, Looked] = field(default_factory=dict)
    note: str | None = None


def look_at(pdf: bytes, pages: Sequence[ReadPage], *, eyes: Eyes | None, tell: Tell) -> Sightings:
    """Read every page that wants it. `tell` counts pages that are read or needed no reading."""
    found = Sightings()
    wanting = [page for page in pages if page.wanted]
    if eyes is None or eyes.missing:
        if eyes is not None:
            tell(len(pages), len(pages))
            if any(page.wanted == "all" for page in wanting):
                found.note = eyes.missing
        return found
    done = len(pages) - len(wanting)
    if done:
        tell(done, len(pages))
    if not wanting:
        return found
    with Pictures(pdf) as pictures, ThreadPoolExecutor(min(_MOST_AT_ONCE, os.cpu_count() or 1)) as pool:

        def begin(waiting: Iterator[ReadPage]) -> list[tuple[ReadPage, Future[Looked | None]]]:
            return [(page, pool.submit(_look, pictures, page, eyes)) for page in waiting]

        queue = iter(wanting)
        # As many pictures as there are readers, and one more: three hundred of them would fill the memory.
        running = begin(islice(queue, _MOST_AT_ONCE + 1))
        while running:
            page, future = running.pop(0)
            looked = future.result()
            if looked is not None:
                found.by_page[page.number] = looked
            done += 1
            tell(done, len(pages))
            running.extend(begin(islice(queue, 1)))
    missed = len(wanting) - len(found.by_page)
    if missed:
        found.note = f"{missed:,}ページは、画像の文字を読み取れませんでした。画像を見て確かめてください。"
    return found


def _look(pictures: Pictures, page: ReadPage, eyes: Eyes) -> Looked | None:
    try:
        picture = pictures.draw(page.number, DPI, most_pixels=MOST_PIXELS)
        words = eyes.read(picture, dpi=round(picture.info["dpi"][0]))
    except (DocumentError, TimeoutError):
        return None
    size = (page.size.width, page.size.height)
    besides = _besides(words, page, (size[0] / picture.width, size[1] / picture.height))
    whole, rest = (
        lay_out(each, number=page.number, pixels=picture.size, size=size) for each in (words, besides)
    )
    return Looked(whole, rest)


def _besides(words: Sequence[SeenWord], page: ReadPage, scale: tuple[float, float]) -> tuple[SeenWord, ...]:
    """The words that stand where the file itself has no text; in its pictures, if they alone are wanted."""
    places = (tuple(page.sides[at : at + 4]) for at in range(0, len(page.sides), 4))
    own = [place for place in places if not math.isnan(place[0])]
    kept = []
    for word in words:
        if not any(letter.isalnum() for letter in word.text):
            continue  # specks and rules are read as marks
        box = (
            word.x0 * scale[0],
            page.size.height - word.y1 * scale[1],
            word.x1 * scale[0],
            page.size.height - word.y0 * scale[1],
        )
        area = max((box[2] - box[0]) * (box[3] - box[1]), 1e-6)
        inside = page.wanted == "all" or any(_shared(box, picture) > area / 2 for picture in page.pictures)
        if inside and sum(_shared(box, each) for each in own) < _COVERED * area:
            kept.append(word)
    return tuple(kept)


def _shared(one: Sides | tuple[float, ...], other: Sides | tuple[float, ...]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0
