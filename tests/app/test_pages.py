"""The pages without a browser: what they say, what they ask, what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.conftest import APP, SLOW, answered

PASSAGE = "相談記録\n相談者　氏名：白鳥　弥生\n電話番号：０９０－８７６５－４３２１\n内容：騒音について相談があった。\n"


def started() -> AppTest:
    app = AppTest.from_file(APP, default_timeout=SLOW).run()
    assert not app.exception
    return app


def known() -> AppTest:
    """The app for a person who has said who they are."""
    app = started()
    if app.text_input and app.text_input[0].label.startswith("所属"):
        app.text_input(key="who_department").set_value("総務部情報公開課")
        app.text_input(key="who_name").set_value("見本 太郎")
        app.button(key="who_start").click().run()
    assert not app.exception
    return app


def page_of(name: str) -> AppTest:
    """One page by itself; the navigation itself is tried in the browser."""
    script = f"from assistant.ui.pages import {name}\n{name}.show()\n"
    return AppTest.from_string(script, default_timeout=SLOW).run()


def said(app: AppTest) -> str:
    """Everything the sidebar and the page say in words."""
    return "\n".join(str(element.value) for element in (*app.markdown, *app.caption, *app.error, *app.info))


def test_asks_once_who_sits_here(fresh: Path) -> None:
    app = started()
    assert app.title[0].value == "はじめに：所属と氏名"
    app.button(key="who_start").click().run()
    assert "所属" in app.error[0].value  # says which field is empty
    app.text_input(key="who_department").set_value("総務部情報公開課")
    app.text_input(key="who_name").set_value("見本 太郎")
    app.button(key="who_start").click().run()
    assert app.title[0].value == "文章を調べる"
    assert started().title[0].value == "文章を調べる"  # another session on this PC is not asked again


def test_an_empty_passage_is_told_what_to_do(data_dir: Path) -> None:
    app = known()
    app.button(key="propose").click().run()
    assert "貼り付け" in app.error[0].value
    assert "case" not in app.query_params


def test_engine_and_fictional_mark_are_always_visible(data_dir: Path) -> None:
    words = said(known())
    assert "規則のみ" in words
    assert "この端末の中だけで処理" in words
    assert "架空" in words


@pytest.mark.parametrize(
    "name", ["passage", "document", "precedents", "reasons", "inspection", "history", "ledger", "about"]
)
def test_every_page_renders(data_dir: Path, name: str) -> None:
    known()
    app = page_of(name)
    assert not app.exception
    assert not app.error or name == "about"  # there the 架空 mark stands in a red box
    assert app.title[0].value


def test_a_passage_becomes_a_case_with_its_desk(data_dir: Path) -> None:
    app = known()
    app.text_area(key="passage_text").set_value(PASSAGE)
    app.button(key="propose").click().run()
    assert not app.exception
    assert app.query_params["case"]
    data = app.get("bidi_component")
    desk = next(element for element in data if "osumitsuki_desk" in element.proto.component_name)
    told = json.loads(getattr(desk.proto, desk.proto.WhichOneof("data")))
    # what found a finding is said in words, never by the name of a rule
    assert not [name for finding in told["findings"] for name in finding["found_by"] if "_" in name]


def test_existence_refusal_is_said_before_a_reason_is_drafted(data_dir: Path) -> None:
    """At the desk it is the first warning; where reasons are written it stands before the first row."""
    app = known()
    app.text_area(key="passage_text").set_value(PASSAGE)
    app.text_input(key="request_text").set_value("白鳥弥生さんの相談記録")
    app.button(key="propose").click().run()
    desk = next(e for e in app.get("bidi_component") if "desk" in e.proto.component_name)
    told = json.loads(getattr(desk.proto, desk.proto.WhichOneof("data")))
    assert "存否応答拒否" in told["warnings"][0]
    case = app.query_params["case"]
    reasons = AppTest.from_string(
        "from assistant.ui.pages import reasons\nreasons.show()\n", default_timeout=SLOW
    )
    reasons.query_params["case"] = case[0] if isinstance(case, list) else case
    reasons.run()
    assert not reasons.exception
    assert "存否応答拒否" in reasons.error[0].value
    order = [node.type for node in reasons.main]
    assert order.index("error") < order.index("text_area")


def test_a_question_is_answered_as_one_and_can_be_corrected(data_dir: Path) -> None:
    app = known()
    app.text_area(key="passage_text").set_value("会社の担当者の名前は消しますか")
    app.button(key="propose").click().run()
    answered(app)
    assert "質問として答えました" in app.info[0].value
    case = app.query_params["case"]
    app.button(key="as_passage").click().run()
    assert not app.exception
    assert app.query_params["case"] != case


def test_a_damaged_record_is_one_sentence(fresh: Path) -> None:
    fresh.mkdir(parents=True)
    (fresh / "record.sqlite3").write_bytes(b"no database at all" * 100)
    app = AppTest.from_file(APP, default_timeout=SLOW).run()
    assert not app.exception
    assert len(app.error) == 1
    assert "記録" in app.error[0].value


def test_a_misspelt_setting_is_one_sentence(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSUMITSUKI_MODLE_NAME", "x")
    app = AppTest.from_file(APP, default_timeout=SLOW).run()
    assert not app.exception
    assert "OSUMITSUKI_MODLE_NAME" in app.error[0].value


def test_history_opens_renames_and_deletes(data_dir: Path) -> None:
    app = known()
    app.text_area(key="passage_text").set_value(PASSAGE)
    app.button(key="propose").click().run()
    case = app.query_params["case"]
    case_id = case[0] if isinstance(case, list) else case
    history = page_of("history")
    history.text_input(key=f"title_{case_id}").set_value("騒音の相談")
    history.button(key=f"rename_do_{case_id}").click().run()
    assert "騒音の相談" in history.button(key=f"open_{case_id}").label
    history.button(key=f"delete_{case_id}").click().run()
    assert "騒音の相談" in history.warning[0].value
    history.button(key="delete_no").click().run()  # taken back: nothing has happened
    assert history.button(key=f"open_{case_id}").label
    history.button(key=f"delete_{case_id}").click().run()
    history.button(key="delete_yes").click().run()
    assert not history.exception
    assert f"open_{case_id}" not in {button.key for button in history.button}


def test_a_model_that_does_not_answer_is_said_and_the_rules_stand(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import streamlit as st

    monkeypatch.setenv("OSUMITSUKI_MODEL_BASE_URL", "http://127.0.0.1:9/v1")  # nobody listens there
    monkeypatch.setenv("OSUMITSUKI_MODEL_NAME", "mihon-model")
    st.cache_resource.clear()
    try:
        app = known()
        assert "mihon-model" in said(app)
        app.text_area(key="passage_text").set_value(PASSAGE)
        app.button(key="propose").click().run()
        assert not app.exception
        assert not app.error
        desk = next(e for e in app.get("bidi_component") if "desk" in e.proto.component_name)
        told = json.loads(getattr(desk.proto, desk.proto.WhichOneof("data")))
        assert told["engine"] == "規則のみ（モデルは応答せず）"
        assert any("規則による結果" in warning for warning in told["warnings"])
    finally:
        st.cache_resource.clear()
