"""Unmarked pages that may stay text and lines: only those of which everything is known and nothing is odd.

Whatever could carry along something unseen (pictures, forms, layers, fills that may cover text, pale or invisible text,
clips, notes, fonts shared with a page that has a mark) makes a page a picture like the others.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pikepdf

from assistant.corpus.datafile import REFUSING, parse, read_toml
from assistant.domain.document import Document, Origin

_KNOWN: Final = Path(__file__).with_name("vector.toml")
_PALE: Final = 0.75  # lighter text may not be seen
_SEEN_MODES: Final = frozenset({0, 1, 2})
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class _Known:
    """What `vector.toml` says may stay."""

    __pydantic_config__ = REFUSING

    page: frozenset[str]
    resources: frozenset[str]
    state: frozenset[str]
    font: frozenset[str]
    marking: frozenset[str]
    drawing: frozenset[str]


@cache
def _known() -> _Known:
    return parse(_Known, read_toml(_KNOWN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A page as it may be copied: its instructions, and the fonts and states they use, by their names."""

    page: Any
    instructions: bytes
    fonts: dict[str, Any]
    states: dict[str, Any]


def copies_of(pdf: Any, pages: Sequence[Any], document: Document, marked: frozenset[int]) -> dict[int, Copy]:
    """The pages (of `pdf`, pikepdf's, in the document's order) that may be copied, by number."""
    shared = {
        key
        for number in marked
        for font in _fonts_of(pages[number - 1])
        for key in _reached(font, _DEEPEST)
        if key is not None
    }
    hidden = {one.page for one in document.hidden}
    copies = {}
    for page, source in zip(document.pages, pages, strict=True):
        seen = page.origin is Origin.FILE and page.text and not page.doubts and page.number not in hidden
        if seen and page.number not in marked:
            copy = None
            with contextlib.suppress(
                Exception
            ):  # as many kinds as files can be damaged: then it is a picture
                copy = _copy(pdf, source, shared)
            if copy is not None:
                copies[page.number] = copy
    return copies


def _fonts_of(page: Any) -> Iterator[Any]:
    try:
        yield from (font for _, font in page.resources.get("/Font", {}).items())
    except Exception:  # nothing is known about it, and so nothing shared with it
        return


def _copy(pdf: Any, page: Any, shared: set[Any]) -> Copy | None:
    resources = page.resources
    if not set(page.obj.keys()) <= _known().page or not set(resources.keys()) <= _known().resources:
        return None
    if any("/OC" in str(entry.get("/Type", "")) for _, entry in resources.get("/Properties", {}).items()):
        return None  # a layer
    fonts: dict[str, Any] = {}
    states: dict[str, Any] = {}
    kept = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in _known().marking:
            continue
        if name not in _known().drawing or not _harmless(name, operands):
            return None
        if name == "Tf":
            fonts[str(operands[0])] = resources.Font[str(operands[0])]
        elif name == "gs":
            states[str(operands[0])] = resources.ExtGState[str(operands[0])]
        kept.append((operands, operator))
    if any(not set(state.keys()) <= _known().state or _unseen(state) for state in states.values()):
        return None
    for font in fonts.values():
        reached = set(_reached(font, _DEEPEST))
        if None in reached or reached & shared:
            return None
    return Copy(
        page=page,
        instructions=pikepdf.unparse_content_stream(kept),
        # Only an object with a number can go from one file to another.
        fonts={name: pdf.make_indirect(font) for name, font in fonts.items()},
        states={name: pdf.make_indirect(state) for name, state in states.items()},
    )


def _harmless(operator: str, operands: Any) -> bool:
    """Whether text stays visible under an instruction."""
    if operator == "Tr":
        return int(operands[0]) in _SEEN_MODES
    if operator == "Tz":
        return float(operands[0]) >= 20
    if operator in {"g", "rg"}:
        return max(float(part) for part in operands) < _PALE
    if operator == "k":
        return sum(float(part) for part in operands) > 1 - _PALE
    return True


def _unseen(state: Any) -> bool:
    """Whether a graphics state makes things transparent."""
    return min(float(state.get("/ca", 1)), float(state.get("/CA", 1))) < _PALE or str(
        state.get("/BM", "/Normal")
    ) not in {"/Normal", "/Compatible"}


def _reached(thing: Any, depth: int) -> Iterator[Any]:
    """Object numbers a font leads to; None where it leads to something no font needs."""
    if not isinstance(thing, pikepdf.Object):
        return
    if depth == 0:
        yield None
        return
    if thing.is_indirect:
        yield thing.objgen
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        if isinstance(thing, pikepdf.Dictionary) and "/Subtype" in thing and str(thing.Subtype) == "/Type3":
            yield None
        for key, value in thing.items():
            if key not in _known().font:
                yield None
                return
            yield from _reached(value, depth - 1)
    elif isinstance(thing, pikepdf.Array) and len(thing) and isinstance(thing[0], pikepdf.Dictionary):
        for part in thing:
            yield from _reached(part, depth - 1)
