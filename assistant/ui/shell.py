"""What stands around every page: style, who is acting, which engine answers, and the 架空 mark."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from assistant.domain.finding import Engine
from assistant.review.actor import Actor
from assistant.ui.assets import component
from assistant.ui.guard import guard, told
from assistant.ui.running import Assistant, the_assistant, warmth
from assistant.ui.where import where_line

__all__ = ["ask_who", "engine_line", "enter", "where_line"]
_STYLE = Path(__file__).with_name("style.css")


def enter() -> tuple[Assistant, Actor]:
    """The assistant and who acts; stops the page with a sentence, or with the one question, until both are there."""
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
    try:
        assistant = the_assistant()
        warmth()
        actor = assistant.desk.remembered_actor()
    except Exception as error:
        st.error(told(error), icon=":material/error:")
        st.stop()
    if actor is None:
        ask_who(assistant)
        st.stop()
    with st.sidebar:
        _sidebar(assistant, actor)
    return assistant, actor


def ask_who(assistant: Assistant) -> None:
    """所属 and 氏名, asked once on this PC (design.md D14)."""
    st.title("はじめに：所属と氏名", anchor=False)
    st.write("誰が確定したかを記録に残すため、この端末で一度だけお尋ねします。あとから左の欄で変えられます。")
    with st.form("who", border=True):
        department = st.text_input("所属 ※必須", placeholder="例：総務部情報公開課", key="who_department")
        name = st.text_input("氏名 ※必須", placeholder="例：見本 花子", key="who_name")
        sent = st.form_submit_button("始める", type="primary", key="who_start")
    if sent:
        with guard():
            assistant.desk.remember_actor(Actor(department=department, name=name))
            st.rerun()
    st.caption("入力した内容は、この端末の中にだけ保存されます。")


def _sidebar(assistant: Assistant, actor: Actor) -> None:
    with st.container(key="place"):
        if assistant.city.fictional:
            st.markdown(f":red-badge[**{assistant.city.labels.fictional}**] {assistant.city.name}の資料")
        else:
            st.markdown(f"**{assistant.city.name}**の資料")
        st.markdown(f"**{engine_line(assistant)}**  \n{where_line(assistant)}")
    with st.popover(f"{actor.name}", icon=":material/person:", width="stretch", key="actor"):
        st.caption("確定した人として記録されます。")
        with st.form("change_who", border=False):
            department = st.text_input("所属", value=actor.department, key="change_department")
            name = st.text_input("氏名", value=actor.name, key="change_name")
            if st.form_submit_button("変える", key="change_do"):
                with guard():
                    assistant.desk.remember_actor(Actor(department=department, name=name))
                    st.rerun()
    st.caption(actor.department)
    _progress()
    component("language", "language", ("language.js",))(key="language", data={})


def engine_line(assistant: Assistant, engine: Engine | None = None) -> str:
    """Which engine answers: 規則のみ, or the model's name. `engine`: when one is asked for by name."""
    settings = assistant.settings
    asked = settings.has_model and engine != "rules"
    return f"規則とモデル：{settings.model_name}" if asked else "規則のみ"


def _progress() -> None:
    state = warmth()
    if state.ready:
        return
    if state.failed is not None:
        st.warning(told(state.failed))
        return
    _moving()


@st.fragment(run_every=1.0)
def _moving() -> None:
    state = warmth()
    if state.done.is_set():
        st.rerun(scope="app")
    st.progress(min(max(state.share, 0.0), 1.0), text=state.message)
    st.caption("文章の貼り付けは、もう始められます。")
