"""What a document carries beside its pages: what reading it said, and what its pages do not show."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.domain.document import Hidden, HiddenKind
from assistant.domain.finding import Proposal
from assistant.propose.cautions import hidden_names
from assistant.review.case import Case
from assistant.ui.documents.wanted import notes_of
from assistant.ui.plain import plain

_MOST_EACH = 30  # entries of one kind
_LONGEST = 600  # characters of one entry


def show_beside_the_pages(case: Case, proposal: Proposal) -> None:
    """Notes of the reading, and the hidden content behind an expander."""
    for note in notes_of(case):
        st.info(plain(note), icon=":material/info:")
    hidden = proposal.document.hidden
    if hidden:
        with st.expander(
            f"この紙面に出ない内容（{len(hidden)}件）", icon=":material/visibility_off:", key="hidden"
        ):
            _list(hidden)


def _list(hidden: Sequence[Hidden]) -> None:
    st.markdown(
        "元のファイルは、紙面のほかに次の内容を持っています。**墨塗りした文書には、どれも入りません。** "
        "対象の公文書に当たる内容があるときは、それだけを別のファイルにして調べてください。"
    )
    names = hidden_names()
    for kind in HiddenKind:
        of_kind = [one for one in hidden if one.kind is kind]
        if not of_kind:
            continue
        st.markdown(f"**{names[kind]}**　{len(of_kind)}件")
        for one in of_kind[:_MOST_EACH]:
            page = f"{one.page}ページ　" if one.page else ""
            st.caption(plain(f"{page}{one.place}"))
            if one.text.strip():
                st.code(_short(one.text), language=None, wrap_lines=True)
        if len(of_kind) > _MOST_EACH:
            st.caption(f"ほか{len(of_kind) - _MOST_EACH}件。元のファイルで確かめてください。")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…（ほか{len(text) - _LONGEST}字）"
