"""Look at a finished file with an attacker's eyes: nothing that was withheld may be found in it, in any way.

    leaks = inspect(output, secrets=secrets_of(proposal), areas=[box for mark in marks for box in mark.boxes],
                    labels=[mark.label for mark in marks], expected=disclosed_texts(document, marks), original=pdf)

This reads the file anew with libraries of its own choice and shares nothing with the writer but the marks.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assistant.documents.pdf_picture import Pictures
from assistant.documents.ports import Eyes, SeenWord, Tell, untold
from assistant.domain.document import Box
from assistant.errors import DocumentError
from assistant.redact.inspect_bytes import Clock
from assistant.redact.inspect_carriers import guarded, search_file, search_history
from assistant.redact.inspect_layers import hidden_layers
from assistant.redact.inspect_pages import (
    PageTexts,
    areas_on,
    is_label,
    is_uniform,
    patch,
    second_reading,
    shows_through,
)
from assistant.redact.inspect_pictures import search_pictures
from assistant.redact.inspect_report import Inspection, Leak
from assistant.redact.inspect_sought import Sought
from assistant.redact.inspect_tally import Tally
from assistant.redact.marks import Secret
from assistant.text.folding import folded_text

OCR_PAGES: Final = 30
"""Pages read by OCR, about a second each; of a longer file a seeded sample."""
DPI: Final = 300
_OCR_DPI = 200
_OCR_SECONDS = 30.0
"""After this no further page is begun: a person waits, and pixels and text of every page are looked at anyway."""
_SECONDS = 20.0
_SECONDS_A_PAGE = 0.4
_SIZE = 1.5  # points by which a page may differ from the original's
_NO_NAME = "ファイル名が渡されていないため、行っていません。"
_NO_AREAS = "伏せた箇所の位置が渡されていないため、行っていません。"
_CUT = "時間の上限に達したため、最後まで調べていません。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is inspected, and what is known of it. See `inspect`."""

    pdf: bytes
    password: str | None
    areas: tuple[Box, ...]
    labels: tuple[str, ...]
    expected: tuple[str, ...] | None
    original: bytes | None


def inspect(  # one call, many things that may be known or not
    pdf: bytes,
    *,
    secrets: Sequence[Secret] = (),
    areas: Sequence[Box] = (),
    labels: Sequence[str] = (),
    expected: Sequence[str] | None = None,
    eyes: Eyes | None = None,
    file_name: str = "",
    original: bytes | None = None,
    password: str | None = None,
    ocr_pages: int = OCR_PAGES,
    tell: Tell = untold,
    reading: Tell = untold,
) -> Inspection:
    """Attack a file with every secret. `areas`: boxes of the marks in points of the page as shown. `labels`: words that
    were printed or added by the writer (clauses on boxes, a stamp). `expected`: the text each page may hold, or None
    where it isn't known: then any occurrence of a secret is a leak. `original`: the PDF it was made from, if at hand.
    `reading` is told how many pictures of pages are read; it may raise to call the rest off.

    Raises DocumentError (PasswordNeeded) for a file that can't be opened. Bounded: 20 s and 0.4 s a page, without OCR;
    what is not reached is told as unfinished, and the inspection is not clean.
    """
    tally = Tally(secrets)
    target = Target(
        pdf=pdf,
        password=password,
        areas=tuple(areas),
        labels=tuple(label for label in labels if label),
        expected=tuple(expected) if expected is not None else None,
        original=original,
    )
    with PageTexts(pdf, password) as texts:
        clock = Clock(_SECONDS + _SECONDS_A_PAGE * texts.count)
        sought = Sought(secrets, _with_labels(target))
        pages = texts.count
        said: list[str] = []
        guarded(tally, "text_pdfium", lambda: said.extend(_first_reading(texts, sought, tally, clock)))
        guarded(tally, "text_beyond", lambda: _beyond(said, target, tally))
        guarded(tally, "areas_text", lambda: _areas_text(texts, target, tally, clock))
        guarded(tally, "pages", lambda: _same_pages(texts, target, tally))
    guarded(tally, "text_pypdf", lambda: _second_reading(target, sought, tally, clock))
    page_text = "".join([*said, *(target.expected or ())]) + "".join(target.labels)
    guarded(tally, "objects", lambda: search_file(pdf, password, sought, tally, clock, page_text=page_text))
    guarded(tally, "revisions", lambda: search_history(pdf, password, sought, tally, clock))
    guarded(tally, "layers", lambda: hidden_layers(pdf, password, tally))
    guarded(tally, "areas_pixels", lambda: _pixels(target, tally, clock, tell))
    guarded(tally, "pictures", lambda: search_pictures(pdf, password, target.areas, tally, clock))
    _ocr(target, pages, sought, tally, eyes=eyes, most=ocr_pages, tell=reading)
    if file_name:
        tally.leaks("file_name", sought.elsewhere(file_name), "ファイル名")
    tally.ran("file_name") if file_name else tally.not_run("file_name", _NO_NAME)
    return Inspection(
        sha256=hashlib.sha256(pdf).hexdigest(),
        pages=pages,
        checks=tally.checks(),
        leaks=tally.all_leaks,
        notes=tally.all_notes,
    )


def _with_labels(target: Target) -> tuple[str, ...] | None:
    """What each page may say, its labels included."""
    if target.expected is None:
        return None
    extra = "\ufffc".join(target.labels)
    return tuple(f"{page}\ufffc{extra}" for page in target.expected)


def _first_reading(texts: PageTexts, sought: Sought, tally: Tally, clock: Clock) -> list[str]:
    said = []
    for number in range(1, texts.count + 1):
        if clock.over:
            tally.unfinished("text_pdfium", _CUT)
            break
        text = texts.text(number)
        said.append(text)
        tally.leaks("text_pdfium", sought.on_page(number, text), "ページの文字", number)
    tally.ran("text_pdfium", pages=len(said), letters=sum(map(len, said)))
    return said


def _second_reading(target: Target, sought: Sought, tally: Tally, clock: Clock) -> None:
    texts = second_reading(target.pdf, target.password, clock)
    if texts is None:
        tally.unfinished("text_pypdf", "第二の読み取りが最後までできません。")
        return
    for number, text in enumerate(texts, 1):
        tally.leaks("text_pypdf", sought.on_page(number, text), "ページの文字", number)
    tally.ran("text_pypdf", pages=len(texts), letters=sum(map(len, texts)))


def _beyond(said: Sequence[str], target: Target, tally: Tally) -> None:
    """Letters on a page that were not disclosed there, whatever they spell."""
    if target.expected is None:
        tally.not_run("text_beyond", "開示する文字が渡されていないため、行っていません。")
        return
    labels = set(folded_text("".join(target.labels), variants=True))
    for number, text in enumerate(said, 1):
        may = target.expected[number - 1] if number <= len(target.expected) else ""
        over = _letters(text) - _letters(may)
        over = Counter({letter: count for letter, count in over.items() if letter not in labels})
        if over:
            tally.leak(
                Leak(
                    check="text_beyond",
                    place="ページの文字",
                    page=number,
                    count=over.total(),
                    text="".join(over.elements()),
                )
            )
    tally.ran("text_beyond", pages=len(said))


def _letters(text: str) -> Counter[str]:
    return Counter(letter for letter in folded_text(text, variants=True) if letter.isalnum())


def _areas_text(texts: PageTexts, target: Target, tally: Tally, clock: Clock) -> None:
    if not target.areas:
        tally.not_run("areas_text", _NO_AREAS)
        return
    labels = {folded_text(label, variants=True) for label in target.labels}
    for number in sorted({area.page for area in target.areas if 0 < area.page <= texts.count}):
        if clock.over:
            tally.unfinished("areas_text", _CUT)
            return
        letters = texts.letters(number)
        for area in areas_on(target.areas, number):
            found = folded_text(letters.within(area), variants=True)
            if any(letter.isalnum() for letter in found) and not any(found in label for label in labels):
                tally.leak(
                    Leak(
                        check="areas_text",
                        place="伏せた枠の下",
                        page=number,
                        box=area,
                        count=len(found),
                        text=found,
                    )
                )
    tally.ran("areas_text", areas=len(target.areas))


def _pixels(target: Target, tally: Tally, clock: Clock, tell: Tell) -> None:
    if not target.areas:
        tally.not_run("areas_pixels", _NO_AREAS)
        return
    before = Pictures(target.original) if target.original is not None else None
    try:
        with Pictures(target.pdf, password=target.password) as pictures:
            numbers = sorted({area.page for area in target.areas if 0 < area.page <= pictures.count})
            for done, number in enumerate(numbers, 1):
                if clock.over:
                    tally.unfinished("areas_pixels", _CUT)
                    return
                _pixels_of(number, pictures, before, target, tally)
                tell(done, len(numbers))
    finally:
        if before is not None:
            before.close()
    tally.ran("areas_pixels", areas=len(target.areas), pages=len(numbers))


def _pixels_of(
    number: int, pictures: Pictures, before: Pictures | None, target: Target, tally: Tally
) -> None:
    size = pictures.size(number)[:2]
    picture = np.asarray(pictures.draw(number, DPI))
    was = None
    for area in areas_on(target.areas, number):
        pixels = patch(picture, size, area)
        if is_uniform(pixels):
            continue
        if was is None and before is not None and number <= before.count:
            was = np.asarray(before.draw(number, DPI))
        if was is not None:
            if not shows_through(pixels, patch(was, size, area)):
                continue  # a label, or the frame of a box beside it
        elif target.labels and is_label(pixels):
            continue
        tally.leak(Leak(check="areas_pixels", place="伏せた枠の中の画素", page=number, box=area))


def _same_pages(texts: PageTexts, target: Target, tally: Tally) -> None:
    if target.original is None:
        tally.not_run("pages", "原本が渡されていないため、行っていません。")
        return
    with PageTexts(target.original, None) as before:
        tally.ran("pages", pages=texts.count)
        if before.count != texts.count:
            tally.unfinished("pages", f"ページ数が原本（{before.count}ページ）と違います。")
            return
        for number in range(1, texts.count + 1):
            sides = zip(texts.size(number), before.size(number), strict=True)
            if any(abs(one - other) > _SIZE for one, other in sides):
                tally.unfinished("pages", f"{number}ページ目の大きさか向きが原本と違います。")
                return


def _by_line(words: Sequence[SeenWord]) -> str:
    """Lines kept apart: where one ends and the next begins, letters meet that stand nowhere side by side. A secret that
    was broken over two lines is sought line by line anyway."""
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    return "\n\ufffc\n".join(" ".join(line) for line in lines.values())


def _ocr(
    target: Target, pages: int, sought: Sought, tally: Tally, *, eyes: Eyes | None, most: int, tell: Tell
) -> None:
    """Read pages with marks (without areas: any page) from their pictures."""
    missing = "文字認識（OCR）が使えないため、行っていません。" if eyes is None else eyes.missing
    if eyes is None or missing is not None or not len(sought):
        tally.not_run("ocr", missing or "伏せた語が渡されていないため、行っていません。")
        return
    numbers = sorted({area.page for area in target.areas if 0 < area.page <= pages}) or list(
        range(1, pages + 1)
    )
    # In an order of chance, so that what the time allows is a sample, and the same for the same file.
    dice = random.Random(hashlib.sha256(target.pdf).hexdigest())  # noqa: S311
    chosen = dice.sample(numbers, min(len(numbers), most))
    read, ends = 0, time.monotonic() + _OCR_SECONDS
    with Pictures(target.pdf, password=target.password) as pictures:
        for done, number in enumerate(chosen):
            if read and time.monotonic() > ends:
                break
            tell(done, len(chosen))
            try:
                picture = pictures.draw(number, _OCR_DPI)
                words = eyes.read(picture, dpi=_OCR_DPI)
            except (DocumentError, TimeoutError, OSError):
                continue
            read += 1
            tally.leaks("ocr", sought.seen(number, _by_line(words)), "描いたページ", number)
    if read:
        tally.ran("ocr", pages=read, of=len(numbers))
    else:
        tally.not_run("ocr", "どのページも文字認識（OCR）で読めなかったため、行っていません。")
