"""LangChain's client for one endpoint, opened so that nothing of it goes where it was not told to.

Both who asks for a form (`adapters/chat.py`) and who converses with tools (`adapters/agent.py`) speak through it.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from assistant.adapters.chat_transport import Limits, bounded_client, timeout_of

if TYPE_CHECKING:
    import httpx2
    from langchain_openai import ChatOpenAI

    from assistant.model.endpoint import Endpoint

LONGEST_REPLY = 4096
"""Tokens of an answer."""

_NO_KEY = "none"  # the SDK wants one; it must not take another program's from the environment


def open_client(
    endpoint: Endpoint,
    model: str,
    key: str | None,
    *,
    limits: Limits,
    streaming: bool = False,
    longest_reply: int | None = None,
) -> ChatOpenAI:
    """A synchronous client: no redirects, no proxies, no retries of its own, plain chat completions.

    Every request must be made while `chat_transport.watched` holds, else it raises RuntimeError and nothing is sent.
    A server that streams unasked, or does not stream when asked, is put right by the transport. `longest_reply` is
    sent as `max_tokens`; None leaves the limit to whoever asks. Failures: `chat_faults.of_failure`.
    """
    import httpx2
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    # In English, on the person's screen, about a schema that the next rung of the ladder does without.
    warnings.filterwarnings("ignore", module="langchain_openai")
    return ChatOpenAI(
        model=model,
        base_url=endpoint.url,
        api_key=SecretStr(key or _NO_KEY),
        organization=None,
        openai_proxy="",
        use_responses_api=False,
        output_version="v0",
        max_retries=0,
        streaming=streaming,
        stream_usage=False,  # some servers refuse `stream_options`
        timeout=timeout_of(limits),  # None would mean: for ever
        http_socket_options=(),
        http_client=bounded_client(limits),
        # The SDK would open one of its own, which follows redirects and takes proxies: nothing may leave that way.
        http_async_client=httpx2.AsyncClient(transport=_closed(), trust_env=False),
        cache=False,
        extra_body={"max_tokens": longest_reply} if longest_reply else None,
    )


def _closed() -> httpx2.AsyncBaseTransport:
    import httpx2

    class Closed(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            raise RuntimeError("a model is asked synchronously, where every request is watched")

    return Closed()
