"""Redact a file in a test and look at what came out with three readers."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pikepdf
import pypdf
import pypdfium2
from pypdf.errors import PyPdfError

from assistant.documents.pdf import read_pdf
from assistant.documents.pdf_picture import Pictures
from assistant.documents.ports import Readers
from assistant.domain.document import Box, Document, Extent, Page
from assistant.redact.apply import Applied
from assistant.redact.look import Look
from assistant.redact.marks import Mark


def fold(text: str) -> str:
    """Without white space, and without what readers write differently."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def mark(page: Page, words: str, label: str = "") -> Mark:
    """The first place of some words as a mark."""
    start = page.text.index(words)
    extent = Extent(page=page.number, start=start, end=start + len(words))
    return Mark(finding=words, extents=(extent,), boxes=(), label=label)


def random_marks(document: Document, seed: int, count: int = 10) -> tuple[Mark, ...]:
    """Spans of one to eight characters anywhere; a box on a page without text."""
    choose = random.Random(seed)
    marks = []
    for number in range(count):
        page = choose.choice(document.pages)
        placed = [at for at in range(len(page.text)) if page.boxes[at] is not None]
        if placed:
            start = choose.choice(placed)
            end = min(len(page.text), start + choose.randint(1, 8))
            extent = Extent(page=page.number, start=start, end=end)
            marks.append(Mark(finding=str(number), extents=(extent,), boxes=(), label="第1条第1号"))
        else:
            x, y = choose.uniform(0, page.width * 0.8), choose.uniform(0, page.height * 0.8)
            box = Box(page=page.number, x0=x, y0=y, x1=x + page.width * 0.1, y1=y + page.height * 0.05)
            marks.append(Mark(finding=str(number), extents=(), boxes=(box,)))
    return tuple(marks)


def disclosed(document: Document, withheld: Sequence[Extent]) -> list[str]:
    """The text of each page without the withheld characters."""
    gone: dict[int, set[int]] = {}
    for extent in withheld:
        gone.setdefault(extent.page, set()).update(range(extent.start, extent.end))
    return [
        "".join(letter for at, letter in enumerate(page.text) if at not in gone.get(page.number, set()))
        for page in document.pages
    ]


def read_back(pdf: bytes, folder: Path) -> dict[str, list[str]]:
    """The text of each page, by reader; pdftotext where it is installed."""
    read: dict[str, list[str]] = {}
    opened = pypdfium2.PdfDocument(pdf)
    read["pdfium"] = [page.get_textpage().get_text_range() for page in opened]
    opened.close()
    read["pypdf"] = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    if shutil.which("pdftotext"):
        path = folder / "output.pdf"
        path.write_bytes(pdf)
        done = subprocess.run(
            ["pdftotext", "-enc", "UTF-8", str(path), "-"],
            capture_output=True,
            check=True,
            text=True,
            encoding="utf-8",
        )
        read["pdftotext"] = done.stdout.split("\f")[: len(read["pdfium"])]
    return read


def share_kept(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Share of the wanted characters that are there, page by page."""
    kept = total = 0
    for want, got in zip(wanted, found, strict=True):
        here = Counter(fold(want))
        total += here.total()
        kept += (here & Counter(fold(got))).total()
    return kept / total if total else 1.0


def shapes(pdf: bytes) -> dict[str, list[tuple[float, float, int]]]:
    """Visible width, height (not yet turned) and turn of each page, by reader; a reader that can't open it is left out."""
    found: dict[str, list[tuple[float, float, int]]] = {}
    opened = pypdfium2.PdfDocument(pdf)
    found["pdfium"] = [(page.get_width(), page.get_height(), page.get_rotation()) for page in opened]
    opened.close()
    with contextlib.suppress(PyPdfError, ValueError, TypeError, KeyError, AttributeError):
        found["pypdf"] = [
            (float(page.cropbox.width), float(page.cropbox.height), page.rotation % 360)
            for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
        ]
    with contextlib.suppress(pikepdf.PdfError), pikepdf.open(io.BytesIO(pdf)) as file:
        found["pikepdf"] = [
            (
                abs(float(page.cropbox[2]) - float(page.cropbox[0])),
                abs(float(page.cropbox[3]) - float(page.cropbox[1])),
                int(page.rotation) % 360,
            )
            for page in file.pages
        ]
    return found


def streams(pdf: bytes) -> bytes:
    """Every string and every stream of the file, decoded."""
    parts = [pdf]
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for thing in file.objects:
            if isinstance(thing, pikepdf.Stream):
                try:
                    parts.append(thing.read_bytes())
                except pikepdf.PdfError:
                    parts.append(thing.read_raw_bytes())
    return b"\n".join(parts)


def recovered(applied: Applied, document: Document, marks: Sequence[Mark], folder: Path) -> list[str]:
    """Findings whose words are back: more often than they are disclosed, or anywhere inside the file."""
    rest = [fold(text) for text in disclosed(document, applied.withheld)]
    read = {name: [fold(text) for text in texts] for name, texts in read_back(applied.pdf, folder).items()}
    everything = streams(applied.pdf)
    back = []
    for each in marks:
        for extent in each.extents:
            words = fold(document.cut(extent))
            if not words:
                continue
            forms = [words.encode(code) for code in ("utf-8", "utf-16-be", "utf-16-le")]
            if words.isascii() and len(words) < 8:
                forms = []  # names inside every PDF hold such pieces
            elsewhere = "".join(rest)
            if len(words) > 2 and words not in elsewhere:
                found = any(words in "".join(texts) for texts in read.values())
                if found or any(form in everything for form in forms):
                    back.append(each.finding)
    return back


def uncovered(applied: Applied) -> list[Box]:
    """Rectangles that are not black all over when the output is drawn, or have characters under them."""
    bad = []
    text = read_pdf(applied.pdf, name="output.pdf", readers=Readers()).document
    with Pictures(applied.pdf) as pictures:
        for area in applied.areas:
            grey = np.asarray(pictures.draw(area.page))
            width, height, _ = pictures.size(area.page)
            rows = slice(
                round((height - area.y1) / height * grey.shape[0]) + 3,
                round((height - area.y0) / height * grey.shape[0]) - 3,
            )
            columns = slice(
                round(area.x0 / width * grey.shape[1]) + 3, round(area.x1 / width * grey.shape[1]) - 3
            )
            inside = grey[rows, columns]
            # The edge of a rectangle in a JPEG is not sharp.
            limit = 0 if applied.looks[area.page - 1] is Look.INK else 40
            under = [
                letter
                for letter, box in zip(text.page(area.page).text, text.page(area.page).boxes, strict=True)
                if box is not None
                and not letter.isspace()
                and area.x0 < (box.x0 + box.x1) / 2 < area.x1
                and area.y0 < (box.y0 + box.y1) / 2 < area.y1
            ]
            if (inside.size and int(inside.max()) > limit) or under:
                bad.append(area)
    return bad
