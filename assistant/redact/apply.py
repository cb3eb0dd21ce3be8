"""A PDF, its document and the marks → a new PDF without what is marked (design.md D7).

Every page becomes a picture with the rectangles burned in, under an invisible layer of the disclosed text. The file is
new: nothing of the old one can come along, since nothing of it is copied but what was drawn.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from assistant.documents.pdf_picture import Pictures
from assistant.documents.ports import Tell, untold
from assistant.domain.document import Box, Document, Extent, Page
from assistant.errors import DocumentError
from assistant.jobs.ports import Cancelled
from assistant.redact.layer import text_layer
from assistant.redact.lettering import Lettering
from assistant.redact.look import Look
from assistant.redact.marks import Mark
from assistant.redact.options import Options
from assistant.redact.prints import Drawn, Press, has_layer
from assistant.redact.sheets import FONT, Sheets
from assistant.redact.source import Source

_AHEAD: Final = 2  # pages drawn before they are needed; each is some tens of megabytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A redacted file. `areas`: the final rectangles with their padding, points of the page as shown.

    `withheld`: the characters that are text no more, by page and position: the marked ones and what else is under a
    rectangle. `kept`: the text layer of each page, empty where it has none. `looks`: how each page is kept, None where
    it stayed text and lines. `notes`: Japanese sentences for who made it.
    """

    pdf: bytes
    areas: tuple[Box, ...]
    withheld: tuple[Extent, ...]
    kept: tuple[str, ...]
    looks: tuple[Look | None, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Gathered:
    areas: list[Box] = field(default_factory=list)
    withheld: list[Extent] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    looks: list[Look | None] = field(default_factory=list)
    unlabelled: int = 0
    unstamped: int = 0


def _never() -> bool:
    return False


def apply(
    pdf: bytes,
    document: Document,
    marks: Sequence[Mark],
    options: Options = Options(),  # noqa: B008 frozen
    *,
    title: str = "",
    tell: Tell = untold,
    cancelled: Callable[[], bool] = _never,
) -> Applied:
    """The redacted file of `pdf`, whose pages are the document's. Nothing is written; the same input gives the same bytes.

    `title`: of the new file; it may hold no secret. Raises DocumentError (another document's pages, a mark nobody knows
    the place of, a page that cannot be drawn), RedactionLeak (a rectangle is not clean), Cancelled.
    """
    by_page = _by_page(document, marks)
    lettering = Lettering(options.font) if options.labels or options.stamp else None
    with Pictures(pdf) as pictures, Source(pdf) as source:
        if pictures.count != len(document.pages):
            raise DocumentError(
                "このPDFのページ数が、調べた文書と違います。調べたときと同じファイルを指定してください。"
            )
        marked = frozenset(by_page)
        copies = source.copies(document, marked) if options.keep_unmarked_vector and not options.stamp else {}
        press = Press(pictures, options, lettering=lettering, pages=pictures.count)
        gathered, sheets = _Gathered(), Sheets()
        drawn = _drawn(press, source, [page for page in document.pages if page.number not in copies])
        with contextlib.closing(drawn):
            for page in document.pages:
                if cancelled():
                    raise Cancelled
                if page.number in copies:
                    sheets.copy(copies[page.number])
                    gathered.kept.append(page.text)
                    gathered.looks.append(None)
                else:
                    _sheet(
                        gathered,
                        sheets,
                        press=press,
                        drawn=next(drawn),
                        page=page,
                        marks=by_page.get(page.number, []),
                        options=options,
                    )
                tell(page.number, pictures.count)
        data = sheets.finished(title)
    return Applied(
        pdf=data,
        areas=tuple(gathered.areas),
        withheld=tuple(gathered.withheld),
        kept=tuple(gathered.kept),
        looks=tuple(gathered.looks),
        notes=_notes(gathered, lettering),
    )


def _by_page(document: Document, marks: Sequence[Mark]) -> defaultdict[int, list[Mark]]:
    """The marks of each page. Raises DocumentError for a page or characters the document does not have."""
    lengths = {page.number: len(page.text) for page in document.pages}
    by_page: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        fits = all(
            0 <= extent.start <= extent.end <= lengths.get(extent.page, -1) for extent in mark.extents
        ) and all(box.page in lengths for box in mark.boxes)
        if not fits:
            raise DocumentError(
                "別の文書の墨塗りです。この文書を調べ、その結果を確定してから渡してください。"
            )
        for number in {extent.page for extent in mark.extents} | {box.page for box in mark.boxes}:
            by_page[number].append(mark)
    return by_page


def _drawn(press: Press, source: Source, pages: Sequence[Page]) -> Generator[Drawn]:
    """The pages as pictures, in order; the next ones are drawn while one is worked on.

    Drawing lets other threads run, so two cores are used where there are two.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="draw") as ahead:
        waiting: deque[Future[Drawn]] = deque()
        try:
            for page in pages:
                waiting.append(
                    ahead.submit(press.draw, page, may_be_coloured=source.may_have_colour(page.number))
                )
                if len(waiting) > _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _sheet(
    gathered: _Gathered,
    sheets: Sheets,
    *,
    press: Press,
    drawn: Drawn,
    page: Page,
    marks: Sequence[Mark],
    options: Options,
) -> None:
    """One page printed and laid on the others."""
    printed = press.print(drawn, page, marks)
    instructions, kept = b"", ""
    if has_layer(page, options):
        instructions, kept = text_layer(page, printed.sides, printed.gone, sheets.codes, FONT)
    sheets.add(printed.encoded, drawn.size, drawn.unit, instructions)
    gathered.areas += printed.areas
    gathered.withheld += printed.withheld
    gathered.kept.append(kept)
    gathered.looks.append(printed.encoded.look)
    gathered.unlabelled += printed.unlabelled
    gathered.unstamped += printed.unstamped


def _notes(gathered: _Gathered, lettering: Lettering | None) -> tuple[str, ...]:
    notes = []
    if lettering is not None and lettering.note:
        notes.append(lettering.note)
    if gathered.unlabelled:
        notes.append(
            f"小さくて条項を書けなかった枠が{gathered.unlabelled}か所あります。条項は不開示部分の一覧で示してください。"
        )
    if gathered.unstamped:
        notes.append(
            f"文言を押す余白のないページが{gathered.unstamped}ページあります。紙に印刷してから押してください。"
        )
    return tuple(notes)
