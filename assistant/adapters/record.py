"""The event store on SQLAlchemy: SQLite in the data folder, or any database by its URL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, RowMapping, Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.adapters.record_actor import ActorFile
from assistant.adapters.record_engine import forgotten_for_good, make_engine, reading, writing
from assistant.adapters.record_errors import told_in_japanese
from assistant.adapters.record_schema import bring_up_to_date
from assistant.adapters.record_tables import actor, case_file, chain_head, content, event, installation
from assistant.errors import RecordUnavailable, ReviewRefused
from assistant.review.actor import Actor
from assistant.review.codec import decode, dumps, encode, loads
from assistant.review.event import ChainHead, Content, Event, Mark
from assistant.review.files import FileRole, KeptFile
from assistant.review.ports import BrokenEvent

T = TypeVar("T")
FILE = "record.sqlite3"
_FILE_DAMAGED = (
    "この記録に付いたファイルが壊れているため、開けません。元のファイルをもう一度開いて調べ直してください。"
    "ほかの記録は使えます。"
)
_TRIES = 5  # how often a transaction is run again when another writer took the same place in the chain
_LONG = 20_000  # characters of marks from which it is worth remembering what they say
_PLAIN = tuple(f.name for f in fields(Event) if f.name not in {"case", "marks", "digests"})


def open_record(data_dir: Path, url: str | None = None) -> SqlRecordStore:
    """The store in this data folder, its tables up to date. `url`: another database than the folder's own.

    Raises RecordUnavailable.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordUnavailable(
            "データのフォルダーを作れません。置き場所の書き込み権限を確かめてから、もう一度開いてください。"
        ) from error
    with told_in_japanese():
        engine = make_engine(url or URL.create("sqlite", database=str(data_dir / FILE)))
        bring_up_to_date(engine)
    return SqlRecordStore(engine, ActorFile(data_dir))


class SqlRecordStore:
    """Implements `review.ports.EventStore`."""

    def __init__(self, engine: Engine, actor_file: ActorFile) -> None:
        self.engine = engine
        self._actor_file = actor_file
        self._to_forget = False  # deleted text that a reader kept in the write-ahead log

    def read(self, work: Callable[[SqlRecord], T]) -> T:
        """Runs `work` on one consistent state."""
        with told_in_japanese(), reading(self.engine) as connection:
            return work(SqlRecord(connection))

    def write(self, work: Callable[[SqlRecord], T]) -> T:
        """Runs `work` alone; all of it is written or nothing."""
        with told_in_japanese():
            for _ in range(_TRIES - 1):
                try:
                    return self._write(work)
                except IntegrityError:
                    continue  # somebody wrote without asking us: the place in the chain is taken, take the next
            return self._write(work)

    def remember(self, actor: Actor) -> None:
        """Keeps who sits at this PC."""
        self._actor_file.write(actor)

    def remembered(self) -> Actor | None:
        """Who sits at this PC; None if nobody has said."""
        return self._actor_file.read()

    def close(self) -> None:
        """Gives the files back (an open file cannot be moved on Windows)."""
        self.engine.dispose()

    def _write(self, work: Callable[[SqlRecord], T]) -> T:
        with writing(self.engine) as connection:
            connection.execute(
                select(installation.c.id).with_for_update()
            )  # one writer at a time, also on a server
            record = SqlRecord(connection)
            done = work(record)
        self._to_forget = self._to_forget or record.erased
        if self._to_forget:
            self._to_forget = not forgotten_for_good(self.engine)
        return done


class SqlRecord:
    """Implements `review.ports.Record` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.erased = False

    @cached_property
    def key(self) -> bytes:
        """The installation's own key for digests."""
        return bytes.fromhex(self._connection.execute(select(installation.c.key)).scalar_one())

    def head(self) -> ChainHead | None:
        """The end of the chain."""
        row = self._connection.execute(select(chain_head)).mappings().first()
        return ChainHead(seq=row["seq"], hash=row["hash"], mac=row["mac"]) if row else None

    def events(self, *, case: str | None = None, actor: str | None = None) -> Iterator[Event]:
        """Events in order of `seq`."""
        query = select(event).order_by(event.c.seq)
        if case is not None:
            query = query.where(event.c.case_id == case)
        if actor is not None:
            query = query.where(event.c.actor == actor)
        return (_event(row) for row in self._rows(query))

    def contents(
        self, *, case: str | None = None, actor: str | None = None, names: Collection[str] = ()
    ) -> Iterator[Content]:
        """What is still stored, in order of `seq`."""
        query = select(content).order_by(content.c.seq, content.c.name, content.c.number)
        if case is not None:
            query = query.where(content.c.case_id == case)
        if actor is not None:
            query = query.join(event, event.c.seq == content.c.seq).where(event.c.actor == actor)
        if names:
            query = query.where(content.c.name.in_(names))
        return (
            Content(
                seq=row["seq"],
                case=row["case_id"],
                name=row["name"],
                number=row["number"],
                salt=row["salt"],
                body=row["body"],
            )
            for row in self._rows(query)
        )

    def actors(self) -> Mapping[str, Actor]:
        """Everybody who ever acted, by the id under which they are stored."""
        told: dict[str, Actor] = {}
        for row in self._rows(select(actor)):
            with suppress(ReviewRefused):
                told[row["id"]] = Actor(department=row["department"], name=row["name"])
        return told

    def keep_actor(self, person: Actor) -> None:
        """Stores the person, once."""
        known = select(actor.c.id).where(actor.c.id == person.id)
        if self._connection.execute(known).first() is None:
            values = {"id": person.id, "department": person.department, "name": person.name}
            self._connection.execute(insert(actor).values(values))

    def put(self, new: Event, contents: Collection[Content], head: ChainHead) -> None:
        """Appends the event with its texts and moves the end of the chain."""
        values: dict[str, Any] = {name: getattr(new, name) for name in _PLAIN}
        values |= {
            "case_id": new.case,
            "marks": dumps(encode(new.marks)),
            "digests": dumps(encode(new.digests)),
        }
        self._connection.execute(insert(event).values(values))
        for text in contents:
            told = encode(text)
            told["case_id"] = told.pop("case")
            self._connection.execute(insert(content).values(told))
        moved = {"seq": head.seq, "hash": head.hash, "mac": head.mac}
        if self._connection.execute(update(chain_head).values(moved)).rowcount == 0:
            self._connection.execute(insert(chain_head).values(id=1, **moved))

    def keep_file(self, case: str, kept: KeptFile) -> None:
        """Stores a file of the case in place of the one with its role."""
        self.drop_file(case, kept.role)
        told = {"name": kept.name, "media_type": kept.media_type, "sha256": kept.sha256, "body": kept.body}
        self._connection.execute(insert(case_file).values(case_id=case, role=str(kept.role), **told))

    def drop_file(self, case: str, role: FileRole) -> None:
        """Removes a file of the case, if it is there."""
        mine = (case_file.c.case_id == case) & (case_file.c.role == str(role))
        if self._connection.execute(delete(case_file).where(mine)).rowcount:
            self.erased = True

    def file(self, case: str, role: FileRole) -> KeptFile | None:
        """A file of the case; None if there is none. Raises RecordUnavailable when its bytes are not what was stored."""
        mine = (case_file.c.case_id == case) & (case_file.c.role == str(role))
        row = self._connection.execute(select(case_file).where(mine)).mappings().first()
        if row is None:
            return None
        kept = KeptFile(role=role, name=row["name"], media_type=row["media_type"], body=row["body"])
        if kept.sha256 != row["sha256"]:
            raise RecordUnavailable(_FILE_DAMAGED)
        return kept

    def holders(self, role: FileRole, sha256: str) -> tuple[str, ...]:
        """Ids of the cases that hold this file in this role, whoever they belong to."""
        same = (case_file.c.role == str(role)) & (case_file.c.sha256 == sha256)
        return tuple(self._connection.execute(select(case_file.c.case_id).where(same)).scalars())

    def erase(self, case: str) -> None:
        """Removes every text and file of a case; its events stay."""
        self._connection.execute(delete(content).where(content.c.case_id == case))
        self._connection.execute(delete(case_file).where(case_file.c.case_id == case))
        self.erased = True

    def _rows(self, query: Select[Any]) -> Iterator[RowMapping]:
        return iter(self._connection.execute(query).mappings())


def _marks(stored: str) -> tuple[Mark, ...]:
    return decode(tuple[Mark, ...], loads(stored))


# The marks of a proposal of thousands of findings, which every act reads again; the stored text decides.
_many = lru_cache(maxsize=8)(_marks)


def _event(row: RowMapping) -> Event:
    try:
        told = {name: row[name] for name in _PLAIN}
        told |= {"case": row["case_id"], "marks": [], "digests": loads(row["digests"])}
        datetime.fromisoformat(row["at"])
        marks = row["marks"]
        return replace(decode(Event, told), marks=_many(marks) if len(marks) > _LONG else _marks(marks))
    except ValueError as error:  # Unreadable is one
        raise BrokenEvent(row["seq"]) from error
