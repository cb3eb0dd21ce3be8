"""Puts the pages of a document on the page; acts are written in the callback, before anything is drawn again."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.runtime import Runtime

from assistant.errors import OsumitsukiError, ReviewRefused
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.review.files import FileRole
from assistant.ui.assets import component
from assistant.ui.desk.acts import Acknowledged
from assistant.ui.desk.mount import written
from assistant.ui.page.pictures import draw_ahead, picture_at_hand, picture_of
from assistant.ui.page.view import first_open_page, page_data
from assistant.ui.running import the_assistant
from assistant.ui.words import words

_DESK = ("model.js", "card.js", "forms.js", "bar.js")
_OWN = ("walk.js", "sheet.js", "drawing.js", "main.js")
_ACK = "page_ack"
_PAGE = "page"


@st.fragment
def page_view_of(case_id: str, actor: Actor) -> None:
    """The page view of a case. Raises what the record raises; acts rerun only this fragment."""
    assistant = the_assistant()
    case = assistant.desk.case(case_id, actor)
    if case.proposal is None:
        return
    page = _page(case)
    ack = st.session_state.get(_ACK) or Acknowledged().model_dump()
    policy = assistant.policy
    data = page_data(
        case,
        case.proposal,
        assistant.corpus,
        words(assistant.city.labels),
        ack=ack,
        rules={rule.id: rule.why for rule in (*policy.rules, *policy.like.values())},
        page=page,
        pictures=_pictures(case, page, lambda: _pdf(case_id, actor)),
    )
    key = f"pages_{case_id}"
    scripts = (*(f"../../desk/assets/{name}" for name in _DESK), *_OWN)
    mount = component("page", "page/assets", scripts, ("../../desk/assets/desk.css", "page.css"))
    data["called"] = st.session_state.get(_called(case_id), 0)

    def write() -> None:
        sent = st.session_state[key].get("act")
        goal = sent.get("page") if isinstance(sent, dict) else None
        if isinstance(goal, int):
            st.session_state[_turned(case_id)] = goal
        st.session_state[_ACK] = written(st.session_state.get(_ACK), sent, actor)

    result = mount(key=key, data=data, on_act_change=write, on_go_change=lambda: None)
    if result.get("go"):
        st.session_state["go"] = {"to": result["go"], "case": case_id}
        st.rerun(scope="app")


def call_to(case_id: str, page: int) -> None:
    """Turns the page view to `page` and brings it into sight at its next run."""
    st.session_state[_turned(case_id)] = page
    st.session_state[_called(case_id)] = st.session_state.get(_called(case_id), 0) + 1


def _called(case_id: str) -> str:
    return f"called_in_{case_id}"


def _turned(case_id: str) -> str:
    return f"page_of_{case_id}"


def _page(case: Case) -> int:
    """The page looked at: turned to last, else in the address (after a reload), else the first with something open."""
    numbers = {page.number for page in case.proposal.document.pages} if case.proposal else set()
    told = st.session_state.get(_turned(case.id))
    if told not in numbers:
        address = st.query_params.get(_PAGE, "")
        told = int(address) if address.isascii() and address.isdigit() else None
    page = told if told in numbers else first_open_page(case)
    st.session_state[_turned(case.id)] = page
    if st.query_params.get(_PAGE) != str(page):
        st.query_params[_PAGE] = str(page)
    return int(page)


def _pdf(case_id: str, actor: Actor) -> bytes:
    desk = the_assistant().desk
    kept = desk.file(case_id, actor, FileRole.PAGES) or desk.file(case_id, actor, FileRole.ORIGINAL)
    if kept is None:
        raise ReviewRefused(
            "この記録のファイルがありません。元のファイルをもう一度開いて調べ直してください。"
        )
    return kept.body


def _pictures(case: Case, page: int, pdf: Callable[[], bytes]) -> dict[int, str]:
    """Addresses of the page's picture and of those beside it that are drawn; the others are drawn meanwhile."""
    document = case.proposal.document if case.proposal else None
    shown: dict[int, str] = {}
    for one in document.pages if document else ():
        if abs(one.number - page) > 1 or not one.width:
            continue
        if one.number != page and picture_at_hand(case.id, one.number) is None:
            draw_ahead(case.id, one.number, pdf)
            continue
        try:
            picture = picture_of(case.id, one.number, pdf)
        except (OsumitsukiError, KeyError):
            continue  # said on the sheet: the page cannot be shown
        shown[one.number] = Runtime.instance().media_file_mgr.add(
            picture, "image/png", f"{case.id}.page.{one.number}"
        )
    return shown
