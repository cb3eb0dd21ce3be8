"""What the desk needs from outside: a store with transactions, a clock, and what the city's sources are about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from assistant.domain.source import Source
from assistant.errors import RecordUnavailable
from assistant.review.actor import Actor
from assistant.review.event import ChainHead, Content, Event
from assistant.review.files import FileRole, KeptFile

T = TypeVar("T")
Clock = Callable[[], datetime]
"""The present moment, with a time zone."""


class BrokenEvent(RecordUnavailable):
    """The row of event `seq` holds what no version of the program wrote."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        super().__init__(
            "記録の一部を読めません。「osumitsuki audit verify」で調べ、システム担当に知らせてください。"
            "ファイルは消さないでください。"
        )


class Record(Protocol):
    """The log as one transaction sees it. Raises RecordUnavailable."""

    @property
    def key(self) -> bytes:
        """The installation's own key for digests."""

    def head(self) -> ChainHead | None:
        """The end of the chain; None before the first event."""

    def events(self, *, case: str | None = None, actor: str | None = None) -> Iterator[Event]:
        """Events in order of `seq`, of one case or one actor or all. Raises BrokenEvent on the way."""

    def contents(
        self, *, case: str | None = None, actor: str | None = None, names: Collection[str] = ()
    ) -> Iterator[Content]:
        """What is still stored, in order of `seq`; `names` empty: every name."""

    def actors(self) -> Mapping[str, Actor]:
        """Everybody who ever acted, by the id under which they are stored; a name that cannot be one is left out."""

    def keep_actor(self, actor: Actor, /) -> None:
        """Stores the person, once."""

    def put(self, event: Event, contents: Collection[Content], head: ChainHead, /) -> None:
        """Appends the event with its texts and moves the end of the chain."""

    def keep_file(self, case: str, kept: KeptFile, /) -> None:
        """Stores a file of the case in place of the one with its role."""

    def drop_file(self, case: str, role: FileRole) -> None:
        """Removes a file of the case, if it is there."""

    def file(self, case: str, role: FileRole) -> KeptFile | None:
        """A file of the case; None if there is none. Raises RecordUnavailable when it is damaged."""

    def holders(self, role: FileRole, sha256: str) -> Collection[str]:
        """Ids of the cases that hold this file in this role, whoever they belong to."""

    def erase(self, case: str) -> None:
        """Removes every text and file of a case; its events stay."""


class EventStore(Protocol):
    """Transactions over the log, and who sits at this PC. Raises RecordUnavailable."""

    def read(self, work: Callable[[Record], T]) -> T:
        """Runs `work` on one consistent state."""

    def write(self, work: Callable[[Record], T]) -> T:
        """Runs `work` alone and writes all of it or nothing; may run it again when another writer came first."""

    def remember(self, actor: Actor) -> None:
        """Keeps who sits at this PC."""

    def remembered(self) -> Actor | None:
        """Who sits at this PC; None if nobody has said."""


class City(Protocol):
    """The loaded city."""

    @property
    def id(self) -> str:
        """Name of its folder."""

    @property
    def fictional(self) -> bool:
        """Whether it is the invented sample."""


class Citable(Protocol):
    """The corpus, as far as review needs it."""

    @property
    def city(self) -> City:
        """Whose corpus it is."""

    def source(self, source_id: str, /) -> Source | None:
        """A source by id; None if there is none."""
