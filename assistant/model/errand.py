"""One errand to a model: what for, and what must not leave the house on the way (design.md D6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from assistant.domain.entity import EntityKind, Trait
from assistant.model.ports import Chat, Watch

Purpose = Literal["propose", "converse", "reason"]
EgressRule = Literal["block", "pseudonymize", "allow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A detected string that leaves as a placeholder under `pseudonymize`.

    `person`: who it is or belongs to (p1 …), so that the placeholder can say that two are the same person; ids of
    different texts must differ (`model.secrets.secrets_in` sees to it). `near`: the letters before and after each
    place where a text of one letter was found, since that letter is hidden only there and where it stands alone.
    """

    text: str
    kind: EntityKind
    person: str | None = None
    traits: frozenset[Trait] = frozenset()
    near: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is asked for: `secrets` in reading order, `context` every text that will be part of it (a placeholder must
    not look like something that already stands there), `prompt_hash` and `case` for the ledger."""

    purpose: Purpose
    secrets: tuple[Secret, ...]
    context: tuple[str, ...] = ()
    prompt_hash: str | None = None
    case: str | None = None


class Escort(Watch, Protocol):
    """Goes with one errand: hides what may not leave, brings back what returns, checks every request at the door."""

    def hide(self, text: str) -> str:
        """The text as it may leave; the same text where nothing has to be hidden."""
        ...

    def restore(self, text: str) -> str:
        """What came back, with every placeholder as it stood in the document."""
        ...

    def pending(self, text: str) -> int:
        """How many characters from the start of a streamed text are safe to restore and show now: not inside what
        may become a placeholder."""
        ...

    def note(self) -> str:
        """What has to stand at the end of the system prompt, so that the model knows placeholders; empty where
        nothing is hidden. It is not hidden again."""
        ...


class Gate(Protocol):
    """The one way to a model. Which rule holds for the endpoint was settled when it was built."""

    @property
    def name(self) -> str:
        """The name of the model."""
        ...

    @property
    def rule(self) -> EgressRule:
        """What may leave: never `block`, since then there is no gate."""
        ...

    def escort(self, errand: Errand) -> Escort:
        """For those who speak to the endpoint themselves (`adapters/agent.py`)."""
        ...

    def chat(self, errand: Errand) -> Chat:
        """A chat in which everything that leaves is hidden and everything that comes back is restored."""
        ...
