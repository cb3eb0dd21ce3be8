"""What `apply` makes of real files is clean in the eyes of `inspect`; what it is made of is not."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from assistant.documents.pdf import read_pdf
from assistant.documents.ports import Opened, Readers
from assistant.domain.document import Box, Document, Extent
from assistant.domain.places import boxes_of
from assistant.errors import DocumentError
from assistant.redact.apply import apply
from assistant.redact.inspect import inspect
from assistant.redact.inspect_report import Inspection
from assistant.redact.marks import Mark, Secret
from assistant.redact.options import BoxColour, Options
from assistant.redact.secrets import disclosed_texts, words_of_mark

_MOST_PAGES = 40
_SAMPLE = (
    "euske_pdfminer__samples_jo.pdf",
    "mozilla_pdf.js__test_pdfs_vertical.pdf",
    "freelawproject_x-ray__tests_assets_rect_ordering_3.20.pdf",
    "mozilla_pdf.js__test_pdfs_noembed-sjis.pdf",
)


def _marks(document: Document) -> list[Mark]:
    """Ten random spans; on a file without text a random box."""
    chance = random.Random(7)
    pages = [page for page in document.pages if page.boxes.anywhere]
    marks = []
    for number in range(10 if pages else 0):
        page = chance.choice(pages)
        start = chance.randrange(len(page.text))
        extent = Extent(page=page.number, start=start, end=min(len(page.text), start + chance.randint(4, 12)))
        boxes = boxes_of(document, extent)
        if boxes and document.cut(extent).strip():
            marks.append(Mark(finding=f"f{number}", extents=(extent,), boxes=boxes, label="第九九条第2号"))
    if not marks:
        whole = document.pages[0].whole
        box = Box(page=1, x0=whole.x1 / 5, y0=whole.y1 / 5, x1=whole.x1 / 2, y1=whole.y1 / 2)
        marks.append(Mark(finding="box", extents=(), boxes=(box,), label="第九九条第2号"))
    return marks


def _look(opened: Opened, marks: list[Mark], pdf: bytes, options: Options) -> Inspection:
    return inspect(
        pdf,
        secrets=[
            Secret(text=words, finding=mark.finding)
            for mark in marks
            for words in words_of_mark(opened.document, mark)
        ],
        areas=[box for mark in marks for box in mark.boxes],
        labels=[mark.label for mark in marks] if options.labels else [],
        expected=disclosed_texts(opened.document, marks),
        original=opened.pdf,
    )


def _unclean(folder: Path, name: str, password: str | None, options: Options) -> list[str]:
    try:
        opened = read_pdf((folder / name).read_bytes(), name=name, password=password, readers=Readers())
        if opened.pdf is None or len(opened.document.pages) > _MOST_PAGES:
            return []
        marks = _marks(opened.document)
        made = apply(opened.pdf, opened.document, marks, options)
    except DocumentError:
        return []  # said in words; what can be read is tested elsewhere
    told = _look(opened, marks, made.pdf, options)
    return [] if told.clean else [f"{name} {leak.check} {leak.page}" for leak in told.leaks] or [name]


@pytest.mark.parametrize("name", _SAMPLE)
def test_a_redacted_file_is_clean_and_the_original_is_not(shared_data: Path, name: str) -> None:
    folder = shared_data / "pdfs"
    assert _unclean(folder, name, None, Options()) == []
    opened = read_pdf((folder / name).read_bytes(), name=name, readers=Readers())
    assert opened.pdf is not None
    told = _look(opened, _marks(opened.document), opened.pdf, Options())
    assert {"areas_text", "text_pdfium", "areas_pixels"} <= {leak.check for leak in told.leaks}


@pytest.mark.sweep
@pytest.mark.parametrize("options", [Options(), Options(labels=True, colour=BoxColour.WHITE)])
def test_every_redacted_file_is_clean(shared_data: Path, options: Options) -> None:
    folder = shared_data / "pdfs"
    entries = json.loads((folder / "manifest.json").read_text("utf-8"))
    unclean = [_unclean(folder, entry["file"], entry["password"], options) for entry in entries]
    assert [one for several in unclean for one in several] == []
