"""このアプリについて: what answers, on which texts, what stays on this PC, and the keys."""

from __future__ import annotations

import platform
from importlib.metadata import version

import streamlit as st

from assistant import __version__
from assistant.domain.source import SourceKind
from assistant.text.eras import format_era
from assistant.ui.guard import guard, told
from assistant.ui.running import Assistant, warmth
from assistant.ui.shell import engine_line, enter, where_line

_KEYS = (
    ("A", "採用（この候補のとおり確定）"),
    ("H", "変更（判断・根拠・理由・範囲を直して確定）"),
    ("X", "不採用（候補から外す）"),
    ("J / K", "次の候補 / 前の候補"),
    ("U", "元に戻す"),
    ("T", "同じ人物の全箇所に適用するかどうか"),
    ("1～9", "引用した資料を開く"),
    ("N", "選んだ文字を候補に加える"),
    ("D", "残りを開示として確定"),
    ("Esc", "資料や入力欄を閉じる"),
    ("Ctrl+Enter", "入力欄で：調べる、確定する"),
)


def show() -> None:
    """The page."""
    assistant, _ = enter()
    st.title("このアプリについて", anchor=False)
    with guard():
        left, right = st.columns(2, gap="large")
        with left:
            _engine(assistant)
            _corpus(assistant)
        with right:
            _keys(assistant)
            _versions(assistant)


def _engine(assistant: Assistant) -> None:
    st.subheader("調べ方", anchor=False)
    st.markdown(
        f"- 調べるもの：**{engine_line(assistant)}**\n"
        f"- 文章の扱い：**{where_line(assistant)}**（送ったことは「送信の記録」に残ります）\n"
        "- 示すのは案です。確定するのは職員で、確定した人の名が記録に残ります。\n"
        "- 引用は資料の原文と一字ずつ照合し、合わないものもそのまま示します（原文一致・原文になし・対象外）。"
    )


def _corpus(assistant: Assistant) -> None:
    city, corpus = assistant.city, assistant.corpus
    st.subheader("資料", anchor=False)
    if city.fictional:
        st.error(
            f"**{city.labels.fictional}**　{city.name}は実在しません。条例、{city.labels.handbook}、先例はすべて見本です。"
        )
    kinds = [source.kind for source in corpus.sources.values()]
    dates = sorted(corpus.ordinance.in_force_dates)
    state = warmth()
    index = "使えます" if state.ready else (told(state.failed) if state.failed else state.message)
    if assistant.index_trouble:
        index = f"この起動のあいだだけ使えます（{assistant.index_trouble}）"
    policy = "この自治体の運用基準" if corpus.policy_path else "共通の運用基準（自治体の定めなし）"
    st.markdown(
        f"- {city.ordinance_title}（{city.ordinance_number}）　最新の施行日 {format_era(dates[-1])}\n"
        f"- 条文 {kinds.count(SourceKind.PROVISION)}・{city.labels.handbook} {kinds.count(SourceKind.HANDBOOK)}段落・"
        f"先例 {len(corpus.precedents)}件（{kinds.count(SourceKind.PRECEDENT)}部分）\n"
        f"- {policy}\n- 索引：{index}\n- 資料の指紋：`{corpus.fingerprint[:16]}`"
    )


def _keys(assistant: Assistant) -> None:
    st.subheader("キー操作（文章を調べる）", anchor=False)
    rows = "\n".join(f"| `{key}` | {what} |" for key, what in _KEYS)
    st.markdown(
        f"| キー | 働き |\n|---|---|\n{rows}".replace("開示として", f"{assistant.city.labels.disclose}として")
    )
    st.caption("文字を入力しているあいだと、漢字変換のあいだは働きません。")


def _versions(assistant: Assistant) -> None:
    st.subheader("版と記録", anchor=False)
    names = "・".join(f"{name} {version(name)}" for name in ("streamlit", "chromadb", "sudachipy"))
    st.markdown(
        f"- お墨付き {__version__}・Python {platform.python_version()}・{names}\n"
        f"- 記録の置き場所：`{assistant.settings.data_dir}`"
    )
    if st.button("記録のつながりを確かめる", key="verify_chain"):
        report = assistant.desk.verify_chain()
        if report.ok:
            st.success(f"{report.events}件の記録に、書き換えや欠けはありません。")
        else:
            st.error(
                "記録の途中に合わないところがあります。「osumitsuki audit verify」で調べ、システム担当に知らせてください。"
            )
