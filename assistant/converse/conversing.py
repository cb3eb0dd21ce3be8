"""The port to a model that converses: a question, tools it may use on the way, text that comes in pieces.

`adapters/agent.py` speaks to a server. Everything here is in plain words: what must not leave is hidden by the escort,
in the adapter, where things leave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from assistant.domain.usage import Usage
from assistant.model.errand import Escort
from assistant.model.ports import Message

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """Something the model may ask for; it reads and changes nothing. `parameters`: JSON Schema of one object.

    `use` takes what the model wrote, which may be anything, and answers in words; it raises nothing for a bad
    argument, but says what is wrong. May be used from several threads at a time.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    use: Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the model said in the end. `cut_off`: it ended at the limit of its length; `stopped`: it went on asking for
    tools until it was stopped."""

    text: str
    usage: Usage = field(default_factory=Usage)
    cut_off: bool = False
    stopped: bool = False


class Conversing(Protocol):
    """A model behind an endpoint, in conversation."""

    def converse(
        self, messages: Sequence[Message], tools: Sequence[Tool], escort: Escort, tell: Tell
    ) -> Said:
        """The answer to the last message. `tell` gets pieces of it as they come, in plain words; what it raises goes
        through. Raises ModelUnavailable, UnusableAnswer or EgressStopped, none of which holds a word of the text."""
        ...
