"""A question in the form an endpoint understands, and the text of its answer."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.adapters import chat_faults as faults
from assistant.adapters.chat_stream import JOIN
from assistant.domain.usage import Usage
from assistant.errors import UnusableAnswer
from assistant.model.manner import Manner, Rung
from assistant.model.ports import AnswerCutOff, Message, Shape

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

# A refusal of the form, not of the caller: the next rung may do. 500 is what llama.cpp's server says to a schema.
_REFUSES_FORM = frozenset({400, 415, 422, 500, 501})
_STREAM = re.compile(r"\b(?:non-)?stream(?:ing|ed)?\b")
_BLANK_TAIL = 200


class FormFails(Exception):
    """The server took the form and lost itself in it."""


def worded(messages: tuple[Message, ...], shape: Shape, rung: Rung) -> list[BaseMessage]:
    """The messages; with the form in words where the server is not told the schema."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    told = messages
    if rung >= Rung.OBJECT:
        told = (*messages[:-1], replace(messages[-1], text=f"{messages[-1].text}\n\n{shape.in_words}"))
    return [kinds[message.role](content=message.text) for message in told]


def options(shape: Shape, manner: Manner, longest: int) -> dict[str, Any]:
    """Everything beside the messages, as LangChain's client takes it."""
    body: dict[str, Any] = {manner.limit: longest}
    if manner.temperature:
        body["temperature"] = 0.0
    told: dict[str, Any] = {"extra_body": body}
    if manner.stream:  # past the SDK, which is given the answer in one
        body["stream"] = True
        told["extra_headers"] = {JOIN: "1"}
    if manner.rung is Rung.SCHEMA:
        schema = {"name": shape.name, "strict": True, "schema": dict(shape.schema)}
        told["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif manner.rung is Rung.FUNCTION:
        function = {"name": shape.name, "parameters": dict(shape.schema)}
        told["tools"] = [{"type": "function", "function": function}]
        told["tool_choice"] = {"type": "function", "function": {"name": shape.name}}
    elif manner.rung is Rung.OBJECT:
        told["response_format"] = {"type": "json_object"}
    return told


def text_of(answer: AIMessage, longest: int) -> str:
    """The text that should be JSON. Raises AnswerCutOff, UnusableAnswer (refused), or FormFails."""
    finish = answer.response_metadata.get("finish_reason")
    text = str(answer.text)
    if finish == "length":
        if _lost(text):
            raise FormFails
        raise AnswerCutOff(faults.CUT_OFF)
    if answer.additional_kwargs.get("refusal") or finish == "content_filter":
        raise UnusableAnswer(faults.REFUSED)
    if answer.tool_calls:
        return json.dumps(answer.tool_calls[0]["args"], ensure_ascii=False)
    if answer.invalid_tool_calls:
        return str(answer.invalid_tool_calls[0]["args"] or "")
    told = answer.usage_metadata
    if not text.strip() and told is not None and told["output_tokens"] >= longest:
        raise AnswerCutOff(faults.CUT_OFF)  # all of it went into thoughts, which some servers do not hand on
    return text


def usage_of(answer: AIMessage) -> Usage:
    """What one answered request took."""
    told = answer.usage_metadata
    if told is None:
        return Usage(calls=1, estimated=1)
    return Usage(
        calls=1,
        prompt_tokens=told["input_tokens"],
        completion_tokens=told["output_tokens"],
        cached_tokens=told.get("input_token_details", {}).get("cache_read", 0) or 0,
    )


def refuses_form(error: Exception) -> bool:
    """Whether another form of the same question may do."""
    import openai

    if isinstance(error, openai.LengthFinishReasonError):
        return _lost(error.completion.choices[0].message.content or "")
    if isinstance(error, openai.APIStatusError):
        return error.status_code in _REFUSES_FORM and faults.meant_for_caller(error) is None
    return isinstance(error, FormFails)


def other_manner(error: Exception, manner: Manner) -> Manner | None:
    """What to try next after a refusal of the form, None when nothing is left."""
    import openai

    if isinstance(error, openai.APIStatusError) and error.status_code in (400, 422):
        said = faults.complaint(error)
        if "temperature" in said and manner.temperature:
            return replace(manner, temperature=False)
        if "max_tokens" in said and manner.limit == "max_tokens":
            return replace(manner, limit="max_completion_tokens")
        if not manner.stream and _STREAM.search(said):
            return replace(manner, stream=True)
    return lower(manner)


def lower(manner: Manner) -> Manner | None:
    """One rung down; None from the last."""
    return None if manner.rung is Rung.WORDS else replace(manner, rung=Rung(manner.rung + 1))


def _lost(text: str) -> bool:
    """White space up to the limit of the answer, as constrained decoding may end up in."""
    return len(text) - len(text.rstrip()) >= _BLANK_TAIL
