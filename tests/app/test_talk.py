"""Conversations on the page, with a model behind a real server: nothing typed is lost, everything said can be checked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.review.desk import Desk
from assistant.settings import Settings
from assistant.ui.answering import drop, on_the_way, start
from assistant.ui.answers import ASKED, history_before, last_question
from assistant.ui.running import the_assistant
from assistant.ui.transcript import transcript
from assistant.ui.words import words
from assistant.wiring import Assistant, build
from tests.app.conftest import APP, SLOW, answered
from tests.converse.talker import Talker, Turn, always, number_of
from tests.model.server import Body, Script, Stub, asked, send, serving

QUESTION = "入札前の予定価格は出せますか"
QUOTE = "公正な競争が損なわれるため。"
CLAIM = "予定価格は必ず非開示に該当します。"
ACTOR = Actor(department="総務部情報公開課", name="見本 太郎")
PASSAGE = "相談記録\n相談者　氏名：白鳥　弥生\n電話番号：０９０－８７６５－４３２１\n内容：騒音について相談があった。\n"


def cites(body: Body) -> Turn:
    number = number_of(body, QUOTE)
    return Turn(f"開札の前は非開示とします〔{number}「{QUOTE}」〕。\n{CLAIM}")


@dataclass
class Model:
    """The server of this module; `talker` may be changed by each test."""

    stub: Stub
    talker: Talker = field(default_factory=lambda: Talker(cites))

    def answer(self, handler: BaseHTTPRequestHandler, body: Body) -> bool:
        return self.talker.answer(handler, body)


class Broken(Talker):
    """Answers every request with an error of its own."""

    def answer(self, handler: BaseHTTPRequestHandler, body: Body) -> bool:
        send(handler, 400, b'{"error": {"message": "no", "code": null}}')
        return True


class Held(Talker):
    """Answers nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__(cites)
        self.came, self.go = threading.Event(), threading.Event()

    def answer(self, handler: BaseHTTPRequestHandler, body: Body) -> bool:
        self.came.set()
        self.go.wait(60)
        return super().answer(handler, body)


@pytest.fixture(scope="module")
def running() -> Iterator[Model]:
    """One server and one assistant for the module: dictionaries and index are loaded once."""
    import streamlit as st

    st.cache_resource.clear()
    script = Script()
    with serving(script) as stub:
        model = Model(stub)
        script.misbehave = model.answer
        yield model
    st.cache_resource.clear()


@pytest.fixture
def model(running: Model, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    monkeypatch.setenv("OSUMITSUKI_MODEL_BASE_URL", running.stub.url)
    monkeypatch.setenv("OSUMITSUKI_MODEL_NAME", "試験モデル")
    running.talker = Talker(cites)
    running.stub.bodies.clear()
    return running


def known() -> AppTest:
    app = AppTest.from_file(APP, default_timeout=SLOW).run()
    if app.text_input and app.text_input[0].label.startswith("所属"):
        app.text_input(key="who_department").set_value(ACTOR.department)
        app.text_input(key="who_name").set_value(ACTOR.name)
        app.button(key="who_start").click().run()
    assert not app.exception
    return app


def put(question: str) -> AppTest:
    """The question in the field of the first page, sent."""
    app = known()
    app.text_area(key="passage_text").set_value(question)
    app.button(key="propose").click().run()
    assert not app.exception
    return app


def case_of(app: AppTest) -> Case:
    told = app.query_params["case"]
    return the_assistant().desk.case(told[0] if isinstance(told, list) else told, ACTOR)


def shown(app: AppTest) -> list[dict[str, Any]]:
    """The blocks of every answer on the page, in order."""
    found = [e.proto for e in app.get("bidi_component") if "reading" in e.proto.component_name]
    blocks: list[dict[str, Any]] = []
    for proto in found:
        blocks += json.loads(getattr(proto, proto.WhichOneof("data")))["blocks"]
    return blocks


def of_kind(blocks: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [block for block in blocks if block["type"] == kind]


def press(app: AppTest, start_of_key: str) -> AppTest:
    """The button whose key begins so."""
    (button,) = [one for one in app.button if (one.key or "").startswith(start_of_key)]
    return button.click().run()


def follow(app: AppTest, question: str) -> AppTest:
    return app.chat_input[0].set_value(question).run()


# ---- what is shown -------------------------------------------------------------------------------------------------


def test_the_models_sentences_stand_first_each_with_its_status_or_its_flag(model: Model) -> None:
    blocks = shown(answered(put(QUESTION)))
    said = words(the_assistant().city.labels)["talk"]
    parts = [block["text"] for block in of_kind(blocks, "part")]
    assert parts == [said["by_model"].replace("{name}", "試験モデル"), said["by_rules"]]
    assert [block["type"] for block in blocks if block["type"] in ("part", "sentence")][:2] == [
        "part",
        "sentence",
    ]
    first, second, *ruled = of_kind(blocks, "sentence")
    assert [(one["number"], one["status"], bool(one["lit"])) for one in first["citations"]] == [
        (1, "verified", True)
    ]
    assert first["flag"] == ""
    assert (second["text"], second["flag"], second["citations"]) == (CLAIM, said["unsupported"], [])
    assert ruled
    assert not any(one["flag"] for one in ruled)
    foot = of_kind(blocks, "note")[-1]["text"]
    assert "規則とモデル：試験モデル" in foot
    assert "モデル：1回・入力900＋出力30 トークン" in foot
    assert "判断は職員が行います" in foot


def test_an_answer_kept_by_an_older_version_is_shown_as_it_was(model: Model) -> None:
    app = answered(put(QUESTION))
    case, desk = case_of(app), the_assistant().desk
    kept = dict(case.messages[-1].payload)
    for name in ("engine", "requested_engine", "model", "usage", "prompt_hash", "where"):
        del kept[name]
    kept["answer"] = [{k: one[k] for k in ("text", "role", "citations")} for one in kept["answer"][2:]]
    old = desk.open_case(ACTOR, "passage", "前の会話")
    desk.say(old.id, ACTOR, "user", QUESTION)
    desk.say(old.id, ACTOR, "assistant", "前の答え", kept)
    app.query_params["case"] = old.id
    blocks = shown(app.run())
    assert not app.exception
    assert not app.error
    assert of_kind(blocks, "part") == []
    assert [one["text"] for one in of_kind(blocks, "sentence")] == [one["text"] for one in kept["answer"]]
    assert "規則のみ・この端末の中だけで処理。" in of_kind(blocks, "note")[-1]["text"]
    assert "規則のみ" in transcript(
        desk.case(old.id, ACTOR), the_assistant().corpus, words(the_assistant().city.labels)
    )


# ---- what goes wrong -----------------------------------------------------------------------------------------------


def test_a_model_that_fails_leaves_the_rules_answer_and_can_be_asked_again(model: Model) -> None:
    model.talker = Broken(cites)
    app = answered(put(QUESTION))
    blocks = shown(app)
    assert of_kind(blocks, "part") == []
    assert of_kind(blocks, "sentence")
    assert "資料から規則で組み立てた答えだけ" in of_kind(blocks, "note")[0]["text"]  # before anything else
    assert "規則のみ（モデルは応答せず）" in of_kind(blocks, "note")[-1]["text"]
    model.talker = Talker(cites)
    app = answered(press(app, "again_"))
    assert [message.role for message in case_of(app).messages] == ["user", "assistant", "assistant"]
    assert of_kind(shown(app), "part")
    assert not [button for button in app.button if (button.key or "").startswith("again_")]
    assert [m["role"] for m in model.stub.bodies[-1]["messages"]] == [
        "system",
        "user",
    ]  # no turn was before it


def test_the_question_is_in_the_record_before_the_model_is_asked_and_stays_when_stopped(model: Model) -> None:
    model.talker = held = Held()
    app = put(QUESTION)
    case = case_of(app)
    try:
        assert [(message.role, message.text) for message in case.messages] == [("user", QUESTION)]
        assert held.came.wait(30)
        assert any("待っています" in block["text"] for block in of_kind(shown(app), "note"))
        assert app.chat_input[0].disabled
        answering = on_the_way(case.id)
        assert answering is not None
        press(app, "stop_")
        assert "質問は残っています" in app.warning[0].value
    finally:
        held.go.set()
    assert answering.wait(30)
    assert len(case_of(app).messages) == 1  # what came after the stop is dropped
    model.talker = Talker(cites)
    answered(press(app, "rules_"))
    assert [message.role for message in case_of(app).messages] == ["user", "assistant"]
    assert case_of(app).messages[-1].payload["engine"] == "rules"


def test_a_second_window_asks_nothing_while_an_answer_comes_and_keeps_its_words(model: Model) -> None:
    first = answered(put(QUESTION))
    case = case_of(first)
    second = known()
    second.query_params["case"] = case.id
    second.run()
    model.talker = held = Held()
    try:
        follow(first, "開札の後はどうですか")
        assert held.came.wait(30)
        follow(second, "別の質問です")
        assert "前の質問に答えている" in second.error[0].value
        assert "別の質問です" in [block.value for block in second.code]
        assert [m.text for m in case_of(first).messages if m.role == "user"] == [
            QUESTION,
            "開札の後はどうですか",
        ]
    finally:
        held.go.set()
    answered(first)


def test_a_question_written_beside_an_answer_is_not_taken_for_answered(model: Model) -> None:
    app = answered(put(QUESTION))
    case, desk = case_of(app), the_assistant().desk
    desk.say(case.id, ACTOR, "user", "もう一つの質問", {ASKED: "rules"})
    desk.say(case.id, ACTOR, "assistant", "遅れて届いた答え", dict(case.messages[-1].payload))
    app.run()
    assert "まだ答えがありません" in app.warning[0].value
    answered(press(app, "again_"))
    assert case_of(app).messages[-1].payload["to"] == case_of(app).messages[-3].seq
    assert not app.run().warning


def test_a_question_that_cannot_be_answered_is_kept_and_told_why(model: Model) -> None:
    app = answered(put(QUESTION))
    asked_before = len(model.stub.bodies)
    long = "この文書の氏名は消しますか。" * 3_600
    app = answered(follow(app, long))
    assert "文章を調べる" in app.error[0].value
    assert case_of(app).messages[-1].text == long  # all 50,000 characters
    assert len(model.stub.bodies) == asked_before


def test_an_endpoint_nobody_has_allowed_is_said_beside_the_question(data_dir: Path, tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path, model_base_url="https://model.mihon.example/v1", model_name="x", ner="off"
    )
    assistant: Assistant = build(settings)
    desk: Desk = assistant.desk
    case = desk.open_case(ACTOR, "passage", "試し")
    desk.say(case.id, ACTOR, "user", QUESTION, {ASKED: "model"})
    answering = start(assistant, ACTOR, case.id, "model")
    assert answering.wait(60)
    assert on_the_way(case.id) is answering
    assert "OSUMITSUKI_MODEL_EGRESS" in str(answering.trouble)
    assert [message.text for message in desk.case(case.id, ACTOR).messages] == [QUESTION]
    assistant.close()


def test_a_deleted_conversation_does_not_come_back_with_its_answer(model: Model) -> None:
    model.talker = held = Held()
    case = case_of(put(QUESTION))
    try:
        assert held.came.wait(30)
        the_assistant().desk.delete_case(case.id, ACTOR)
    finally:
        held.go.set()
    answering = on_the_way(case.id)
    assert answering is None or answering.wait(30)
    drop(case.id)
    assert on_the_way(case.id) is None
    assert case.id not in {summary.id for summary in the_assistant().desk.history(ACTOR)}
    with the_assistant().store.engine.connect() as record:
        texts = record.exec_driver_sql('select body from content where "case" = ?', (case.id,)).all()
    assert texts == []


# ---- with a passage in view ----------------------------------------------------------------------------------------


def test_a_passage_on_the_desk_can_be_asked_about_and_the_turns_before_go_along(model: Model) -> None:
    app = known()
    app.text_area(key="passage_text").set_value(PASSAGE)
    app.radio(key="engine").set_value("rules")
    app.button(key="propose").click().run()
    case = case_of(app)
    assert case.proposal is not None
    desk = the_assistant().desk
    desk.confirm(case.id, ACTOR, [case.queue[0].id], why="本人の氏名であることを確かめた。")
    desk.say(case.id, ACTOR, "user", "理由の書き直し", {"reason_for": [case.queue[0].id]})
    model.stub.bodies.clear()
    model.talker = always("相談者の氏名は、人を特定できる記載です。")
    answered(follow(app, "この人の名前はなぜ伏せるのですか"))
    app = answered(follow(app, "電話番号はどうですか"))
    first, second = asked(model.stub.bodies[0]), asked(model.stub.bodies[-1])
    assert "騒音について相談があった" in first  # the passage
    assert "職員が採用" in first  # and what was decided about it
    assert "この人の名前はなぜ伏せるのですか" in second
    assert "人を特定できる記載" in second
    assert "理由の書き直し" not in first + second  # a reworded reason is no turn of the conversation
    kept = case_of(app)
    assert kept.proposal is not None
    assert [m.role for m in kept.messages if m.text != "理由の書き直し"] == ["user", "assistant"] * 2
    assert "理由の書き直し" not in [text.value for text in app.text]


def test_of_the_models_own_turns_only_its_own_sentences_go_back(model: Model) -> None:
    app = answered(follow(answered(put(QUESTION)), "開札の後はどうですか"))
    case = case_of(app)
    question = last_question(case)
    assert question is not None
    user, assistant = history_before(case, question)
    assert (user.role, user.text) == ("user", QUESTION)
    assert assistant.text == f"開札の前は非開示とします。\n{CLAIM}"


# ---- taken away ----------------------------------------------------------------------------------------------------


def test_a_conversation_is_taken_away_as_text_with_its_sources_and_as_json(model: Model) -> None:
    case = case_of(answered(put(QUESTION)))
    assistant = the_assistant()
    said = words(assistant.city.labels)
    text = transcript(case, assistant.corpus, said)
    lines = text.splitlines()
    assert lines[0] == "【架空】会話の記録"
    assert QUESTION in lines
    assert "開札の前は非開示とします。[1]" in lines
    assert f"【根拠を確かめられない文】{CLAIM}" in lines
    assert any(line.startswith("[1] ") for line in lines)
    assert f"    「{QUOTE}」 原文一致" in lines
    assert "入力900＋出力30 トークン" in text
    told = assistant.desk.export_case(case.id, ACTOR)
    payload = json.loads(json.dumps(told, ensure_ascii=False))["messages"][1]["payload"]
    assert payload["engine"] == payload["requested_engine"] == "model"
    assert payload["model"] == "試験モデル"
    assert payload["usage"]["calls"] == 1
    assert [one["unsupported"] for one in payload["answer"] if one["by"]] == [False, True]


def test_a_quote_that_is_not_there_is_shown_and_taken_away_as_such(model: Model) -> None:
    def alters(body: Body) -> Turn:
        number = number_of(body, QUOTE)
        return Turn(f"開札の前は非開示とします〔{number}「{QUOTE.replace('公正', '厳正')}」〕。")

    model.talker = Talker(alters)
    app = answered(put(QUESTION))
    first = of_kind(shown(app), "sentence")[0]
    assert [one["status"] for one in first["citations"]] == ["not_found"]
    assert first["flag"]
    assistant = the_assistant()
    text = transcript(case_of(app), assistant.corpus, words(assistant.city.labels))
    assert "厳正な競争が損なわれるため。」 ！原文になし" in text
