"""Every real PDF beside the checkout: it opens as whole pages, or says why not; in time, and within memory."""

from __future__ import annotations

import json
import math
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pdf_fixtures import read

from assistant.errors import DocumentError, PasswordNeeded
from assistant.text.folding import folded_text

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "pdfs"
MANIFEST: list[dict[str, Any]] = (
    json.loads((FOLDER / "manifest.json").read_text("utf-8")) if FOLDER.is_dir() else []
)
# Only what these say may be refused; everything else must open.
MAY_BE_REFUSED = {"password", "qpdf_error", "mupdf_error", "zero_pages"}

pytestmark = pytest.mark.skipif(not MANIFEST, reason="../shared/data/pdfs is not here")


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: str(entry["file"]))
def test_it_opens_or_says_why(entry: dict[str, Any]) -> None:
    data = (FOLDER / entry["file"]).read_bytes()
    begun = time.monotonic()
    try:
        opened = read(data, password=entry["password"])
    except DocumentError:
        assert MAY_BE_REFUSED & set(entry["tags"])
        return
    finally:
        assert time.monotonic() - begun < 30
    document = opened.document
    if entry["pages"]:
        assert len(document.pages) == entry["pages"]
    for page in document.pages:
        assert len(page.boxes) == len(page.text)
        assert not {"\r", "\0", "\ufffe", "\x02"} & set(page.text)
        for box in page.boxes:
            if box is not None:
                assert -0.01 <= box.x0 <= box.x1 <= page.width + 0.01
                assert -0.01 <= box.y0 <= box.y1 <= page.height + 0.01
                assert math.isfinite(box.x0 + box.x1 + box.y0 + box.y1)
    assert opened.pdf is not None
    if opened.pdf != data:  # decrypted or repaired: needs no password any more, and says the same
        again = read(opened.pdf).document
        assert [page.text for page in again.pages] == [page.text for page in document.pages]


def text_of(part: str) -> str:
    (entry,) = [each for each in MANIFEST if part in each["file"]]
    document = read((FOLDER / entry["file"]).read_bytes(), password=entry["password"]).document
    return "\n".join(page.text for page in document.pages)


def test_vertical_prose_is_in_order() -> None:
    lines = [line for line in text_of("euske_pdfminer__samples_jo").split("\n") if line.strip()]
    assert [line.strip() for line in lines[:5]] == [
        "序", "わたくしといふ現象は", "假定された有機交流電燈の", "ひとつの青い照明です", "（あらゆる透明な幽霊の複合体）"
    ]  # fmt: skip


def test_boxes_that_hide_nothing_are_seen_through() -> None:
    """Where somebody laid a rectangle over live text, that text is told apart from what is seen."""
    (entry,) = [each for each in MANIFEST if "rectangles_yes" in each["file"]]
    document = read((FOLDER / entry["file"]).read_bytes()).document
    hidden = "".join(folded_text(each.text) for each in document.hidden)
    assert folded_text("did not disclose all relevant medical history") in hidden
    assert "medical history" not in document.pages[0].text


def test_a_locked_file_without_its_key_asks_for_it() -> None:
    # In one of them only the attachment is locked.
    locked = [each for each in MANIFEST if each["password"] and "attachment" not in each["file"]]
    assert len(locked) >= 8
    for entry in locked:
        with pytest.raises(PasswordNeeded):
            read((FOLDER / entry["file"]).read_bytes())


def _most_memory(tasks: list[tuple[Path, str | None]]) -> int:
    """Runs in a process of its own that reads every file: the largest it ever was, in megabytes."""
    import contextlib
    import resource

    for path, password in tasks:
        with contextlib.suppress(DocumentError):
            read(path.read_bytes(), password=password)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.sweep
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss counts kilobytes only on Linux")
def test_no_file_takes_a_gigabyte() -> None:
    tasks = [(FOLDER / entry["file"], entry["password"]) for entry in MANIFEST]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(_most_memory, tasks).result() < 1024
