"""The chat adapter against a real HTTP server that knows some forms and not others, and misbehaves in every way."""

from __future__ import annotations

import gzip
import json
import logging
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from assistant.adapters.chat import OpenAIChat
from assistant.adapters.chat_transport import Limits
from assistant.errors import ModelError, ModelUnavailable, UnusableAnswer
from assistant.model.egress import Egress
from assistant.model.endpoint import Endpoint, checked_endpoint
from assistant.model.manner import Manner, Rung
from assistant.model.ports import Message, Shape
from tests.model.server import RUNGS, Body, Script, Seen, Stub, asked, completion, dripping, send, serving

SECRET = "烏丸花代の電話は090-0000-1234"
KEY = "sk-himitsu-0123456789"
MESSAGES = (Message(role="system", text="決まり"), Message(role="user", text=SECRET))
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "integer"}},
    "required": ["a"],
    "additionalProperties": False,
}
SHAPE = Shape(name="proposal", schema=SCHEMA, in_words="JSONで答える。")
GOOD = '{"a": 1}'
QUICK = Limits(connect=1.0, silence=1.0, whole=1.5, body=200_000)
CALM = Limits(
    connect=5.0, silence=20.0, whole=20.0, body=200_000
)  # where nothing is to time out on a busy machine


def _endpoint(url: str) -> Endpoint:
    return checked_endpoint(url, Egress())


def _chat(stub: Stub, limits: Limits = CALM) -> OpenAIChat:
    return OpenAIChat(stub.endpoint, "stub", KEY, limits=limits, wait=0.01)


def _answering(text: str = GOOD) -> Script:
    return Script(content=lambda body: text)


# the ladder ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", range(len(RUNGS)))
@pytest.mark.parametrize("status", [400, 422, 500])
def test_the_ladder_is_found_once_and_remembered(known: int, status: int) -> None:
    script = _answering()
    script.knows, script.refuses_with = RUNGS[known:], status
    with serving(script) as stub:
        chat = _chat(stub)
        assert json.loads(chat.ask(MESSAGES, SHAPE, Seen()).text) == {"a": 1}
        assert json.loads(chat.ask(MESSAGES, SHAPE, Seen()).text) == {"a": 1}
        hiccup = RUNGS[:1] if status == 500 and known else ()  # once, it may be no refusal
        assert stub.rungs == [*hiccup, *RUNGS[: known + 1], RUNGS[known]]
        assert chat.manner.rung == Rung(known)
        # where the server is not told the schema, the model is told in words
        assert ("JSONで答える。" in asked(stub.bodies[-1])) == (known >= 2)


def test_a_server_that_passes_over_the_form_is_met_in_words() -> None:
    """It chats whatever is asked, until it is asked in words."""
    script = Script(
        content=lambda body: GOOD if "JSONで答える。" in asked(body) else "承知しました。", ignores_form=True
    )
    with serving(script) as stub:
        chat = _chat(stub)
        assert chat.ask(MESSAGES, SHAPE, Seen()).text == GOOD
        assert chat.manner.rung == Rung.OBJECT


def test_arguments_that_are_no_json_are_read_as_they_are() -> None:
    script = Script(knows=("tools",), content=lambda body: f"```json\n{GOOD}\n```")
    with serving(script) as stub:
        assert "1" in _chat(stub).ask(MESSAGES, SHAPE, Seen()).text


@pytest.mark.parametrize(
    ("word", "gone", "instead"),
    [("temperature", "temperature", None), ("max_tokens", "max_tokens", "max_completion_tokens")],
)
def test_a_parameter_that_is_refused_is_left_out(word: str, gone: str, instead: str | None) -> None:
    """Reasoning models take no temperature, and call the limit otherwise."""

    def picky(handler: BaseHTTPRequestHandler, body: Body) -> bool:
        if gone in body:
            error = {"error": {"message": f"Unsupported parameter: '{word}'", "param": word}}
            send(handler, 400, json.dumps(error).encode())
            return True
        return False

    script = _answering()
    script.misbehave = picky
    with serving(script) as stub:
        chat = _chat(stub)
        chat.ask(MESSAGES, SHAPE, Seen())
        chat.ask(MESSAGES, SHAPE, Seen())
        assert len(stub.bodies) == 3
        assert gone not in stub.bodies[-1]
        assert instead is None or stub.bodies[-1][instead] == 4096
        assert chat.manner.rung is Rung.SCHEMA


# what is sent -------------------------------------------------------------------------------------------------------


def test_what_is_sent_and_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of another program says: this endpoint, this key, cool, bounded, no proxy."""
    for name, value in {
        "HTTP_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
        "OPENAI_PROXY": "http://127.0.0.1:9",
        "OPENAI_API_KEY": "sk-of-another-program",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
        "OPENAI_API_BASE": "http://127.0.0.1:9/v1",
        "OPENAI_ORG_ID": "org-of-another-program",
        "OPENAI_ORGANIZATION": "org-of-another-program",
        "OPENAI_PROJECT_ID": "project-of-another-program",
    }.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(name.lower(), value)
    with serving(_answering()) as stub:
        OpenAIChat(stub.endpoint, "gpt-5-nano", None, limits=CALM).ask(MESSAGES, SHAPE, Seen())
        _chat(stub).ask(MESSAGES, SHAPE, Seen())
        body, headers = stub.bodies[0], stub.headers[0]
        assert (
            stub.paths == ["/v1/chat/completions"] * 2
        )  # also for a name that LangChain sends to /responses
        assert body["temperature"] == 0
        assert body["max_tokens"] == 4096
        assert not body.get("stream")
        assert body["messages"][0] == {"role": "system", "content": "決まり"}
        assert body["response_format"]["json_schema"]["schema"] == SCHEMA
        assert headers["authorization"] == "Bearer none"
        assert stub.headers[1]["authorization"] == f"Bearer {KEY}"
        assert "another-program" not in json.dumps(stub.headers)
        assert headers["accept-encoding"] == "identity"


def test_the_path_of_an_azure_resource_behind_a_local_gateway() -> None:
    with serving(_answering()) as stub:
        OpenAIChat(_endpoint(f"http://127.0.0.1:{stub.port}/openai/v1/"), "stub", limits=CALM).ask(
            MESSAGES, SHAPE, Seen()
        )
        assert stub.paths == ["/openai/v1/chat/completions"]


def test_no_tokenizer_is_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    with serving(_answering()) as stub:
        _chat(stub).ask(MESSAGES, SHAPE, Seen())
    assert list(tmp_path.iterdir()) == []


def test_the_servers_own_count_is_handed_on() -> None:
    script = _answering()
    with serving(script) as stub:
        assert _chat(stub).ask(MESSAGES, SHAPE, Seen()).prompt_tokens == 9000
        script.usage = None
        assert _chat(stub).ask(MESSAGES, SHAPE, Seen()).prompt_tokens is None


def test_many_threads_share_one_adapter() -> None:
    script = _answering()
    script.knows = ("text",)
    with serving(script) as stub:
        chat = _chat(stub, Limits())
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda _: chat.ask(MESSAGES, SHAPE, Seen()).text, range(24)))
    assert replies == [GOOD] * 24
    assert chat.manner == Manner(rung=Rung.WORDS)


# misbehaviour -------------------------------------------------------------------------------------------------------


def _status(status: int, kind: str = "application/json", **headers: str) -> Script:
    def answer(handler: BaseHTTPRequestHandler, body: Body) -> bool:
        echo = {"error": {"message": f"bad: {asked(body)} key {handler.headers['Authorization']}"}}
        send(handler, status, json.dumps(echo).encode(), kind, **headers)
        return True

    return Script(misbehave=answer)


def _body(data: bytes, kind: str = "application/json", **headers: str) -> Script:
    def answer(handler: BaseHTTPRequestHandler, body: Body) -> bool:
        send(handler, 200, data, kind, **headers)
        return True

    return Script(misbehave=answer)


def _told(**changes: object) -> Script:
    whole = {**completion(Script(content=lambda body: GOOD), {}), **changes}
    return _body(json.dumps(whole).encode())


def _half(handler: BaseHTTPRequestHandler, body: Body) -> bool:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True
    return True


def _hang_up(handler: BaseHTTPRequestHandler, body: Body) -> bool:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True
    return True


def _asleep(handler: BaseHTTPRequestHandler, body: Body) -> bool:
    time.sleep(1.5)
    handler.close_connection = True
    return True


def _gush(handler: BaseHTTPRequestHandler, body: Body) -> bool:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(2_000):
        handler.wfile.write(b" " * 10_000)
    handler.close_connection = True
    return True


FAILURES = [
    # what happens, the script, the error, a word of what is told
    ("wrong key", _status(401), ModelUnavailable, "接続キー"),
    ("not allowed", _status(403), ModelUnavailable, "403"),
    ("no such model or path", _status(404), ModelUnavailable, "OSUMITSUKI_MODEL_NAME"),
    ("server timed out", _status(408), ModelUnavailable, "時間内"),
    ("conflict", _status(409), ModelUnavailable, "409"),
    ("too large a request", _status(413), ModelUnavailable, "413"),
    ("too many requests", _status(429), ModelUnavailable, "混み合って"),
    ("too many requests, wait an hour", _status(429, retry_after="0"), ModelUnavailable, "混み合って"),
    ("every form refused", _status(400), ModelUnavailable, "400"),
    ("internal error", _status(500), ModelUnavailable, "500"),
    ("bad gateway in HTML", _status(502, "text/html"), ModelUnavailable, "502"),
    ("unavailable", _status(503), ModelUnavailable, "503"),
    ("an odd status", _status(418), ModelUnavailable, "418"),
    ("moved", _status(301, location="http://127.0.0.1:9/v1/chat/completions"), ModelUnavailable, "転送"),
    ("moved, send again", _status(307, location="http://127.0.0.1:9/v1/x"), ModelUnavailable, "転送"),
    ("a login page", _body("<html>ログイン</html>".encode(), "text/html"), UnusableAnswer, "OpenAI互換"),
    ("a login page called JSON", _body(b"<html></html>"), UnusableAnswer, "OpenAI互換"),
    ("broken JSON", _body(b'{"choices": [{"mess'), UnusableAnswer, "OpenAI互換"),
    ("not UTF-8", _body(b'{"choices": "\xff\xfe"}'), UnusableAnswer, "OpenAI互換"),
    ("empty body", _body(b""), UnusableAnswer, "OpenAI互換"),
    ("null", _body(b"null"), UnusableAnswer, "OpenAI互換"),
    ("a list", _body(b"[]"), UnusableAnswer, "OpenAI互換"),
    ("another schema", _body(b'{"output": "x"}'), UnusableAnswer, "OpenAI互換"),
    (
        "an error with 200",
        _body(b'{"error": {"message": "no"}, "choices": []}'),
        UnusableAnswer,
        "OpenAI互換",
    ),
    ("no choices", _told(choices=[]), UnusableAnswer, "OpenAI互換"),
    ("null choices", _told(choices=None), UnusableAnswer, "OpenAI互換"),
    ("a choice without a message", _told(choices=[{"index": 0}]), UnusableAnswer, "OpenAI互換"),
    ("content of another kind", _told(choices=[{"index": 0, "message": 5}]), UnusableAnswer, "OpenAI互換"),
    (
        "compressed unasked",
        _body(gzip.compress(b"{}" * 10), content_encoding="gzip"),
        UnusableAnswer,
        "OpenAI互換",
    ),
    (
        "cut off at the limit",
        Script(content=lambda b: '{"a": ', finish_reason="length"),
        UnusableAnswer,
        "途中で切れ",
    ),
    ("filtered", Script(finish_reason="content_filter"), UnusableAnswer, "断り"),
    ("refused", Script(message={"refusal": "できません", "content": None}), UnusableAnswer, "断り"),
    ("silence", Script(content=lambda body: "", ignores_form=True), UnusableAnswer, "空"),
    ("cut in mid-body", Script(misbehave=_half), ModelUnavailable, "途中で切れ"),
    ("hung up", Script(misbehave=_hang_up), ModelUnavailable, "途中で切れ"),
    ("asleep", Script(misbehave=_asleep), ModelUnavailable, "時間内"),
    ("drips for ever", Script(misbehave=dripping), ModelUnavailable, "時間内"),
    ("a huge body", Script(misbehave=_gush), UnusableAnswer, "大きすぎる"),
]


@pytest.mark.parametrize(("what", "script", "error", "word"), FAILURES, ids=[row[0] for row in FAILURES])
def test_every_failure_is_one_sentence_that_says_what_to_do(
    what: str, script: Script, error: type[ModelError], word: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    limits = QUICK if script.misbehave in (_asleep, dripping) else CALM
    began = time.monotonic()
    with serving(script) as stub, pytest.raises(error) as caught:
        _chat(stub, limits).ask(MESSAGES, SHAPE, Seen())
    assert time.monotonic() - began < 20
    told = str(caught.value)
    assert word in told
    assert told.endswith("。")
    assert "ください" in told or "やめました" in told
    for hidden in ("烏丸", "花代", "090-0000", KEY, "sk-"):
        assert hidden not in told
        assert hidden not in caplog.text
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert caught.value.exit_code == 3


def test_a_redirect_is_not_followed() -> None:
    with serving(_answering()) as other:
        target = f"http://127.0.0.1:{other.port}/v1/chat/completions"
        with serving(_status(307, location=target)) as stub, pytest.raises(ModelUnavailable):
            _chat(stub).ask(MESSAGES, SHAPE, Seen())
        assert other.bodies == []


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelUnavailable) as caught:
        OpenAIChat(_endpoint(f"http://127.0.0.1:{port}/v1"), "x", limits=QUICK, wait=0.01).ask(
            MESSAGES, SHAPE, Seen()
        )
    assert "接続できませんでした" in str(caught.value)


def test_a_moment_of_trouble_is_waited_out_once() -> None:
    first = threading.Event()

    def once(handler: BaseHTTPRequestHandler, body: Body) -> bool:
        if first.is_set():
            return False
        first.set()
        send(handler, 503, b"{}")
        return True

    script = _answering()
    script.misbehave = once
    with serving(script) as stub:
        assert _chat(stub).ask(MESSAGES, SHAPE, Seen()).text == GOOD
        assert len(stub.bodies) == 2


def test_trouble_is_not_waited_out_for_ever() -> None:
    with serving(_status(503)) as stub, pytest.raises(ModelUnavailable):
        _chat(stub).ask(MESSAGES, SHAPE, Seen())
    assert len(stub.bodies) == 2


def test_what_failed_is_not_remembered_as_a_manner() -> None:
    """A server that has a bad hour must not be spoken to in plain words for ever after."""
    script = _status(500)
    with serving(script) as stub:
        chat = _chat(stub)
        with pytest.raises(ModelUnavailable):
            chat.ask(MESSAGES, SHAPE, Seen())
        stub.script = _answering()
        chat.ask(MESSAGES, SHAPE, Seen())
        assert stub.rungs[-1] == "json_schema"


def test_importing_the_adapter_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    code = (
        "import sys, assistant.adapters.chat; "
        "from assistant.model.egress import Egress; from assistant.model.endpoint import checked_endpoint; "
        "e = checked_endpoint('http://127.0.0.1:9/v1', Egress()); "
        "c = assistant.adapters.chat.OpenAIChat(e, 'x'); "
        "print([m for m in ('langchain_openai', 'openai', 'httpx2', 'tiktoken') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stdout.strip() == "[]"
