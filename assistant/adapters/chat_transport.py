"""The HTTP client under the chat adapter: no redirects, no proxy of the environment, and an end to every answer.

The environment's proxy and certificates are not taken (`trust_env=False`) and a redirect is an error: the SDK's own
client would follow a 307 and send the passage elsewhere (design.md D6). What a server answers in another form than it
was asked for (a stream, or none) is put right here, and a moment of trouble is waited out once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.adapters.chat_patience import told_to_wait
from assistant.adapters.chat_stream import JOIN, asks_for_stream, in_pieces, to_its_end, whole
from assistant.model.ports import Watch

if TYPE_CHECKING:
    import httpx2

    from assistant.model.endpoint import Endpoint

_NOT_OURS = ("openai-", "x-stainless-", JOIN)
"""Headers the SDK adds: organisation and project of another program's environment, and what machine this is."""

_TRY_AGAIN = frozenset({408, 409, 429, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds and bytes after which an answer is given up.

    `silence`: without a byte; of an answer that is not streamed, all the time the model thinks. `pause`: before the
    one repetition where the server does not say how long; `patience`: the longest it may ask to wait.
    """

    connect: float = 5.0
    silence: float = 120.0
    whole: float = 300.0
    body: int = 4_000_000
    pause: float = 1.0
    patience: float = 20.0


def limits_for(endpoint: Endpoint) -> Limits:
    """A model on a PC without GPU reads a page for minutes before its first word; a service that does is stuck."""
    return Limits(silence=300.0, whole=900.0) if endpoint.loopback else Limits()


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
    """A client that raises one of the above, or of `chat_stream`, out of reading a body that is not as it should be."""
    import httpx2

    class Transport(httpx2.HTTPTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            watch = _watch.get()
            if watch is None:
                raise RuntimeError("a request to a model must be watched")
            body = request.read()
            response = self._once(request, body, watch)
            if response.status_code in _TRY_AGAIN:
                wait = told_to_wait(response.headers, time.time(), limits.pause)
                if wait <= limits.patience:
                    response.close()
                    time.sleep(wait)
                    response = self._once(request, body, watch)
            return response

        def _once(self, request: httpx2.Request, body: bytes, watch: Watch) -> httpx2.Response:
            started = time.monotonic()
            watch.leaving(body)
            # The SDK reads its own request again afterwards, so that one stays as it is.
            kept = [(n, v) for n, v in request.headers.multi_items() if not n.lower().startswith(_NOT_OURS)]
            sent = httpx2.Request(
                request.method, request.url, headers=kept, content=body, extensions=request.extensions
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
            _put_right(
                response,
                limits,
                started + limits.whole,
                asks_for_stream(body) and JOIN not in request.headers,
            )
            return response

    return httpx2.Client(
        transport=Transport(trust_env=False),
        trust_env=False,
        follow_redirects=False,
        timeout=timeout_of(limits),
        headers={"Accept-Encoding": "identity"},
    )


def _put_right(response: httpx2.Response, limits: Limits, end: float, as_stream: bool) -> None:
    """Bounds the body, and gives it the form that was asked for."""
    import httpx2

    class Read(httpx2.SyncByteStream):
        def __init__(self, inner: httpx2.SyncByteStream, turn: Callable[[Iterable[bytes]], Iterator[bytes]]):
            self._inner, self._turn = inner, turn

        def __iter__(self) -> Iterator[bytes]:
            return self._turn(_bounded(self._inner, limits.body, end))

        def close(self) -> None:
            self._inner.close()

    turn: Callable[[Iterable[bytes]], Iterator[bytes]] = iter
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.is_success and kind == "text/event-stream":
        turn = to_its_end if as_stream else whole
    elif response.is_success and kind == "application/json" and as_stream:
        turn = in_pieces
    if turn in (whole, in_pieces):
        response.headers["content-type"] = "application/json" if turn is whole else "text/event-stream"
        response.headers.pop("content-length", None)
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = Read(response.stream, turn)


def _bounded(chunks: Iterable[bytes], most: int, end: float) -> Iterator[bytes]:
    read = 0
    for chunk in chunks:
        read += len(chunk)
        if read > most:
            raise AnswerTooLarge
        if time.monotonic() > end:
            raise AnswerTooSlow
        yield chunk
