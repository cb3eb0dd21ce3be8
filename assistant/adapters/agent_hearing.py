"""What comes in while a model speaks: pieces of text, handed on in plain words as soon as they are whole enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.adapters import chat_faults as faults
from assistant.converse.conversing import Tell
from assistant.errors import UnusableAnswer
from assistant.model.errand import Escort
from assistant.model.reply import without_thoughts

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler

_THOUGHTS = ("<think>", "<thinking>", "<thought>", "<reasoning>")
LONGEST_ANSWER = 200_000
"""Characters, thoughts among them, after which nobody listens any more."""


class NotTheModel(BaseException):
    """A failure of ours on the way, not the model's: no layer between may take it for one. `cause`: what it was."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


class Hearing:
    """Hands pieces on. One after another: each answer begins anew, on a line of its own."""

    def __init__(self, escort: Escort, tell: Tell) -> None:
        self._escort, self._tell = escort, tell
        self._held = ""  # heard and not handed on yet
        self._length = 0
        self._thinking = self._answering = self._spoken = self._broken = False

    def begin(self) -> None:
        """Another answer begins."""
        self._held, self._length = "", 0
        self._thinking = self._answering = False
        self._broken = self._spoken

    def hear(self, piece: str) -> None:
        """A piece of the answer. Raises UnusableAnswer when there is no end to it."""
        self._held += piece
        self._length += len(piece)
        if self._length > LONGEST_ANSWER:
            raise UnusableAnswer(faults.TOO_LARGE)
        if not self._answering:
            if (
                self._length > len(piece) > 0
                and self._held.lstrip().startswith(_THOUGHTS)
                and ">" not in piece
            ):
                return  # in the middle of thoughts
            begun = _answer_in(self._held)
            if not begun:
                return
            self._held, self._answering = begun, True
        self._hand_on(self._escort.pending(self._held))

    def end(self, whole: str) -> None:
        """The answer is over; `whole` as the client put it together, all of it new where nothing was streamed."""
        if not self._length:
            self._held, self._answering = without_thoughts(whole), True
        if self._answering:
            self._hand_on(len(self._held))

    def _hand_on(self, end: int) -> None:
        piece, self._held = self._escort.restore(self._held[:end]), self._held[end:]
        if not piece:
            return
        told = f"\n{piece}" if self._broken else piece
        self._broken, self._spoken = False, True
        try:
            self._tell(told)
        except Exception as error:
            raise NotTheModel(error) from None


def _answer_in(text: str) -> str:
    """The answer as far as it goes; empty while it has not begun, or the model still thinks."""
    bare = text.lstrip()
    if bare.startswith(_THOUGHTS):
        return without_thoughts(text)
    return "" if any(opening.startswith(bare) for opening in _THOUGHTS) else bare


def hearer_of(hearing: Hearing) -> BaseCallbackHandler:
    """The callback LangChain calls while the model speaks; what `tell` raises goes through it."""
    from langchain_core.callbacks import BaseCallbackHandler

    class Hearer(BaseCallbackHandler):
        raise_error = True
        run_inline = True

        def on_chat_model_start(self, serialized: Any, messages: Any, **more: Any) -> None:
            hearing.begin()

        def on_llm_new_token(self, token: Any, **more: Any) -> None:
            hearing.hear(token if isinstance(token, str) else "")

        def on_llm_end(self, response: Any, **more: Any) -> None:
            hearing.end(str(response.generations[0][0].text))

    return Hearer()
