"""What the old file says about its pages beyond their looks: whether colours are set, and which may be copied as they are."""

from __future__ import annotations

import contextlib
import io
from types import TracebackType
from typing import Any, Self

import pikepdf

from assistant.domain.document import Document
from assistant.redact.look import may_have_colour
from assistant.redact.vector import Copy, copies_of


class Source:
    """The old file for pikepdf; where pikepdf cannot read it, nothing is known and nothing is copied."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf: Any = None
        self._pages: list[Any] = []
        with contextlib.suppress(Exception):  # as many kinds as files can be damaged; pdfium has opened it
            self._pdf = pikepdf.open(io.BytesIO(pdf), suppress_warnings=True)
            self._pages = list(self._pdf.pages)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pdf is not None:
            self._pdf.close()

    def may_have_colour(self, number: int) -> bool:
        """Whether the page could show colours."""
        return may_have_colour(self._page(number))

    def copies(self, document: Document, marked: frozenset[int]) -> dict[int, Copy]:
        """Pages that may stay text and lines, ready to be copied."""
        if self._pdf is None or len(self._pages) != len(document.pages):
            return {}
        return copies_of(self._pdf, self._pages, document, marked)

    def _page(self, number: int) -> Any:
        return self._pages[number - 1] if 0 < number <= len(self._pages) else None
