"""The chat port over LangChain and the OpenAI client: any server that speaks `/chat/completions`.

Servers differ in how they can be told the form of a reply. The ladder is tried from the top and what worked is kept
for as long as the adapter lives: JSON Schema, a function to be called, a JSON object, plain words.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal

from assistant.adapters import chat_faults as faults
from assistant.adapters.chat_transport import Limits, bounded_client, timeout_of, watched
from assistant.domain.usage import Usage
from assistant.errors import UnusableAnswer
from assistant.model.endpoint import Endpoint
from assistant.model.ports import AnswerCutOff, Message, Reply, Shape, Watch
from assistant.model.reply import json_in

if TYPE_CHECKING:
    import openai
    from langchain_core.messages import AIMessage, BaseMessage
    from langchain_openai import ChatOpenAI

# A refusal of the form, not of the caller: the next rung may do. 500 is what llama.cpp's server says to a schema.
_REFUSES_FORM = frozenset({400, 415, 422, 500, 501})
_TRY_AGAIN = frozenset({408, 409, 429, 502, 503, 504})
_LONGEST_WAIT = 10.0
_NO_KEY = "none"  # the SDK wants one; it must not take another program's from the environment


class Rung(IntEnum):
    """How the server is told the form of the reply."""

    SCHEMA = 0
    FUNCTION = 1
    OBJECT = 2
    WORDS = 3


@dataclass(frozen=True, slots=True)
class Manner:
    """What the endpoint understands, as far as it is known."""

    rung: Rung = Rung.SCHEMA
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True


class OpenAIChat:
    """`model.ports.RawChat` for one endpoint and model. Nothing is imported or opened before the first question."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        api_key: str | None = None,
        *,
        longest_reply: int = 4096,
        limits: Limits | None = None,
        wait: float = 1.0,
    ) -> None:
        self._base_url = endpoint.url
        self._model, self._key = model, api_key
        self._longest, self._limits, self._wait = longest_reply, limits or Limits(), wait
        self._manner = Manner()
        self._client: ChatOpenAI | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._model

    @property
    def manner(self) -> Manner:
        """What has been found out about the endpoint."""
        return self._manner

    def ask(self, messages: tuple[Message, ...], shape: Shape, watch: Watch) -> Reply:
        """See `model.ports.RawChat.ask`."""
        with watched(watch):
            return self._ask(messages, shape)

    def _ask(self, messages: tuple[Message, ...], shape: Shape) -> Reply:
        manner = self._manner
        while True:
            answer = self._send(messages, shape, manner)
            if isinstance(answer, Manner):
                manner = answer
                continue
            text = _text_of(answer)
            if manner.rung < Rung.WORDS and json_in(text) is None:
                # A server that does not know `response_format` passes over it and chats.
                manner = replace(manner, rung=Rung(manner.rung + 1))
                continue
            if not text.strip():
                raise UnusableAnswer(faults.EMPTY)
            if json_in(text) is not None:
                with self._lock:
                    self._manner = manner
            told = answer.usage_metadata
            return Reply(
                text=text, prompt_tokens=told["input_tokens"] if told else None, usage=_usage_of(answer)
            )

    def _send(self, messages: tuple[Message, ...], shape: Shape, manner: Manner) -> AIMessage | Manner:
        """The answer, or another manner to try. Raises ModelError."""
        import openai

        for attempt in (1, 2):
            try:
                return self._call(messages, shape, manner)
            except openai.APIStatusError as error:
                other = _other_manner(error, manner)
                if other is not None:
                    return other
                if error.status_code in _TRY_AGAIN and attempt == 1:
                    time.sleep(_pause(error, self._wait))
                    continue
                raise faults.of_status(error) from None
            except Exception as error:  # whatever a strange body makes LangChain or the SDK trip over
                raise faults.of_failure(error) from None
        raise AssertionError("the second attempt returns or raises")

    def _call(self, messages: tuple[Message, ...], shape: Shape, manner: Manner) -> AIMessage:
        limit = {manner.limit: self._longest}
        cool = {"temperature": 0.0} if manner.temperature else {}
        client = self._opened()
        return client.invoke(
            _worded(messages, shape, manner.rung), extra_body={**limit, **cool}, **_form(shape, manner.rung)
        )

    def _opened(self) -> ChatOpenAI:
        with self._lock:
            if self._client is None:
                from langchain_openai import ChatOpenAI
                from pydantic import SecretStr

                self._client = ChatOpenAI(
                    model=self._model,
                    base_url=self._base_url,
                    api_key=SecretStr(self._key or _NO_KEY),
                    organization=None,
                    openai_proxy="",
                    use_responses_api=False,
                    output_version="v0",
                    max_retries=0,
                    timeout=timeout_of(self._limits),  # None would mean: for ever
                    http_socket_options=(),
                    http_client=bounded_client(self._limits),
                    cache=False,
                )
            return self._client


def _usage_of(answer: AIMessage) -> Usage:
    told = answer.usage_metadata
    if told is None:
        return Usage(calls=1, estimated=1)
    return Usage(
        calls=1,
        prompt_tokens=told["input_tokens"],
        completion_tokens=told["output_tokens"],
        cached_tokens=told.get("input_token_details", {}).get("cache_read", 0) or 0,
    )


def _worded(messages: tuple[Message, ...], shape: Shape, rung: Rung) -> list[BaseMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    told = messages
    if rung >= Rung.OBJECT:
        told = (*messages[:-1], replace(messages[-1], text=f"{messages[-1].text}\n\n{shape.in_words}"))
    return [kinds[message.role](content=message.text) for message in told]


def _form(shape: Shape, rung: Rung) -> dict[str, Any]:
    if rung is Rung.SCHEMA:
        told = {"name": shape.name, "strict": True, "schema": dict(shape.schema)}
        return {"response_format": {"type": "json_schema", "json_schema": told}}
    if rung is Rung.FUNCTION:
        function = {"name": shape.name, "parameters": dict(shape.schema)}
        return {
            "tools": [{"type": "function", "function": function}],
            "tool_choice": {"type": "function", "function": {"name": shape.name}},
        }
    return {"response_format": {"type": "json_object"}} if rung is Rung.OBJECT else {}


def _text_of(answer: AIMessage) -> str:
    """The text that should be JSON. Raises UnusableAnswer: cut off, or refused."""
    if answer.response_metadata.get("finish_reason") == "length":
        raise AnswerCutOff(faults.CUT_OFF)
    if (
        answer.additional_kwargs.get("refusal")
        or answer.response_metadata.get("finish_reason") == "content_filter"
    ):
        raise UnusableAnswer(faults.REFUSED)
    if answer.tool_calls:
        return json.dumps(answer.tool_calls[0]["args"], ensure_ascii=False)
    if answer.invalid_tool_calls:
        return str(answer.invalid_tool_calls[0]["args"] or "")
    return str(answer.text)


def _other_manner(error: openai.APIStatusError, manner: Manner) -> Manner | None:
    """What to try next after a refusal, None when nothing else would help."""
    if error.status_code not in _REFUSES_FORM:
        return None
    said = str(error.body).lower()  # looked at for the name of a parameter, never shown
    if error.status_code in (400, 422):
        if "context_length" in said or "context window" in said:
            return None
        if "temperature" in said and manner.temperature:
            return replace(manner, temperature=False)
        if "max_tokens" in said and manner.limit == "max_tokens":
            return replace(manner, limit="max_completion_tokens")
    return None if manner.rung is Rung.WORDS else replace(manner, rung=Rung(manner.rung + 1))


def _pause(error: openai.APIStatusError, wait: float) -> float:
    """Seconds to wait: what the server says, within reason."""
    try:
        said = float(error.response.headers.get("retry-after", wait))
    except ValueError:
        said = wait
    return min(max(said, 0.0), _LONGEST_WAIT)
