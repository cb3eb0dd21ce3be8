"""A scripted model in conversation: what it says, and which tools it asks for, turn by turn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.model.server import Body, Script, Stub, asked, events, send, send_events, serving

USAGE = {"prompt_tokens": 900, "completion_tokens": 30, "total_tokens": 930}


@dataclass
class Turn:
    """One answer: text, or tools asked for with their arguments."""

    text: str = ""
    calls: Sequence[tuple[str, dict[str, Any] | str]] = ()
    finish: str = ""
    more: Body = field(default_factory=dict)


def said(turn: Turn) -> Body:
    """The answer as a chat completion."""
    message: Body = {"role": "assistant", "content": turn.text or None, **turn.more}
    if turn.calls:
        message["tool_calls"] = [
            {
                "id": f"c{number}",
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": given if isinstance(given, str) else json.dumps(given, ensure_ascii=False),
                },
            }
            for number, (name, given) in enumerate(turn.calls)
        ]
    finish = turn.finish or ("tool_calls" if turn.calls else "stop")
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "stub",
        "choices": [choice],
        "usage": USAGE,
    }


@dataclass
class Talker:
    """How the server behaves. `cut`: every stream breaks off in the middle, as if nothing was amiss."""

    speak: Callable[[Body], Turn]
    streams: bool = True
    cut: bool = False
    refuses: Callable[[Body], str] = lambda body: ""
    refuses_with: int = 400

    def answer(self, handler: BaseHTTPRequestHandler, body: Body) -> bool:
        complaint = self.refuses(body)
        if complaint:
            told = {"error": {"message": f"{complaint}: {asked(body)[:40]}", "code": None}}
            send(handler, self.refuses_with, json.dumps(told).encode())
        elif self.streams and body.get("stream"):
            send_events(handler, events(said(self.speak(body))), cut=self.cut)
        else:
            send(handler, 200, json.dumps(said(self.speak(body))).encode())
        return True


@contextmanager
def talking(talker: Talker) -> Iterator[Stub]:
    with serving(Script(misbehave=talker.answer)) as stub:
        yield stub


def always(text: str) -> Talker:
    """Says the same whatever is asked."""
    return Talker(lambda body: Turn(text))


def last(body: Body) -> Body:
    """The last message of a request."""
    message: Body = body["messages"][-1]
    return message


def number_of(body: Body, words: str) -> str:
    """The number under which a source that holds `words` was given."""
    number = ""
    for line in asked(body).split("\n"):
        if line.startswith("〔S"):
            number = line[1:].split("〕")[0]
        if words in line:
            return number
    raise AssertionError("no source with these words was given")
