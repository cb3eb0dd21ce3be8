"""Redacted files on their way: made, attacked and certified on a thread, then kept with the case.

Where something is left in the file, nothing is kept and nothing can be downloaded.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Literal

from assistant.errors import RedactionLeak, ReviewRefused
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.review.files import FileRole, KeptFile
from assistant.ui.guard import told
from assistant.ui.running import Assistant

if TYPE_CHECKING:
    from assistant.domain.finding import Proposal
    from assistant.redact.options import Options

_PDF = "application/pdf"
_ON_THE_WAY: dict[str, Making] = {}
_LOCK = threading.Lock()


class Making:
    """One redacted file on its way. `trouble`: why there is none; `leaked`: because something was found in it;
    `notes`: what whoever made it should know.

    Written by its own thread, read by any number of screens. `step`: what is being done, with `done` of `of` pages.
    """

    def __init__(self, case_id: str) -> None:
        self.case = case_id
        self.state: Literal["running", "done", "failed", "cancelled"] = "running"
        self.step = "準備しています"
        self.done = 0
        self.of = 0
        self.trouble: str | None = None
        self.leaked = False
        self.notes: tuple[str, ...] = ()
        self._cancelled = threading.Event()
        self._begun = time.monotonic()

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state != "running"

    @property
    def seconds(self) -> int:
        """How long it has been on its way."""
        return int(time.monotonic() - self._begun)

    @property
    def cancelled(self) -> bool:
        """Whether somebody has asked for the end."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ends it at the next page; nothing is kept."""
        self._cancelled.set()

    def run(self, assistant: Assistant, actor: Actor, options: Options, name: str) -> None:
        """The work of the thread."""
        try:
            self._work(assistant, actor, options, name)
            self.state = "done"
        except Exception as error:  # told beneath the page
            if self.cancelled:
                self.state = "cancelled"
                return
            self.leaked = isinstance(error, RedactionLeak)
            self.trouble = told(error)
            self.state = "failed"

    def _work(self, assistant: Assistant, actor: Actor, options: Options, name: str) -> None:
        from assistant.redact.certificate import certificate_to_json

        desk = assistant.desk
        case = desk.case(self.case, actor)
        if case.unread_pages:  # acts of another window may have come since the button was shown
            raise ReviewRefused(
                "目で確かめていないページがあります。上の紙面で確かめてから、もう一度押してください。"
            )
        pages = desk.file(self.case, actor, FileRole.PAGES) or desk.file(self.case, actor, FileRole.ORIGINAL)
        if pages is None:
            raise ReviewRefused("この記録には文書がありません。文書を開き直してください。")
        made = assistant.redact(
            pages.body,
            as_decided(case),
            options=options,
            title=name.removesuffix(".pdf"),
            file_name=name,
            by=actor.label,
            tell=self._tell,
            cancelled=lambda: self.cancelled,
        )
        self.notes = made.notes
        kept = KeptFile(role=FileRole.REDACTED, name=name, media_type=_PDF, body=made.pdf)
        desk.release(self.case, actor, kept, certificate_to_json(made.certificate), upto=case.seq)

    def _tell(self, step: str, done: int, of: int) -> None:
        self.step, self.done, self.of = step, done, of


def as_decided(case: Case) -> Proposal:
    """The proposal, its findings as they stand now. Raises ReviewRefused for a case without one."""
    if case.proposal is None:
        raise ReviewRefused("この文書はまだ調べ終わっていません。調べ終わってから、もう一度押してください。")
    return case.proposal


def making_of(case_id: str) -> Making | None:
    """The file being made for a case, or what became of the last try; None where there was none since the start."""
    return _ON_THE_WAY.get(case_id)


def begin(assistant: Assistant, actor: Actor, case_id: str, options: Options, name: str) -> Making:
    """Begins to make the file; one that is being made is not made twice."""
    with _LOCK:
        running = _ON_THE_WAY.get(case_id)
        if running is not None and not running.over:
            return running
        making = _ON_THE_WAY[case_id] = Making(case_id)
    threading.Thread(
        target=making.run, args=(assistant, actor, options, name), name="redact", daemon=True
    ).start()
    return making


def drop(case_id: str) -> None:
    """Nothing of a deleted case is made any more, nor kept in memory."""
    with _LOCK:
        making = _ON_THE_WAY.pop(case_id, None)
    if making is not None:
        making.cancel()
