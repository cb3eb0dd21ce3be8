"""From what a model wrote to what was asked for: found, checked, asked for once more, and then given up."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from assistant.errors import UnusableAnswer
from assistant.model.ports import Message, Reply, Shape
from assistant.model.reply import ask_for, json_in, read_reply, without_thoughts
from assistant.model.tokens import estimate_tokens

OBJECT = {"a": 1}
FOUND = [
    '{"a": 1}',
    '  \n{"a": 1}\n',
    '```json\n{"a": 1}\n```',
    'はい。\n```\n{"a": 1}\n```\n以上です。',
    '<think>{"b": 2} と迷う</think>\n{"a": 1}',  # thoughts are not the answer
    '<think>一つ目</think><think>二つ目 {"b": 2}</think>{"a": 1}',
    '下書き {"b": 2} の末の答え。</think>\n{"a": 1}',  # the template of the server wrote the opening
    '<think>{"b": 2} と迷うが、閉じないまま答える。\n{"a": 1}',
    '<thinking>迷う {"b": 2} {\n```json\n{"a": 1}\n```',
    '回答は次のとおりです。{"a": 1} ご確認ください。',
    '{壊れた {"a": 1}',
]
NOT_FOUND = [
    "",
    "開示してよいと思います。",
    "[1, 2]",
    '"a"',
    "1",
    "null",
    '{"a": 1',
    '{"a": NaN}',
    "<think>まだ考えている",
    '<think>{"b": 2} と思うが、まだ決めていない。',  # a draft
    '<think>{"b": 2}</think>',
    "<think>" + "{" * 100_000,
    "{" * 100_000,
    "[" * 100_000,
]


@pytest.mark.parametrize("text", FOUND)
def test_an_object_is_found(text: str) -> None:
    assert json_in(text) == OBJECT


@pytest.mark.parametrize("text", NOT_FOUND, ids=range(len(NOT_FOUND)))
def test_nothing_is_made_up(text: str) -> None:
    assert json_in(text) is None


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    found = json_in(text)
    assert found is None or isinstance(found, dict)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("こんにちは。", "こんにちは。"),
        ("<think>考え</think>\n\nこんにちは。", "こんにちは。"),
        ("考え</think>こんにちは。", "こんにちは。"),
        ("<think>考えが終わらない", ""),
        ('{"a": "文中の</think>という語"}', '{"a": "文中の</think>という語"}'),
    ],
)
def test_thoughts_are_not_said(text: str, said: str) -> None:
    assert without_thoughts(text) == said


def test_a_word_like_a_mark_inside_the_answer_is_part_of_it() -> None:
    assert json_in('{"a": "</think>", "b": "<think>"}') == {"a": "</think>", "b": "<think>"}


class _Wanted(BaseModel):
    name: str = Field(max_length=5)
    secrets: dict[str, int] = {}


class _Told:
    """A port that answers from a list: the port is a protocol, and this is another implementation of it."""

    name = "script"

    def __init__(self, *texts: str) -> None:
        self.texts, self.seen = list(texts), list[tuple[Message, ...]]()

    def ask(self, messages: tuple[Message, ...], shape: Shape) -> Reply:
        self.seen.append(messages)
        return Reply(text=self.texts.pop(0))


ASK = (Message(role="user", text="問"),)
SHAPE = Shape(name="x", schema={}, in_words="")


def test_one_repair_with_the_errors() -> None:
    chat = _Told('{"name": "長すぎる名前です"}', '{"name": "短い"}')
    read, _ = ask_for(chat, ASK, SHAPE, _Wanted, lambda errors: f"直す:{errors}")
    assert read.name == "短い"
    first, second = chat.seen
    assert second[: len(first)] == first
    assert [message.role for message in second] == ["user", "assistant", "user"]
    assert "name が長すぎます" in second[-1].text


def test_the_repair_does_not_repeat_thoughts_nor_a_whole_failed_answer() -> None:
    """The question was near its limit before, and the second is to fit as well."""
    chat = _Told("<think>" + "長考" * 2_000 + "</think>" + "雑談。" * 4_000, '{"name": "短い"}')
    ask_for(chat, ASK, SHAPE, _Wanted, str)
    echo = chat.seen[1][-2].text
    assert echo.startswith("雑談")
    assert 1_990 < len(echo) <= 2_000


def test_no_second_repair() -> None:
    chat = _Told("{}", "{}", '{"name": "x"}')
    with pytest.raises(UnusableAnswer) as caught:
        ask_for(chat, ASK, SHAPE, _Wanted, str)
    assert len(chat.seen) == 2
    assert caught.value.exit_code == 3


def test_errors_name_fields_and_never_contents() -> None:
    """A key is content too: a model may use a name of the document as one."""
    said = json.dumps({"name": "烏丸花代烏丸花代", "secrets": {"烏丸花代": "電話"}}, ensure_ascii=False)
    read, problems = read_reply(said, _Wanted)
    assert read is None
    assert "name が長すぎます" in problems
    assert "花代" not in problems
    assert "電話" not in problems


TOKENS = [
    # text, at least (fewest tokens common vocabularies need), at most (so that it stays of use)
    ("", 0, 0),
    ("個人に関する情報", 5, 16),
    ("提供を受けることができるものとする。", 9, 25),
    ("kakunin@example.jp", 5, 18),
    ("090-0000-1234", 5, 16),
    ("👨‍👩‍👧", 5, 20),
    ("𠮷野家", 4, 10),
    ("\n" * 100, 10, 100),
]


@pytest.mark.parametrize(("text", "least", "most"), TOKENS)
def test_tokens_are_estimated_high_but_not_absurdly(text: str, least: int, most: int) -> None:
    assert least <= estimate_tokens(text) <= most


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens(one: str, other: str) -> None:
    assert max(estimate_tokens(one), estimate_tokens(other)) <= estimate_tokens(one + other)


def test_a_long_failed_answer_is_repeated_to_the_end_of_a_string() -> None:
    """What is repeated goes through the gate again: half a name would be known as none."""
    from assistant.model.reply import _echo

    assert _echo("短い答え") == "短い答え"
    told = _echo('{"a": "' + "あ" * 1_990 + '", "b": "烏丸 花代 093-000-4567"}')
    assert told.endswith('"')
    assert "烏丸" not in told
    assert _echo("あ" * 3_000) == "…"
