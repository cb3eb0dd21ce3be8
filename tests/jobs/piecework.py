"""Work that spawned workers can import, and an executor whose workers are of this process."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import RecordUnavailable


def prepared() -> None:
    """A worker that needs nothing."""


def doubled(piece: int) -> int:
    return 2 * piece


def doubled_unless_deadly(piece: int) -> int:
    if piece == 13:
        os._exit(9)  # as the system does where memory runs out
    return 2 * piece


def doubled_here_only(piece: int) -> int:
    """Kills any process but the one that is told by the environment."""
    if os.environ["OSUMITSUKI_TEST_PARENT"] != str(os.getpid()):
        os._exit(9)
    return 2 * piece


def slowly(piece: int) -> int:
    time.sleep(0.05)
    return piece


def where(piece: int) -> int:
    return os.getpid()


def modules(piece: int) -> list[str]:
    import sys

    return sorted(sys.modules)


def threads_of_blas(piece: int) -> str | None:
    return os.environ.get("OPENBLAS_NUM_THREADS")


def noted(piece: tuple[str, int]) -> int:
    """Writes down that it was done."""
    folder, number = piece
    (Path(folder) / f"{number}-{time.monotonic_ns()}").touch()
    return number


class InMemory:
    """`jobs.ports.Checkpoint` that forgets when the test ends; `broken`: a disk that is full."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[int, str]] = {}
        self.cleared = 0
        self.broken = False

    def load(self, stage: str) -> Mapping[int, str]:
        return dict(self.rows.get(stage, {}))

    def save(self, stage: str, pieces: Mapping[int, str]) -> None:
        if self.broken:
            raise RecordUnavailable("ディスクの空きがありません。")
        self.rows.setdefault(stage, {}).update(pieces)

    def clear(self) -> None:
        self.rows.clear()
        self.cleared += 1
