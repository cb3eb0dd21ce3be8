"""On real law too: every command and page on the national act and on a third city, with their own numbers and words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.workflow.national import (
    ASSETS,
    CONSULTATION,
    DAY,
    MEETING,
    NOT_NATIONAL,
    NOT_THE_CITYS,
    NOT_THE_TOWN,
    Place,
    citations,
    clauses,
    letters,
    national_folder,
    raw_text,
)

SLOW = 240.0
DATE = ("--decision-date", DAY.isoformat())


@pytest.fixture(scope="module")
def national(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("national")
    return Place(
        folder=national_folder(shared_data, folder / "city"), data_dir=folder / "data", banned=NOT_NATIONAL
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Place:
    data_dir = tmp_path_factory.mktemp("town")
    return Place(folder=ASSETS / "kirihama", data_dir=data_dir, banned=NOT_THE_TOWN)


@pytest.fixture(scope="module", params=["national", "town"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def meeting(place: Place) -> dict[str, Any]:
    told: dict[str, Any] = place.told("propose", *DATE, stdin=MEETING)
    return told


@pytest.fixture(scope="module")
def consultation(place: Place) -> dict[str, Any]:
    told: dict[str, Any] = place.told("propose", *DATE, stdin=CONSULTATION)
    return told


def found_at(proposal: dict[str, Any], words: str) -> dict[str, Any]:
    """The finding whose text begins with these words."""
    matching = [finding for finding in proposal["findings"] if letters(finding["text"]).startswith(words)]
    assert matching, [finding["text"] for finding in proposal["findings"]]
    found: dict[str, Any] = matching[0]
    return found


# The words, the decision, and the clauses relied on in the act and in the town's ordinance.
MEETING_ROWS = [
    ("課長補佐", "disclose", ["第5条第1号"], ["第9条"]),  # the post of an official on duty
    ("三ツ矢", "withhold", ["第5条第1号"], ["第9条"]),  # an employee who does not represent the company
    ("090", "withhold", ["第5条第1号"], ["第9条"]),  # their mobile telephone
    ("浅葱", "disclose", ["第5条第1号"], ["第9条"]),  # the president, in the register
    ("はるかぜ銀行", "withhold", ["第5条第2号"], ["第8条第2号"]),  # the company's account
    (
        "10.20.30.41",
        "withhold",
        ["第5条第4号", "第5条第6号"],
        ["第8条第4号", "第8条第1号"],
    ),  # a network address
    ("来年度", "withhold", ["第5条第5号"], ["第8条第5号"]),  # a draft under consideration
]
# The act has no head for statute secrets: the individual number rests on the next ground, with a reason that fits it.
CONSULTATION_ROWS = [
    ("古川原", "withhold", ["第5条第1号"], ["第9条"]),  # the person who came
    ("青葉町", "withhold", ["第5条第1号"], ["第9条"]),  # their home
    ("12345678", "withhold", ["第5条第1号"], ["第8条第3号", "第9条"]),  # the individual number
    ("持病", "withhold", ["第5条第1号"], ["第9条"]),  # their health
    ("主事", "disclose", ["第5条第1号"], ["第9条"]),  # the post, though the act leaves the name to custom
]


@pytest.mark.parametrize(("words", "decision", "in_the_act", "in_the_town"), MEETING_ROWS)
def test_each_clause_is_the_citys_own(
    place: Place,
    meeting: dict[str, Any],
    words: str,
    decision: str,
    in_the_act: list[str],
    in_the_town: list[str],
) -> None:
    finding = found_at(meeting, words)
    wanted = in_the_act if meeting["city"] == "national" else in_the_town
    assert (finding["decision"], [ground["provision"] for ground in finding["grounds"]]) == (decision, wanted)


@pytest.mark.parametrize(("words", "decision", "in_the_act", "in_the_town"), CONSULTATION_ROWS)
def test_a_head_the_city_lacks_is_passed_over(
    place: Place,
    consultation: dict[str, Any],
    words: str,
    decision: str,
    in_the_act: list[str],
    in_the_town: list[str],
) -> None:
    finding = found_at(consultation, words)
    wanted = in_the_act if consultation["city"] == "national" else in_the_town
    assert (finding["decision"], [ground["provision"] for ground in finding["grounds"]]) == (decision, wanted)


def test_a_reason_fits_the_head_it_rests_on(consultation: dict[str, Any]) -> None:
    """That a statute forbids it is a reason under the head for statute secrets only."""
    reason = found_at(consultation, "12345678")["reason"]
    assert ("法律により" in reason) is (consultation["city"] == "kirihama")


def test_every_clause_stands_in_the_citys_text_and_every_quote_is_word_for_word(
    place: Place, meeting: dict[str, Any], consultation: dict[str, Any]
) -> None:
    corpus, law = place.corpus, raw_text(place.folder)
    for proposal in (meeting, consultation):
        said = [{**finding, "text": ""} for finding in proposal["findings"]]
        assert clauses(said, corpus)
        cited = citations(said)
        assert cited
        for citation in cited:
            assert citation["status"] == "verified"
            assert corpus.source(citation["source"]) is not None
            if citation["kind"] == "provision":
                assert letters(citation["quote"]) in law
    if meeting["city"] == "national":
        assert {one["kind"] for one in citations(meeting["findings"])} == {
            "provision"
        }  # there is nothing else


def test_whether_a_name_of_an_official_is_open_depends_on_what_the_ordinance_says(
    place: Place, consultation: dict[str, Any]
) -> None:
    """The town's exception names the name; that of the act speaks of post and content only, the rest is custom."""
    finding = found_at(consultation, "渡瀬")
    answers = {check["role"]: check["applies"] for check in finding["grounds"][0]["provisos"]}
    if consultation["city"] == "kirihama":
        assert finding["decision"] == "disclose"
        assert answers == {"公務員の職務": True, "公領域・慣行": False, "生命・健康等": False}
        return
    assert finding["decision"] == "ask"
    assert "慣行" in finding["to_find_out"]
    assert answers == {"公領域・慣行": None, "生命・健康等": False, "公務員の職務": False}
    post = found_at(consultation, "主事")["grounds"][0]["provisos"]
    assert [check["provision"] for check in post if check["applies"]] == ["第5条第1号ただし書ハ"]


def test_a_custom_is_one_rule_of_the_citys_data(shared_data: Path, tmp_path: Path) -> None:
    """An agency under the arrangement of 2005 says so in its policy, and names are open by the exception for custom."""
    policy = (
        'format = 1\ntitle = "行政文書の開示の運用"\nextends = "default"\n'
        '[[walk]]\nid = "arranged"\nhead = "個人"\notherwise = "この例外によるまでもない。"\n'
        'stances = [{ role = "公領域・慣行", applies = true, why = "職員の氏名は、申合せにより公にする慣行がある。" },\n'
        '  { role = "公務員の職務", applies = false, why = "この例外は氏名を挙げていない。" }]\n'
        '[[rule]]\nid = "official_name_by_custom"\nkinds = ["person_name"]\nall = ["official"]\ndecision = "disclose"\n'
        'why = "職務を行った職員の氏名であり、公にする慣行がある。"\n'
        'grounds = [{ head = "個人", walk = "arranged", why = "氏名であるが、ただし書に当たる。" }]\n'
    )
    folder = national_folder(shared_data, tmp_path / "city", policy=policy)
    agency = Place(folder=folder, data_dir=tmp_path / "data", banned=NOT_NATIONAL)
    finding = found_at(agency.told("propose", *DATE, stdin=CONSULTATION), "渡瀬")
    assert finding["decision"] == "disclose"
    assert [c["provision"] for c in finding["grounds"][0]["provisos"] if c["applies"]] == [
        "第5条第1号ただし書イ"
    ]
    assert any("慣行として公にされ" in citation["quote"] for citation in finding["citations"])


def test_what_a_person_reads_is_in_the_citys_words(place: Place) -> None:
    told = place.command("propose", *DATE, stdin=MEETING)
    labels = place.corpus.city.labels
    for words in (f"{labels.withhold}候補", f"{labels.disclose}候補", place.corpus.city.ordinance_title):
        assert words in told
    assert (labels.fictional in NOT_THE_CITYS.sub("", told)) is place.corpus.city.fictional


def test_a_request_that_names_somebody_is_warned_of_in_the_citys_words(place: Place) -> None:
    told = place.told("propose", "--request", "古川原つばさの相談記録", *DATE, stdin=CONSULTATION)
    (warning,) = [each for each in told["warnings"] if each["code"] == "existence_refusal"]
    assert place.corpus.city.labels.exempt_information in warning["message"]


def test_reasons_rest_on_the_citys_clauses(place: Place, meeting: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "findings.json"
    file.write_text(json.dumps(meeting, ensure_ascii=False), encoding="utf-8")
    parts = place.told("reason", str(file))["parts"]
    assert len(parts) == sum(finding["decision"] == "withhold" for finding in meeting["findings"])
    assert clauses(parts, place.corpus)
    for part in parts:
        assert all(ground["provision"] in part["reason"] for ground in part["grounds"])
        assert [
            check["message"]
            for check in part["checks"]
            if check.get("severity") == "refuse" and not check["ok"]
        ] == []
    told = place.command("reason", str(file))
    city = place.corpus.city
    assert f"{city.ordinance.short}{parts[0]['grounds'][0]['provision']}" in told
    assert city.labels.withheld_part in told or city.labels.grounds in told
    assert f"{city.labels.withhold}候補" in told  # they are not settled yet


# A question, and the clause that must be named in the act and in the town.
QUESTIONS = [
    ("職員の氏名は伏せますか", "第5条第1号", "第9条"),
    ("会社の競争上の地位を害する情報はどの号に当たりますか", "第5条第2号", "第8条第2号"),
    ("一部だけ伏せて出すときの根拠はどこですか", "第6条", "第5条"),
]


@pytest.mark.parametrize(("question", "in_the_act", "in_the_town"), QUESTIONS)
def test_a_question_is_answered_from_the_citys_law(
    place: Place, question: str, in_the_act: str, in_the_town: str
) -> None:
    told = place.told("ask", question)
    corpus, law = place.corpus, raw_text(place.folder)
    named = clauses(told, corpus)
    assert (in_the_act if corpus.city.id == "national" else in_the_town) in named
    for citation in citations(told):
        assert citation["status"] == "verified"
        if citation["kind"] == "provision":
            assert letters(citation["quote"]) in law


def test_search_finds_the_limb_by_the_role_the_data_give_it(place: Place) -> None:
    results = place.told("search", "公務員の職務の遂行に係る職", "--kind", "provision")["results"]
    duty = [each["provision"] for each in results if each["exception"] == "公務員の職務"]
    wanted = "第5条第1号ただし書ハ" if place.corpus.city.id == "national" else "第9条第1号"
    assert duty == [wanted]
    assert {each["provision"] for each in results} <= {
        each.label for each in place.corpus.ordinance.as_of(DAY)
    }
    clause = "第5条第1号" if place.corpus.city.id == "national" else "第9条"
    by_clause = place.told("search", "氏名", "--head", clause)
    assert {each["head"] for each in by_clause["results"]} == {"個人"}
    place.command("search", "氏名")


def test_the_figures_can_be_taken_in_any_city(place: Place, tmp_path: Path) -> None:
    gold = {
        "id": "n1",
        "passage": MEETING,
        "spans": [
            {"text": "三ツ矢　冬子", "decision": "withhold", "category": "個人"},
            {"text": "7654321", "decision": "withhold", "category": "法人"},
            {"text": "課長補佐", "decision": "disclose", "category": "個人"},
        ],
    }
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(gold, ensure_ascii=False) + "\n", encoding="utf-8")
    figures = place.told("evaluate", "passages", str(file))["figures"]
    assert {
        name: figures[name]["share"] for name in ("withheld_recall", "over_redaction", "citation_validity")
    } == {
        "withheld_recall": 1.0,
        "over_redaction": 0.0,
        "citation_validity": 1.0,
    }
    place.command("evaluate", "passages", str(file))


# Pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pages(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The app of this city, as on a PC of its own."""
    import streamlit as st

    monkeypatch.setenv("OSUMITSUKI_CITY", str(place.folder))
    monkeypatch.setenv("OSUMITSUKI_DATA_DIR", str(place.data_dir))
    monkeypatch.setenv("OSUMITSUKI_NER", "off")
    st.cache_resource.clear()
    yield place
    st.cache_resource.clear()


def everything(app: AppTest) -> str:
    """All that the sidebar, the page and its components are given to show; what the script itself is made of left out."""
    assert not app.exception
    told = []
    for node in app._tree:
        proto = getattr(node, "proto", None)
        for name, value in _fields(proto):
            told.append(json.dumps(json.loads(value), ensure_ascii=False) if name == "json" else str(value))
    return "\n".join(told)


def _fields(proto: Any) -> Iterator[tuple[str, Any]]:
    """Strings of a message and of the messages in it; sources of scripts and styles aside."""
    if not hasattr(proto, "ListFields"):
        return
    for field, value in proto.ListFields():
        if field.name in {"js_content", "css_content", "id", "url_path"}:
            continue
        values = [value] if isinstance(value, str) or hasattr(value, "ListFields") else _listed(value)
        for one in values:
            if isinstance(one, str):
                if "<style>" not in one:
                    yield field.name, one
            else:
                yield from _fields(one)


def _listed(value: Any) -> list[Any]:
    return list(value) if hasattr(value, "__iter__") and not isinstance(value, bytes) else []


def started() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SLOW).run()
    if "who_start" in {button.key for button in app.button}:
        app.text_input(key="who_department").set_value("総務課")
        app.text_input(key="who_name").set_value("山田 太郎")
        app.button(key="who_start").click().run()
    assert not app.exception
    return app


def page_of(name: str, **query: str) -> AppTest:
    script = f"from assistant.ui.pages import {name}\n{name}.show()\n"
    app = AppTest.from_string(script, default_timeout=SLOW)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def test_every_page_speaks_the_citys_words(pages: Place) -> None:
    city = pages.corpus.city
    app = started()
    pages.clean(everything(app))
    app.text_area(key="passage_text").set_value(MEETING)
    app.button(key="propose").click().run()
    case = app.query_params["case"]
    case_id = case[0] if isinstance(case, list) else case
    desk = everything(app)
    pages.clean(desk)
    assert f"{city.labels.withhold}候補" in desk
    assert ("第5条第1号ただし書ハ" if city.id == "national" else "第9条第1号") in desk
    reasons = everything(page_of("reasons", case=case_id))
    pages.clean(reasons)
    assert city.labels.grounds in reasons
    for name in ("precedents", "reasons", "history", "about"):
        said = everything(page_of(name))
        pages.clean(said)
        assert city.name in said, name
    assert city.ordinance_title in everything(page_of("about"))


def test_a_question_on_the_page_is_answered_in_the_citys_words(pages: Place) -> None:
    app = started()
    app.text_area(key="passage_text").set_value("会社の担当者の名前は消しますか")
    app.button(key="propose").click().run()
    said = everything(app)
    pages.clean(said)
    assert f"{pages.corpus.city.labels.withhold}とする" in said
    assert set(re.findall(r"第\d+条", said)) <= {"第5条", "第9条", "第8条"}
