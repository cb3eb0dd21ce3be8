"""先例を探す: what was decided before, both sides next to each other, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from assistant.corpus.corpus import Corpus
from assistant.domain.provision import Head
from assistant.domain.source import SourceKind
from assistant.retrieve.query import SearchQuery
from assistant.review.actor import Actor
from assistant.review.case import Case, Message
from assistant.ui import places
from assistant.ui.guard import guard
from assistant.ui.reading.mount import Reading
from assistant.ui.running import Assistant, wait_until_warm
from assistant.ui.shell import enter
from assistant.ui.words import words

_FOUND = 20
_ANY = "指定しない"


def show() -> None:
    """The page."""
    assistant, actor = enter()
    case = None
    with guard():
        case_id = st.query_params.get("case")
        case = assistant.desk.case(case_id, actor) if case_id else None
    st.title("先例を探す", anchor=False)
    with guard():
        _form(assistant, actor, case)
        if case is None:
            _empty(assistant)
        else:
            _found(assistant, case)


def _form(assistant: Assistant, actor: Actor, case: Case | None) -> None:
    last = _last(case, "user")
    filters: dict[str, Any] = dict(last.payload) if last else {}
    here = case.id if case else ""
    if (
        st.session_state.get("precedent_case") != here
    ):  # another case was opened: its question goes into the field
        st.session_state["precedent_case"] = here
        st.session_state["precedent_text"] = last.text if last else ""
    with st.form("precedents", border=False):
        text = st.text_area(
            "どのような部分について探しますか ※必須",
            height=86,
            placeholder="例：用地交渉記録に書かれた土地の売主の氏名",
            key="precedent_text",
        )
        chosen = _filters(assistant, filters)
        sent, clear = _buttons(case)
    if clear:
        places.leave_case()
    if sent:
        if not text.strip():
            st.error("探したい部分を、種類と文書の種類が分かるように書いてください。")
            return
        _search(assistant, actor, case, text, chosen)


def _buttons(case: Case | None) -> tuple[bool, bool]:
    with st.container(horizontal=True):
        sent = st.form_submit_button("先例を探す（Ctrl+Enter）", type="primary", key="find_precedents")
        clear = case is not None and st.form_submit_button("条件を消して探し直す", key="new_search")
    return sent, clear


def _filters(assistant: Assistant, before: dict[str, Any]) -> dict[str, Any]:
    corpus, labels = assistant.corpus, assistant.city.labels
    heads = {str(entry.head): entry.label for entry in assistant.city.heads}
    outcomes = {"withheld": labels.withhold, "disclosed": labels.disclose}
    options: dict[str, tuple[str, dict[Any, str]]] = {
        "head": ("条項の種類", heads),
        "outcome": ("結論", outcomes),
        "year": ("年", {year: f"{year}年" for year in _years(corpus)}),
        "department": ("部署", {name: name for name in sorted({p.department for p in corpus.precedents})}),
        "body": (
            f"{labels.body}・{labels.board}",
            {name: name for name in sorted({p.body for p in corpus.precedents})},
        ),
    }
    chosen: dict[str, Any] = {}
    for column, (name, (label, names)) in zip(st.columns(5), options.items(), strict=True):
        keys = [_ANY, *(str(key) for key in names)]
        at = keys.index(str(before[name])) if str(before.get(name)) in keys else 0
        told = {str(key): text for key, text in names.items()}
        value = column.selectbox(
            label, keys, index=at, format_func=partial(_named, told), key=f"filter_{name}"
        )
        if value != _ANY:
            chosen[name] = int(value) if name == "year" else value
    return chosen


def _named(names: dict[str, str], key: str) -> str:
    return names.get(key, key)


def _years(corpus: Corpus) -> list[int]:
    return sorted({precedent.date.year for precedent in corpus.precedents}, reverse=True)


def _search(assistant: Assistant, actor: Actor, case: Case | None, text: str, chosen: dict[str, Any]) -> None:
    with st.spinner("先例を探しています…", show_time=True):
        wait_until_warm()
        query = SearchQuery(
            text=text,
            kinds=(SourceKind.PRECEDENT,),
            head=Head(chosen["head"]) if "head" in chosen else None,
            outcome=chosen.get("outcome"),
            year=chosen.get("year"),
            department=chosen.get("department"),
            body=chosen.get("body"),
            limit=_FOUND,
        )
        results = assistant.search(query)
    desk = assistant.desk
    case_id = case.id if case else desk.open_case(actor, "precedents", " ".join(text.split())[:40]).id
    desk.say(case_id, actor, "user", text, chosen)
    found = {"hits": [hit.source.id for hit in results.hits], "tally": dict(results.tally)}
    desk.say(case_id, actor, "assistant", f"{len(results.hits)}件", found)
    st.query_params["case"] = case_id
    st.rerun()


def _found(assistant: Assistant, case: Case) -> None:
    answer = _last(case, "assistant")
    if answer is None:
        return
    said = words(assistant.city.labels)
    reading = Reading(assistant.corpus, said)
    sources = [assistant.corpus.source(source_id) for source_id in answer.payload.get("hits", ())]
    known = [source for source in sources if source is not None]
    if len(known) < len(sources):
        reading.note("資料が入れ替わったため、表示できない先例があります。もう一度探してください。", "warn")
    if not known:
        reading.note(
            "この条件では先例が見つかりませんでした。条件を外すか、「売主の氏名」「見積書の単価」のように、情報の種類と文書の種類で書き直してください。",
            "warn",
        )
    else:
        reading.tally(answer.payload.get("tally", {}))
        reading.sides(known)
        mark = (
            f"【{assistant.city.labels.fictional}】{assistant.city.name}は実在しません。"
            if assistant.city.fictional
            else ""
        )
        reading.note(
            f"{mark}数は、条件に合い、尋ねた内容に近い先例の部分ごとの件数です。表示は上位{_FOUND}件までです。",
            "foot",
        )
    reading.show(key=f"found_{answer.seq}")


def _empty(assistant: Assistant) -> None:
    count = len(assistant.corpus.precedents)
    labels = assistant.city.labels
    st.info(
        f"{assistant.city.name}の資料には、{count}件の決定・答申などが入っています。"
        "「どの文書の」「どのような情報か」を書くと、よく当たります。\n\n"
        "- 見積書に書かれた単価\n- 会議録の委員の発言と氏名\n- 児童生徒の学年と氏名\n- 監視カメラの設置場所"
    )
    st.caption(f"{labels.withhold}とした例と{labels.disclose}した例を、左右に並べて示します。")


def _last(case: Case | None, role: str) -> Message | None:
    return next((m for m in reversed(case.messages) if m.role == role), None) if case else None
