"""A document that is not examined yet: how far it is, what went wrong, and how to go on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.review.actor import Actor
from assistant.review.case import Case, CaseSummary
from assistant.ui import places
from assistant.ui.desk.view import clock_words
from assistant.ui.documents.examining import Examining, drop, on_the_way, start
from assistant.ui.guard import guard
from assistant.ui.running import Assistant, the_assistant

_EVERY, _EVERY_LISTED = 0.7, 1.5  # seconds between two looks
_MOST_SHOWN = 120  # pages told with what was found on them
_MOST_LISTED = 8
_PARTS = {
    "reading": (0.0, 0.2),
    "detect": (0.2, 0.4),
    "sources": (0.6, 0.0),
    "liken": (0.6, 0.3),
}  # where a stage begins, and its part
_LATER = (0.9, 0.1)


def show_waiting(assistant: Assistant, actor: Actor, case: Case) -> None:
    """The document on its way, or why it is not, and the buttons that go on."""
    st.title(case.title, anchor=False)
    examining = on_the_way(case.id)
    if examining is not None and not examining.over:
        _moving(case.id)
        return
    if examining is None:
        st.info("この文書は、まだ調べ終わっていません。続きから調べるか、要らなければ削除してください。")
    elif examining.needs_password:
        st.warning(examining.trouble, icon=":material/key:")
    elif examining.trouble:
        st.error(examining.trouble, icon=":material/error:")
    else:
        st.info("途中で止めました。調べたページまでは残っています。続きから調べられます。")
    if examining is not None and examining.needs_password:
        _password(assistant, actor, case)
    else:
        _go_on(assistant, actor, case, again=bool(examining and examining.trouble))
    _leave_or_delete(assistant, actor, case)


def show_recent(actor: Actor) -> None:
    """The person's latest documents, those on their way among them; nothing where there are none."""
    recent = _recent(actor)
    if not recent:
        return
    st.subheader("最近の文書", anchor=False)
    moving = any(_is_moving(one) for one in recent)
    st.fragment(run_every=_EVERY_LISTED if moving else None)(_listed)(actor, moving)


def state_words(examining: Examining | None) -> str:
    """How far a document is, in a few words."""
    if examining is None:
        return "途中（続きから調べられます）"
    if examining.job is None or not examining.over:
        return examining.job.sentence if examining.job is not None else "始めています"
    return "調べられませんでした" if examining.trouble else "途中で止めました"


@st.fragment(run_every=_EVERY)
def _moving(case_id: str) -> None:
    examining = on_the_way(case_id)
    if examining is None or examining.over:
        st.rerun(scope="app")
    st.progress(_share(examining), text=state_words(examining))
    st.caption("この画面を閉じても、ほかの画面に移っても続きます。終わると、ここに紙面と候補が出ます。")
    st.button("中止する", key=f"cancel_{case_id}", on_click=examining.cancel, disabled=examining.called_off)
    if examining.called_off:
        st.caption("いま調べているところが終わりしだい、止まります。")
    _found(examining)


def _share(examining: Examining) -> float:
    """Of the whole way: each stage counts its pages anew, and the bar must not run backwards."""
    job = examining.job
    if job is None or job.state == "queued":
        return 0.0
    share = min(max(job.share, 0.0), 1.0)
    stage = "reading" if job.progress is None else job.progress.stage
    before, part = _PARTS.get(stage, _LATER) if job.state in {"reading", "proposing"} else (1.0, 0.0)
    return before + part * share


def _found(examining: Examining) -> None:
    """What each page has so far, as pages come. What becomes of it is known at the end."""
    found = (
        {number: len(entities) for number, entities in examining.job.pages.items()} if examining.job else {}
    )
    if not found:
        return
    told = [f"{number}ページ {count}件" for number, count in sorted(found.items())]
    more = f"　ほか{len(told) - _MOST_SHOWN}ページ" if len(told) > _MOST_SHOWN else ""
    st.markdown(
        f"**読み終えたページと、見つかった記載**（計{sum(found.values()):,}件。判断はこのあと付きます）"
    )
    st.text("　".join(told[-_MOST_SHOWN:]) + more)


def _password(assistant: Assistant, actor: Actor, case: Case) -> None:
    with st.form(f"password_{case.id}", border=False):
        password = st.text_input(
            "この文書のパスワード ※必須", type="password", key=f"password_field_{case.id}", autocomplete="off"
        )
        sent = st.form_submit_button("このパスワードで開く", type="primary", key=f"password_do_{case.id}")
        st.caption("パスワードは、開くためにだけ使い、保存しません。")
    if sent:
        with guard():
            start(assistant, actor, case.id, password=password)
            st.rerun()


def _go_on(assistant: Assistant, actor: Actor, case: Case, *, again: bool) -> None:
    label = "もう一度調べる" if again else "続きから調べる"
    if st.button(label, type="secondary" if again else "primary", key=f"go_on_{case.id}"):
        with guard():
            start(assistant, actor, case.id)
            st.rerun()


def _leave_or_delete(assistant: Assistant, actor: Actor, case: Case) -> None:
    with st.container(horizontal=True):
        if st.button("別の文書を開く", key="document_other"):
            places.leave_case()
        if st.button("この文書を削除する", key=f"delete_{case.id}"):
            with guard():
                assistant.desk.delete_case(case.id, actor)
                drop(case.id)
                places.leave_case()
    st.caption("削除すると、文書はこの端末の記録から完全に消えます。元のファイルはそのままです。")


def _recent(actor: Actor) -> Sequence[CaseSummary]:
    return the_assistant().desk.history(actor, "document")[:_MOST_LISTED]


def _is_moving(summary: CaseSummary) -> bool:
    examining = on_the_way(summary.id)
    return examining is not None and not examining.over


def _listed(actor: Actor, moving: bool) -> None:
    recent = _recent(actor)
    for summary in recent:
        left, middle, right = st.columns([5, 5, 2], vertical_alignment="center")
        left.text(summary.title)
        middle.caption(_where(summary))
        if right.button("開く", key=f"document_open_{summary.id}", width="stretch"):
            st.query_params["case"] = summary.id
            st.rerun(scope="app")
    if moving and not any(_is_moving(one) for one in recent):
        st.rerun(scope="app")  # nothing moves any more: the page need not look again and again


def _where(summary: CaseSummary) -> str:
    if not summary.examined:
        return f"{state_words(on_the_way(summary.id))}　{clock_words(summary.changed_at)}"
    left = f"未確定 {summary.undecided}件" if summary.undecided else "すべて確定"
    return f"候補 {summary.findings}件・{left}　{clock_words(summary.changed_at)}"
