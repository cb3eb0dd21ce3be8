"""Is this a question or a passage? Shown with its reasons, so that one click can correct it (design.md §7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.converse.wording import bundled_wording
from assistant.text.eras import find_dates
from assistant.text.folding import fold

_FIELD = re.compile(r"^[^\n:：。？?]{1,14}[:：]\s*\S", re.MULTILINE)
_NUMBERS = re.compile(r"[0-9]{2,4}-[0-9]{2,4}-[0-9]{3,4}|〒|[0-9]{1,3}(?:,[0-9]{3})+円")

_LONGEST_TITLE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """`reasons`: what speaks for a passage, in words; `against`: what speaks for a question."""

    is_passage: bool
    reasons: tuple[str, ...]
    against: tuple[str, ...]


def looks_like_passage(text: str) -> Routing:
    """Weigh length, lines, fields, tables and data against the way questions are put."""
    words = bundled_wording().passage
    told = words.reasons
    stripped = fold(text.strip()).text
    lines = [line.strip() for line in stripped.split("\n") if line.strip()]
    points, reasons = 0, []
    if len(stripped) >= words.long:
        points += 3 if len(stripped) >= words.very_long else 1
        reasons.append(told.long.format(count=len(stripped)))
    if len(lines) >= words.lines:
        points += 2
        reasons.append(told.lines.format(count=len(lines)))
    if fields := len(_FIELD.findall(stripped)):
        points += 1 if fields == 1 else 3
        reasons.append(told.fields.format(count=fields))
    if "\t" in stripped:
        points += 2
        reasons.append(told.tabs)
    if len(lines) > 1 and any(_is_title(line, words.markers) for line in lines[:2]):
        points += 1
        reasons.append(told.marker)
    if find_dates(stripped) or _NUMBERS.search(stripped):
        points += 1
        reasons.append(told.data)
    against = [told.question] if _asks(lines, words.questions) else []
    return Routing(is_passage=points - 3 * len(against) >= 2, reasons=tuple(reasons), against=tuple(against))


def _asks(lines: list[str], questions: tuple[str, ...]) -> bool:
    """Whether the first or the last line is put as a question."""
    return any(word in line[-24:] for line in (*lines[:1], *lines[-1:]) for word in map(_plain, questions))


def _is_title(line: str, markers: tuple[str, ...]) -> bool:
    return len(line) <= _LONGEST_TITLE and line.endswith(markers)


def _plain(word: str) -> str:
    return fold(word).text
