"""The gate before a real server: what it received, what came back, what was noted, and when nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from assistant.adapters.chat import OpenAIChat
from assistant.domain.entity import EntityKind
from assistant.errors import EgressStopped, ModelUnavailable, RecordUnavailable
from assistant.model.errand import EgressRule, Errand, Secret
from assistant.model.gate import GuardedGate
from assistant.model.ledger import LedgerEntry
from assistant.model.ports import Message, Shape
from tests.model.server import RUNGS, Body, Script, asked, send, serving

PASSAGE = "相談者　烏丸\n花代（093-000-4567）は、「夜勤が続く」と述べた。烏丸さんの話は以上である。"
SECRETS = (
    Secret(text="烏丸\n花代", kind=EntityKind.PERSON_NAME, person="p1"),
    Secret(text="烏丸", kind=EntityKind.PERSON_NAME, person="p1"),
    Secret(text="093-000-4567", kind=EntityKind.PHONE, person="p1"),
)
ERRAND = Errand(purpose="propose", secrets=SECRETS, context=(PASSAGE,), prompt_hash="abc", case="c1")
MESSAGES = (Message(role="system", text="開示を助ける。"), Message(role="user", text=PASSAGE))
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"who": {"type": "string", "enum": ["烏丸", "ほか"]}, "title": {"type": "string"}},
    "required": ["who", "title"],
    "additionalProperties": False,
}
SHAPE = Shape(
    name="answer", schema=SCHEMA, in_words=f"次の形で書く。\n{json.dumps(SCHEMA, ensure_ascii=False)}"
)
NAMES = ("烏丸", "花代", "093-000-4567", "0930004567")


@dataclass
class Kept:
    """A ledger in memory. `broken`: it cannot be written."""

    entries: list[LedgerEntry] = field(default_factory=list)
    finished: list[tuple[int, str]] = field(default_factory=list)
    broken: bool = False
    unfinishable: bool = False

    def note(self, entry: LedgerEntry) -> int:
        if self.broken:
            raise RecordUnavailable("書けません。")
        self.entries.append(entry)
        return len(self.entries)

    def finish(self, number: int, outcome: str, seconds: float) -> None:
        if self.unfinishable:
            raise RecordUnavailable("書けません。")
        assert seconds >= 0
        self.finished.append((number, outcome))


def _raw(body: Body) -> str:
    return json.dumps(body, ensure_ascii=False)


# pseudonymize -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rung", RUNGS)
def test_on_every_rung_nothing_leaves_and_everything_comes_back(rung: str) -> None:
    """Messages, the enum of the schema, the schema in words: the refused requests too."""

    def content(body: Body) -> str:
        return json.dumps(
            {"who": "〔氏名1の2〕", "title": "〔氏名１〕さん（[電話番号1]）"}, ensure_ascii=False
        )

    with serving(Script(content=content, knows=(rung,))) as stub:
        chat = GuardedGate(OpenAIChat(stub.endpoint, "試験", wait=0.01), "pseudonymize").chat(ERRAND)
        reply = chat.ask(MESSAGES, SHAPE)
    assert json.loads(reply.text) == {"who": "烏丸", "title": "烏丸\n花代さん（093-000-4567）"}
    assert stub.rungs[-1] == rung
    for body in stub.bodies:
        assert not [name for name in NAMES if name in _raw(body)]
        assert "〔氏名1〕（〔電話番号1〕）は、「夜勤が続く」" in asked(body)


def test_the_note_is_always_there_and_the_beginning_always_the_same() -> None:
    nobody = replace(ERRAND, secrets=(), context=())
    with serving(Script(content=lambda body: '{"who": "ほか", "title": ""}')) as stub:
        gate = GuardedGate(OpenAIChat(stub.endpoint, "試験"), "pseudonymize")
        gate.chat(ERRAND).ask(MESSAGES, SHAPE)
        gate.chat(nobody).ask((MESSAGES[0], Message(role="user", text="なし")), SHAPE)
        gate.chat(nobody).ask((Message(role="user", text="なし"),), SHAPE)
        assert gate.escort(ERRAND).note()
    first, second, bare = (body["messages"] for body in stub.bodies)
    assert first[0] == second[0]
    assert first[0]["content"].startswith("開示を助ける。")
    assert "〔氏名N〕" in first[0]["content"]
    assert bare[0]["role"] == "system"
    assert "〔氏名N〕" in bare[0]["content"]


def test_a_reply_that_is_no_json_is_restored_as_it_is() -> None:
    errand = replace(ERRAND, purpose="reason")
    escort = GuardedGate(_nowhere(), "pseudonymize").escort(errand)
    assert escort.restore("〔氏名1の2〕さんは、**PERSON_1**のこと。") == "烏丸さんは、**烏丸\n花代**のこと。"
    assert escort.restore(escort.hide(PASSAGE)) == PASSAGE
    assert escort.pending("答え：〔氏") == 3


def _nowhere() -> Any:
    """A chat whose server is never asked."""
    with serving(Script()) as stub:
        return OpenAIChat(stub.endpoint, "試験")


def test_the_repair_round_hides_what_was_restored() -> None:
    """The reply is in plain words when it is shown to the model again."""
    again = (*MESSAGES, Message(role="assistant", text='{"who": "烏丸"}'), Message(role="user", text="直す"))
    with serving(Script(content=lambda body: '{"who": "ほか", "title": ""}')) as stub:
        GuardedGate(OpenAIChat(stub.endpoint, "試験"), "pseudonymize").chat(ERRAND).ask(again, SHAPE)
    assert not [name for name in NAMES if name in _raw(stub.bodies[0])]


# the last check -----------------------------------------------------------------------------------------------------

LEAKS: list[Any] = [
    {"messages": [{"role": "user", "content": "烏丸花代"}]},
    {"messages": [{"role": "user", "content": [{"type": "text", "text": "烏　丸\n花 代"}]}]},
    {"messages": [{"role": "user", "content": "０９３－０００－４５６７"}]},
    {"messages": [{"role": "user", "content": "tel:0930004567"}]},
    {
        "messages": [
            {"content": None, "tool_calls": [{"function": {"name": "f", "arguments": '{"q": "烏丸"}'}}]}
        ]
    },
    {
        "messages": [{"tool_calls": [{"function": {"arguments": json.dumps({"q": "烏丸"})}}]}]
    },  # \u escapes inside
    {"messages": [{"content": json.dumps(json.dumps({"q": json.dumps("烏丸")}))}]},
    {"tools": [{"function": {"description": "烏丸さんを探す"}}]},
    {"response_format": {"json_schema": {"schema": {"properties": {"烏丸": {"type": "string"}}}}}},
    {"response_format": {"json_schema": {"schema": {"enum": ["烏丸"]}}}},
    {"metadata": {"x": 10930004567}},
    {"user": "烏丸"},
    {"model": "烏丸-7b"},  # not the name of the model that was set
    "烏丸",
]


@pytest.mark.parametrize("body", LEAKS, ids=range(len(LEAKS)))
@pytest.mark.parametrize("escaped", [True, False])
def test_a_request_that_still_holds_a_secret_is_not_sent(body: Any, escaped: bool) -> None:
    ledger = Kept()
    secrets = (*SECRETS, Secret(text="0930004567", kind=EntityKind.PHONE))
    gate = GuardedGate(_nowhere(), "pseudonymize", ledger=ledger)
    escort = gate.escort(replace(ERRAND, secrets=secrets))
    with pytest.raises(EgressStopped) as stopped:
        escort.leaving(json.dumps(body, ensure_ascii=escaped).encode())
    assert not [name for name in NAMES if name in str(stopped.value)]
    assert ledger.entries == []


@pytest.mark.parametrize("body", ["烏丸さん".encode(), "{broken 烏丸".encode(), rb'{broken "\u70cf\u4e38"'])
def test_a_body_that_is_no_json_is_looked_at_as_text(body: bytes) -> None:
    escort = GuardedGate(_nowhere(), "pseudonymize").escort(ERRAND)
    with pytest.raises(EgressStopped):
        escort.leaving(body)


def test_a_key_that_is_there_twice_is_looked_at_twice() -> None:
    escort = GuardedGate(_nowhere(), "pseudonymize").escort(ERRAND)
    with pytest.raises(EgressStopped):
        escort.leaving('{"content": "烏丸", "content": ""}'.encode())


def test_names_like_words_of_the_protocol_do_not_stop_everything() -> None:
    """Somebody may be called Model or User, and a model may be called after somebody."""
    called = ("model", "User", "string", "type", "content", "試験", "4096", "1")
    secrets = tuple(
        Secret(text=word, kind=EntityKind.PERSON_NAME, person=f"p{n}") for n, word in enumerate(called)
    )
    passage = "Model、User、試験、4096、string、typeの各氏"
    answer = {"who": "ほか", "title": "なし"}
    with serving(Script(content=lambda body: json.dumps(answer))) as stub:
        gate = GuardedGate(OpenAIChat(stub.endpoint, "試験"), "pseudonymize")
        chat = gate.chat(replace(ERRAND, secrets=secrets, context=(passage,)))
        reply = chat.ask((Message(role="user", text=passage),), SHAPE)
    assert json.loads(reply.text) == answer
    assert "試験、" not in asked(stub.bodies[0])


def test_the_end_of_one_text_and_the_beginning_of_the_next_are_no_name() -> None:
    ledger = Kept()
    escort = GuardedGate(_nowhere(), "pseudonymize", ledger=ledger).escort(ERRAND)
    escort.leaving(json.dumps({"messages": [{"content": "烏"}, {"content": "丸"}]}).encode())
    assert len(ledger.entries) == 1  # it may leave
    with pytest.raises(EgressStopped):
        escort.leaving(json.dumps({"messages": [{"content": "烏丸"}]}).encode())
    assert len(ledger.entries) == 1


# allow, and the ledger ----------------------------------------------------------------------------------------------


def test_under_allow_everything_leaves_as_it_is_and_is_noted() -> None:
    ledger = Kept()
    with serving(Script(content=lambda body: '{"who": "〔氏名1〕", "title": ""}')) as stub:
        gate = GuardedGate(OpenAIChat(stub.endpoint, "試験"), "allow", ledger=ledger, host="h", loopback=True)
        reply = gate.chat(ERRAND).ask(MESSAGES, SHAPE)
        assert gate.escort(ERRAND).note() == ""
    assert stub.bodies[0]["messages"] == [
        {"role": "system", "content": "開示を助ける。"},
        {"role": "user", "content": PASSAGE},
    ]
    assert json.loads(reply.text)["who"] == "〔氏名1〕"
    (entry,) = ledger.entries
    assert (entry.host, entry.model, entry.purpose, entry.rule) == ("h", "試験", "propose", "allow")
    assert (entry.prompt_hash, entry.case, entry.placeholders) == ("abc", "c1", 0)
    assert entry.characters >= len(PASSAGE)
    assert entry.at.utcoffset() is not None
    assert ledger.finished == [(1, "200")]


def test_every_request_is_an_entry_of_its_own_with_its_placeholders() -> None:
    """Also those that were refused, and the one that was tried again; none holds a word of the passage."""
    ledger = Kept()
    with serving(Script(content=lambda body: '{"who": "ほか", "title": ""}', knows=("text",))) as stub:
        chat = OpenAIChat(stub.endpoint, "試験", wait=0.01)
        GuardedGate(chat, "pseudonymize", ledger=ledger).chat(ERRAND).ask(MESSAGES, SHAPE)
    assert len(ledger.entries) == len(stub.bodies) == 4
    assert [outcome for _, outcome in ledger.finished] == ["400", "400", "400", "200"]
    assert [number for number, _ in ledger.finished] == [1, 2, 3, 4]
    assert {entry.placeholders for entry in ledger.entries} == {2}  # one person, one number
    assert not [name for name in NAMES if name in repr(ledger.entries)]


def _failing(handler: Any, body: Body) -> bool:
    send(handler, 401, b"{}")
    return True


@pytest.mark.parametrize("rule", ["pseudonymize", "allow"])
def test_what_fails_is_noted_with_its_outcome(rule: EgressRule) -> None:
    ledger = Kept()
    with serving(Script(misbehave=_failing)) as stub:
        chat = GuardedGate(OpenAIChat(stub.endpoint, "試験"), rule, ledger=ledger).chat(ERRAND)
        with pytest.raises(ModelUnavailable):
            chat.ask(MESSAGES, SHAPE)
    assert ledger.finished[-1][1] == "401"


def test_to_another_machine_nothing_goes_unnoted() -> None:
    with serving(Script(content=lambda body: '{"who": "ほか", "title": ""}')) as stub:
        raw = OpenAIChat(stub.endpoint, "試験")
        for ledger in (Kept(broken=True), None):
            far = GuardedGate(raw, "allow", ledger=ledger, host="models.example.com", loopback=False)
            with pytest.raises(EgressStopped, match="記録"):
                far.chat(ERRAND).ask(MESSAGES, SHAPE)
        assert stub.bodies == []
        # on this machine the record is not in the way
        GuardedGate(raw, "allow", ledger=Kept(broken=True)).chat(ERRAND).ask(MESSAGES, SHAPE)
        assert len(stub.bodies) == 1
        # what became of it is the lesser part
        late = Kept(unfinishable=True)
        GuardedGate(raw, "allow", ledger=late, loopback=False).chat(ERRAND).ask(MESSAGES, SHAPE)
    assert len(late.entries) == 1


def test_there_is_no_gate_under_block() -> None:
    with pytest.raises(ValueError, match="block"):
        GuardedGate(_nowhere(), "block")
