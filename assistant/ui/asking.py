"""A conversation: the question is in the record before anybody is asked; the answer streams in and is kept with its sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from assistant.domain.finding import Engine
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.ui.answering import Answering, on_the_way, start, write_down
from assistant.ui.answers import engine_of, is_answered, last_question, model_failed, show_answer, talk_of
from assistant.ui.guard import guard
from assistant.ui.reading.mount import Reading
from assistant.ui.running import Assistant, the_assistant, wait_until_warm
from assistant.ui.where import is_stopped
from assistant.ui.words import words

TALK = "desk_talk"  # the container beneath the desk; its script looks for it
_EVERY = 0.4  # seconds between two looks at an answer that is being written
_ICON = {"user": ":material/person:", "assistant": ":material/menu_book:"}
OnPassage = Callable[[Assistant, Actor, str], None]


def ask_first(assistant: Assistant, actor: Actor, question: str, *, engine: Engine) -> None:
    """A case of its own for the question, and the page of that case. Raises what the record raises."""
    case = assistant.desk.open_case(actor, "passage", " ".join(question.split())[:40])
    st.query_params["case"] = case.id
    ask_next(assistant, actor, case.id, question, engine=engine)


def ask_next(assistant: Assistant, actor: Actor, case_id: str, question: str, *, engine: Engine) -> None:
    """Writes the question down, then begins to answer it. Raises what the record raises."""
    write_down(assistant, actor, case_id, question, engine)
    _begin(assistant, actor, case_id, engine)


def show_conversation(assistant: Assistant, actor: Actor, case: Case, *, on_passage: OnPassage) -> None:
    """The whole conversation, and the field for what follows."""
    st.title("文章を調べる（質問への答え）", anchor=False)
    questions = [message for message in talk_of(case) if message.role == "user"]
    if len(questions) == 1:
        left, right = st.columns([5, 2], vertical_alignment="center")
        left.info("質問として答えました。文章の中の伏せる部分を調べたいときは、右のボタンで直せます。")
        if right.button("文章として調べる", key="as_passage", width="stretch"):
            with guard():
                on_passage(assistant, actor, questions[0].text)
    _turns(assistant, actor, case)
    _field(assistant, actor, case)


def talk_beneath(assistant: Assistant, actor: Actor, case: Case) -> None:
    """この文章について尋ねる: beneath the desk, with its passage and findings in view."""
    said = words(assistant.city.labels)["talk"]
    with st.container(key=TALK):
        st.subheader(said["title"], anchor=False)
        if not talk_of(case):
            st.caption(said["hint"])
        _turns(assistant, actor, case)
        _field(assistant, actor, case)


def choose_engine(assistant: Assistant, label: str, key: str, *, shown: bool = True) -> Engine:
    """The model if one is set and may be asked, and the person does not say otherwise.

    `shown`: whether the label is seen; it is read out anyhow.
    """
    if not assistant.settings.has_model:
        return "rules"
    said = words(assistant.city.labels)["talk"]
    names = {
        "model": said["how_model"].replace("{name}", str(assistant.settings.model_name)),
        "rules": said["how_rules"],
    }
    first = list(names).index("rules" if is_stopped(assistant) else "model")
    chosen = st.radio(
        label,
        list(names),
        index=first,
        format_func=names.__getitem__,
        horizontal=True,
        key=key,
        label_visibility="visible" if shown else "collapsed",
    )
    return "rules" if chosen == "rules" else "model"


def _field(assistant: Assistant, actor: Actor, case: Case) -> None:
    said = words(assistant.city.labels)["talk"]
    live = _live(case.id) is not None
    # In a container: Streamlit's own place at the foot of the page drags the page to its end, away from the answer.
    with st.container(key="talk_field"):
        engine = choose_engine(assistant, said["how"], f"how_{case.id}", shown=False)
        field = said["follow" if talk_of(case) else "ask"]
        key = f"follow_{case.id}"
        # A window that has not heard of the answer on its way sends all the same; a field now closed would say nothing.
        sent = st.session_state.get(key)
        follow = st.chat_input(field, key=key, disabled=live) or sent
    if follow:
        with guard():
            ask_next(assistant, actor, case.id, follow, engine=engine)
        st.code(
            follow, language=None, wrap_lines=True
        )  # it did not go: the field is empty, the words are not lost


def _turns(assistant: Assistant, actor: Actor, case: Case) -> None:
    said = words(assistant.city.labels)
    for message in talk_of(case):
        with st.chat_message(message.role, avatar=_ICON[message.role]):
            if message.role == "user":
                st.text(message.text)
            else:
                show_answer(assistant.corpus, message, said)
    if _live(case.id) is not None:
        _writing(case.id)
    else:
        _what_now(assistant, actor, case, said["talk"])


def _what_now(assistant: Assistant, actor: Actor, case: Case, said: Mapping[str, Any]) -> None:
    """What did not come, why, and the buttons that ask for it again; nothing when the last answer is whole."""
    question = last_question(case)
    if question is None:
        return
    last, before = talk_of(case)[-1], on_the_way(case.id)
    waiting = not is_answered(case, question)
    if before is not None and before.trouble:
        st.error(before.trouble, icon=":material/error:")
    elif waiting:
        st.warning(said["stopped" if before is not None else "unanswered"], icon=":material/pending:")
    elif not model_failed(last.payload):
        return
    engine = before.engine if before is not None else engine_of(question)
    model = assistant.settings.has_model and (engine == "model" or not waiting)
    left, right, _ = st.columns([2, 2, 3])
    if left.button(said["again_model" if model else "again"], key=f"again_{case.id}", width="stretch"):
        with guard():
            _begin(assistant, actor, case.id, "model" if model else "rules")
    if model and waiting and right.button(said["again_rules"], key=f"rules_{case.id}", width="stretch"):
        with guard():
            _begin(assistant, actor, case.id, "rules")


@st.fragment(run_every=_EVERY)
def _writing(case_id: str) -> None:
    """The answer as it comes in. Only this piece of the page runs again, so the desk above goes on working."""
    answering = _live(case_id)
    if answering is None:
        st.rerun(scope="app")
    assistant = the_assistant()
    said = words(assistant.city.labels)
    with st.chat_message("assistant", avatar=_ICON["assistant"]):
        reading = Reading(assistant.corpus, said)
        reading.note(_progress(answering, said["talk"]))
        if answering.text:
            reading.part(said["talk"]["by_model"].replace("{name}", str(assistant.settings.model_name)))
            reading.draft(answering.text)
        reading.show(key=f"writing_{case_id}", follow=True)
        st.button(said["talk"]["stop"], key=f"stop_{case_id}", on_click=answering.stop)


def _progress(answering: Answering, said: Mapping[str, Any]) -> str:
    waiting = "waiting_model" if answering.engine == "model" else "waiting"
    return str(said["writing" if answering.text else waiting]).replace("{n}", str(answering.seconds))


def _live(case_id: str) -> Answering | None:
    answering = on_the_way(case_id)
    return None if answering is None or answering.over else answering


def _begin(assistant: Assistant, actor: Actor, case_id: str, engine: Engine) -> None:
    wait_until_warm()
    start(assistant, actor, case_id, engine)
    st.rerun()
