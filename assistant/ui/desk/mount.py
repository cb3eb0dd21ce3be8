"""Puts the desk on the page; acts are written in the callback, before anything is drawn again."""

from __future__ import annotations

from typing import Any

import streamlit as st

from assistant.review.actor import Actor
from assistant.ui.assets import component
from assistant.ui.desk.acts import Acknowledged, carry_out, read_sent
from assistant.ui.desk.view import desk_data
from assistant.ui.guard import told
from assistant.ui.running import the_assistant
from assistant.ui.words import words

_SCRIPTS = ("model.js", "walk.js", "passage.js", "card.js", "forms.js", "bar.js", "main.js")
_ACK = "desk_ack"


@st.fragment
def desk_of(case_id: str, actor: Actor) -> None:
    """The desk of a case. Raises what the record raises; acts rerun only this fragment."""
    assistant = the_assistant()
    case = assistant.desk.case(case_id, actor)
    if case.proposal is None:
        return
    said = words(assistant.city.labels)
    ack = st.session_state.get(_ACK) or Acknowledged().model_dump()
    policy = assistant.policy
    rules = {rule.id: rule.why for rule in (*policy.rules, *policy.like.values())}
    data = desk_data(case, case.proposal, assistant.corpus, said, ack=ack, rules=rules)
    key = f"desk_{case_id}"
    mount = component("desk", "desk/assets", _SCRIPTS, ("desk.css",))

    def write() -> None:
        st.session_state[_ACK] = written(st.session_state.get(_ACK), st.session_state[key].get("act"), actor)

    result = mount(key=key, data=data, on_act_change=write, on_go_change=lambda: None)
    if result.get("go"):
        st.session_state["go"] = {"to": result["go"], "case": case_id}
        st.rerun(scope="app")


def written(ack: object, sent: object, actor: Actor) -> dict[str, Any]:
    """Carries out what a screen has sent, after what it was told last (`ack`); what it is to be told now."""
    before = Acknowledged.model_validate(ack or {})
    if not sent:
        return before.model_dump()
    assistant = the_assistant()
    try:
        return carry_out(read_sent(sent), before, assistant.desk, actor, assistant.corpus).model_dump()
    except Exception as error:  # shown as one sentence in the desk; the painted acts are taken back
        upto = max((one.get("n", 0) for one in _acts(sent)), default=before.n)
        token = sent.get("token", "") if isinstance(sent, dict) else ""
        sentence = told(error)
        refused = [{"n": one.get("n", 0), "message": sentence} for one in _acts(sent)]
        return Acknowledged(token=token, n=upto, refused=refused).model_dump()


def _acts(sent: object) -> list[dict[str, Any]]:
    acts = sent.get("acts") if isinstance(sent, dict) else None
    return [act for act in acts if isinstance(act, dict)] if isinstance(acts, list) else []
