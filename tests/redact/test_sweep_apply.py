"""Real PDFs, each with ten random spans (or boxes, where there is no text) taken out; looked at with three readers."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from assistant.documents.pdf import read_pdf
from assistant.documents.ports import Readers
from assistant.domain.document import Origin
from assistant.errors import DocumentError
from assistant.redact.apply import apply
from assistant.redact.options import Options
from tests.redact.redacting import (
    disclosed,
    random_marks,
    read_back,
    recovered,
    shapes,
    share_kept,
    uncovered,
)

_SAMPLE = 12
_SEED = 20261123
# pdfium and pdftotext give words that are drawn twice in one place once; the page's text has them twice. Marks of writing
# direction and brackets turned round for a script written from the right count as other characters.
_TWICE = ("unfilled_rect", "invalid_root_ref", "BidiSample")


def _check(entry: dict[str, str | None], folder: Path, tmp_path: Path, options: Options) -> bool:
    """Redact one file of the collection and look at it; False where it can't be opened."""
    name = str(entry["file"])
    data = (folder / name).read_bytes()
    try:
        read = read_pdf(data, name="試験.pdf", readers=Readers(), password=entry.get("password"))
    except DocumentError:
        return False
    assert read.pdf is not None
    document = read.document
    marks = random_marks(document, seed=_SEED)
    applied = apply(read.pdf, document, marks, options)
    assert not recovered(applied, document, marks, tmp_path), name
    if not options.labels:
        assert not uncovered(applied), name
    for reader, pages in shapes(read.pdf).items():
        found = shapes(applied.pdf)[reader]  # the output opens in every reader
        assert len(found) == len(pages), name
        for before, after in zip(pages, found, strict=True):
            assert after == pytest.approx(before, abs=0.02), (name, reader)
    wanted = [
        text if page.origin is Origin.FILE else ""
        for text, page in zip(disclosed(document, applied.withheld), document.pages, strict=True)
    ]
    for reader, texts in read_back(applied.pdf, tmp_path).items():
        if reader == "pypdf" or not any(part in name for part in _TWICE):
            assert share_kept(wanted, texts) >= 0.99, (name, reader)
    return True


def _entries(shared_data: Path) -> tuple[Path, list[dict[str, str | None]]]:
    folder = shared_data / "pdfs"
    entries: list[dict[str, str | None]] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return folder, entries


def test_a_sample_of_real_files(shared_data: Path, tmp_path: Path) -> None:
    folder, entries = _entries(shared_data)
    sample = random.Random(_SEED).sample(entries, _SAMPLE)
    assert sum(_check(entry, folder, tmp_path, Options()) for entry in sample) > _SAMPLE // 2


@pytest.mark.sweep
@pytest.mark.timeout(1200)
def test_all_real_files(shared_data: Path, tmp_path: Path) -> None:
    folder, entries = _entries(shared_data)
    done = sum(_check(entry, folder, tmp_path, Options()) for entry in entries)
    assert done > 70


@pytest.mark.sweep
@pytest.mark.timeout(1200)
def test_all_real_files_with_every_option(shared_data: Path, tmp_path: Path) -> None:
    folder, entries = _entries(shared_data)
    options = Options(
        labels=True,
        stamp="部分開示 {page}/{pages}",
        standard_width=50.0,
        keep_unmarked_vector=True,
        ocr_text=False,
    )
    done = sum(_check(entry, folder, tmp_path, options) for entry in entries)
    assert done > 70
