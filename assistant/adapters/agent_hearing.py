"""What comes in while a model speaks: pieces of text, handed on in plain words as soon as they are whole enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.converse.conversing import Tell
from assistant.model.errand import Escort
from assistant.model.reply import without_thoughts

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler

_THOUGHTS = ("<think>", "<thinking>", "<thought>", "<reasoning>")
_LONGEST_OPENING = max(map(len, _THOUGHTS))


class NotTheModel(BaseException):
    """A failure of ours on the way, not the model's: no layer between may take it for one. `cause`: what it was."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


class Hearing:
    """Hands pieces on. One after another: each answer begins anew, on a line of its own."""

    def __init__(self, escort: Escort, tell: Tell) -> None:
        self._escort, self._tell = escort, tell
        self._heard, self._told = "", 0
        self._spoken = False

    def begin(self) -> None:
        """Another answer begins."""
        self._heard, self._told = "", 0

    def hear(self, piece: str) -> None:
        """A piece of the answer."""
        self._heard += piece
        start = _after_thoughts(self._heard)
        if start is None:
            return
        self._told = max(self._told, start)
        self._hand_on(self._told + self._escort.pending(self._heard[self._told :]))

    def end(self, whole: str) -> None:
        """The answer is over; `whole` as the client put it together, all of it new where nothing was streamed."""
        if not self._heard:
            self._heard = without_thoughts(whole)
        elif _after_thoughts(self._heard) is None:
            return
        self._hand_on(len(self._heard))

    def _hand_on(self, end: int) -> None:
        piece = self._escort.restore(self._heard[self._told : end])
        self._told = max(self._told, end)
        if not piece:
            return
        begun = self._spoken and self._told == len(piece)
        self._spoken = True
        try:
            self._tell(f"\n{piece}" if begun else piece)
        except Exception as error:
            raise NotTheModel(error) from None


def _after_thoughts(text: str) -> int | None:
    """Where the answer begins; None while it is not known, or the model still thinks."""
    bare = text.lstrip()
    if any(bare.startswith(opening) for opening in _THOUGHTS):
        said = without_thoughts(text)
        return len(text.rstrip()) - len(said) if said else None
    if len(bare) < _LONGEST_OPENING and any(opening.startswith(bare) for opening in _THOUGHTS):
        return None
    return len(text) - len(bare)


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
