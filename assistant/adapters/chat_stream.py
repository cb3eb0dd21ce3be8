"""Answers in pieces (server-sent events) and answers in one, turned into each other.

Some servers stream whatever they are asked for, some never do. And a connection that ends in the middle of a stream
looks to the SDK like an answer that is complete: here it is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

JOIN = "x-osumitsuki-join"
"""A header that stays at home: the server is asked to stream, the SDK is given the answer in one."""

_LINE = re.compile(rb"\r\n|\n|\r")
_DONE = "[DONE]"


class AnswerUnfinished(Exception):
    """The stream ended before the answer did."""


class AnswerRefused(Exception):
    """The model declined, in a field that LangChain does not hand on out of a stream."""


class AnswerFailed(Exception):
    """The server reported an error in the middle of its answer."""


def asks_for_stream(body: bytes) -> bool:
    """Whether a request asks for an answer in pieces."""
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("stream") is True


def whole(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A stream as the one completion it amounts to. Raises AnswerUnfinished, AnswerFailed, or ValueError."""
    events, joined = _Events(), _Joined()
    for chunk in chunks:
        joined.take(events.within(chunk))
    joined.take(events.left())
    yield joined.completion()


def to_its_end(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A stream as it comes. Raises AnswerUnfinished or AnswerRefused at its end, when that is not the end of an answer.

    Each chunk is looked at before it is handed on: the reader goes away as soon as it is told that this was all.
    """
    events, joined = _Events(), _Joined()
    for chunk in chunks:
        joined.take(events.within(chunk))
        if joined.done and joined.refused:
            raise AnswerRefused
        yield chunk
    joined.take(events.left())
    joined.completion()
    if joined.refused:
        raise AnswerRefused


def in_pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """One completion as a stream of one piece; what is no completion as it is, for the reader to refuse.

    Raises AnswerRefused.
    """
    body = b"".join(chunks)
    try:
        told = json.loads(body)
        pieces = [_piece(choice) for choice in told["choices"]]
        first = pieces[0]["delta"]
    except (ValueError, LookupError, TypeError, AttributeError):
        yield body
        return
    if first.get("refusal") and not first.get("content"):
        raise AnswerRefused
    told = {**told, "object": "chat.completion.chunk", "choices": pieces}
    yield b"data: " + json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n\n"
    yield b"data: [DONE]\n\n"


def _piece(choice: dict[str, Any]) -> dict[str, Any]:
    delta = dict(choice["message"])
    if delta.get("tool_calls"):
        delta["tool_calls"] = [{"index": at, **call} for at, call in enumerate(delta["tool_calls"])]
    return {
        "index": choice.get("index", 0),
        "delta": delta,
        "finish_reason": choice.get("finish_reason") or "stop",
    }


class _Events:
    """Server-sent events out of bytes that may be cut anywhere; comments and other fields are passed over."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def within(self, chunk: bytes) -> list[str]:
        """The data of each event that this chunk completes, in order."""
        *lines, self._rest = _LINE.split(self._rest + chunk)
        if not self._rest and chunk.endswith(b"\r"):  # the \n of this \r\n may come with the next chunk
            self._rest = lines.pop() + b"\r"
        found = []
        for line in lines:
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
            elif not line and self._data:
                found.append(self._whole())
        return found

    def left(self) -> list[str]:
        """The last event, where nothing came after it."""
        if self._rest.startswith(b"data:"):
            self._data.append(self._rest[5:].strip())
        return [self._whole()] if self._data else []

    def _whole(self) -> str:
        text = b"\n".join(self._data).decode("utf-8", "replace")
        self._data.clear()
        return text


class _Joined:
    """The first choice of a stream, piece by piece."""

    def __init__(self) -> None:
        self._about: dict[str, Any] = {}
        self._usage: Any = None
        self._content: list[str] = []
        self._refusal: list[str] = []
        self._calls: dict[int, dict[str, Any]] = {}
        self._finish: str | None = None
        self._begun = self.done = False

    def take(self, events: Iterable[str]) -> None:
        """Raises AnswerFailed for an error, ValueError for what is no piece of an answer."""
        for event in events:
            if event.strip() == _DONE:
                self.done = True
            else:
                self._take(event)

    def _take(self, event: str) -> None:
        told = json.loads(event)
        if not isinstance(told, dict):
            raise ValueError("not an object")
        if told.get("error"):
            raise AnswerFailed
        self._about = self._about or {name: told[name] for name in ("id", "created", "model") if name in told}
        self._usage = told.get("usage") or self._usage
        for choice in told.get("choices") or ():
            if isinstance(choice, dict) and not choice.get("index"):
                self._begun = True
                self._finish = choice.get("finish_reason") or self._finish
                self._add(choice.get("delta") or choice.get("message") or {})

    def _add(self, delta: dict[str, Any]) -> None:
        for held, name in ((self._content, "content"), (self._refusal, "refusal")):
            if isinstance(delta.get(name), str):
                held.append(delta[name])
        for at, call in enumerate(delta.get("tool_calls") or ()):
            place = self._calls.setdefault(
                call.get("index", at), {"id": "", "type": "function", "name": "", "arguments": ""}
            )
            told = call.get("function") or {}
            place["id"] = call.get("id") or place["id"]
            place["name"] = told.get("name") or place["name"]
            place["arguments"] += told.get("arguments") or ""

    @property
    def refused(self) -> bool:
        """Whether it said no, and nothing else."""
        return bool("".join(self._refusal)) and not "".join(self._content)

    def completion(self) -> bytes:
        """Empty when nothing came at all. Raises AnswerUnfinished."""
        if not self._begun and not self.done:
            return b""
        if not self.done and self._finish is None:
            raise AnswerUnfinished
        message: dict[str, Any] = {
            "role": "assistant",
            "content": "".join(self._content) or None,
            "refusal": "".join(self._refusal) or None,
        }
        if self._calls:
            message["tool_calls"] = [
                {
                    "id": call["id"] or f"call_{at}",
                    "type": "function",
                    "function": {"name": call["name"], "arguments": call["arguments"]},
                }
                for at, call in sorted(self._calls.items())
            ]
        choice = {"index": 0, "message": message, "finish_reason": self._finish or "stop"}
        told = {
            "id": "",
            "created": 0,
            "model": "",
            **self._about,
            "object": "chat.completion",
            "choices": [choice] if self._begun else [],
            "usage": self._usage,
        }
        return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
