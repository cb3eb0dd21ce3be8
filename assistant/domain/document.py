"""What is read: a document of pages, positions in it, and where each character stands on paper."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where a character stands on its page: points (1/72 inch), origin bottom left, y upwards as in PDF."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. `number` counts from 1. `boxes` has one entry per character, None where it has no place on paper."""

    number: int
    text: str
    boxes: tuple[Box | None, ...] = ()

    def __post_init__(self) -> None:
        if not self.boxes:
            object.__setattr__(self, "boxes", (None,) * len(self.text))
        if len(self.boxes) != len(self.text):
            raise ValueError("a page needs one box, or None, for every character")

    def cut(self, extent: Extent) -> str:
        """The text of `extent`, which must be on this page."""
        return self.text[extent.start : extent.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What was opened or pasted. A passage is a document of one page; `doc_type` is what the user says it is."""

    name: str
    sha256: str
    pages: tuple[Page, ...]
    doc_type: str | None = None

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
