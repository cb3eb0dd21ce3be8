"""Records of a run: written as it goes, gone on with after a break, and read back to the same answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.chat import OpenAIChat
from assistant.domain.usage import Usage
from assistant.errors import DataFileError, InputError, ModelError, ModelUnavailable
from assistant.model.counting import CountingChat
from assistant.model.errand import Errand, Gate
from assistant.model.gate import GuardedGate
from assistant.model.ports import AnswerCutOff, Chat, Message, Reply, Shape
from assistant.model.recording import RecordingGate, open_record, read_record
from assistant.model.remembering import Memory, RememberingChat, question_key
from tests.model.server import Body, Script, Stub, asked, completion, send, serving

DAY = date(2024, 6, 1)
SHAPE = Shape(name="x", schema={"type": "object"}, in_words="JSON")
ERRAND = Errand(purpose="propose", secrets=(), prompt_hash="h1")


def _question(text: str) -> tuple[Message, ...]:
    return (Message(role="system", text="役"), Message(role="user", text=text))


def _echo(body: Body) -> str:
    return json.dumps({"said": asked(body)[-20:]}, ensure_ascii=False)


def _gate(stub: Stub, name: str = "試験") -> Gate:
    return GuardedGate(OpenAIChat(stub.endpoint, name, wait=0.01), "allow")


def _ask(gate: Gate, text: str) -> Reply | ModelError:
    try:
        return gate.chat(ERRAND).ask(_question(text), SHAPE)
    except ModelError as error:
        return error


def test_what_was_recorded_is_replayed_without_a_server(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with serving(Script(content=_echo)) as stub:
        record = open_record(path, "試験", DAY)
        live = [_ask(RecordingGate(record, _gate(stub)), text) for text in ("一", "二", "一")]
        record.close()
        assert len(stub.bodies) == 2  # what stands in the record is not asked again
    kept = read_record(path)
    assert (kept.model, kept.day) == ("試験", DAY)
    again = [_ask(RecordingGate(kept), text) for text in ("一", "二", "一")]
    assert again == live
    assert isinstance(again[0], Reply)
    assert again[0].usage.calls == 1
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert {line["prompt_hash"] for line in lines[1:]} == {"h1"}
    assert [line["messages"][-1]["text"] for line in lines[1:]] == ["一", "二"]


def test_a_question_that_is_not_in_the_record_is_told(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    open_record(path, "試験", DAY).close()
    with pytest.raises(InputError, match="記録にない") as caught:
        RecordingGate(read_record(path)).chat(ERRAND).ask(_question("三の文章"), SHAPE)
    assert caught.value.exit_code == 2
    assert "三の文章" not in str(caught.value)


def test_a_broken_off_run_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with serving(Script(content=_echo)) as stub:
        record = open_record(path, "試験", DAY)
        _ask(RecordingGate(record, _gate(stub)), "一")
        record.close()
        with path.open("a", encoding="utf-8") as file:
            file.write('{"key": "half a li')
        record = open_record(path, "試験", date(2025, 1, 1))
        assert record.day == DAY  # other days would be other questions
        for text in ("一", "二"):
            _ask(RecordingGate(record, _gate(stub)), text)
        record.close()
        assert len(stub.bodies) == 2
    assert len(read_record(path).answers) == 2


def test_failures_are_replayed_and_an_absent_server_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    down = True

    def misbehave(handler: object, body: Body) -> bool:
        if "二" in asked(body):
            cut = completion(Script(content=lambda body: "{", finish_reason="length"), body)
            send(handler, 200, json.dumps(cut).encode())  # type: ignore[arg-type]
            return True
        if down:
            send(handler, 503, b"{}")  # type: ignore[arg-type]
        return down

    with serving(Script(content=_echo, misbehave=misbehave)) as stub:
        record = open_record(path, "試験", DAY)
        gate = RecordingGate(record, _gate(stub))
        assert isinstance(_ask(gate, "一"), ModelUnavailable)
        assert isinstance(_ask(gate, "二"), AnswerCutOff)
        record.close()
        replay = RecordingGate(read_record(path))
        assert isinstance(_ask(replay, "一"), ModelUnavailable)
        assert isinstance(_ask(replay, "二"), AnswerCutOff)
        down = False
        record = open_record(path, "試験", DAY)
        assert isinstance(_ask(RecordingGate(record, _gate(stub)), "一"), Reply)
        record.close()
    assert isinstance(_ask(RecordingGate(read_record(path)), "一"), Reply)


def test_a_question_asked_twice_has_one_answer_in_a_run_so_that_the_replay_is_the_same(
    tmp_path: Path,
) -> None:
    path = tmp_path / "run.jsonl"
    ups = iter([False])

    def misbehave(handler: object, body: Body) -> bool:
        if next(ups, True):
            return False
        send(handler, 401, b"{}")  # type: ignore[arg-type]
        return True

    with serving(Script(content=_echo, misbehave=misbehave)) as stub:
        record = open_record(path, "試験", DAY)
        live = [type(_ask(RecordingGate(record, _gate(stub)), text)) for text in ("一", "一", "二")]
        record.close()
    replay = RecordingGate(read_record(path))
    assert (
        [type(_ask(replay, text)) for text in ("一", "一", "二")] == live == [ModelUnavailable] * 2 + [Reply]
    )


NO_RECORDS = ["メモ\n", "{}\n", '{"osumitsuki_record": 2, "model": "m", "day": "2024-06-01"}\n', "\n"]


@pytest.mark.parametrize("text", NO_RECORDS, ids=range(len(NO_RECORDS)))
def test_another_file_is_neither_read_nor_written_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "memo.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError):
        read_record(path)
    with pytest.raises(DataFileError):
        open_record(path, "試験", DAY)
    assert path.read_text(encoding="utf-8") == text


def test_a_record_of_another_model_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    open_record(path, "試験", DAY).close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="別のモデル"):
        open_record(path, "別", DAY)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["none/run.jsonl", "."])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises((InputError, DataFileError)):
        open_record(tmp_path / name, "試験", DAY)


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    open_record(path, "試験", DAY).close()
    with path.open("a", encoding="utf-8") as file:
        file.write('{"key": 1}\n')
    with pytest.raises(DataFileError) as caught:
        read_record(path)
    assert caught.value.line == 2


# remembering --------------------------------------------------------------------------------------------------------


@dataclass
class _Server:
    """A chat at a real server, with how often it was asked."""

    chat: Chat
    memory: Memory = field(default_factory=Memory)

    def ask(self, text: str, worth: bool = True) -> Reply:
        return RememberingChat(self.chat, self.memory, lambda reply: worth).ask(_question(text), SHAPE)


def test_the_same_question_is_not_sent_twice() -> None:
    with serving(Script(content=_echo)) as stub:
        server = _Server(_gate(stub).chat(ERRAND))
        first, second, other = server.ask("一"), server.ask("一"), server.ask("二")
        assert len(stub.bodies) == 2
        assert (second.text, second.usage) == (first.text, Usage(reused=1))
        assert other.text != first.text
        # what could not be used is asked for anew
        server.ask("三", worth=False)
        server.ask("三", worth=False)
        assert len(stub.bodies) == 4


def test_the_key_tells_every_part_of_a_question_apart() -> None:
    base = ("m", _question("一"), SHAPE)
    others = [
        ("n", _question("一"), SHAPE),
        ("m", _question("二"), SHAPE),
        ("m", (Message(role="user", text="役"), Message(role="user", text="一")), SHAPE),
        ("m", (*_question("一"), Message(role="assistant", text="")), SHAPE),
        ("m", _question("一"), Shape(name="x", schema={"type": "array"}, in_words="JSON")),
        ("m", (Message(role="system", text="役一"), Message(role="user", text="")), SHAPE),
    ]
    keys = {question_key(*base), *(question_key(*one) for one in others)}
    assert len(keys) == 1 + len(others)
    assert question_key("m", _question("\ud800"), SHAPE) != question_key(*base)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 40)), max_size=60))
def test_the_memory_stays_within_its_bounds(puts: list[tuple[int, int]]) -> None:
    memory = Memory(most=4, most_characters=60)
    for key, length in puts:
        memory.put(str(key), Reply(text="あ" * length))
        held = [reply for one in range(9) if (reply := memory.get(str(one))) is not None]
        assert len(held) == len(memory) <= 4
        assert sum(len(reply.text) for reply in held) <= 60
        last = memory.get(str(key))
        assert last is not None
        assert last.text == "あ" * length
    memory.put("long", Reply(text="あ" * 61))
    assert memory.get("long") is None


def test_tokens_are_estimated_where_the_server_does_not_count() -> None:
    with serving(Script(content=_echo, usage=None)) as stub:
        counted = CountingChat(_gate(stub).chat(ERRAND))
        counted.ask(_question("調べる文章" * 50), SHAPE)
    assert (counted.usage.calls, counted.usage.estimated) == (1, 1)
    assert counted.usage.prompt_tokens >= 250
    assert counted.usage.completion_tokens > 0
