"""The tree of an ordinance as a parser reads it: each text of each provision once, with its own range of days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from assistant.law.numbering import SubitemStyle
from assistant.text.sentences import sentences

FOREVER = date.max


class Level(StrEnum):
    """What a node is in the hierarchy (法令標準XML: Article, Paragraph, Item, Subitem1 …)."""

    ARTICLE = "条"
    PARAGRAPH = "項"
    ITEM = "号"
    SUBITEM = "号の細分"
    TABLE = "別表"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Days in force, both ends included."""

    since: date
    until: date

    def meet(self, other: Range) -> Range | None:
        """The days both hold, None if there are none."""
        since, until = max(self.since, other.since), min(self.until, other.until)
        return Range(since=since, until=until) if since <= until else None

    def holds(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One text of one provision. `number` is a string with "_" before a branch; a sub-item's number is its ordinal.

    An article has no text of its own: it stands in its paragraphs. `proviso` is the offset of the ただし書 in `text`,
    None if there is none. `force` None: as long as what it stands in.
    """

    level: Level
    number: str
    text: str = ""
    caption: str = ""
    proviso: int | None = None
    force: Range | None = None
    children: tuple[Node, ...] = ()
    line: int | None = field(default=None, compare=False)

    @property
    def main_text(self) -> str:
        """The 本文: everything before the proviso."""
        return self.text if self.proviso is None else self.text[: self.proviso]

    @property
    def proviso_text(self) -> str:
        """The ただし書, empty if there is none."""
        return "" if self.proviso is None else self.text[self.proviso :]

    @property
    def list_in_proviso(self) -> bool:
        """Whether what is below hangs under the proviso: decided by which sentence says 次に掲げる (domain.md §9)."""
        for words in _LISTING:
            if words in self.proviso_text:
                return True
            if words in self.main_text:
                return False
        return False


_LISTING = ("次に掲げる", "次の各号", "次のいずれか", "次の")  # the plainest first
_PROVISO = ("ただし", "但し")


def proviso_offset(text: str) -> int | None:
    """Where the sentence that begins with ただし begins, None if there is none."""
    for start, end in sentences(text):
        if text.startswith(_PROVISO, start, end):
            return start
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A heading (章, 節, 附則) with the articles under it; a 附則 has one article-level node of its own."""

    heading: str
    depth: int  # 2 for a 章 or 附則, 3 for a 節
    articles: tuple[Node, ...]
    supplement: bool = False
    force: Range | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """An ordinance as written."""

    title: str
    number: str
    in_force_from: date
    style: SubitemStyle
    kanji_items: bool = False  # 一 instead of (1)
    divisions: tuple[Division, ...]


def day_after(day: date) -> date:
    """The next day; the last of all days stays."""
    return day if day == FOREVER else day + timedelta(days=1)
