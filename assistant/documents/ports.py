"""What reading a file needs from outside: somebody who reads pictures, and somebody who prints office files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from PIL.Image import Image

from assistant.domain.document import Document

Tell = Callable[[int, int], None]
"""Told how many pages of how many are read."""


def untold(done: int, of: int) -> None:
    """Progress nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenWord:
    """A run of characters read from a picture: pixels from the picture's top left, y downwards."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    line: int  # words of one line have one number, in reading order
    vertical: bool = False  # its characters stand one below the other


class Eyes(Protocol):
    """Optical character recognition (Tesseract)."""

    @property
    def missing(self) -> str | None:
        """Why it can't read, as a Japanese sentence that says what to install; None when it can."""
        ...

    def read(self, picture: Image, *, dpi: int) -> tuple[SeenWord, ...]:
        """The words of a picture in reading order, horizontal or vertical. Raises DocumentError when `missing`,
        TimeoutError when it takes too long."""
        ...


class Printer(Protocol):
    """An office suite that turns a file into PDF (LibreOffice)."""

    @property
    def missing(self) -> str | None:
        """Why it can't print, as a Japanese sentence that says what to install; None when it can."""
        ...

    def print(self, data: bytes, suffix: str) -> bytes:
        """The file as PDF. `suffix`: ".docx" and the like. Macros do not run, links are not followed. Raises
        DocumentError: missing, took too long, or the file is damaged."""
        ...

    def renew(self, data: bytes, suffix: str) -> bytes:
        """An old or open-document file (".doc", ".xls", ".ppt", ".odt", ".rtf" …) as its .docx, .xlsx or .pptx, with
        comments, changes and hidden parts kept. Raises DocumentError as `print` does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """The helpers reading has at hand; None where a deployment has none."""

    eyes: Eyes | None = None
    printer: Printer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file, read. `pdf`: the PDF whose pages are the document's pages (the file itself, decrypted; its print; its
    pictures bound), None for text that has no pages on paper and no printer to give it some.

    `notes`: Japanese sentences for the person who opened it (no printer, so no pages to mark …).
    """

    document: Document
    pdf: bytes | None
    notes: tuple[str, ...] = field(default=())
