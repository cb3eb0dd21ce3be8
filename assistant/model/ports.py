"""The chat port: one question to a model, one reply as text. `adapters/chat.py` speaks to a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

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
    """What came back: text that should be one JSON object. `prompt_tokens`: as counted by the server, if it says so."""

    text: str
    prompt_tokens: int | None = None


class Chat(Protocol):
    """A model behind an endpoint."""

    @property
    def name(self) -> str:
        """The name of the model, as it is shown and recorded."""
        ...

    def ask(self, messages: tuple[Message, ...], shape: Shape) -> Reply:
        """Raises ModelUnavailable or UnusableAnswer (AnswerCutOff where the answer was too long); neither message holds a word of what was sent or received."""
        ...
