"""The form that opens documents: files, what they are, and what is asked of them. Each file becomes a case at once."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

import streamlit as st

from assistant.documents.open import LARGEST
from assistant.review.actor import Actor
from assistant.review.files import FileRole, KeptFile
from assistant.ui.asking import choose_engine
from assistant.ui.documents.examining import start
from assistant.ui.documents.wanted import Wanted, keep_wanted
from assistant.ui.guard import guard
from assistant.ui.running import Assistant
from assistant.ui.shell import engine_line, where_line

_TWICE, _ROUND = "document_twice", "document_round"
_KINDS = (
    "PDF、ワード・エクセル・パワーポイント（.docx .xlsx .pptx、古い .doc .xls .ppt）、OpenDocument、リッチテキスト、"
    "メール（.eml .msg）、文章（.txt .csv）、画像（PNG・JPEG・TIFF）"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    name: str
    body: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def show_form(assistant: Assistant, actor: Actor) -> None:
    """The form; opens what is sent and leads to it."""
    sent, files, wanted = _form(assistant)
    st.caption(
        f"{engine_line(assistant)}で調べます（{where_line(assistant)}）。"
        "文書はこの端末のデータのフォルダーに保存され、履歴から削除すると完全に消えます。"
    )
    if sent:
        st.session_state.pop(_TWICE, None)
        with guard():
            _open_new(assistant, actor, files, wanted)
    if st.session_state.get(_TWICE):
        with guard():
            _say_twice(assistant, actor, files, wanted)


def _form(assistant: Assistant) -> tuple[bool, list[_Given], Wanted]:
    with st.form("document", border=False):
        uploaded = st.file_uploader(
            "調べる文書 ※必須　ここにファイルを重ねて置くか、「ファイルを選ぶ」を押して選んでください（いくつでも）",
            accept_multiple_files=True,
            key=f"document_files_{st.session_state.get(_ROUND, 0)}",
        )
        st.caption(
            f"開けるもの：{_KINDS}。一つ{LARGEST // 1_048_576}MBまで。一つの文書が一つの記録になります。"
        )
        left, middle, right = st.columns([2, 3, 2])
        doc_type = left.text_input("文書の種類（任意）", placeholder="例：用地交渉記録", key="document_type")
        request = middle.text_input(
            "請求の内容（任意）", placeholder="例：○○線の用地買収に関する文書", key="document_request"
        )
        day = right.date_input("決定日", value="today", format="YYYY/MM/DD", key="document_day")
        engine = choose_engine(assistant, "調べ方", "document_engine")
        sent = st.form_submit_button("文書を開いて調べる", type="primary", key="document_open")
    files = (
        [_Given(name=_plain_name(one.name), body=one.getvalue()) for one in uploaded]
        if sent or _asked()
        else []
    )
    wanted = Wanted(
        doc_type=doc_type.strip() or None,
        request=request.strip() or None,
        day=day if isinstance(day, date) else date.today(),
        engine=engine,
    )
    return sent, files, wanted


def _asked() -> bool:
    return bool(st.session_state.get(_TWICE))


def _plain_name(name: str) -> str:
    """The name without folders: some browsers send them."""
    return PurePath(name.replace("\\", "/")).name or "文書"


def _open_new(assistant: Assistant, actor: Actor, files: Sequence[_Given], wanted: Wanted) -> None:
    """Opens every file that can be one and was not opened before; asks about the others."""
    if not files:
        st.error("調べる文書を選んでください。ファイルを上の枠に重ねて置くか、「ファイルを選ぶ」を押します。")
        return
    empty = [one.name for one in files if not one.body]
    if empty:
        st.error(
            f"中身のないファイルがあります（{'、'.join(empty)}）。元のファイルを確かめ、選び直してください。"
        )
        return
    opened, twice = [], []
    for given in {one.sha256: one for one in files}.values():
        before = assistant.desk.holders(actor, given.sha256)
        if before:
            twice.append({"name": given.name, "sha256": given.sha256, "case": before[0].id})
        else:
            opened.append(_open(assistant, actor, given, wanted))
    if twice:
        st.session_state[_TWICE] = twice
        return
    _leave(opened)


def _open(assistant: Assistant, actor: Actor, given: _Given, wanted: Wanted) -> str:
    """Into the record before anything is read, so that nothing is lost; then reading begins behind the page."""
    media = mimetypes.guess_type(given.name)[0] or "application/octet-stream"
    kept = KeptFile(role=FileRole.ORIGINAL, name=given.name, media_type=media, body=given.body)
    title = f"{wanted.doc_type}　{given.name}" if wanted.doc_type else given.name
    case = assistant.desk.open_case(actor, "document", title, files=(kept,))
    keep_wanted(assistant.desk, case.id, actor, wanted)
    start(assistant, actor, case.id)
    return case.id


def _leave(opened: Sequence[str]) -> None:
    """To the document; where there are several, the list of them stands beneath the empty form."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1  # a new field: nothing is sent twice
    st.session_state.pop(_TWICE, None)
    if len(opened) == 1:
        st.query_params["case"] = opened[0]
    st.rerun()


def _say_twice(assistant: Assistant, actor: Actor, files: Sequence[_Given], wanted: Wanted) -> None:
    """前にも開いた文書: the case there is, or a second one if the person says so."""
    twice: list[dict[str, Any]] = st.session_state[_TWICE]
    names = "、".join(f"「{one['name']}」" for one in twice)
    st.warning(
        f"{names}は、前にも開いています。その記録の続きを開くか、別の記録としてもう一度調べるかを選んでください。"
    )
    with st.container(horizontal=True):
        for number, one in enumerate(twice):
            label = "前の記録を開く" if len(twice) == 1 else f"「{one['name']}」の前の記録を開く"
            if st.button(label, type="primary", key=f"document_before_{number}"):
                st.session_state.pop(_TWICE, None)
                st.query_params["case"] = one["case"]
                st.rerun()
        if st.button("別の記録としてもう一度調べる", key="document_again"):
            asked = {one["sha256"] for one in twice}
            given = {one.sha256: one for one in files if one.sha256 in asked}
            if not given:
                st.error("文書を選び直してから、もう一度押してください。")
                return
            _leave([_open(assistant, actor, one, wanted) for one in given.values()])
