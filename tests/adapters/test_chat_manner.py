"""What is found out about an endpoint: kept between runs, doubted when it fails, found out anew; and streams."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from assistant.adapters.chat import OpenAIChat
from assistant.adapters.chat_client import open_client
from assistant.adapters.chat_faults import of_failure
from assistant.adapters.chat_patience import told_to_wait, worded
from assistant.adapters.chat_stream import in_pieces, to_its_end, whole
from assistant.adapters.chat_transport import Limits, limits_for, watched
from assistant.adapters.manner import SqlManners
from assistant.adapters.record import SqlRecordStore, open_record
from assistant.errors import ModelError, ModelUnavailable, RecordUnavailable, UnusableAnswer
from assistant.model.egress import read_egress
from assistant.model.endpoint import checked_endpoint
from assistant.model.manner import HeldManners, Manner, Manners, Rung
from assistant.model.ports import AnswerCutOff, Message, Shape
from tests.model.server import Body, Script, Seen, Stub, asked, completion, events, send, send_events, serving

MESSAGES = (Message(role="user", text="問"),)
SHAPE = Shape(name="proposal", schema={"type": "object"}, in_words="JSONで答える。")
GOOD = '{"a": 1}'
QUICK = Limits(connect=2.0, silence=20.0, whole=20.0, body=200_000, pause=0.01)


def _chat(stub: Stub, manners: Manners | None = None, key: str | None = "sk-x") -> OpenAIChat:
    return OpenAIChat(stub.endpoint, "stub", key, limits=QUICK, manners=manners)


def _answering(**more: object) -> Script:
    return Script(content=lambda body: GOOD, **more)  # type: ignore[arg-type]


def _refusing(
    message: str, status: int = 400, **more: object
) -> Callable[[BaseHTTPRequestHandler, Body], bool]:
    def answer(handler: BaseHTTPRequestHandler, body: Body) -> bool:
        send(handler, status, json.dumps({"error": {"message": message, **more}}).encode())
        return True

    return answer


# kept between runs --------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> SqlRecordStore:
    return open_record(tmp_path)


ANY_MANNER = st.builds(
    Manner,
    rung=st.sampled_from(Rung),
    limit=st.sampled_from(["max_tokens", "max_completion_tokens"]),
    temperature=st.booleans(),
    stream=st.booleans(),
)


def test_another_run_begins_where_the_last_one_ended(store: SqlRecordStore) -> None:
    with serving(_answering(knows=("json_object", "text"))) as stub:
        _chat(stub, SqlManners(lambda: store.engine)).ask(MESSAGES, SHAPE, Seen())
        assert stub.rungs == ["json_schema", "tools", "json_object"]
        again = _chat(stub, SqlManners(lambda: store.engine))
        again.ask(MESSAGES, SHAPE, Seen())
        again.ask(MESSAGES, SHAPE, Seen())
        assert stub.rungs[3:] == ["json_object", "json_object"]
        assert again.manner.rung is Rung.OBJECT


def test_a_manner_is_read_as_it_was_written_and_by_endpoint_and_model(tmp_path: Path) -> None:
    store = open_record(tmp_path)

    @given(ANY_MANNER)
    def check(manner: Manner) -> None:
        manners = SqlManners(lambda: store.engine)
        manners.put("http://127.0.0.1:1/v1", "a", manner)
        assert manners.get("http://127.0.0.1:1/v1", "a") == manner
        assert manners.get("http://127.0.0.1:1/v1", "b") is None
        assert manners.get("http://127.0.0.1:2/v1", "a") is None

    check()


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "null",
        "[]",
        '{"rung": "SONG", "limit": "max_tokens", "temperature": true, "stream": false}',
        '{"rung": "WORDS", "limit": "most", "temperature": true, "stream": false}',
        '{"rung": "WORDS", "limit": "max_tokens", "temperature": "warm", "stream": false}',
        '{"rung": "WORDS"}',
        "[" * 100_000,
    ],
    ids=range(8),
)
def test_what_cannot_be_read_is_found_out_anew(store: SqlRecordStore, kept: str) -> None:
    manners = SqlManners(lambda: store.engine)
    with serving(_answering(knows=("text",))) as stub:
        manners.put(stub.url, "stub", Manner())
        with store.engine.begin() as connection:
            connection.execute(text("UPDATE model_manner SET manner = :kept"), {"kept": kept})
        assert _chat(stub, manners).ask(MESSAGES, SHAPE, Seen()).text == GOOD
        assert manners.get(stub.url, "stub") == Manner(rung=Rung.WORDS)


def test_without_a_record_the_answer_comes_all_the_same() -> None:
    def broken() -> SqlRecordStore:
        raise RecordUnavailable("記録のファイルを開けません。")

    with serving(_answering(knows=("text",))) as stub:
        chat = _chat(stub, SqlManners(lambda: broken().engine))
        for _ in range(2):
            assert chat.ask(MESSAGES, SHAPE, Seen()).text == GOOD
        assert stub.rungs[-2:] == ["text", "text"]


# doubted ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", list(Rung))
@pytest.mark.parametrize("after", ["json_schema", "tools", "json_object", "text"])
@pytest.mark.parametrize("status", [400, 500])
def test_a_manner_that_stopped_working_is_found_out_anew(before: Rung, after: str, status: int) -> None:
    """The server was exchanged for another: whatever the new one understands is found, and kept."""
    manners = HeldManners()
    with serving(_answering(knows=(after,), refuses_with=status)) as stub:
        manners.put(stub.url, "stub", Manner(rung=before))
        assert _chat(stub, manners).ask(MESSAGES, SHAPE, Seen()).text == GOOD
        found = manners.get(stub.url, "stub")
        assert found is not None
        assert Rung(["json_schema", "tools", "json_object", "text"].index(after)) is found.rung


def test_a_hiccup_does_not_cost_the_manner() -> None:
    calls: list[int] = []

    def once(handler: BaseHTTPRequestHandler, body: Body) -> bool:
        calls.append(1)
        return len(calls) == 2 and _refusing("internal", 500)(handler, body)

    with serving(_answering(misbehave=once)) as stub:
        chat = _chat(stub)
        for _ in range(3):
            chat.ask(MESSAGES, SHAPE, Seen())
        assert stub.rungs == ["json_schema"] * 4


def test_one_answer_without_json_does_not_cost_the_manner_and_two_do() -> None:
    said = iter([GOOD, "承知しました。", GOOD, "承知しました。", "承知しました。", "いいえ。", GOOD])
    with serving(Script(content=lambda body: next(said))) as stub:
        chat = _chat(stub)
        for _ in range(5):
            chat.ask(MESSAGES, SHAPE, Seen())
        assert stub.rungs == ["json_schema"] * 5
        assert chat.ask(MESSAGES, SHAPE, Seen()).text == GOOD
        assert stub.rungs[5:] == ["json_schema", "tools"]


def test_a_model_that_only_chats_is_not_asked_on_every_rung_each_time() -> None:
    with serving(Script(content=lambda body: "よいお天気ですね。", ignores_form=True)) as stub:
        chat, manners = _chat(stub), HeldManners()
        chat.ask(MESSAGES, SHAPE, Seen())
        chat.ask(MESSAGES, SHAPE, Seen())
        assert stub.rungs == ["json_schema", "tools", "json_object", "text", "text"]
        assert manners.get(stub.url, "stub") is None


def test_white_space_to_the_limit_is_the_form_failing() -> None:
    """Constrained decoding can lose itself in white space; the next form does without it."""

    def lost(body: Body) -> str:
        return '{"a": ' + "\n \t" * 500 if "response_format" in body else GOOD

    def cut(handler: BaseHTTPRequestHandler, body: Body) -> bool:
        finish = "length" if "response_format" in body else "stop"
        send(handler, 200, json.dumps(completion(Script(content=lost, finish_reason=finish), body)).encode())
        return True

    with serving(Script(misbehave=cut)) as stub:
        chat = _chat(stub)
        assert json.loads(chat.ask(MESSAGES, SHAPE, Seen()).text) == {"a": 1}
        assert chat.manner.rung is Rung.FUNCTION


def test_what_all_answered_questions_took_is_counted_together() -> None:
    script = Script(content=lambda body: GOOD if "JSONで" in asked(body) else "はい。", ignores_form=True)
    with serving(script) as stub:
        reply = _chat(stub).ask(MESSAGES, SHAPE, Seen())
        assert (reply.usage.calls, reply.usage.prompt_tokens, reply.prompt_tokens) == (3, 27_000, 9_000)


# refusals that no other form would change ---------------------------------------------------------------------------

POLICY = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."
REFUSALS = [
    # what the server says; the status; more of the error; the error here, a word of what is told
    (POLICY, 400, {"code": "content_filter"}, UnusableAnswer, "断りました"),
    ("x", 400, {"innererror": {"code": "ResponsibleAIPolicyViolation"}}, UnusableAnswer, "断りました"),
    ("too many tokens", 400, {"code": "context_length_exceeded"}, ModelUnavailable, "一度に渡せる長さ"),
    ("This model's maximum context length is 8192 tokens.", 400, {}, ModelUnavailable, "一度に渡せる長さ"),
    ("Invalid model: stub", 400, {"code": "invalid_model"}, ModelUnavailable, "OSUMITSUKI_MODEL_NAME"),
    ("Model Not Exist", 400, {}, ModelUnavailable, "OSUMITSUKI_MODEL_NAME"),
    ("x", 422, {"param": "model"}, ModelUnavailable, "OSUMITSUKI_MODEL_NAME"),
    ("model 'stub' not found, try pulling it first", 404, {}, ModelUnavailable, "OSUMITSUKI_MODEL_NAME"),
    (
        "The API deployment for this resource does not exist.",
        404,
        {"code": "DeploymentNotFound"},
        ModelUnavailable,
        "404",
    ),
]


@pytest.mark.parametrize(("said", "status", "more", "error", "word"), REFUSALS, ids=range(len(REFUSALS)))
def test_a_refusal_of_the_matter_is_told_at_once(
    said: str, status: int, more: Body, error: type[ModelError], word: str
) -> None:
    with serving(_answering(misbehave=_refusing(said, status, **more))) as stub:
        with pytest.raises(error, match=word) as caught:
            _chat(stub).ask(MESSAGES, SHAPE, Seen())
        assert len(stub.bodies) == 1
        assert said not in str(caught.value)


def test_a_missing_key_is_told_from_a_wrong_one() -> None:
    with serving(_answering(misbehave=_refusing("no", 401))) as stub:
        with pytest.raises(ModelUnavailable, match="設定してください"):
            _chat(stub, key=None).ask(MESSAGES, SHAPE, Seen())
        with pytest.raises(ModelUnavailable, match="確かめてください"):
            _chat(stub).ask(MESSAGES, SHAPE, Seen())


@pytest.mark.parametrize("finish", ["length", "stop"])
def test_thoughts_that_used_up_the_answer_are_a_cut_off(finish: str) -> None:
    """Reasoning models can think up to the limit and then have no word left to say."""
    used = {"prompt_tokens": 9, "completion_tokens": 4096, "total_tokens": 4105}
    script = Script(
        content=lambda body: "",
        message={"reasoning_content": "考え中" * 100},
        finish_reason=finish,
        ignores_form=True,
        usage=used,
    )
    with serving(script) as stub, pytest.raises(AnswerCutOff):
        _chat(stub).ask(MESSAGES, SHAPE, Seen())


@pytest.mark.parametrize(
    "said", [f"<think>迷う</think>{GOOD}", f"迷う</think>\n{GOOD}", f"<think>迷う\n{GOOD}"]
)
def test_thoughts_before_the_answer_are_passed_over_on_the_first_rung(said: str) -> None:
    with serving(Script(content=lambda body: said, message={"reasoning": "考え"})) as stub:
        chat = _chat(stub)
        chat.ask(MESSAGES, SHAPE, Seen())
        assert stub.rungs == ["json_schema"]


# streams ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rung", ["json_schema", "tools", "json_object", "text"])
@pytest.mark.parametrize("streams", ["always", "only", "never"])
def test_a_server_with_a_will_of_its_own_about_streaming(rung: str, streams: str) -> None:
    with serving(_answering(knows=(rung,), streams=streams)) as stub:
        chat = _chat(stub)
        for _ in range(2):
            assert json.loads(chat.ask(MESSAGES, SHAPE, Seen()).text) == {"a": 1}
        assert chat.manner.stream == (streams == "only")
        assert bool(stub.bodies[-1].get("stream")) == (streams == "only")
        assert "x-osumitsuki-join" not in stub.headers[-1]
        assert chat.ask(MESSAGES, SHAPE, Seen()).prompt_tokens == 9_000


@pytest.mark.parametrize("streams", ["when asked", "always", "never"])
def test_a_streaming_client_streams_whatever_the_server_does(streams: str) -> None:
    """As the converser uses it: pieces where there are pieces, and the whole where there are none."""
    said = "非開示です。" * 5
    with serving(Script(content=lambda body: said, streams=streams)) as stub:  # type: ignore[arg-type]
        client = open_client(stub.endpoint, "stub", None, limits=QUICK, streaming=True, longest_reply=77)
        with watched(Seen()):
            pieces = [str(piece.text) for piece in client.stream("問")]
        assert "".join(pieces) == said
        assert (len([piece for piece in pieces if piece]) > 3) == (streams != "never")
        assert stub.bodies[0]["max_tokens"] == 77
        assert stub.bodies[0]["stream"] is True


def test_a_streaming_client_gets_a_call_of_a_tool_from_a_server_that_does_not_stream() -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    with serving(_answering(streams="never")) as stub:
        client = open_client(stub.endpoint, "stub", None, limits=QUICK, streaming=True)
        with watched(Seen()):
            answer = client.bind(tools=[tool]).invoke("問")
        assert [(call["name"], call["args"]) for call in answer.tool_calls] == [("f", {"a": 1})]


def _cut_stream(handler: BaseHTTPRequestHandler, body: Body) -> bool:
    send_events(handler, events(completion(Script(content=lambda b: "あ" * 90), body)), cut=True)
    return True


def _failing_stream(handler: BaseHTTPRequestHandler, body: Body) -> bool:
    lines = events(completion(Script(content=lambda b: "あ" * 90), body))
    broken = b'data: {"error": {"message": "overloaded"}}\n\n'
    send_events(handler, [*lines[:4], broken])
    return True


@pytest.mark.parametrize("streaming", [True, False])
@pytest.mark.parametrize(("cut", "word"), [(_cut_stream, "途中で切れ"), (_failing_stream, "障害")])
def test_half_a_stream_is_no_answer(
    streaming: bool, cut: Callable[[BaseHTTPRequestHandler, Body], bool], word: str
) -> None:
    """The connection is closed as after a complete answer; the SDK would take the half for the whole."""
    with serving(Script(misbehave=cut)) as stub:
        client = open_client(stub.endpoint, "stub", None, limits=QUICK, streaming=streaming)
        with watched(Seen()), pytest.raises(Exception) as caught:
            client.invoke("問")
        assert word in str(of_failure(caught.value))
        with pytest.raises(ModelUnavailable, match=word):
            _chat(stub).ask(MESSAGES, SHAPE, Seen())


@given(
    said=st.text(min_size=1),
    size=st.integers(1, 9),
    cuts=st.lists(st.integers(1, 40), min_size=1),
    ends=st.sampled_from([b"\n", b"\r\n", b"\r"]),
)
def test_a_stream_cut_anywhere_into_bytes_is_joined_to_the_same_answer(
    said: str, size: int, cuts: list[int], ends: bytes
) -> None:
    told = completion(Script(content=lambda body: said), {})
    data = b"".join(events(told, size)).replace(b"\n", ends)
    chunks, at = [], 0
    for turn in range(len(data)):
        step = cuts[turn % len(cuts)]
        chunks.append(data[at : at + step])
        at += step
        if at >= len(data):
            break
    (joined,) = whole(chunks)
    assert json.loads(joined)["choices"] == [
        {**told["choices"][0], "message": {"role": "assistant", "content": said, "refusal": None}}
    ]
    assert json.loads(joined)["usage"] == told["usage"]
    assert b"".join(to_its_end(chunks)) == data
    (again,) = whole(in_pieces([json.dumps(told).encode()]))
    assert json.loads(again)["choices"] == json.loads(joined)["choices"]


# patience -----------------------------------------------------------------------------------------------------------

NOW = 1_700_000_000.0
HEADERS = [
    ({}, 1.0),
    ({"retry-after": "7"}, 7.0),
    ({"retry-after": " 7.5 "}, 7.5),
    ({"retry-after": "-3"}, 0.0),
    ({"retry-after": "soon"}, 1.0),
    ({"retry-after": "nan"}, 1.0),
    ({"retry-after": "1e999"}, 1.0),
    ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
    ({"retry-after": "Tue, 14 Nov 2023 22:14:20 GMT"}, 60.0),
    ({"retry-after": "Tue, 14 Nov 2023 22:12:20 GMT"}, 0.0),  # past
    # the clock of the server is an hour behind ours
    ({"retry-after": "Tue, 14 Nov 2023 21:14:20 GMT", "date": "Tue, 14 Nov 2023 21:13:50 GMT"}, 30.0),
]


@pytest.mark.parametrize(("headers", "seconds"), HEADERS, ids=range(len(HEADERS)))
def test_how_long_a_server_asks_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert told_to_wait(headers, NOW, 1.0) == pytest.approx(seconds)


@given(st.text(), st.text())
def test_no_header_is_too_strange(wait: str, date: str) -> None:
    seconds = told_to_wait({"retry-after": wait, "date": date}, NOW, 1.0)
    assert seconds >= 0
    assert isinstance(worded(seconds), str)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, ""), (0.2, "約1秒"), (90, "約90秒"), (120, "約2分"), (3 * 3600, "約3時間"), (1e9, "")],
)
def test_a_wait_is_worded_for_a_person(seconds: float, said: str) -> None:
    assert worded(seconds) == said


@pytest.mark.parametrize("status", [408, 429, 503])
@pytest.mark.parametrize(("header", "tries"), [(None, 2), ("0", 2), ("600", 1)])
def test_a_server_is_left_alone_for_as_long_as_it_asks(status: int, header: str | None, tries: int) -> None:
    """A short wait is waited out; a long one is told to the person, who may have something else to do."""

    def busy(handler: BaseHTTPRequestHandler, body: Body) -> bool:
        send(handler, status, b"{}", **({} if header is None else {"Retry_After": header}))
        return True

    with serving(Script(misbehave=busy)) as stub:
        began = time.monotonic()
        seen = Seen()
        with pytest.raises(ModelUnavailable) as caught:
            _chat(stub).ask(MESSAGES, SHAPE, seen)
        assert len(stub.bodies) == len(seen.bodies) == len(seen.outcomes) == tries
        assert time.monotonic() - began < 5
        assert ("約10分後に" in str(caught.value)) == (header == "600" and status in (429, 503))


def test_what_is_waited_for_here_is_longer_than_for_a_service() -> None:
    there = checked_endpoint("https://llm.example.jp/v1", read_egress("llm.example.jp=allow"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        here = checked_endpoint(f"http://127.0.0.1:{free.getsockname()[1]}/v1", read_egress(None))
    assert limits_for(there).silence <= 120
    assert limits_for(there).silence < limits_for(here).silence <= 300
    assert limits_for(here).connect <= 5
