"""The hash chain over the log, and the check that recomputes all of it (design.md D13).

Each event is hashed with the hash of the one before. The end of the chain is signed with the installation's key, so
that a cut-off tail shows. A text is bound to its event by a digest under that key and a salt that is deleted with
the text: afterwards not even the key tells whether a guessed name was it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from assistant.review.actor import Actor
from assistant.review.codec import Json, encode
from assistant.review.event import ChainHead, Content, Digest, Draft, Event, EventKind, Words
from assistant.review.ports import BrokenEvent, Record

GENESIS = "0" * 64  # what the first event has before it


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What the check found. `first_bad` is the first event that does not fit; `problems` are Japanese sentences.

    `head` is the hash of the last event: written down elsewhere, it proves later that nothing was rewritten.
    """

    events: int
    ok: bool
    first_bad: int | None
    head: str
    deleted_cases: int
    problems: tuple[str, ...]


def append(record: Record, draft: Draft) -> Event:
    """Gives the draft its place at the end of the chain and stores it with its words."""
    end = record.head()
    seq, prev_hash = (end.seq + 1, end.hash) if end else (1, GENESIS)
    contents = tuple(_salted(words, seq, draft.case) for words in draft.words)
    digests = tuple(Digest(name=c.name, number=c.number, mac=digest(c, record.key)) for c in contents)
    unsealed = Event(
        seq=seq,
        at=draft.at,
        actor=draft.actor,
        kind=draft.kind,
        case=draft.case,
        mode=draft.mode,
        city=draft.city,
        fictional=draft.fictional,
        undoes=draft.undoes,
        marks=draft.marks,
        engine=draft.engine,
        model=draft.model,
        prompt_hash=draft.prompt_hash,
        index_id=draft.index_id,
        digests=digests,
        prev_hash=prev_hash,
        hash="",
    )
    event = replace(unsealed, hash=seal(unsealed))
    record.put(event, contents, sign(event.seq, event.hash, record.key))
    return event


def seal(event: Event) -> str:
    """SHA-256 over everything but the hash itself. Empty fields are left out, so that later fields change nothing."""
    return hashlib.sha256(_canonical(_without_empty(encode(replace(event, hash=""))))).hexdigest()


def digest(content: Content, key: bytes) -> str:
    """Keyed digest of a text in its place."""
    told = _canonical([content.salt, content.seq, content.case, content.name, content.number, content.body])
    return hmac.new(key, told, hashlib.sha256).hexdigest()


def sign(seq: int, last_hash: str, key: bytes) -> ChainHead:
    """The signed end of the chain."""
    mac = hmac.new(key, f"head|{seq}|{last_hash}".encode(), hashlib.sha256).hexdigest()
    return ChainHead(seq=seq, hash=last_hash, mac=mac)


def verify(record: Record, *, noted: tuple[int, str] | None = None) -> ChainReport:
    """Recomputes every hash and digest. `noted`: seq and hash of an earlier report, which must still stand."""
    check = _Check(actors=record.actors(), noted=noted)
    try:
        for event in record.events():
            check.event(event)
    except BrokenEvent as broken:
        check.bad.append((broken.seq, "記録が書き換えられています。"))
        return check.report()
    check.end(record.head(), record.key)
    check.texts(record.contents(), record.key)
    return check.report()


@dataclass(slots=True, kw_only=True)
class _Check:
    """One pass over the log: what was expected, and what was found wrong at which event."""

    actors: Mapping[str, Actor]
    noted: tuple[int, str] | None
    seq: int = 0
    hash: str = GENESIS
    expected: dict[tuple[int, str, int], tuple[str, str]] = field(default_factory=dict)  # → case, mac
    deleted: dict[str, int] = field(default_factory=dict)  # case → seq of its deletion
    bad: list[tuple[int, str]] = field(default_factory=list)

    def event(self, event: Event) -> None:
        if event.seq != self.seq + 1:
            self.bad.append((self.seq + 1, "記録が抜けています。"))
        elif event.prev_hash != self.hash:
            self.bad.append((event.seq, "直前の記録とつながっていません。"))
        if event.hash != seal(event):
            self.bad.append((event.seq, "記録が書き換えられています。"))
        actor = self.actors.get(event.actor)
        if actor is None or actor.id != event.actor:
            self.bad.append((event.seq, "操作した人の所属・氏名が失われたか、書き換えられています。"))
        if event.kind is EventKind.DELETED:
            self.deleted[event.case] = event.seq
        for told in event.digests:
            self.expected[event.seq, told.name, told.number] = (event.case, told.mac)
        if self.noted and event.seq == self.noted[0] and event.hash != self.noted[1]:
            self.bad.append((event.seq, "控えの値と一致しません。"))
        self.seq, self.hash = event.seq, event.hash

    def end(self, head: ChainHead | None, key: bytes) -> None:
        if head is None:
            if self.seq:
                self.bad.append((self.seq, "記録の末尾を示す署名がありません。"))
        elif not hmac.compare_digest(head.mac, sign(head.seq, head.hash, key).mac):
            self.bad.append((self.seq, "記録の末尾の署名が正しくありません。"))
        elif head.seq > self.seq:
            self.bad.append((self.seq + 1, "記録の末尾が切り取られています。"))
        elif (head.seq, head.hash) != (self.seq, self.hash):
            self.bad.append((head.seq, "記録の末尾が署名と一致しません。"))
        if self.noted and self.noted[0] > self.seq:
            self.bad.append((self.seq + 1, "控えにある記録が失われています。"))

    def texts(self, contents: Iterable[Content], key: bytes) -> None:
        for content in contents:
            told = self.expected.pop((content.seq, content.name, content.number), None)
            if told is None:
                self.bad.append((content.seq, "記録にない文章が加えられています。"))
            elif told[0] in self.deleted:
                self.bad.append((self.deleted[told[0]], "削除したはずの文章が残っています。"))
            elif not hmac.compare_digest(told[1], digest(content, key)):
                self.bad.append((content.seq, "文章が書き換えられています。"))
        for (seq, _, _), (case, _) in self.expected.items():
            if case not in self.deleted:
                self.bad.append((seq, "削除の記録がないのに文章が失われています。"))

    def report(self) -> ChainReport:
        self.bad.sort()
        return ChainReport(
            events=self.seq,
            ok=not self.bad,
            first_bad=self.bad[0][0] if self.bad else None,
            head=self.hash,
            deleted_cases=len(self.deleted),
            problems=tuple(f"{seq}番：{problem}" for seq, problem in self.bad),
        )


def _salted(words: Words, seq: int, case: str) -> Content:
    salt = secrets.token_hex(16)
    return Content(seq=seq, case=case, name=words.name, number=words.number, salt=salt, body=words.body)


def _without_empty(told: Json) -> Json:
    if isinstance(told, dict):
        return {name: _without_empty(value) for name, value in told.items() if value not in (None, [], "")}
    return [_without_empty(value) for value in told] if isinstance(told, list) else told


def _canonical(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")
