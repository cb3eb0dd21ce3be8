"""Long work piece by piece: here or side by side, with progress, cancel, and what is kept when it is killed.

A worker may die (out of memory, killed by the system). The pieces that were on their way are done again, one at a time,
so that the piece a worker dies of is known: it alone is left out, and the rest of the work comes to its end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

from assistant.errors import OsumitsukiError
from assistant.jobs.ports import Cancelled, Checkpoint, Hire, Progress

P = TypeVar("P")
R = TypeVar("R")

_LOOK = 0.2  # seconds between two looks at whether the work was called off
_AHEAD = 8  # pieces handed over and not yet back: enough for any PC's workers, few enough to stop soon
_KEEP_EVERY = 2.0  # seconds between two writings of what is finished
_DEATHS = 3  # workers lost in a row by single pieces: then it is not the pieces
_FATAL = (BrokenExecutor, MemoryError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec(Generic[R]):
    """How a finished piece is kept. `read` raises ValueError for what is damaged; the piece is then done again."""

    write: Callable[[R], str]
    read: Callable[[int, str], R]


def _never() -> bool:
    return False


def _unheard(progress: Progress) -> None:
    """Progress nobody watches."""


class Run:
    """How one job is run. Used as a context: workers go home when it ends, however it ends.

    `hire`: None does everything in this thread. `stop`: asked often whether to raise Cancelled. `tell`: told how far
    each stage is, in the thread that runs the job. `kept`: where finished pieces are; a place that fails is left alone.
    """

    def __init__(
        self,
        hire: Hire | None = None,
        *,
        stop: Callable[[], bool] = _never,
        tell: Callable[[Progress], None] = _unheard,
        kept: Checkpoint | None = None,
    ) -> None:
        self._hire, self._stop, self._tell, self._kept = hire, stop, tell, kept
        self._crew: Executor | None = None
        self._came_back = False  # whether any worker has ever finished anything

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._dismiss()
        # What broke, or was killed, goes on from here another time.
        if self._kept is not None and (error is None or isinstance(error, Cancelled)):
            with suppress(OsumitsukiError):
                self._kept.clear()

    def check(self) -> None:
        """Raises Cancelled when the work was called off."""
        if self._stop():
            raise Cancelled

    def tell(self, stage: str, done: int, of: int) -> None:
        """Says how far a stage is that is not done in pieces here. Raises Cancelled."""
        self.check()
        self._tell(Progress(stage=stage, done=done, of=of))

    def each(
        self,
        stage: str,
        work: Callable[[P], R],
        pieces: Mapping[int, P],
        *,
        codec: Codec[R] | None = None,
        done: Callable[[int, R], None] | None = None,
    ) -> dict[int, R]:
        """What `work` makes of each piece, by its number; a piece that workers died of is missing.

        `work` and the pieces must be picklable where there are workers. `done` is told each piece as it is finished,
        in any order. Raises Cancelled, and what `work` raises.
        """
        keeper = _Keeper(self._kept, stage, codec)
        finished = {number: one for number, one in keeper.found().items() if number in pieces}
        left = {number: piece for number, piece in pieces.items() if number not in finished}
        clock = _Clock(stage, len(pieces), len(finished))
        for number, result in finished.items():
            if done is not None:
                done(number, result)
        self._tell(clock.progress(len(finished)))
        try:
            for number, result in self._worked(work, left):
                finished[number] = result
                keeper.add(number, result)
                if done is not None:
                    done(number, result)
                self._tell(clock.progress(len(finished)))
        finally:
            keeper.flush()
        return finished

    def _worked(self, work: Callable[[P], R], left: dict[int, P]) -> Iterator[tuple[int, R]]:
        """Each finished piece; `left` shrinks by those that are."""
        if self._hire is not None and len(left) > 1:
            try:
                yield from self._side_by_side(work, left)
                return
            except _FATAL:
                self._dismiss()
            if self._came_back:
                yield from self._one_by_one(work, left)
        for number in list(left):
            self.check()
            yield number, work(left.pop(number))

    def _side_by_side(self, work: Callable[[P], R], left: dict[int, P]) -> Iterator[tuple[int, R]]:
        crew = self._workers()
        waiting = iter(list(left.items()))
        under_way: dict[Future[R], int] = {}
        while True:
            while len(under_way) < _AHEAD and (following := next(waiting, None)) is not None:
                under_way[crew.submit(work, following[1])] = following[0]
            if not under_way:
                return
            self.check()
            over, _ = wait(under_way, timeout=_LOOK, return_when=FIRST_COMPLETED)
            for future in over:
                number, result = under_way.pop(future), future.result()
                self._came_back = True
                del left[number]
                yield number, result

    def _one_by_one(self, work: Callable[[P], R], left: dict[int, P]) -> Iterator[tuple[int, R]]:
        """After a death: what a worker dies of now is left out. When workers only die, it is not the pieces, and what
        is left stays in `left`."""
        died: list[int] = []
        for number in list(left):
            try:
                result = self._alone(work, left[number])
            except _FATAL:
                self._dismiss()
                died.append(number)
                if len(died) == _DEATHS:
                    return
                continue
            for one in (number, *died):
                del left[one]
            died.clear()
            yield number, result
        for one in died:
            del left[one]

    def _alone(self, work: Callable[[P], R], piece: P) -> R:
        """One piece by a worker who has nothing else to do."""
        future = self._workers().submit(work, piece)
        while not wait((future,), timeout=_LOOK).done:
            self.check()
        return future.result()

    def _workers(self) -> Executor:
        if self._crew is None:
            assert self._hire is not None
            self._crew = self._hire()
        return self._crew

    def _dismiss(self) -> None:
        crew, self._crew = self._crew, None
        if crew is not None:
            crew.shutdown(wait=False, cancel_futures=True)


class _Keeper(Generic[R]):
    """Writes finished pieces every few seconds. A place that cannot be written costs a later restart, not this job."""

    def __init__(self, kept: Checkpoint | None, stage: str, codec: Codec[R] | None) -> None:
        self._kept = kept if codec is not None else None
        self._stage, self._codec = stage, codec
        self._new: dict[int, str] = {}
        self._last = time.monotonic()

    def found(self) -> dict[int, R]:
        """What an earlier run has finished, as far as it can be read."""
        found: dict[int, R] = {}
        if self._kept is None or self._codec is None:
            return found
        try:
            rows = self._kept.load(self._stage)
        except OsumitsukiError:
            self._kept = None
            return found
        for number, told in rows.items():
            with suppress(ValueError):
                found[number] = self._codec.read(number, told)
        return found

    def add(self, number: int, result: R) -> None:
        """One more finished piece."""
        if self._kept is None or self._codec is None:
            return
        self._new[number] = self._codec.write(result)
        if time.monotonic() - self._last > _KEEP_EVERY:
            self.flush()

    def flush(self) -> None:
        """Writes what is not yet written."""
        if self._kept is not None and self._new:
            try:
                self._kept.save(self._stage, self._new)
            except OsumitsukiError:
                self._kept = None
            self._new = {}
        self._last = time.monotonic()


class _Clock:
    """Time left, from the pace of the pieces done in this run."""

    def __init__(self, stage: str, of: int, before: int) -> None:
        self._stage, self._of, self._before = stage, of, before
        self._begun = time.monotonic()

    def progress(self, done: int) -> Progress:
        """How far it is with so many pieces done."""
        new = done - self._before
        pace = (time.monotonic() - self._begun) / new if new > 0 else None
        left = None if pace is None else pace * (self._of - done)
        return Progress(stage=self._stage, done=done, of=self._of, seconds_left=left)


ALONE = Run()
"""Everything in this thread, nobody watching."""
