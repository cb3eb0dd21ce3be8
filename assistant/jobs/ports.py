"""What long work needs from outside: somebody who works beside us, and a place where finished pieces are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

from assistant.errors import OsumitsukiError

Hire = Callable[[], Executor]
"""A new executor. What is submitted is picklable and small, and so is what comes back: any executor of the standard
library's kind will do, a process pool or a cluster's."""


class Cancelled(OsumitsukiError):
    """The person who waits has called the work off."""

    def __init__(self) -> None:
        super().__init__("中止しました。調べるときは、もう一度はじめから始めてください。")


class Checkpoint(Protocol):
    """Finished pieces of one job, kept so that a job that was killed goes on where it was. May hold document text."""

    def load(self, stage: str) -> Mapping[int, str]:
        """What was kept of a stage, by number of the piece. Raises OsumitsukiError."""
        ...

    def save(self, stage: str, pieces: Mapping[int, str]) -> None:
        """Keeps more of it; all or nothing. Raises OsumitsukiError."""
        ...

    def clear(self) -> None:
        """The job is over: nothing of it is kept. Raises OsumitsukiError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one stage is: `done` of `of` pieces; `seconds_left` None until something can be said."""

    stage: str
    done: int
    of: int
    seconds_left: float | None = None
