"""From the text of a reply to what was asked for: find the JSON object, check it, ask once more with the errors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.errors import UnusableAnswer
from assistant.model.ports import Chat, Message, Reply, Shape

Kind = TypeVar("Kind", bound=BaseModel)
_OPENS = re.compile(r"\s*<(think|thinking|thought|reasoning)>")
_CLOSES = re.compile(r"</(?:think|thinking|thought|reasoning)>")
_FENCE = re.compile(r"```(?:json)?[ \t]*\n(.*?)\n?[ \t]*```", re.DOTALL)
_MOST_TRIES = 20
_MOST_ENDINGS = 200
_MOST_ERRORS = 12
_LONGEST_ECHO = (
    2_000  # characters of a failed answer that are shown to the model again: the question was near its limit
)
_NOT_JSON = "JSONの形になっていません。"
_PROBLEMS = {
    "missing": "がありません",
    "extra_forbidden": "は余分です",
    "literal_error": "が選択肢にない値です",
    "enum": "が選択肢にない値です",
    "string_too_long": "が長すぎます",
    "too_long": "の数が多すぎます",
    "string_too_short": "が空です",
}


def ask_for(
    chat: Chat, messages: tuple[Message, ...], shape: Shape, kind: type[Kind], repair: Callable[[str], str]
) -> tuple[Kind, Reply]:
    """The reply as `kind`. `repair` words the second question from the list of errors; there is no third.

    Raises ModelUnavailable, or UnusableAnswer when the second reply does not fit either.
    """
    reply = chat.ask(messages, shape)
    read, problems = read_reply(reply.text, kind)
    if read is not None:
        return read, reply
    again = (
        *messages,
        Message(role="assistant", text=_echo(without_thoughts(reply.text) or reply.text)),
        Message(role="user", text=repair(problems)),
    )
    reply = chat.ask(again, shape)
    read, _ = read_reply(reply.text, kind)
    if read is None:
        raise UnusableAnswer(
            "モデルの回答が、求めた形式になっていませんでした（やり直しを一度求めました）。"
            "別のモデルを設定するか、時間をおいてもう一度お試しください。"
        )
    return read, reply


def _echo(text: str) -> str:
    """The beginning of a long answer, cut where a string, a sentence or a line ends: half a name is known as none."""
    if len(text) <= _LONGEST_ECHO:
        return text
    return text[: max(text.rfind(end, 0, _LONGEST_ECHO) for end in '"。\n') + 1] or "…"


def read_reply(text: str, kind: type[Kind]) -> tuple[Kind | None, str]:
    """The reply as `kind`, or None and what is wrong with it: names of fields, never their contents."""
    data = json_in(text)
    if data is None:
        return None, _NOT_JSON
    try:
        return kind.model_validate(data), ""
    except ValidationError as error:
        return None, _told(error)
    except RecursionError:
        return None, _NOT_JSON


def json_in(text: str) -> dict[str, Any] | None:
    """The JSON object in a reply: whole, in a fence, after thoughts, or between words. None: there is none.

    What stands in thoughts is a draft, and no answer; but thoughts that were never closed may end in one.
    """
    bare = without_thoughts(text)
    for candidate in (text.strip(), *_candidates(bare), *(() if bare else _ending(text))):
        try:
            data = json.loads(candidate, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            return data
    return None


def without_thoughts(text: str) -> str:
    """What a reasoning model says when it has thought: empty where its thoughts never end.

    Some servers hand on only the end of the thoughts, since their template wrote the beginning.
    """
    while True:
        closed = _CLOSES.search(text)
        if _OPENS.match(text):
            if closed is None:
                return ""
        elif closed is None or text.lstrip().startswith(("{", "```")):
            return text.strip()  # a mark inside an object is a word of the answer
        text = text[closed.end() :]


def _ending(text: str) -> Iterator[str]:
    """The object a text ends in."""
    bare = text.rstrip().removesuffix("```").rstrip()
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    start = bare.find("{")
    for _ in range(_MOST_ENDINGS):
        if start < 0:
            return
        try:
            _, end = decoder.raw_decode(bare, start)
        except (ValueError, RecursionError):
            end = 0
        if end == len(bare):
            yield bare[start:]
            return
        start = bare.find("{", max(end, start + 1))


def _candidates(text: str) -> Iterator[str]:
    yield text
    yield from (match[1] for match in _FENCE.finditer(text))
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    start = text.find("{")
    for _ in range(_MOST_TRIES):
        if start < 0:
            return
        try:
            _, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            start = text.find("{", start + 1)
            continue
        yield text[start:end]
        start = text.find("{", end)


def _no_constant(name: str) -> float:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _told(error: ValidationError) -> str:
    """Where and what, for the model to mend."""
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    lines = []
    for one in errors[:_MOST_ERRORS]:
        place = ".".join(
            str(part)
            for part in one["loc"]
            if isinstance(part, int) or (part.isascii() and part.isidentifier())
        )
        lines.append(f"- {place or '全体'} {_PROBLEMS.get(one['type'], 'の値の形が違います')}")
    if len(errors) > _MOST_ERRORS:
        lines.append(f"- ほか{len(errors) - _MOST_ERRORS}件")
    return "\n".join(lines)
