"""履歴: one's own cases — open again, rename, search, export, delete."""

from __future__ import annotations

import json

import streamlit as st

from assistant.review.actor import Actor
from assistant.review.case import CaseSummary
from assistant.review.event import Mode
from assistant.ui import places
from assistant.ui.answering import drop
from assistant.ui.desk.view import clock_words
from assistant.ui.documents import examining, making
from assistant.ui.documents.examining import on_the_way
from assistant.ui.documents.waiting import state_words
from assistant.ui.guard import guard
from assistant.ui.page import pictures
from assistant.ui.running import Assistant
from assistant.ui.shell import enter
from assistant.ui.transcript import transcript
from assistant.ui.words import words

_MODES: dict[Mode, str] = {
    "passage": "文章を調べる",
    "document": "文書を調べる",
    "precedents": "先例を探す",
    "reasons": "理由を書く",
}
_LOST: dict[Mode, str] = {"document": "開いた文書、候補、墨塗りした文書"}
_PAGE = 20


def show() -> None:
    """The page."""
    assistant, actor = enter()
    st.title("履歴", anchor=False)
    left, right = st.columns([3, 2])
    text = left.text_input("言葉で探す", placeholder="題名、文章、会話の中の言葉", key="history_text")
    modes: list[Mode | None] = [None, *_MODES]
    mode = right.selectbox(
        "種類", modes, format_func=lambda m: _MODES[m] if m else "すべて", key="history_mode"
    )
    with guard():
        found = assistant.desk.history(actor, mode, text or None)
        _removal(assistant, actor)
        if not found:
            st.info(
                "当てはまる記録はありません。別の言葉で探してください。"
                if text or mode
                else "まだ記録はありません。「文章を調べる」で文章を貼り付けるか、「文書を調べる」で文書を開くと、ここに残ります。"
            )
        shown = st.session_state.get("history_shown", _PAGE)
        for summary in found[:shown]:
            _row(assistant, actor, summary)
        if len(found) > shown and st.button(f"さらに表示（残り{len(found) - shown}件）", key="history_more"):
            st.session_state["history_shown"] = shown + _PAGE
            st.rerun()
    st.caption("ご自分の記録だけが表示されます。記録はこの端末のデータのフォルダーに保存されています。")


def _row(assistant: Assistant, actor: Actor, summary: CaseSummary) -> None:
    with st.container(border=True, key=f"row_{summary.id}"):
        left, kind, middle, right = st.columns([11, 8, 6, 3], vertical_alignment="center")
        mark = f"【{assistant.city.labels.fictional}】" if summary.fictional else ""
        if left.button(f"{mark}{summary.title}", key=f"open_{summary.id}", type="tertiary"):
            places.go(places.MODE_PAGES[summary.mode], case=summary.id)
        kind.caption(f"{_MODES[summary.mode]}　{clock_words(summary.changed_at)}")
        middle.text(_state(summary))
        with right.popover("操作", width="stretch", key=f"more_{summary.id}"):
            _operations(assistant, actor, summary)


def _state(summary: CaseSummary) -> str:
    if summary.findings:
        left = f"未確定 {summary.undecided}件" if summary.undecided else "すべて確定"
        return f"候補 {summary.findings}件・{left}"
    if summary.mode == "document":
        return "候補なし" if summary.examined else state_words(on_the_way(summary.id))
    return f"会話 {summary.messages}件"


def _operations(assistant: Assistant, actor: Actor, summary: CaseSummary) -> None:
    with st.form(f"rename_{summary.id}", border=False):
        title = st.text_input("題名", value=summary.title, key=f"title_{summary.id}")
        if st.form_submit_button("題名を変える", key=f"rename_do_{summary.id}"):
            with guard():
                assistant.desk.rename(summary.id, actor, title)
                st.rerun()
    mark = f"{assistant.city.labels.fictional}_" if summary.fictional else ""
    st.download_button(
        "書き出す（JSON）",
        data=lambda: json.dumps(assistant.desk.export_case(summary.id, actor), ensure_ascii=False, indent=1),
        file_name=f"{mark}{summary.id}.json",
        mime="application/json",
        key=f"export_{summary.id}",
        on_click="ignore",
        width="stretch",
    )
    if summary.mode == "passage" and summary.messages:
        st.download_button(
            "会話を書き出す（文章）",
            data=lambda: transcript(
                assistant.desk.case(summary.id, actor), assistant.corpus, words(assistant.city.labels)
            ),
            file_name=f"{mark}{summary.id}.txt",
            mime="text/plain; charset=utf-8",
            key=f"transcript_{summary.id}",
            on_click="ignore",
            width="stretch",
        )
    if st.button("削除する…", key=f"delete_{summary.id}", width="stretch"):
        st.session_state["deleting"] = summary.id
        st.rerun()


def _removal(assistant: Assistant, actor: Actor) -> None:
    """Asks before the text is gone; until the second click nothing has happened, and 取り消す takes it back."""
    case_id = st.session_state.get("deleting")
    if not case_id:
        return
    with guard():
        case = assistant.desk.case(case_id, actor)
        st.warning(
            f"「{case.title}」を削除しますか。{_LOST.get(case.mode, '文章と会話')}は完全に消え、元に戻せません。"
            "いつ誰が何件を確定したかだけが、証跡として残ります。"
        )
        yes, no, _ = st.columns([1, 1, 3])
        if no.button("取り消す（残す）", key="delete_no", type="primary", width="stretch"):
            del st.session_state["deleting"]
            st.rerun()
        if yes.button("完全に削除する", key="delete_yes", width="stretch"):
            del st.session_state["deleting"]
            assistant.desk.delete_case(case_id, actor)
            for forget in (drop, examining.drop, making.drop, pictures.forget):
                forget(case_id)
            st.rerun()
        return
    st.session_state.pop("deleting", None)
