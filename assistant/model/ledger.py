"""The ledger port: that something went to a model is written down before it goes; what it said never is (D6).

`adapters/ledger.py` keeps it in the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.model.errand import EgressRule, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One request as it is about to leave; a retry is an entry of its own.

    `at`: aware, UTC. `characters`: code points of all texts in the body together, as they leave. `placeholders`: how
    many different things stand there as placeholders. `prompt_hash`: of the file the prompt came from, None where
    nobody said. `case`: id of the case it is for, None outside of one.
    """

    at: datetime
    host: str
    model: str
    purpose: Purpose
    rule: EgressRule
    prompt_hash: str | None
    characters: int
    placeholders: int
    case: str | None = None


class Ledger(Protocol):
    """What left, to whom, when: append-only but for the outcome."""

    def note(self, entry: LedgerEntry) -> int:
        """Keep the entry and return its number. Called before the first byte leaves.

        Raises RecordUnavailable: the gate sends nothing to another machine then.
        """
        ...

    def finish(self, number: int, outcome: str, seconds: float) -> None:
        """What became of entry `number`: the HTTP status, or the name of what went wrong. Called at most once.

        Raises RecordUnavailable: the gate lets it pass, the entry stays without an outcome.
        """
        ...
