"""What is read: a document of pages, positions in it, and where each character stands on paper."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.boxes import Box, CharBoxes

__all__ = ["Box", "CharBoxes", "Document", "Extent", "Hidden", "HiddenKind", "Origin", "Page"]

_NO_BOXES = CharBoxes(0, ())


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Extent:
    """A run of characters on one page: `start` included, `end` excluded, Unicode code points into the page's text."""

    page: int
    start: int
    end: int

    def overlaps(self, other: Extent) -> bool:
        """Whether the two share a character."""
        return self.page == other.page and self.start < other.end and other.start < self.end

    def covers(self, other: Extent) -> bool:
        """Whether every character of `other` is in this extent."""
        return self.page == other.page and self.start <= other.start and other.end <= self.end

    def __len__(self) -> int:
        return self.end - self.start


class Origin(StrEnum):
    """Where a page's text comes from. What a machine read from a picture must be read by a person."""

    FILE = "file"
    OCR = "ocr"
    NONE = "none"  # a picture nobody could read: only boxes can be drawn on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. `number` counts from 1. `boxes` has one entry per character, None where it has no place on paper.

    `width`, `height`: points, as the page is shown, after cropping and turning; 0 for pasted text. `turned`: degrees
    clockwise by which the file shows the page (0, 90, 180, 270); boxes are in the page as shown. `doubts`: codes that
    say why the text may differ from what is seen (`documents/doubts.toml`); any of them asks for a person's eyes.
    """

    number: int
    text: str
    boxes: CharBoxes = _NO_BOXES
    width: float = 0.0
    height: float = 0.0
    turned: int = 0
    origin: Origin = Origin.FILE
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.boxes, CharBoxes):
            object.__setattr__(self, "boxes", CharBoxes(self.number, self.boxes))
        if not self.boxes:
            object.__setattr__(self, "boxes", CharBoxes.nowhere(self.number, len(self.text)))
        if len(self.boxes) != len(self.text):
            raise ValueError("a page needs one box, or None, for every character")

    def cut(self, extent: Extent) -> str:
        """The text of `extent`, which must be on this page."""
        return self.text[extent.start : extent.end]

    @property
    def whole(self) -> Box:
        """The box of the whole page."""
        return Box(page=self.number, x0=0.0, y0=0.0, x1=self.width, y1=self.height)


class HiddenKind(StrEnum):
    """What a file carries that its pages do not show. It is checked by the detectors and never released."""

    COMMENT = "comment"
    TRACKED_CHANGE = "tracked_change"
    HIDDEN_TEXT = (
        "hidden_text"  # set hidden, white, under something, outside the page, in a layer switched off
    )
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_CELLS = "hidden_cells"
    FORMULA = "formula"
    NOTES = "notes"  # speaker's notes
    PROPERTIES = "properties"  # author, title, company, XMP …
    ATTACHMENT = "attachment"
    ANNOTATION = "annotation"
    FORM_VALUE = "form_value"
    BOOKMARK = "bookmark"
    SCRIPT = "script"  # macros, JavaScript: never run
    LINK = "link"  # external: never followed
    REVISION = "revision"  # an earlier state of the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """One hidden thing. `place`: Japanese, where it is, without the file's text (「3枚目のシート」); `text`: its words."""

    kind: HiddenKind
    place: str
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What was opened or pasted. A passage is a document of one page; `doc_type` is what the user says it is.

    `sha256`: of the file's bytes, for pasted text of its pages joined with form feeds. `media`: what was opened
    ("passage", "pdf", "docx", "xlsx", "pptx", "mail", "text", "image").
    """

    name: str
    sha256: str
    pages: tuple[Page, ...]
    doc_type: str | None = None
    media: str = "passage"
    hidden: tuple[Hidden, ...] = ()

    @property
    def on_paper(self) -> bool:
        """Whether it has pages that can be shown as pictures; pasted text has none."""
        return any(page.width > 0 for page in self.pages)

    @classmethod
    def of_texts(cls, texts: tuple[str, ...], *, name: str, doc_type: str | None = None) -> Document:
        """A document of plain pages; the digest is over the texts joined with form feeds, in UTF-8."""
        digest = hashlib.sha256("\f".join(texts).encode("utf-8")).hexdigest()
        pages = tuple(Page(number=number, text=text) for number, text in enumerate(texts, 1))
        return cls(name=name, sha256=digest, pages=pages, doc_type=doc_type)

    def page(self, number: int) -> Page:
        """The page with this number (from 1). Raises KeyError."""
        if 0 < number <= len(self.pages) and self.pages[number - 1].number == number:
            return self.pages[number - 1]  # pages in order: the usual case, and a document may have many
        for page in self.pages:
            if page.number == number:
                return page
        raise KeyError(number)

    def cut(self, extent: Extent) -> str:
        """The text of `extent`. Raises KeyError for a page the document does not have."""
        return self.page(extent.page).cut(extent)

    def places(self, extents: tuple[Extent, ...]) -> tuple[tuple[Extent, ...], ...]:
        """The extents of a finding by place: each by itself where the same words stand in all, else one broken place."""
        if len({"".join(self.cut(extent).split()) for extent in extents}) > 1:
            return (extents,)
        return tuple((extent,) for extent in extents)

    def words(self, extents: tuple[Extent, ...]) -> str:
        """What stands at the first of the places: a broken word is put together, a repeated one is said once."""
        return "".join(self.cut(extent) for extent in self.places(extents)[0]) if extents else ""
