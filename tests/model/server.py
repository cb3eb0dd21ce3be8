"""A scripted OpenAI-compatible server on loopback: answers as told, on the rungs it is told to know, or misbehaves.

A real HTTP server on a thread of its own; what it received is kept for the test to look at.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from assistant.model.egress import Egress
from assistant.model.endpoint import Endpoint, checked_endpoint

Body = dict[str, Any]
Content = Callable[[Body], str]
RUNGS = ("json_schema", "tools", "json_object", "text")


@dataclass
class Script:
    """What the server does. `misbehave` stands before everything else and may answer by itself."""

    content: Content = lambda body: "{}"
    knows: tuple[str, ...] = RUNGS
    refuses_with: int = 400
    ignores_form: bool = False
    """Passes over a form it does not know, and chats, as some servers do."""
    misbehave: Callable[[BaseHTTPRequestHandler, Body], bool] = lambda handler, body: False
    finish_reason: str = "stop"
    message: Body = field(default_factory=dict)
    """Merged into the message."""
    usage: Body | None = field(
        default_factory=lambda: {"prompt_tokens": 9000, "completion_tokens": 9, "total_tokens": 9009}
    )
    streams: Literal["when asked", "always", "only", "never"] = "when asked"
    """`only`: refuses a question that does not ask for a stream; `never`: passes over that it was asked."""


@dataclass
class Stub:
    """A running server."""

    port: int
    script: Script
    bodies: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def endpoint(self) -> Endpoint:
        return checked_endpoint(self.url, Egress())

    @property
    def rungs(self) -> list[str]:
        """The rung of each request, in order."""
        return [rung_of(body) for body in self.bodies]


def rung_of(body: Body) -> str:
    if "tools" in body:
        return "tools"
    return str(body.get("response_format", {}).get("type", "text"))


def asked(body: Body) -> str:
    """Everything that was said to the model."""
    return "\n".join(str(message["content"]) for message in body["messages"])


def completion(script: Script, body: Body) -> Body:
    text = script.content(body)
    message: Body = {"role": "assistant", "content": text}
    if rung_of(body) == "tools" and not script.ignores_form:
        name = body["tools"][0]["function"]["name"]
        call = {"id": "c1", "type": "function", "function": {"name": name, "arguments": text}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "message": {**message, **script.message}, "finish_reason": script.finish_reason}
    told: Body = {"id": "x", "object": "chat.completion", "created": 1, "model": "stub", "choices": [choice]}
    return told if script.usage is None else {**told, "usage": script.usage}


def events(told: Body, size: int = 7) -> list[bytes]:
    """A completion as server-sent events of a few characters each, with what real servers put between."""
    choice = told["choices"][0]
    message: Body = choice["message"]
    common = {**told, "object": "chat.completion.chunk", "usage": None}
    pieces: list[Body] = [{"role": "assistant", "content": ""}]
    for name in ("reasoning_content", "content", "refusal"):
        text = message.get(name) or ""
        pieces += [{name: text[at : at + size]} for at in range(0, len(text), size)]
    for at, call in enumerate(message.get("tool_calls") or ()):
        words: str = call["function"]["arguments"]
        pieces.append(
            {"tool_calls": [{"index": at, **call, "function": {**call["function"], "arguments": ""}}]}
        )
        pieces += [
            {"tool_calls": [{"index": at, "function": {"arguments": words[start : start + size]}}]}
            for start in range(0, len(words), size)
        ]
    choices = [{"index": 0, "delta": piece, "finish_reason": None} for piece in pieces]
    choices.append({"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]})
    chunks = [{**common, "choices": [one]} for one in choices]
    if told.get("usage"):
        chunks.append({**common, "choices": [], "usage": told["usage"]})
    lines = [f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode() for chunk in chunks]
    return [b": keep-alive\n\n", *lines, b"data: [DONE]\n\n"]


def send_events(handler: BaseHTTPRequestHandler, lines: Sequence[bytes], *, cut: bool = False) -> None:
    """Server-sent events, chunk by chunk; `cut`: the connection ends as if nothing was amiss."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
    handler.send_header("Connection", "close")
    handler.end_headers()
    for line in lines[: len(lines) // 2] if cut else lines:
        handler.wfile.write(line)
        handler.wfile.flush()
    handler.close_connection = True


def send(
    handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "application/json", **headers: str
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@dataclass
class Seen:
    """A watch that lets everything pass and keeps what it saw."""

    bodies: list[bytes] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)

    def leaving(self, body: bytes) -> None:
        self.bodies.append(body)

    def returned(self, outcome: str, seconds: float) -> None:
        self.outcomes.append(outcome)


@contextmanager
def serving(script: Script) -> Iterator[Stub]:
    stub = Stub(port=0, script=script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            stub.bodies.append(body)
            stub.headers.append({name.lower(): value for name, value in self.headers.items()})
            stub.paths.append(self.path)
            try:
                self._answer(body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client hung up, as it should

        def _answer(self, body: Body) -> None:
            now = stub.script
            if now.misbehave(self, body):
                return
            if rung_of(body) not in now.knows and not now.ignores_form:
                # Real servers repeat what they were sent in their complaint.
                complaint = {
                    "error": {"message": f"unsupported response_format: {asked(body)}", "code": None}
                }
                send(self, now.refuses_with, json.dumps(complaint).encode())
                return
            asked_to = bool(body.get("stream"))
            if now.streams == "only" and not asked_to:
                complaint = {"error": {"message": "This model only supports streaming.", "param": "stream"}}
                send(self, 400, json.dumps(complaint).encode())
            elif now.streams != "never" and (asked_to or now.streams == "always"):
                send_events(self, events(completion(now, body)))
            else:
                send(self, 200, json.dumps(completion(now, body)).encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def dripping(handler: BaseHTTPRequestHandler, body: Body) -> bool:
    """A byte now and then, for ever: each one in time, the whole never."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)
    handler.close_connection = True
    return True
