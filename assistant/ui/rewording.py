"""The model's wording of a row: asked for by a button, kept in the case, used by one click and put back by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from assistant.draft.checks import check_reason
from assistant.draft.leaks import Hidden
from assistant.draft.part import Check, Part, Worded, stricter
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.ui.running import Assistant
from assistant.ui.where import where_line
from assistant.wiring.drafting import draft

REASON_FOR = "reason_for"  # in a message's payload: the findings whose row this wording is
BY = "by"  # whose words they are: a person's where it is not there
MODEL, RULES = "model", "rules"
_WORDED = "worded"  # in a message's payload: the model's wordings of one question, with what they are for
_SAID = "モデルが理由の文を書きました。"
_NOT_SAID = "モデルから理由の文は得られませんでした。"
_OWN_CHECKS = frozenset({"invented", "slots"})  # of the moment of writing: what the model had been told


def ask_button(assistant: Assistant, actor: Actor, case: Case) -> None:
    """The button, where a model is set. What comes back is in the record before it is shown."""
    if not assistant.settings.has_model or case.proposal is None:
        return
    left, right = st.columns([2, 5], vertical_alignment="center")
    right.caption(
        f"行の種類・根拠・理由の文だけを渡します（伏せる文字は渡しません）。{where_line(assistant, 'model')}"
    )
    if not left.button(
        "モデルに理由を書かせる", key="word_by_model", icon=":material/edit_note:", width="stretch"
    ):
        return
    with st.spinner("モデルが理由を書いています…", show_time=True):
        proposal = case.proposal
        drafted = draft(
            assistant, case.findings, proposal.document, proposal.decision_date, engine="model", case=case.id
        )
        # in the record before the spinner goes: a click in the meantime ends the script there
        told = [_kept(part, part.wording) for part in drafted.parts if part.wording]
        messages = [warning.message for warning in drafted.warnings]
        payload = {
            _WORDED: told,
            "warnings": messages,
            "model": drafted.model,
            "prompt_hash": drafted.prompt_hash,
        }
        assistant.desk.say(case.id, actor, "assistant", _SAID if told else _NOT_SAID, payload)
    st.rerun()


def show_told(case: Case) -> None:
    """What the last question to the model came to, where something was wrong with it."""
    for message in reversed(case.messages):
        if _WORDED in message.payload:
            for warning in message.payload.get("warnings", ()):
                st.warning(warning, icon=":material/warning:")
            return


def with_model_wording(part: Part, case: Case, hidden: Hidden, assistant: Assistant) -> Part:
    """The row with the model's latest wording, checked anew against what is hidden now."""
    for message in reversed(case.messages):
        for kept in message.payload.get(_WORDED, ()):
            if kept.get(REASON_FOR) == list(part.finding_ids) and kept.get("clauses") == list(part.clauses):
                return replace(part, wording=_read(kept, part, case, hidden, assistant))
    return part


def show_model_wording(part: Part, case: Case, assistant: Assistant, actor: Actor, *, in_use: bool) -> None:
    """The wording beside the rules', with its checks and the button that puts it in place."""
    worded = part.wording
    if worded is None:
        return
    key = part.finding_ids[0]
    st.markdown(f"**モデルの文**（{worded.by}）")
    if not worded.usable:
        st.caption("確認に通らなかったため使えません。規則の文を使うか、自分で書いてください。")
        for check in worded.checks:
            if not check.ok:
                st.error(check.message, icon=":material/block:")
        return
    st.text(worded.reason)
    st.caption(f"✓ {len(worded.checks)}項目の確認に通りました。")
    if in_use:
        st.caption("この文を使っています。")
    elif st.button("この文を使う", key=f"use_model_{key}"):
        payload = {REASON_FOR: list(part.finding_ids), BY: MODEL, "model": worded.by}
        payload["prompt_hash"] = worded.prompt_hash or ""
        assistant.desk.say(case.id, actor, "user", worded.reason, payload)
        st.rerun()


def back_button(part: Part, case: Case, assistant: Assistant, actor: Actor, rules: str) -> None:
    """Puts the rules' wording back; what was written stays in the record."""
    key = part.finding_ids[0]
    if st.button("規則の文に戻す", key=f"back_{key}"):
        assistant.desk.say(case.id, actor, "user", rules, {REASON_FOR: list(part.finding_ids), BY: RULES})
        st.rerun()


def text_key(part: Part, case: Case) -> str:
    """The key of the row's text area: another one after each click that puts a wording in place, so that the area shows
    that wording; the same one otherwise, so that what was typed and not saved stays."""
    own = list(part.finding_ids)
    put = sum(m.payload.get(REASON_FOR) == own and BY in m.payload for m in case.messages)
    return f"reason_text_{part.finding_ids[0]}" + (f"_{put}" if put else "")


def checked(part: Part, reason: str, case: Case, hidden: Hidden, assistant: Assistant) -> tuple[Check, ...]:
    """The checks of another wording of a row; what it may not tell is what the whole document hides."""
    if case.proposal is None:
        return part.checks
    return check_reason(
        reason,
        grounds=part.grounds,
        withheld=hidden.texts,
        aliases=hidden.names,
        corpus=assistant.corpus,
        day=case.proposal.decision_date,
        known=hidden.known,
    )


def _kept(part: Part, worded: Worded) -> dict[str, Any]:
    """As JSON values for the record."""
    own = [check for check in worded.checks if check.code in _OWN_CHECKS]
    return {
        REASON_FOR: list(part.finding_ids),
        "clauses": list(part.clauses),
        "reason": worded.reason,
        "by": worded.by,
        "prompt_hash": worded.prompt_hash,
        "checks": [{"code": c.code, "ok": c.ok, "message": c.message, "severity": c.severity} for c in own],
    }


def _read(kept: Mapping[str, Any], part: Part, case: Case, hidden: Hidden, assistant: Assistant) -> Worded:
    own: Sequence[Check] = [Check(**check) for check in kept["checks"]]
    anew = stricter(checked(part, kept["reason"], case, hidden, assistant), part)
    return Worded(
        by=kept["by"], reason=kept["reason"], checks=(*anew, *own), prompt_hash=kept.get("prompt_hash")
    )
