"""The gate: every question to a model goes through here, is hidden as the rule demands, and is noted in the ledger.

Under `pseudonymize` detected strings leave as placeholders and come back as they stood; whatever the way they left by,
the bytes of each request are looked at once more, and a request that still holds one is not sent (design.md D6).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from assistant.errors import EgressStopped, RecordUnavailable
from assistant.model.errand import EgressRule, Errand, Escort
from assistant.model.lastcheck import holds, strings_of
from assistant.model.ledger import Ledger, LedgerEntry
from assistant.model.placeholders import note
from assistant.model.ports import Chat, Message, RawChat, Reply, Shape
from assistant.model.pseudonyms import Pseudonyms
from assistant.model.reply import json_in

_HELD = (
    "氏名などの伏せるべき文字が、送ろうとした内容に残っていたため、モデルには何も送っていません。"
    "規則による結果を使うか、システムを管理する人に知らせてください。"
)
_NOT_NOTED = (
    "送信の記録を書けないため、モデルには何も送っていません。"
    "データの保存先の空きと書込みの権限を確かめて、もう一度お試しください。"
)
# What a schema says in words that may have come from a document; the rest is its grammar.
_WORDED = frozenset(("enum", "const", "description", "title", "default", "examples"))


class GuardedGate:
    """Implements `model.errand.Gate` over the endpoint."""

    def __init__(
        self,
        raw: RawChat,
        rule: EgressRule,
        *,
        ledger: Ledger | None = None,
        host: str = "127.0.0.1",
        loopback: bool = True,
    ) -> None:
        """`host`: as it is written in the ledger. To another machine nothing is sent that is not noted first.

        Raises ValueError for the rule `block`: there is no gate then.
        """
        if rule == "block":
            raise ValueError("nothing leaves under block: there is no gate to build")
        self._raw, self._rule = raw, rule
        self._ledger, self._host, self._loopback = ledger, host, loopback

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._raw.name

    @property
    def rule(self) -> EgressRule:
        """What may leave."""
        return self._rule

    def escort(self, errand: Errand) -> Escort:
        """See `model.errand.Gate.escort`."""
        return self._escort(errand)

    def chat(self, errand: Errand) -> Chat:
        """See `model.errand.Gate.chat`."""
        return _GuardedChat(self._raw, self._escort(errand))

    def _escort(self, errand: Errand) -> _Guard:
        hiding = Pseudonyms(errand.secrets, errand.context) if self._rule == "pseudonymize" else None
        noted = _Noted(self._ledger, self._host, self._raw.name, self._rule, errand, loopback=self._loopback)
        return _Guard(hiding, noted, self._raw.name)


class _Noted:
    """Writes what leaves into the ledger, and what became of it."""

    def __init__(
        self,
        ledger: Ledger | None,
        host: str,
        model: str,
        rule: EgressRule,
        errand: Errand,
        *,
        loopback: bool,
    ) -> None:
        self._ledger, self._host, self._model, self._rule = ledger, host, model, rule
        self._errand, self._loopback = errand, loopback
        self._under_way = threading.local()  # a request leaves and returns in one thread

    def leaving(self, characters: int, placeholders: int) -> None:
        """Raises EgressStopped where the entry cannot be kept and the endpoint is another machine."""
        self._under_way.number = None
        entry = LedgerEntry(
            at=datetime.now(UTC),
            host=self._host,
            model=self._model,
            purpose=self._errand.purpose,
            rule=self._rule,
            prompt_hash=self._errand.prompt_hash,
            characters=characters,
            placeholders=placeholders,
            case=self._errand.case,
        )
        try:
            if self._ledger is not None:
                self._under_way.number = self._ledger.note(entry)
        except RecordUnavailable:
            pass
        if self._under_way.number is None and not self._loopback:
            raise EgressStopped(_NOT_NOTED) from None

    def returned(self, outcome: str, seconds: float) -> None:
        number = getattr(self._under_way, "number", None)
        if self._ledger is None or number is None:
            return
        self._under_way.number = None
        try:
            self._ledger.finish(number, outcome, seconds)
        except RecordUnavailable:
            return  # it was noted that it left: what became of it is the lesser part


class _Guard:
    """`model.errand.Escort`. `hiding`: None where the rule lets the text leave as it is."""

    def __init__(self, hiding: Pseudonyms | None, noted: _Noted, model: str) -> None:
        self._hiding, self._noted, self._model = hiding, noted, model

    def hide(self, text: str) -> str:
        return text if self._hiding is None else self._hiding.hide(text)

    def restore(self, text: str) -> str:
        return text if self._hiding is None else self._hiding.restore(text)

    def pending(self, text: str) -> int:
        return len(text) if self._hiding is None else self._hiding.pending(text)

    def note(self) -> str:
        """Hidden like everything else: one of its words may be somebody's name."""
        return "" if self._hiding is None else self._hiding.hide(note())

    def leaving(self, body: bytes) -> None:
        strings = strings_of(body, self._model)
        placeholders = 0
        if self._hiding is not None:
            if holds(strings, self._hiding.forms):
                raise EgressStopped(_HELD)
            placeholders = self._hiding.count("\n".join(strings))
        self._noted.leaving(sum(map(len, strings)), placeholders)

    def returned(self, outcome: str, seconds: float) -> None:
        self._noted.returned(outcome, seconds)


class _GuardedChat:
    def __init__(self, raw: RawChat, guard: _Guard) -> None:
        self._raw, self._guard = raw, guard

    @property
    def name(self) -> str:
        return self._raw.name

    def ask(self, messages: tuple[Message, ...], shape: Shape) -> Reply:
        told = tuple(replace(one, text=self._guard.hide(one.text)) for one in messages)
        hidden = Shape(
            name=shape.name,
            schema=_hidden_schema(shape.schema, self._guard.hide),
            in_words=self._guard.hide(shape.in_words),
        )
        reply = self._raw.ask(_with_note(told, self._guard.note()), hidden, self._guard)
        return replace(reply, text=_restored(reply.text, self._guard.restore))


def _with_note(messages: tuple[Message, ...], told: str) -> tuple[Message, ...]:
    """The note goes where the model is told how to behave: always, so that the beginning is the same every time."""
    if not told:
        return messages
    for number, one in enumerate(messages):
        if one.role == "system":
            return (*messages[:number], replace(one, text=one.text + told), *messages[number + 1 :])
    return (Message(role="system", text=told.strip()), *messages)


def _hidden_schema(schema: Any, hide: Callable[[str], str], *, worded: bool = False) -> Any:
    """The schema with its words hidden; its keys and types are grammar and stay."""
    if isinstance(schema, str):
        return hide(schema) if worded else schema
    if isinstance(schema, list | tuple):
        return [_hidden_schema(one, hide, worded=worded) for one in schema]
    if isinstance(schema, Mapping):
        fields = schema.get("properties")
        return {
            key: {name: _hidden_schema(one, hide) for name, one in fields.items()}
            if key == "properties" and isinstance(fields, Mapping)
            else _hidden_schema(value, hide, worded=worded or key in _WORDED)
            for key, value in schema.items()
        }
    return schema


def _restored(text: str, restore: Callable[[str], str]) -> str:
    """A reply as it would have been: where it is JSON, each string by itself, since a name may hold what JSON escapes."""
    data = json_in(text)
    if data is None:
        return restore(text)
    try:
        back = _each_restored(data, restore)
        return text if back == data else json.dumps(back, ensure_ascii=False)
    except RecursionError:
        return text  # nested like no answer: whoever reads it refuses it


def _each_restored(data: Any, restore: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return restore(data)
    if isinstance(data, list):
        return [_each_restored(one, restore) for one in data]
    if isinstance(data, dict):
        return {restore(key): _each_restored(value, restore) for key, value in data.items()}
    return data
