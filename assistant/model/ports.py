"""The chat port: one question to a model, one reply as text. `adapters/chat.py` speaks to a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from assistant.domain.usage import Usage
from assistant.errors import UnusableAnswer


class AnswerCutOff(UnusableAnswer):
    """The answer ended at the limit of its length: a shorter piece may be answered whole."""


Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The form a reply must have. `schema` is strict JSON Schema: every field required, nothing besides.

    `in_words` is added to the last message where the server cannot be told the schema itself.
    """

    name: str
    schema: Mapping[str, Any]
    in_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: text that should be one JSON object, and what it took.

    `prompt_tokens`: of the last request, as counted by the server; None where it does not say.
    """

    text: str
    prompt_tokens: int | None = None
    usage: Usage = field(default_factory=Usage)


class Watch(Protocol):
    """Stands at the door: sees every request as it leaves, retries and other rungs of the ladder too."""

    def leaving(self, body: bytes) -> None:
        """Called with the bytes of a request before any of them is sent. Raises EgressStopped: it is not sent."""
        ...

    def returned(self, outcome: str, seconds: float) -> None:
        """Called once for each request that left: HTTP status, or the name of what went wrong; never a text."""
        ...


class Chat(Protocol):
    """A model behind an endpoint."""

    @property
    def name(self) -> str:
        """The name of the model, as it is shown and recorded."""
        ...

    def ask(self, messages: tuple[Message, ...], shape: Shape) -> Reply:
        """Raises ModelUnavailable or UnusableAnswer (AnswerCutOff where the answer was too long); neither message
        holds a word of what was sent or received."""
        ...


class RawChat(Protocol):
    """The endpoint itself, for `model/gate.py` alone: what it is given leaves as it is."""

    @property
    def name(self) -> str:
        """The name of the model."""
        ...

    def ask(self, messages: tuple[Message, ...], shape: Shape, watch: Watch) -> Reply:
        """See `Chat.ask`. Raises EgressStopped besides, when `watch` does."""
        ...
