"""Proposing over many pages as a job: workers where it pays, progress, cancel, and going on after a crash.

proposal = assistant.propose(document, watch=Watch(tell=print))        # the command line waits for it
job = start_proposing(assistant, read=…, engine="rules", then=…)       # the app looks at it now and then
"""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant import __version__
from assistant.errors import OsumitsukiError
from assistant.jobs.ports import Cancelled, Hire, Progress
from assistant.jobs.run import Run

if TYPE_CHECKING:
    from datetime import date

    from assistant.documents.ports import Opened, Tell
    from assistant.domain.document import Document
    from assistant.domain.entity import Entity
    from assistant.domain.finding import Engine, Proposal
    from assistant.wiring import Assistant
    from assistant.wiring.workers import Ner

State = Literal["queued", "reading", "proposing", "done", "failed", "cancelled"]
_SMALL: dict[Ner, int] = {"off": 60_000, "on": 6_000}
"""Letters up to which one process is as fast as several: starting workers takes seconds."""
_SAID = {
    "detect": "{of:,}ページを調べています",
    "sources": "根拠になる資料を探しています",
    "liken": "作業例と比べています",
    "gather": "候補をまとめています",
    "hidden": "ページに表れない内容を調べています",
    "argue": "モデルに尋ねています",
}
_QUEUED = "ほかの文書を調べ終えるのを待っています"
_READING = "文書を読み取っています"
_PREPARING = "調べる準備をしています"
_UNFORESEEN = (
    "思わぬ失敗で調べられませんでした。もう一度始めても同じであれば、システム担当に知らせてください。"
)


def _unheard(progress: Progress) -> None:
    """Progress nobody watches."""


def _unseen(number: int, entities: tuple[Entity, ...]) -> None:
    """Pages nobody waits for."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who watches a proposal being made. All are called in the thread that makes it; `stop` is asked often.

    `workers`: so many for a long document, 1 for none beside this process; None: as this machine has processors.
    """

    tell: Callable[[Progress], None] = _unheard
    on_page: Callable[[int, tuple[Entity, ...]], None] = _unseen
    stop: Callable[[], bool] = _never
    workers: int | None = None


def named(progress: Progress) -> str:
    """What is being done, for the person who waits."""
    return _SAID[progress.stage].format(of=progress.of)


def said(progress: Progress) -> str:
    """Progress as a sentence: what is being done, how far, how long yet; of a stage that is over, and what follows it
    is not told yet, no promise."""
    if not progress.of:
        return named(progress)
    told = f"{named(progress)}（{progress.done:,}／{progress.of:,}）"
    over = progress.seconds_left is None or progress.done >= progress.of
    return told if over else f"{told} {_left(progress.seconds_left or 0)}"


def _left(seconds: float) -> str:
    if seconds < 1:
        return "まもなく終わります"
    if seconds < 60:
        return f"あと約{int(seconds) + 1}秒"
    return f"あと約{int(seconds / 60) + 1}分"


def propose_watched(  # noqa: PLR0917 - what the one caller has at hand
    assistant: Assistant,
    document: Document,
    engine: Engine,
    request: str | None,
    day: date,
    watch: Watch | None = None,
) -> Proposal:
    """`propose.recipe.propose` with workers for a long document, and pages kept until it is done. Raises as it does."""
    from assistant.propose.recipe import propose

    watch = watch or Watch()
    tools = assistant.tools(engine)
    with run_for(assistant, document, watch) as run:
        return propose(
            document,
            tools=tools,
            decision_date=day,
            request=request,
            requested_engine=engine,
            run=run,
            on_page=watch.on_page,
        )


def run_for(assistant: Assistant, document: Document, watch: Watch, hire: Hire | None = None) -> Run:
    """How a document is read: a short one here at once, a long one by workers, each page kept. `hire`: other workers."""
    from assistant.adapters.checkpoint import SqlCheckpoint
    from assistant.adapters.pool import MOST, cores, hire_pool
    from assistant.wiring.workers import Prepare

    ner = assistant.settings.ner
    letters = sum(len(page.text) for page in document.pages) + sum(len(one.text) for one in document.hidden)
    if letters <= _SMALL[ner]:
        return Run(stop=watch.stop, tell=watch.tell)
    workers = watch.workers or min(cores(), MOST)
    if hire is None and workers > 1:
        hire = partial(hire_pool, Prepare(ner), workers)
    kept = SqlCheckpoint(lambda: assistant.store.engine, job_name(document, ner))
    return Run(hire, stop=watch.stop, tell=watch.tell, kept=kept)


def job_name(document: Document, ner: Ner) -> str:
    """A digest of what a page's entities depend on: the texts, the detectors, and this version's code and words."""
    digest = hashlib.sha256(f"{document.sha256}\n{ner}\n{_fingerprint()}\n".encode())
    for page in document.pages:
        digest.update(f"{page.number}:{len(page.text)}:".encode())
        digest.update(page.text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@cache
def _fingerprint() -> str:
    """Of the version, and of the rooms that detect as they are on disk: a word list may have been changed."""
    digest = hashlib.sha256(__version__.encode())
    package = Path(__file__).parents[1]
    for room in ("text", "detect"):
        for path in sorted((package / room).rglob("*")):
            if path.suffix in {".py", ".toml"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()


# in the app ---------------------------------------------------------------------------------------------------------

_ONE_AT_A_TIME = threading.Lock()  # two jobs at once would only slow each other down
_JOBS: dict[str, Job] = {}
_LOCK = threading.Lock()


@dataclass(slots=True, kw_only=True)
class Job:
    """One document on its way to a proposal. Written by its own thread, read by any number of screens.

    `pages`: what was found so far, by page; whose it is and what becomes of it is known at the end. `result`: what
    `then` returned (the id of the case). `trouble`: why there is none, a sentence for the screen.
    """

    id: str
    title: str
    state: State = "queued"
    progress: Progress | None = None
    opened: Opened | None = None
    proposal: Proposal | None = None
    result: str | None = None
    trouble: str | None = None
    begun: float = field(default_factory=time.monotonic)
    _read: tuple[int, int] = (0, 0)
    _pages: dict[int, tuple[Entity, ...]] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in {"done", "failed", "cancelled"}

    @property
    def pages(self) -> Mapping[int, tuple[Entity, ...]]:
        """A copy: the thread goes on writing."""
        return self._pages.copy()

    @property
    def share(self) -> float:
        """How far the present stage is, 0–1."""
        if self.state == "reading":
            done, of = self._read
        elif self.progress is not None:
            done, of = self.progress.done, self.progress.of
        else:
            return 1.0 if self.state == "done" else 0.0
        return done / of if of else 0.0

    @property
    def sentence(self) -> str:
        """What is being done, for the screen."""
        if self.state == "queued":
            return _QUEUED
        if self.state == "reading":
            done, of = self._read
            return f"{_READING}（{done:,}／{of:,}）" if of else _READING
        return said(self.progress) if self.progress is not None else self.trouble or _PREPARING

    def cancel(self) -> None:
        """中止: the thread ends at the next page."""
        self._stopped.set()

    def wait(self, seconds: float) -> bool:
        """Whether it is over within so many seconds."""
        return self._over.wait(seconds)

    def _run(  # noqa: PLR0917 - called once, below
        self,
        assistant: Assistant,
        read: Callable[[Tell], Opened],
        engine: Engine,
        request: str | None,
        day: date | None,
        then: Callable[[Opened, Proposal], str | None],
        told: Callable[[Exception], str],
    ) -> None:
        """The work of the thread."""
        state: State = "failed"
        try:
            while not _ONE_AT_A_TIME.acquire(timeout=0.2):
                self._check()
            try:
                self._check()
                self.state = "reading"
                self.opened = read(self._hear)
                self.state = "proposing"
                watch = Watch(tell=self._tell, on_page=self._pages.__setitem__, stop=self._stopped.is_set)
                self.proposal = assistant.propose(self.opened.document, engine, request, day, watch=watch)
                self._check()
                self.result = then(self.opened, self.proposal)
                state = "done"
            finally:
                _ONE_AT_A_TIME.release()
        except Cancelled as error:
            self.trouble, state = str(error), "cancelled"
        except Exception as error:  # told on the page that waits for it
            self.trouble = told(error)
        finally:
            if state != "done":
                self._pages, self.opened = {}, None
            self.progress, self.state = None, state
            self._over.set()

    def _tell(self, progress: Progress) -> None:
        self.progress = progress

    def _hear(self, done: int, of: int) -> None:
        self._check()
        self._read = (done, of)

    def _check(self) -> None:
        if self._stopped.is_set():
            raise Cancelled


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, OsumitsukiError) else _UNFORESEEN


def start_proposing(
    assistant: Assistant,
    *,
    title: str,
    read: Callable[[Tell], Opened],
    engine: Engine,
    request: str | None = None,
    decision_date: date | None = None,
    then: Callable[[Opened, Proposal], str | None],
    told: Callable[[Exception], str] = _told,
) -> Job:
    """Begins a job in a thread of its own, after those begun before.

    `read` opens the document and tells its pages; `then` is called in the thread with what was made (it writes the
    record) and its answer is `Job.result`; `told`: a failure as a sentence for the screen.
    """
    job = Job(id=uuid.uuid4().hex, title=title)
    with _LOCK:
        _JOBS[job.id] = job
    work = (assistant, read, engine, request, decision_date, then, told)
    threading.Thread(target=job._run, args=work, name="propose", daemon=True).start()
    return job


def job_of(name: str) -> Job | None:
    """The job with this id, until it is forgotten."""
    return _JOBS.get(name)


def forget(name: str) -> None:
    """Calls the job off if it is not over; nothing of it stays in memory."""
    with _LOCK:
        job = _JOBS.pop(name, None)
    if job is not None:
        job.cancel()
