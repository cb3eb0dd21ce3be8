"""文章を調べる: paste a passage, get the desk; or ask a question and get an answer with sources."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from assistant.converse.routing import looks_like_passage
from assistant.documents.text import of_passage
from assistant.domain.finding import Engine
from assistant.review.actor import Actor
from assistant.ui import places
from assistant.ui.asking import ask_first, choose_engine, show_conversation, talk_beneath
from assistant.ui.desk.mount import desk_of
from assistant.ui.guard import guard
from assistant.ui.running import Assistant, wait_until_warm
from assistant.ui.shell import engine_line, enter, where_line

_EXAMPLE = "ここに文章を貼り付けてください。タブや改行はそのまま残ります。\n\n会話で尋ねることもできます（例：会社の担当者の名前は消しますか）。"


def show() -> None:
    """The page."""
    assistant, actor = enter()
    _go()
    case_id = st.query_params.get("case")
    if not case_id:
        _form(assistant, actor)
        return
    with guard():
        case = assistant.desk.case(case_id, actor)
        if case.proposal is not None:
            with st.container(key="desk_page"):
                desk_of(case_id, actor)
            talk_beneath(assistant, actor, case)
        else:
            show_conversation(assistant, actor, case, on_passage=_as_passage)
        return
    if st.button("はじめから調べる", key="start_over"):
        places.leave_case()


def _go() -> None:
    goal: dict[str, Any] | None = st.session_state.pop("go", None)
    if goal is None:
        return
    if goal["to"] == "reasons":
        places.go("reasons", case=goal["case"])
    places.leave_case()


def _form(assistant: Assistant, actor: Actor) -> None:
    st.title("文章を調べる", anchor=False)
    with st.form("passage", border=False):
        text = st.text_area("調べたい文章 ※必須", height=330, placeholder=_EXAMPLE, key="passage_text")
        left, middle, right = st.columns([2, 3, 2])
        doc_type = left.text_input("文書の種類（任意）", placeholder="例：用地交渉記録", key="doc_type")
        request = middle.text_input(
            "請求の内容（任意）", placeholder="例：○○線の用地買収に関する文書", key="request_text"
        )
        day = right.date_input("決定日", value="today", format="YYYY/MM/DD", key="decision_date")
        engine = choose_engine(assistant, "調べ方", "engine")
        sent = st.form_submit_button("調べる（Ctrl+Enter）", type="primary", key="propose")
    st.caption(
        f"{engine_line(assistant)}で調べます（{where_line(assistant)}）。"
        "質問として書かれた短い文は、会話として答えます（あとから「文章として調べる」に直せます）。"
    )
    if not sent:
        return
    with guard():
        if _asks(text):
            ask_first(assistant, actor, text, engine=engine)
        else:
            _propose(assistant, actor, text, doc_type=doc_type, request=request, day=day, engine=engine)


def _asks(text: str) -> bool:
    """Whether the text is put as a question and does not look like a passage besides. In doubt it is a passage."""
    routing = looks_like_passage(text)
    return bool(routing.against) and not routing.is_passage


def _propose(
    assistant: Assistant, actor: Actor, text: str, *, doc_type: str, request: str, day: date, engine: Engine
) -> None:
    document = of_passage(text, doc_type=doc_type.strip() or None)
    with st.spinner("調べています…", show_time=True):
        wait_until_warm()
        proposal = assistant.propose(
            document, engine=engine, request=request.strip() or None, decision_date=day
        )
        title = f"{doc_type.strip()}　{_first_line(text)}" if doc_type.strip() else _first_line(text)
        # in the record before the spinner goes: a click in the meantime ends the script there
        case = assistant.desk.open_case(actor, "passage", title, proposal)
    st.query_params["case"] = case.id
    st.rerun()


def _as_passage(assistant: Assistant, actor: Actor, text: str) -> None:
    """One click corrects the route: what was taken for a question is examined as a passage."""
    _propose(assistant, actor, text, doc_type="", request="", day=date.today(), engine="rules")


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line[:28]
