"""Redaction of text pages beside the rasteriser alone, in one run: `python benchmarks/redact.py [FILE.pdf]`, JSON out.

`rasteriser`: every page drawn in grey at 300 dpi. `rasteriser_g4`: drawn and turned into CCITT G4, which no picture of a
page can do without. `apply`: the whole thing, with a mark on every fifth page. Seconds of the processor count for one core;
seconds on the clock show what drawing ahead in a second thread wins.
"""

from __future__ import annotations

import io
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from machine import described
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.pdf import read_pdf
from assistant.documents.pdf_picture import Pictures
from assistant.documents.ports import Readers
from assistant.domain.document import Extent
from assistant.redact.apply import apply
from assistant.redact.encode import as_ink, inked
from assistant.redact.marks import Mark

PAGES = 60
LINES = 22
CHARACTERS = 34
RUNS = 5
SENTENCES = Path(__file__).with_name("passage.txt")


def pages_of_text() -> bytes:
    """Pages of about 750 characters, no two alike."""
    choose = random.Random(1)
    words = [word for word in SENTENCES.read_text(encoding="utf-8").split() if len(word) > 1]
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    store = io.BytesIO()
    canvas = Canvas(store, pagesize=(595.28, 841.89), invariant=1)
    for _ in range(PAGES):
        canvas.setFont("HeiseiMin-W3", 10.5)
        for line in range(LINES):
            text = ""
            while len(text) < CHARACTERS:
                text += choose.choice(words)
            canvas.drawString(110, 760 - 30 * line, text[:CHARACTERS])
        canvas.showPage()
    canvas.save()
    return store.getvalue()


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the processor, and on the clock."""
    processor, clock = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - processor, time.perf_counter() - clock


def main() -> None:
    given = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else pages_of_text()
    read = read_pdf(given, name="pages.pdf", readers=Readers())
    document, pdf = read.document, read.pdf or given
    pages = len(document.pages)
    marks = tuple(
        Mark(
            finding=str(page.number),
            extents=(Extent(page=page.number, start=2, end=min(8, len(page.text))),),
            boxes=(),
        )
        for page in document.pages[::5]
        if len(page.text) > 2
    )
    sizes: list[int] = []
    looks: list[str] = []

    def rasterise() -> None:
        with Pictures(pdf) as pictures:
            for number in range(1, pages + 1):
                pictures.draw(number)

    def encode() -> None:
        with Pictures(pdf) as pictures:
            for number in range(1, pages + 1):
                as_ink(inked(np.asarray(pictures.draw(number))))

    def whole() -> None:
        applied = apply(pdf, document, marks)
        sizes.append(len(applied.pdf))
        looks[:] = [str(look) for look in applied.looks]

    works = {"rasteriser": rasterise, "rasteriser_g4": encode, "apply": whole}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(RUNS):
        for name, work in works.items():  # in turns, so that a busy moment of the machine falls on all
            taken[name].append(timed(work))
    cpu = {name: statistics.median(one[0] for one in times) for name, times in taken.items()}
    clock = {name: statistics.median(one[1] for one in times) for name, times in taken.items()}
    print(
        json.dumps(
            {
                "machine": described(),
                "pages": pages,
                "characters_a_page": round(sum(len(page.text) for page in document.pages) / pages),
                "kilobytes_a_page": round(sizes[0] / pages / 1000, 1),
                "looks": {look: looks.count(look) for look in sorted(set(looks))},
                "pages_a_second_per_core": {name: round(pages / each, 1) for name, each in cpu.items()},
                "pages_a_second_on_the_clock": {name: round(pages / each, 1) for name, each in clock.items()},
                "apply_over_rasteriser": {
                    "processor": round(cpu["apply"] / cpu["rasteriser"], 2),
                    "clock": round(clock["apply"] / clock["rasteriser"], 2),
                },
                "apply_over_rasteriser_g4": {
                    "processor": round(cpu["apply"] / cpu["rasteriser_g4"], 2),
                    "clock": round(clock["apply"] / clock["rasteriser_g4"], 2),
                },
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
