"""The chat port over LangChain and the OpenAI client: any server that speaks `/chat/completions`.

Servers differ in how they can be told the form of a reply. The ladder is tried from the top and what worked is kept
(`model.manner.Manners`): JSON Schema, a function to be called, a JSON object, plain words. A manner that no longer
works is found out anew.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.adapters import chat_faults as faults
from assistant.adapters.chat_client import LONGEST_REPLY, open_client
from assistant.adapters.chat_form import (
    lower,
    options,
    other_manner,
    refuses_form,
    text_of,
    usage_of,
    worded,
)
from assistant.adapters.chat_transport import Limits, limits_for, watched
from assistant.domain.usage import Usage
from assistant.errors import ModelError, UnusableAnswer
from assistant.model.endpoint import Endpoint
from assistant.model.manner import HeldManners, Manner, Manners
from assistant.model.ports import Message, Reply, Shape, Watch
from assistant.model.reply import json_in

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_openai import ChatOpenAI

_MOST_DOUBTS = 2  # answers in a row without JSON before a manner that once worked is given up


class OpenAIChat:
    """`model.ports.RawChat` for one endpoint and model. Nothing is imported or opened before the first question."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        api_key: str | None = None,
        *,
        longest_reply: int = LONGEST_REPLY,
        limits: Limits | None = None,
        wait: float | None = None,
        manners: Manners | None = None,
    ) -> None:
        """`limits`: those of `limits_for` unless given; `wait` overrides their `pause`; `manners`: what was found
        out before, and where to keep it; in memory unless given."""
        told = limits or limits_for(endpoint)
        self._endpoint, self._model, self._key = endpoint, model, api_key
        self._longest = longest_reply
        self._limits = told if wait is None else replace(told, pause=wait)
        self._manners = manners or HeldManners()
        self._known: Manner | None = None
        self._stored: Manner | None = None
        self._doubts, self._looked_up = 0, False
        self._client: ChatOpenAI | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._model

    @property
    def manner(self) -> Manner:
        """What has been found out about the endpoint, so far."""
        return self._known or Manner()

    def ask(self, messages: tuple[Message, ...], shape: Shape, watch: Watch) -> Reply:
        """See `model.ports.RawChat.ask`."""
        with watched(watch):
            return self._ask(messages, shape)

    def _ask(self, messages: tuple[Message, ...], shape: Shape) -> Reply:
        """Down the ladder, at most once: each turn takes a manner that was not tried, or ends."""
        known = self._recalled()
        way = _Way(known or Manner(), known=known is not None)
        usage = Usage()
        while True:
            try:
                answer = self._call(messages, shape, way.manner)
                usage += usage_of(answer)
                text = text_of(answer, self._longest)
            except ModelError:
                raise
            except Exception as error:  # also whatever a strange body makes LangChain or the SDK trip over
                if not self._turned(way, error):
                    raise faults.of_failure(error, keyed=self._key is not None) from None
                continue
            fits = json_in(text) is not None
            if not fits and not way.known and (next_one := lower(way.manner)):
                # A server that does not know `response_format` passes over it and chats.
                way.manner = next_one
                continue
            self._noted(way.manner, fits)
            if not text.strip():
                raise UnusableAnswer(faults.EMPTY)
            told = answer.usage_metadata
            return Reply(text=text, prompt_tokens=told["input_tokens"] if told else None, usage=usage)

    def _turned(self, way: _Way, error: Exception) -> bool:
        """Whether there is another manner to try after a refusal; `way` then goes by it."""
        if not refuses_form(error):
            return False
        if getattr(error, "status_code", 0) >= 500 and way.patient:
            way.patient = False  # it may be a hiccup: the same once more
            time.sleep(self._limits.pause)
            return True
        if way.known and way.manner != Manner():
            other: Manner | None = Manner()
        else:
            other = other_manner(error, way.manner)
        if way.known:
            self._forget()
            way.known = False
        way.manner = other or way.manner
        return other is not None

    def _call(self, messages: tuple[Message, ...], shape: Shape, manner: Manner) -> AIMessage:
        told = options(shape, manner, self._longest)
        return self._opened().invoke(worded(messages, shape, manner.rung), **told)

    def _opened(self) -> ChatOpenAI:
        with self._lock:
            if self._client is None:
                self._client = open_client(self._endpoint, self._model, self._key, limits=self._limits)
            return self._client

    # what is known of the endpoint --------------------------------------------------------------------------------

    def _recalled(self) -> Manner | None:
        with self._lock:
            if not self._looked_up:
                self._known = self._stored = self._manners.get(self._endpoint.url, self._model)
                self._looked_up = True
            return self._known

    def _noted(self, manner: Manner, fits: bool) -> None:
        """What worked is kept. What ended in words that are no JSON is gone by in this run, and soon doubted."""
        with self._lock:
            if fits:
                self._doubts = 0
                if self._stored != manner:
                    self._manners.put(self._endpoint.url, self._model, manner)
                self._known = self._stored = manner
                return
            self._doubts += 1
            self._known = manner if self._doubts < _MOST_DOUBTS else None
            self._doubts %= _MOST_DOUBTS

    def _forget(self) -> None:
        with self._lock:
            self._known, self._doubts = None, 0


@dataclass(slots=True)
class _Way:
    """Where a question stands: `known`: the manner worked before; `patient`: a hiccup may still be waited out."""

    manner: Manner
    known: bool
    patient: bool = True
