"""The rows of a case: each reason can be reworded and is checked before it may be copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from assistant.draft.leaks import Hidden, hidden_in
from assistant.draft.part import Check, Part
from assistant.draft.reasons import left_out, write_parts
from assistant.draft.tables import as_html, as_text, as_tsv, clauses_of, mark
from assistant.propose.warnings import before_drafting
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.ui.copying.mount import Copy, copy_buttons
from assistant.ui.rewording import (
    BY,
    MODEL,
    REASON_FOR,
    RULES,
    ask_button,
    back_button,
    checked,
    show_model_wording,
    show_told,
    text_key,
    with_model_wording,
)
from assistant.ui.running import Assistant
from assistant.ui.shell import engine_line, where_line


def show_rows(assistant: Assistant, actor: Actor, case: Case) -> None:
    """What goes before drafting; rows with their checks, the copy buttons, and the memo apart from the notice."""
    if case.proposal is None:
        return
    for warning in before_drafting(case.proposal):  # a row already says that the record exists
        st.error(warning.message, icon=":material/priority_high:")
    document, day = case.proposal.document, case.proposal.decision_date
    written = write_parts(case.findings, document, assistant.corpus, day)
    if warnings := left_out(case.findings, assistant.city.labels):
        st.warning("\n".join(f"- {warning.message}" for warning in warnings))
    if not written:
        st.info(f"{assistant.city.labels.withheld_part}がありません。文章に戻って候補を確かめてください。")
        return
    ask_button(assistant, actor, case)
    show_told(case)
    hidden = hidden_in(case.findings, document, assistant.corpus, day)
    ruled = [with_model_wording(part, case, hidden, assistant) for part in written]
    told = [_own_words(part, case, hidden, assistant) for part in ruled]
    parts = tuple(part for part, _ in told)
    _buttons(parts, assistant)
    for number, (part, by) in enumerate(told, 1):
        _row(number, part, assistant, actor, case, by=by, rules=ruled[number - 1].reason)
    _memo(parts, assistant)


def _own_words(part: Part, case: Case, hidden: Hidden, assistant: Assistant) -> tuple[Part, str | None]:
    """The row in the latest wording, checked anew, and whose it is (None: the rules')."""
    for message in reversed(case.messages):
        if message.payload.get(REASON_FOR) == list(part.finding_ids):
            by = message.payload.get(BY)
            if by == RULES:
                return part, None
            checks = checked(part, message.text, case, hidden, assistant)
            if by == MODEL and message.text == (part.wording.reason if part.wording else None):
                checks = part.wording.checks if part.wording else checks
            return replace(part, reason=message.text, checks=checks), str(by or "person")
    return part, None


def _buttons(parts: Sequence[Part], assistant: Assistant) -> None:
    fit = [part for part in parts if not part.refused]
    if len(fit) < len(parts):
        st.error(
            f"{len(parts) - len(fit)}行は、このままでは写せません。赤い指摘を直すと、写す表に加わります。"
        )
    if fit:
        city = assistant.city
        done = f"コピーしました（{len(fit)}行）。ワードやエクセルに貼り付けられます。"
        items = [
            Copy(name="表としてコピー", text=as_tsv(fit, city), html=as_html(fit, city), done=done),
            Copy(name="文章としてコピー", text=as_text(fit, city), done=done),
        ]
        copy_buttons(items, key="copy_rows")
    st.caption(f"{mark(assistant.city)}{engine_line(assistant, 'rules')}・{where_line(assistant, 'rules')}")


def _row(
    number: int, part: Part, assistant: Assistant, actor: Actor, case: Case, *, by: str | None, rules: str
) -> None:
    labels = assistant.city.labels
    key = part.finding_ids[0]
    with st.container(border=True, key=f"part_{key}"):
        left, right = st.columns([2, 5])
        left.markdown(f"**{number}　{labels.withheld_part}**")
        left.text(part.place)
        left.markdown(f"**{labels.grounds}**")
        left.text(clauses_of(part, assistant.city))
        left.caption("確定済み" if part.settled else "確定していない候補を含みます")
        with right.form(f"reason_{key}", border=False):
            reason = st.text_area(labels.reason, value=part.reason, height=132, key=text_key(part, case))
            if st.form_submit_button("この文で確かめて保存（Ctrl+Enter）", key=f"reason_save_{key}"):
                told = {REASON_FOR: list(part.finding_ids)}
                assistant.desk.say(case.id, actor, "user", reason, told)
                st.rerun()
        with right:
            show_checks(part.checks)
            if by is not None:
                back_button(part, case, assistant, actor, rules)
            show_model_wording(part, case, assistant, actor, in_use=by == MODEL)


def show_checks(checks: Sequence[Check]) -> None:
    """What failed, each as its sentence; or that all passed."""
    failed = [check for check in checks if not check.ok]
    for check in failed:
        show = st.error if check.severity == "refuse" else st.warning
        show(check.message, icon=":material/block:" if check.severity == "refuse" else ":material/warning:")
    if not failed:
        st.caption(f"✓ {len(checks)}項目の確認に通りました（書き足りない・書き過ぎ・条項の誤り）。")


def _memo(parts: Sequence[Part], assistant: Assistant) -> None:
    with st.expander("起案用メモ（通知書には載せません）", key="memo"):
        memo = "\n\n".join(
            f"■ {part.place}（{clauses_of(part, assistant.city)}）\n{part.internal_note}" for part in parts
        )
        copy_buttons([Copy(name="メモをコピー", text=memo)], key="copy_memo")
        st.text(memo)
