"""Where a part stands, in words that give nothing away: page, field, kind of content, number of places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from assistant.detect.words import load_words
from assistant.domain.document import Document, Extent
from assistant.domain.finding import Finding
from assistant.draft.disguise import is_person_name
from assistant.draft.leaks import OpenWords, shown_in
from assistant.draft.wording import bundled_wording
from assistant.text.folding import folded_text

_CELL = re.compile(r"[\t|｜│]| {2,}|\u3000{2,}")
_FIELD = re.compile(r"[\t 　:：、。()（）\[\]【】「」｜|│・〒]+")
_LONGEST_LABEL = 12


def place_of(
    findings: Sequence[Finding], document: Document, hidden: Sequence[str], known: OpenWords, kind: str
) -> str:
    """「2頁「相談者」欄の氏名（2か所）」. `hidden`: withheld texts; a label in which one could be read is left out."""
    words = bundled_wording().place
    extents = sorted({place[0] for finding in findings for place in document.places(finding.extents)})
    labels = {extent: _label(extent, document) for extent in extents}
    telling = {label for label in set(labels.values()) if label and shown_in(label, hidden, (), known)}
    labels = {extent: None if label in telling else label for extent, label in labels.items()}
    shown = list(
        dict.fromkeys(
            (e.page, labels[e] or words.body.format(line=_line(e, document)), bool(labels[e]))
            for e in extents
        )
    )
    areas = [one for one in findings if not one.extents]
    told = {page for page, _, _ in shown}
    drawn = dict.fromkeys((box.page, "", False) for one in areas for box in one.boxes if box.page not in told)
    shown = sorted((*shown, *drawn), key=lambda one: one[0])
    named, last = [], None
    for page, where, is_label in shown[: words.shown]:
        lead = "" if page == last else words.page.format(page=page)
        named.append(lead + (words.label.format(label=where) if is_label else where))
        last = page
    places = "、".join(named)
    if len(shown) > words.shown:
        places = words.more.format(places=places)
    if (count := len(extents) + len(areas)) > 1:
        return words.counted.format(places=places, kind=kind, count=count)
    return words.whole.format(places=places, kind=kind)


@cache
def _known_labels() -> frozenset[str]:
    """Every label of forms and tables that detection knows, folded without white space."""
    return frozenset(folded_text(form) for label in load_words().labels for form in label.forms)


def _line(extent: Extent, document: Document) -> int:
    """The line it begins on, counted from 1."""
    return document.page(extent.page).text.count("\n", 0, extent.start) + 1


def _label(extent: Extent, document: Document) -> str | None:
    text = document.page(extent.page).text
    line_start = text.rfind("\n", 0, extent.start) + 1
    lead = text[line_start : extent.start]
    return _field_label(lead) or _column_label(text, line_start, lead)


def _field_label(lead: str) -> str | None:
    """The last label before the place on its line: known as one, or set off by a colon."""
    pieces = [piece for piece in _FIELD.split(lead.strip()) if piece]
    for piece in reversed(pieces[-3:]):
        if folded_text(piece) in _known_labels():
            return piece.strip()
    before = lead.rstrip(" 　")
    if before.endswith((":", "：")) and pieces and _is_label(pieces[-1]) and not is_person_name(pieces[-1]):
        return pieces[-1]
    return None


def _column_label(text: str, line_start: int, lead: str) -> str | None:
    """The cell at the same place in the first line of the table: a known label, or a short one that names no one."""
    column = len(_CELL.findall(lead))
    line_end = text.find("\n", line_start)
    if not _CELL.search(text[line_start : line_end if line_end >= 0 else len(text)]):
        return None
    table = []
    for line in reversed(text[:line_start].split("\n")[:-1]):
        if not _CELL.search(line):
            break
        table.append([cell.strip() for cell in _CELL.split(line)])
    for number, cells in enumerate(table):
        cell = cells[column] if column < len(cells) else ""
        first = number == len(table) - 1
        if folded_text(cell) in _known_labels() or (first and _is_label(cell) and not is_person_name(cell)):
            return cell
    return None


def _is_label(words: str) -> bool:
    return 1 < len(words) <= _LONGEST_LABEL and not any(letter.isdigit() for letter in words)
