"""Documents on their way: which job examines which case. The job writes the record itself.

So a page that is reloaded, or left for another, loses nothing: whoever opens the case again sees how far it is.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from assistant.errors import PasswordNeeded, ReviewRefused
from assistant.review.actor import Actor
from assistant.review.files import FileRole, KeptFile
from assistant.ui.documents.wanted import Wanted, keep_notes, wanted_of
from assistant.ui.guard import told
from assistant.ui.running import Assistant
from assistant.wiring.files import kept_files
from assistant.wiring.jobs import Job, forget, start_proposing

if TYPE_CHECKING:
    from assistant.documents.ports import Opened, Tell
    from assistant.domain.finding import Proposal

_ON_THE_WAY: dict[str, Examining] = {}
_LOCK = threading.Lock()


class Examining:
    """One document on its way to a proposal, and what it still needs from the person."""

    def __init__(self, case_id: str) -> None:
        self.case = case_id
        self.needs_password = False
        self.called_off = False
        self._job: Job | None = None

    @property
    def job(self) -> Job | None:
        """How far it is; None in the moment before it begins."""
        return self._job

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self._job is not None and self._job.over

    @property
    def trouble(self) -> str | None:
        """Why there is no proposal, a sentence for the screen; None where there is no trouble, or it was called off."""
        failed = self._job is not None and self._job.state == "failed"
        return self._job.trouble if self._job is not None and failed else None

    def begin(
        self, assistant: Assistant, actor: Actor, original: KeptFile, wanted: Wanted, password: str | None
    ) -> None:
        """Starts the job. The password lives in it and nowhere else."""

        def read(tell: Tell) -> Opened:
            return assistant.open_document(
                original.body, original.name, password=password, doc_type=wanted.doc_type, tell=tell
            )

        def keep(opened: Opened, proposal: Proposal) -> str:
            pages = [one for one in kept_files(original.body, opened) if one.role is FileRole.PAGES]
            keep_notes(assistant.desk, self.case, actor, opened.notes)
            assistant.desk.propose(self.case, actor, proposal, files=pages)
            drop(self.case)  # the record has it all: the pages of a long document need not stay in memory
            return self.case

        self._job = start_proposing(
            assistant,
            title=original.name,
            read=read,
            engine=wanted.engine,
            request=wanted.request,
            decision_date=wanted.day,
            then=keep,
            told=self._told,
        )

    def cancel(self) -> None:
        """中止: it ends at the next page. What is finished stays for the next time."""
        self.called_off = True
        if self._job is not None:
            forget(self._job.id)

    def _told(self, error: Exception) -> str:
        self.needs_password = isinstance(error, PasswordNeeded)
        return told(error)


def on_the_way(case_id: str) -> Examining | None:
    """The examination of a case: running, waiting, or why the last one came to nothing; None where there is none."""
    return _ON_THE_WAY.get(case_id)


def start(assistant: Assistant, actor: Actor, case_id: str, *, password: str | None = None) -> Examining:
    """Begins, or goes on with, the document of a case; one that is on its way is not begun twice.

    Raises what the record raises, and ReviewRefused where the case has no file.
    """
    desk = assistant.desk
    case, original = desk.case(case_id, actor), desk.file(case_id, actor, FileRole.ORIGINAL)
    if original is None:
        raise ReviewRefused("この記録には文書がありません。削除して、文書をもう一度選んでください。")
    with _LOCK:
        running = _ON_THE_WAY.get(case_id)
        if running is not None and not running.over:
            return running
        examining = _ON_THE_WAY[case_id] = Examining(case_id)
        examining.begin(assistant, actor, original, wanted_of(case), password)
    return examining


def drop(case_id: str) -> None:
    """Nothing of the case is examined any more, nor kept in memory."""
    with _LOCK:
        examining = _ON_THE_WAY.pop(case_id, None)
    if examining is not None:
        examining.cancel()
