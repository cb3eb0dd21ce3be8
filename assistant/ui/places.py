"""The pages by name, and how to go from one to another with a case in the address."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st


def page(name: str) -> st.Page:
    """A page by its name in the address."""
    from assistant.ui.pages import about, document, history, inspection, ledger, passage, precedents, reasons

    pages = {
        "passage": (passage.show, "文章を調べる", ":material/edit_document:"),
        "document": (document.show, "文書を調べる", ":material/description:"),
        "precedents": (precedents.show, "先例を探す", ":material/manage_search:"),
        "reasons": (reasons.show, "理由を書く", ":material/rate_review:"),
        "inspection": (inspection.show, "PDFを検査する", ":material/policy:"),
        "history": (history.show, "履歴", ":material/history:"),
        "ledger": (ledger.show, "送信の記録", ":material/outgoing_mail:"),
        "about": (about.show, "このアプリについて", ":material/info:"),
    }
    show, title, icon = pages[name]
    return st.Page(show, title=title, icon=icon, url_path=name, default=name == "passage")


NAMES = ("passage", "document", "precedents", "reasons", "inspection", "history", "ledger", "about")
MODE_PAGES = {"passage": "passage", "document": "document", "precedents": "precedents", "reasons": "reasons"}


def go(name: str, *, case: str | None = None) -> NoReturn:
    """Leaves for another page; the case goes with it in the address."""
    st.switch_page(page(name), query_params={"case": case} if case else {})


def leave_case() -> NoReturn:
    """The same page without a case."""
    st.query_params.clear()
    st.rerun(scope="app")
