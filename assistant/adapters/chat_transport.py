"""The HTTP client under the chat adapter: no redirects, no proxy of the environment, and an end to every answer.

The environment's proxy and certificates are not taken (`trust_env=False`) and a redirect is an error: the SDK's own
client would follow a 307 and send the passage elsewhere (design.md D6).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.model.ports import Watch

if TYPE_CHECKING:
    import httpx2


_NOT_OURS = ("openai-", "x-stainless-")
"""Headers the SDK adds: organisation and project of another program's environment, and what machine this is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds and bytes after which an answer is given up. A model on a PC without GPU may think for minutes."""

    connect: float = 5.0
    silence: float = 600.0
    whole: float = 900.0
    body: int = 4_000_000


class AnswerTooLarge(Exception):
    """The body is larger than any answer could be. Met on the way; `chat_faults` says what it means."""


class AnswerTooSlow(Exception):
    """Bytes keep coming, but the end does not."""


class AnswerEncoded(Exception):
    """The body is compressed although that was not asked for: its size cannot be bounded."""


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Every request of this thread, and of what it starts, passes `watch` while this holds; without, none leaves."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def timeout_of(limits: Limits) -> httpx2.Timeout:
    """How long to wait for a connection, and for the next byte."""
    import httpx2

    return httpx2.Timeout(limits.silence, connect=limits.connect)


def bounded_client(limits: Limits) -> httpx2.Client:
    """A client that raises one of the above out of reading a body that goes on for too long."""
    import httpx2

    class Bounded(httpx2.SyncByteStream):
        def __init__(self, inner: httpx2.SyncByteStream, end: float) -> None:
            self._inner, self._end = inner, end

        def __iter__(self) -> Iterator[bytes]:
            read = 0
            for chunk in self._inner:
                read += len(chunk)
                if read > limits.body:
                    raise AnswerTooLarge
                if time.monotonic() > self._end:
                    raise AnswerTooSlow
                yield chunk

        def close(self) -> None:
            self._inner.close()

    class Transport(httpx2.HTTPTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            started = time.monotonic()
            end = started + limits.whole
            watch = _watch.get()
            if watch is None:
                raise RuntimeError("a request to a model must be watched")
            watch.leaving(request.read())
            kept = [(n, v) for n, v in request.headers.multi_items() if not n.lower().startswith(_NOT_OURS)]
            # The SDK reads its own request again afterwards, so that one stays as it is.
            sent = httpx2.Request(
                request.method,
                request.url,
                headers=kept,
                stream=request.stream,
                extensions=request.extensions,
            )
            try:
                response = super().handle_request(sent)
            except Exception as error:
                watch.returned(type(error).__name__, time.monotonic() - started)
                raise
            watch.returned(str(response.status_code), time.monotonic() - started)
            if response.headers.get("content-encoding", "identity") != "identity":
                response.close()
                raise AnswerEncoded
            if isinstance(response.stream, httpx2.SyncByteStream):
                response.stream = Bounded(response.stream, end)
            return response

    return httpx2.Client(
        transport=Transport(trust_env=False),
        trust_env=False,
        follow_redirects=False,
        timeout=timeout_of(limits),
        headers={"Accept-Encoding": "identity"},
    )
