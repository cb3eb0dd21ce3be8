"""Answers on their way: each question is answered on a thread of its own and written to the record there.

So a page that is reloaded, or left for another, loses nothing: whoever opens the case again sees how far the answer is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from assistant.domain.finding import Engine
from assistant.errors import ReviewRefused
from assistant.model.ports import Message as Spoken
from assistant.review.actor import Actor
from assistant.review.case import Case, Message
from assistant.ui.answers import ASKED, TO, history_before, last_question, payload_of, text_of
from assistant.ui.guard import told
from assistant.ui.running import Assistant
from assistant.ui.where import where_line

_ON_THE_WAY: dict[str, Answering] = {}
_LOCK = threading.Lock()
_ASKING = threading.Lock()


class _Stopped(BaseException):
    """Not an Exception: nobody on the way may take it for a failure of the model and answer all the same."""


class Answering:
    """One question on its way to an answer. `trouble`: why there will be none, a sentence for the screen.

    Written by its own thread, read by any number of screens.
    """

    def __init__(self, case: Case, question: Message, engine: Engine) -> None:
        self.case = case.id
        self.question = question.text
        self.to = question.seq
        self.engine = engine
        self.trouble: str | None = None
        self.stopped = False
        self._pieces: list[str] = []
        self._over = threading.Event()
        self._begun = time.monotonic()

    @property
    def text(self) -> str:
        """What the model has written so far."""
        return "".join(self._pieces)

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.stopped or self._over.is_set()

    @property
    def seconds(self) -> int:
        """How long it has been on its way."""
        return int(time.monotonic() - self._begun)

    def stop(self) -> None:
        """答えを待たずに止める: what still comes is dropped; the question stays in the record."""
        self.stopped = True

    def wait(self, seconds: float) -> bool:
        """Whether it is over within so many seconds."""
        return self._over.wait(seconds)

    def run(self, assistant: Assistant, actor: Actor, case: Case, history: Sequence[Spoken]) -> None:
        """The work of the thread: asks, and writes the answer to the record unless the person has stopped it."""
        try:
            answer = assistant.ask(
                self.question,
                engine=self.engine,
                history=history,
                proposal=case.proposal,
                case=case.id,
                tell=self._hear,
            )
            if self.stopped:
                return
            payload = payload_of(answer, where_line(assistant, answer.requested_engine)) | {TO: self.to}
            assistant.desk.say(case.id, actor, "assistant", text_of(answer), payload)
            _forget(self)
        except _Stopped:
            pass
        except Exception as error:  # told on the page, beside the question
            self.trouble = told(error)
        finally:
            self._over.set()

    def _hear(self, piece: str) -> None:
        if self.stopped:
            raise _Stopped
        self._pieces.append(piece)


def on_the_way(case_id: str) -> Answering | None:
    """The answer a case is waiting for, or why the last one did not come."""
    return _ON_THE_WAY.get(case_id)


def write_down(assistant: Assistant, actor: Actor, case_id: str, question: str, engine: Engine) -> None:
    """The question into the record. Raises what the record raises, and ReviewRefused while the one before, asked
    perhaps in another window, is being answered: its answer would look like the answer to this one."""
    with _ASKING:
        before = on_the_way(case_id)
        if before is not None and not before.over:
            raise ReviewRefused(
                "前の質問に答えているところです。答えが出てから（又は「答えを待たずに止める」を押してから）、もう一度送ってください。"
            )
        assistant.desk.say(case_id, actor, "user", question, {ASKED: engine})


def drop(case_id: str) -> None:
    """Nothing of a deleted case is answered any more, nor kept in memory."""
    with _LOCK:
        answering = _ON_THE_WAY.pop(case_id, None)
    if answering is not None:
        answering.stop()


def start(assistant: Assistant, actor: Actor, case_id: str, engine: Engine) -> Answering:
    """Begins to answer the last question of the case; one that is being answered already is not asked twice.

    Raises what the record raises, and ReviewRefused where nothing was asked.
    """
    case = assistant.desk.case(case_id, actor)
    question = last_question(case)
    if question is None:
        raise ReviewRefused("まだ質問がありません。尋ねたいことを書いてから送ってください。")
    with _LOCK:
        running = _ON_THE_WAY.get(case_id)
        if running is not None and not running.over:
            return running
        answering = Answering(case, question, engine)
        _ON_THE_WAY[case_id] = answering
    work = (assistant, actor, case, history_before(case, question))
    threading.Thread(target=answering.run, args=work, name="answer", daemon=True).start()
    return answering


def _forget(answering: Answering) -> None:
    with _LOCK:
        if _ON_THE_WAY.get(answering.case) is answering:
            del _ON_THE_WAY[answering.case]
