"""A conversation: questions and answers kept in the record, each answer with its sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from assistant.converse.turn import Answer
from assistant.domain.finding import Citation, CitationStatus, Engine
from assistant.domain.source import SourceKind
from assistant.review.actor import Actor
from assistant.review.case import Case, Message
from assistant.review.codec import encode
from assistant.ui.guard import guard
from assistant.ui.reading.mount import Reading
from assistant.ui.running import Assistant, wait_until_warm
from assistant.ui.shell import engine_line
from assistant.ui.words import words

_STANDING = frozenset({"staff_decide", "fictional"})  # said once at the foot, not as a warning
OnPassage = Callable[[Assistant, Actor, str], None]


def ask_and_keep(
    assistant: Assistant, actor: Actor, question: str, *, engine: Engine = "rules", case_id: str | None = None
) -> None:
    """Answers, writes question and answer to the record and shows the case. Raises what the record raises."""
    with st.spinner("資料を調べています…", show_time=True):
        wait_until_warm()
        answer = assistant.ask(question, engine=engine)
    if case_id is None:
        title = " ".join(question.split())[:40]
        case_id = assistant.desk.open_case(actor, "passage", title).id
    assistant.desk.say(case_id, actor, "user", question)
    text = "\n".join(sentence.text for sentence in answer.sentences)
    assistant.desk.say(case_id, actor, "assistant", text, payload_of(answer))
    st.query_params["case"] = case_id
    st.rerun()


def payload_of(answer: Answer) -> dict[str, Any]:
    """What the answer was made of, as JSON values for the record."""
    return {
        "answer": [
            {
                "text": sentence.text,
                "role": sentence.role,
                "citations": [encode(citation) for citation in sentence.citations],
            }
            for sentence in answer.sentences
        ],
        "heads": [str(head) for head in answer.heads],
        "to_find_out": [*answer.to_find_out],
        "warnings": [w.message for w in answer.warnings if w.code not in _STANDING],
        "footer": answer.footer,
    }


def show_conversation(assistant: Assistant, actor: Actor, case: Case, *, on_passage: OnPassage) -> None:
    """The whole conversation, and the field for what follows."""
    st.title("文章を調べる（質問への答え）", anchor=False)
    said = words(assistant.city.labels)
    questions = [message for message in case.messages if message.role == "user"]
    if len(questions) == 1:
        left, right = st.columns([5, 2], vertical_alignment="center")
        left.info("質問として答えました。文章の中の伏せる部分を調べたいときは、右のボタンで直せます。")
        if right.button("文章として調べる", key="as_passage", width="stretch"):
            with guard():
                on_passage(assistant, actor, questions[0].text)
    for message in case.messages:
        if message.role == "user":
            with st.chat_message("user", avatar=":material/person:"):
                st.text(message.text)
        else:
            with st.chat_message("assistant", avatar=":material/menu_book:"):
                show_answer(assistant, message, said)
    follow = st.chat_input("続けて尋ねる（Enterで送信、Shift+Enterで改行）", key="follow")
    if follow:
        with guard():
            ask_and_keep(assistant, actor, follow, case_id=case.id)


def show_answer(assistant: Assistant, message: Message, said: Mapping[str, Any]) -> None:
    """One answer; a citation keeps the status it had when it was given."""
    told = message.payload
    reading = Reading(assistant.corpus, said)
    for warning in told.get("warnings", ()):
        reading.note(warning, "warn")
    headings, under = said["answer"], ""
    for sentence in told.get("answer", ()):
        heading = headings.get(sentence.get("role", ""), "")
        if heading and heading != under:
            reading.heading(heading)
        under = heading
        reading.sentence(sentence["text"], [_citation(citation) for citation in sentence["citations"]])
    if told.get("to_find_out"):
        reading.heading(said["desk"]["to_find_out"])
        reading.list(told["to_find_out"])
    mark = f"【{assistant.city.labels.fictional}】" if assistant.city.fictional else ""
    reading.note(
        f"{mark}{engine_line(assistant)}・この端末の中だけで処理。案を示すもので、判断は職員が行います。",
        "foot",
    )
    reading.show(key=f"answer_{message.seq}")


def _citation(told: Mapping[str, Any]) -> Citation:
    kind = SourceKind(told["kind"]) if told.get("kind") else None
    status = CitationStatus(told["status"])
    return Citation(source=told["source"], kind=kind, quote=told["quote"], status=status)
