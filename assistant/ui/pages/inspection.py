"""PDFを検査する: anybody's finished PDF with an attacker's eyes. Nothing of it is stored."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from assistant.errors import PasswordNeeded
from assistant.redact.inspect_report import Inspection
from assistant.redact.marks import Secret
from assistant.ui.documents.looking import show_inspection
from assistant.ui.guard import guard
from assistant.ui.plain import plain
from assistant.ui.running import Assistant
from assistant.ui.shell import enter

_DONE, _LOCKED = "inspection_done", "inspection_locked"
_EMPTY = """ほかの部署や業者が墨塗りしたPDFを、渡す前に調べます。例えば次のものを見つけます。

- 黒い四角の下に文字が残っている（選んで写すと読める）
- 墨消しの印を付けただけで、適用していない
- 白い文字、隠したレイヤー、画像の下の文字
- 前の版、コメント、添付ファイル、作成者名などの情報"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """The last inspection of this window; gone when it is closed."""

    name: str
    pdf: bytes
    password: str | None
    inspection: Inspection


def show() -> None:
    """The page."""
    assistant, _ = enter()
    st.title("PDFを検査する", anchor=False)
    with guard():
        _form(assistant)
    done: _Done | None = st.session_state.get(_DONE)
    if done is None:
        st.info(_EMPTY)
        return
    with guard():
        st.markdown(f"**{plain(done.name)}**（{done.inspection.pages}ページ）")
        show_inspection(done.inspection, done.pdf, done.password)
    if st.button("結果を消す", key="inspection_clear"):
        del st.session_state[_DONE]
        st.rerun()


def _form(assistant: Assistant) -> None:
    with st.form("inspection", border=False):
        uploaded = st.file_uploader(
            "検査するPDF ※必須　ここにファイルを重ねて置くか、「ファイルを選ぶ」を押して選んでください",
            key="inspection_file",
        )
        told = st.text_area(
            "残っていてはならない言葉（任意、一行に一つ）",
            height=86,
            placeholder="例：見本 太郎",
            key="inspection_words",
        )
        password = None
        if st.session_state.get(_LOCKED):
            st.warning(st.session_state[_LOCKED], icon=":material/key:")
            password = st.text_input(
                "このPDFのパスワード", type="password", key="inspection_password", autocomplete="off"
            )
        sent = st.form_submit_button("検査する", type="primary", key="inspection_do")
    st.caption("検査したPDF、言葉、結果は、どこにも保存しません。画面を閉じると消えます。")
    if sent:
        before: _Done | None = st.session_state.pop(_DONE, None)
        if uploaded is None:
            st.error(
                "検査するPDFを選んでください。ファイルを上の枠に重ねて置くか、「ファイルを選ぶ」を押します。"
            )
        else:
            pdf = uploaded.getvalue()
            if not password and before is not None and before.pdf == pdf:
                password = before.password  # the same file again, perhaps with other words
            _inspect(assistant, uploaded.name, pdf, told, password or None)


def _inspect(assistant: Assistant, name: str, pdf: bytes, told: str, password: str | None) -> None:
    secrets = [Secret(text=line.strip()) for line in told.splitlines() if line.strip()]
    place = st.empty()

    def tell(done: int, of: int) -> None:
        share = min(done / of, 1.0) if of else 0.0
        place.progress(share, text=f"検査しています（{done}／{of}ページ）")

    tell(0, 0)
    stop = st.empty()
    stop.button(
        "やめる", key="inspection_stop"
    )  # any press ends this run of the page at its next sign of life
    try:
        inspection = assistant.inspect(pdf, file_name=name, password=password, secrets=secrets, tell=tell)
    except PasswordNeeded as error:
        st.session_state[_LOCKED] = str(error)
        st.rerun()
    finally:
        place.empty()
        stop.empty()
    st.session_state.pop(_LOCKED, None)
    st.session_state[_DONE] = _Done(name=name, pdf=pdf, password=password, inspection=inspection)
    st.rerun()
