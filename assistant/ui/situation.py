"""A reason without a passage: what happened is told field by field, what is missing is asked back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from assistant.domain.provision import Head
from assistant.draft.checks import check_reason
from assistant.draft.situations import (
    Described,
    Situation,
    bundled_situations,
    describe_situation,
    situations_of,
)
from assistant.draft.tables import as_html, as_text, as_tsv
from assistant.review.actor import Actor
from assistant.review.case import Case, Message
from assistant.ui.copying.mount import Copy, copy_buttons
from assistant.ui.rows import show_checks
from assistant.ui.running import Assistant
from assistant.ui.shell import engine_line, where_line

_OWN = "own_reason"  # in a message's payload: the person's own wording of the draft before it


def show_situation(assistant: Assistant, actor: Actor, case: Case | None) -> None:
    """The form, and beneath it the draft of the case. Raises InputError, RecordUnavailable."""
    told = _last(case, own=False)
    before: Mapping[str, Any] = told.payload if told else {}
    titles = dict(situations_of(assistant.city))
    ids = list(titles)
    at = ids.index(before["situation"]) if before.get("situation") in ids else 0
    chosen = st.selectbox(
        "どのような理由ですか", ids, index=at, format_func=titles.__getitem__, key="situation"
    )
    situation = next(one for one in bundled_situations() if one.id == chosen)
    _form(assistant, actor, case, situation, before if before.get("situation") == chosen else {})
    if case is not None and told is not None and before.get("situation") == chosen:
        _draft(assistant, actor, case, told)


def _form(
    assistant: Assistant, actor: Actor, case: Case | None, situation: Situation, before: Mapping[str, Any]
) -> None:
    facts: dict[str, str] = {}
    with st.form(f"situation_{situation.id}", border=True):
        head = _head(assistant, before) if situation.needs_head else None
        for fact in situation.facts:
            name = f"{fact.name} ※必須" if fact.required else f"{fact.name}（任意）"
            facts[fact.key] = st.text_input(
                name,
                value=before.get("facts", {}).get(fact.key, ""),
                placeholder=fact.question,
                key=f"fact_{situation.id}_{fact.key}",
            )
        secrets = st.text_input(
            "理由に書いてはならない言葉（任意。氏名などを空白で区切る）",
            value=" ".join(before.get("secrets", ())),
            key=f"secrets_{situation.id}",
        )
        sent = st.form_submit_button("理由を書く", type="primary", key=f"describe_{situation.id}")
    if not sent:
        return
    desk = assistant.desk
    title = dict(situations_of(assistant.city))[situation.id]
    case_id = case.id if case else desk.open_case(actor, "reasons", title).id
    told = {"situation": situation.id, "facts": facts, "head": head, "secrets": secrets.split()}
    told["day"] = date.today().isoformat()
    described = _described(assistant, told)  # an error is shown before anything is written
    desk.say(case_id, actor, "user", title, told)
    desk.say(case_id, actor, "assistant", described.part.reason, {})
    st.query_params["case"] = case_id
    st.rerun()


def _head(assistant: Assistant, before: Mapping[str, Any]) -> str | None:
    day = date.today()
    corpus = assistant.corpus
    names = {str(head): _named(assistant, head, day) for head in corpus.heads(day)}
    keys = list(names)
    at = keys.index(before["head"]) if before.get("head") in keys else None
    chosen: str | None = st.selectbox(
        "当たる号 ※必須",
        keys,
        index=at,
        format_func=names.__getitem__,
        placeholder="選んでください",
        key="situation_head",
    )
    return chosen


def _named(assistant: Assistant, head: Head, day: date) -> str:
    entry = assistant.city.head(head)
    return f"{assistant.corpus.provision_of(head, day).label}　{entry.label if entry else head}"


def _described(assistant: Assistant, told: Mapping[str, Any]) -> Described:
    head = told.get("head")
    return describe_situation(
        told["situation"],
        told["facts"],
        corpus=assistant.corpus,
        day=date.fromisoformat(told["day"]),
        head=Head(head) if head else None,
        secrets=tuple(told.get("secrets", ())),
    )


def _draft(assistant: Assistant, actor: Actor, case: Case, told: Message) -> None:
    described = _described(assistant, told.payload)
    own = _last(case, own=True)
    part = described.part
    if own is not None and own.seq > told.seq:
        checks = check_reason(
            own.text,
            grounds=part.grounds,
            withheld=tuple(told.payload.get("secrets", ())),
            aliases=(),
            corpus=assistant.corpus,
            day=date.fromisoformat(told.payload["day"]),
        )
        part = replace(part, reason=own.text, checks=checks)
    if described.asked:
        st.warning(
            "次のことを確かめて、上の欄に書き足してください。\n\n"
            + "\n".join(f"- {one}" for one in described.asked)
        )
    with st.form("own_reason", border=False):
        reason = st.text_area(
            assistant.city.labels.reason, value=part.reason, height=150, key=f"own_{told.seq}"
        )
        if st.form_submit_button("この文で確かめて保存（Ctrl+Enter）", key="own_save"):
            assistant.desk.say(case.id, actor, "user", reason, {_OWN: True})
            st.rerun()
    show_checks(part.checks)
    if part.refused:
        st.error("このままでは写せません。赤い指摘を直してください。")
    else:
        city = assistant.city
        table = Copy(name="表としてコピー", text=as_tsv([part], city), html=as_html([part], city))
        copy_buttons([table, Copy(name="文章としてコピー", text=as_text([part], city))], key="copy_situation")
    st.caption(f"{engine_line(assistant, 'rules')}・{where_line(assistant, 'rules')}")
    with st.expander("起案用メモ（通知書には載せません）", key="memo"):
        copy_buttons([Copy(name="メモをコピー", text=part.internal_note)], key="copy_memo")
        st.text(part.internal_note)


def _last(case: Case | None, *, own: bool) -> Message | None:
    if case is None:
        return None
    mine = (message for message in reversed(case.messages) if message.role == "user")
    return next((message for message in mine if (_OWN in message.payload) == own), None)
