"""How an endpoint wants to be spoken to, as found out by trying, and where that is kept between runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Protocol


class Rung(IntEnum):
    """How the server is told the form of the reply."""

    SCHEMA = 0
    FUNCTION = 1
    OBJECT = 2
    WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What the endpoint understands, as far as it is known. `stream`: it answers in pieces, or not at all."""

    rung: Rung = Rung.SCHEMA
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    stream: bool = False


class Manners(Protocol):
    """What was found out, by endpoint and model. A memo, not a record: what is lost is found out again."""

    def get(self, endpoint: str, model: str) -> Manner | None:
        """None when nothing is known, or it cannot be read. Raises nothing."""
        ...

    def put(self, endpoint: str, model: str, manner: Manner) -> None:
        """In place of what was known. Raises nothing: where it cannot be kept, it is not."""
        ...


class HeldManners:
    """Kept for as long as the process lives: where there is no record to keep it in."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], Manner] = {}

    def get(self, endpoint: str, model: str) -> Manner | None:
        """See `Manners.get`."""
        return self._held.get((endpoint, model))

    def put(self, endpoint: str, model: str, manner: Manner) -> None:
        """See `Manners.put`."""
        self._held[endpoint, model] = manner
