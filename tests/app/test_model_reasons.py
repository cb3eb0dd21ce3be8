"""The model's wording of reasons on the page 理由を書く: asked for, checked, used, put back, and never in the way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.documents.text import of_passage
from assistant.review.actor import Actor
from tests.app.conftest import SLOW
from tests.model.server import Body, Script, Stub, serving

PASSAGE = "相談記録\n相談者　氏名：白鳥　弥生\n電話番号：０９０－８７６５－４３２１\n内容：騒音について相談があった。\n"
ACTOR = Actor(department="総務部情報公開課", name="見本 太郎")
GOOD = (
    "相談をした個人の{}であり、個人に関する情報で特定の個人を識別することができるため、第7条第2号に該当する。"
    "同号ただし書ア、イ及びウのいずれにも該当しない。"
)


def worded(body: Body) -> str:
    """A good wording for every row; in the second row the name itself, whatever is asked."""
    text = str(body["messages"][-1]["content"])
    numbers = [int(number) for number in dict.fromkeys(re.findall(r"(\d+)行目\n?(?=place|：)", text))]
    rows = [
        {
            "number": number,
            "place": "",
            "kind": "",
            "grounds": ["第7条第2号"],
            "harm": "",
            "provisos": [],
            "reason": GOOD.format("氏名" if number == 1 else "白鳥氏の電話番号"),
        }
        for number in numbers
    ]
    return json.dumps({"rows": rows}, ensure_ascii=False)


@pytest.fixture
def model(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    import streamlit as st

    with serving(Script(content=worded)) as stub:
        monkeypatch.setenv("OSUMITSUKI_MODEL_BASE_URL", stub.url)
        monkeypatch.setenv("OSUMITSUKI_MODEL_NAME", "mihon-model")
        st.cache_resource.clear()
        yield stub
    st.cache_resource.clear()


@pytest.fixture
def case_id(data_dir: Path) -> str:
    """A case of the rules, in the record of the app."""
    from assistant.settings import read_settings
    from assistant.wiring import build

    assistant = build(read_settings())
    try:
        assistant.desk.remember_actor(ACTOR)
        proposal = assistant.propose(of_passage(PASSAGE), engine="rules")
        return assistant.desk.open_case(ACTOR, "passage", "相談記録", proposal).id
    finally:
        assistant.close()


def reasons_of(case_id: str) -> AppTest:
    app = AppTest.from_string(
        "from assistant.ui.pages import reasons\nreasons.show()\n", default_timeout=SLOW
    )
    app.query_params["case"] = case_id
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> list[str]:
    """What stands in the text areas of the rows."""
    return [area.value for area in app.text_area]


def test_without_a_model_there_is_no_button(data_dir: Path, case_id: str) -> None:
    app = reasons_of(case_id)
    assert "word_by_model" not in {button.key for button in app.button}
    assert shown(app)


def test_a_wording_is_used_by_one_click_and_put_back_by_another(model: Stub, case_id: str) -> None:
    from assistant.ui.running import the_assistant

    app = reasons_of(case_id)
    rules = shown(app)
    app.button(key="word_by_model").click().run()
    assert not app.exception
    assert shown(app) == rules  # nothing is replaced by itself
    assert "白鳥" not in json.dumps(model.bodies, ensure_ascii=False)
    texts = [element.value for element in app.text]
    assert GOOD.format("氏名") in texts
    assert not any("白鳥氏" in text for text in texts)  # a wording that leaks is not even shown
    keys = [str(button.key) for button in app.button]
    (use,) = [key for key in keys if key.startswith("use_model_")]  # only the good one can be used
    app.button(key=use).click().run()
    assert shown(app) == [GOOD.format("氏名"), *rules[1:]]
    assert shown(reasons_of(case_id)) == [GOOD.format("氏名"), *rules[1:]]  # in the record
    last = the_assistant().desk.case(case_id, ACTOR).messages[-1]
    assert (last.payload["by"], last.payload["model"], last.text) == (
        "model",
        "mihon-model",
        GOOD.format("氏名"),
    )
    assert last.payload["prompt_hash"]
    back = use.replace("use_model_", "back_")
    app.button(key=back).click().run()
    assert shown(app) == rules
    assert shown(reasons_of(case_id)) == rules
    assert use in {button.key for button in app.button}  # and may be used again


def test_a_model_that_fails_is_one_sentence_and_nothing_typed_is_lost(model: Stub, case_id: str) -> None:
    app = reasons_of(case_id)
    mine = GOOD.format("氏名等")
    app.text_area[0].set_value(mine)
    save = next(button for button in app.button if str(button.key).startswith("reason_save_"))
    save.click().run()
    model.script.content = lambda body: "書けません。"
    app.button(key="word_by_model").click().run()
    assert not app.exception
    assert shown(app)[0] == mine
    assert any("規則による理由だけ" in warning.value for warning in app.warning)
    assert any("規則による理由だけ" in warning.value for warning in reasons_of(case_id).warning)
