"""文書を調べる: open a document, wait while it is examined, settle it page by page, hand out what may be seen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from assistant.domain.finding import Proposal
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.ui import places
from assistant.ui.desk.mount import desk_of
from assistant.ui.documents.hidden import show_beside_the_pages
from assistant.ui.documents.opening import show_form
from assistant.ui.documents.release import release_of
from assistant.ui.documents.waiting import show_recent, show_waiting
from assistant.ui.guard import guard
from assistant.ui.page.mount import page_view_of
from assistant.ui.shell import enter


def show() -> None:
    """The page."""
    assistant, actor = enter()
    _go()
    case_id = st.query_params.get("case")
    if not case_id:
        st.title("文書を調べる", anchor=False)
        show_form(assistant, actor)
        with guard():
            show_recent(actor)
        return
    with guard():
        case = assistant.desk.case(case_id, actor)
        if case.proposal is None:
            show_waiting(assistant, actor, case)
        else:
            _examined(actor, case, case.proposal)
        return
    if st.button("別の文書を開く", key="document_other"):
        places.leave_case()


def _go() -> None:
    goal: dict[str, Any] | None = st.session_state.pop("go", None)
    if goal is None:
        return
    if goal["to"] == "release":
        return  # it is on this page; having come here counts anew what is open
    if goal["to"] == "reasons":
        places.go("reasons", case=goal["case"])
    places.leave_case()


def _examined(actor: Actor, case: Case, proposal: Proposal) -> None:
    """The pages with their marks, then what goes beside them, then the file to hand out."""
    with st.container(key="desk_page"):
        if proposal.document.on_paper:
            page_view_of(case.id, actor)
        else:
            desk_of(case.id, actor)
    show_beside_the_pages(case, proposal)
    if proposal.document.on_paper:
        release_of(case.id, actor)
    else:
        st.info(
            "この文書には紙面がないため、墨塗りした文書は作れません。候補の確定と理由の作成はできます。"
            "墨塗りするには、元のソフトでPDFに保存したものを開いてください。"
        )
