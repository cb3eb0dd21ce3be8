"""One row of the log: what was done, by whom, to which finding. It never holds text (design.md D13)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from assistant.domain.document import Box, Extent
from assistant.domain.finding import Decision
from assistant.domain.provision import Head

Mode = Literal[
    "passage", "document", "precedents", "reasons"
]  # 文章を調べる、文書を調べる、先例を探す、理由を書く


class EventKind(StrEnum):
    """What can happen to a case. Later features add kinds, never a second log."""

    OPENED = "opened"
    PROPOSED = "proposed"  # the proposal of a case that was opened with a file only
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    REJECTED = "rejected"
    ADDED = "added"
    SETTLED_REST = "settled_rest"  # 残りを開示として確定
    PAGE_READ = "page_read"  # a page whose text can't be trusted was read by a person
    UNDONE = "undone"
    SAID = "said"
    RENAMED = "renamed"
    RELEASED = "released"  # a redacted file was made and found clean
    DELETED = "deleted"


ACTS = frozenset(
    {
        EventKind.CONFIRMED,
        EventKind.CHANGED,
        EventKind.REJECTED,
        EventKind.ADDED,
        EventKind.SETTLED_REST,
        EventKind.PAGE_READ,
    }
)  # what a person decides about findings and pages, and what can be undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one event says of one finding: where it stands and what was decided under which head.

    `boxes`: areas drawn by hand; those of characters follow from the extents.
    """

    finding: str
    extents: tuple[Extent, ...]
    decision: Decision
    head: Head | None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Text that belongs to an event and can be deleted: `body` is JSON. `number` tells pages apart."""

    name: str
    number: int = 0
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Keyed digest of one `Words`: proves it unchanged, tells nothing once the words and their salt are gone."""

    name: str
    number: int
    mac: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event before it has its place in the chain."""

    at: str  # UTC, ISO 8601 with microseconds
    actor: str
    kind: EventKind
    case: str
    mode: Mode | None = None
    city: str | None = None
    fictional: bool | None = None
    undoes: int | None = None  # seq of the act taken back
    marks: tuple[Mark, ...] = ()
    engine: str | None = None
    model: str | None = None
    prompt_hash: str | None = None
    index_id: str | None = None
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event in its place. `hash` is over everything else, `prev_hash` the hash of the event before."""

    seq: int  # from 1, without gaps
    at: str
    actor: str
    kind: EventKind
    case: str
    mode: Mode | None
    city: str | None
    fictional: bool | None
    undoes: int | None
    marks: tuple[Mark, ...]
    engine: str | None
    model: str | None
    prompt_hash: str | None
    index_id: str | None
    digests: tuple[Digest, ...]
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A stored `Words` with the event it belongs to and the salt of its digest. The only place of text."""

    seq: int
    case: str
    name: str
    number: int
    salt: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """Where the chain ends, signed with the installation's key: a cut-off tail shows."""

    seq: int
    hash: str
    mac: str
