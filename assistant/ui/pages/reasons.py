"""理由を書く: the rows 開示しない部分｜根拠条項｜理由 of a case, or reasons for a situation without a passage."""

from __future__ import annotations

import streamlit as st

from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.ui import places
from assistant.ui.guard import guard
from assistant.ui.rows import show_rows
from assistant.ui.running import Assistant
from assistant.ui.shell import enter
from assistant.ui.situation import show_situation

_FROM_CASE, _FROM_WORDS = "調べた文章から", "文章なしで（状況から）"


def show() -> None:
    """The page."""
    assistant, actor = enter()
    case = None
    with guard():
        case_id = st.query_params.get("case")
        case = assistant.desk.case(case_id, actor) if case_id else None
    st.title("理由を書く", anchor=False)
    if case is not None and case.mode == "reasons":
        _situation(assistant, actor, case)
        return
    if case is not None and case.proposal is not None:
        _case(assistant, actor, case)
        return
    way = st.segmented_control(
        "何から書きますか", [_FROM_CASE, _FROM_WORDS], default=_FROM_CASE, required=True, key="reasons_from"
    )
    with guard():
        if way == _FROM_WORDS:
            show_situation(assistant, actor, None)
        else:
            _choose(assistant, actor)


def _choose(assistant: Assistant, actor: Actor) -> None:
    cases = [
        summary
        for summary in assistant.desk.history(actor)
        if summary.findings and summary.mode in {"passage", "document"}
    ]
    if not cases:
        st.info("まだ調べた文章がありません。「文章を調べる」で文章を調べてから、ここで理由を書きます。")
        if st.button("文章を調べる", type="primary", key="to_passage"):
            places.go("passage")
        return
    names = {one.id: f"{one.title}（候補 {one.findings}件・未確定 {one.undecided}件）" for one in cases}
    chosen = st.selectbox("調べた文章", list(names), format_func=names.__getitem__, key="reasons_case")
    if st.button("この文章の理由を書く", type="primary", key="reasons_open"):
        places.go("reasons", case=chosen)


def _case(assistant: Assistant, actor: Actor, case: Case) -> None:
    left, middle, right = st.columns([5, 2, 2], vertical_alignment="center")
    left.markdown(f"**{case.title}**")
    if middle.button(
        "文書に戻る" if case.mode == "document" else "文章に戻る", key="back_to_desk", width="stretch"
    ):
        places.go(places.MODE_PAGES[case.mode], case=case.id)
    if right.button("別の文章を選ぶ", key="other_case", width="stretch"):
        places.leave_case()
    with guard():
        show_rows(assistant, actor, case)


def _situation(assistant: Assistant, actor: Actor, case: Case) -> None:
    if st.button("別の理由を書く", key="other_case"):
        places.leave_case()
    with guard():
        show_situation(assistant, actor, case)
