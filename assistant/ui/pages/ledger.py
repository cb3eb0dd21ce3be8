"""送信の記録: what left for a model, when, where to and how much; and who decides what may leave."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import streamlit as st

from assistant.adapters.ledger import HostTotal, LedgerLine
from assistant.errors import InputError
from assistant.model.errand import EgressRule, Purpose
from assistant.text.eras import format_era
from assistant.ui.guard import guard, told
from assistant.ui.plain import plain
from assistant.ui.running import Assistant
from assistant.ui.shell import engine_line, enter
from assistant.wiring.model import endpoint_of

_PAGE = 100
_FOR: dict[Purpose, str] = {"propose": "文章を調べる", "converse": "質問に答える", "reason": "理由を書く"}
_HOW: dict[EgressRule, str] = {
    "pseudonymize": "氏名等を伏せて",
    "allow": "そのまま",
    "block": "送らない",
}
_COLUMNS = (
    "いつ",
    "どこへ",
    "モデル",
    "何のために",
    "伏せ方",
    "文字数",
    "置き換えた数",
    "結果",
    "秒",
)
_SUMS = ("どこへ", "伏せ方", "回数", "うち応答あり", "文字数", "置き換えた数", "最初", "最後")
_OUTCOMES = (  # beginning of what was noted → what it means
    ("2", "応答あり"),
    ("401", "鍵を受け付けない"),
    ("403", "使用を許されない"),
    ("404", "モデルが見つからない"),
    ("429", "混み合っている"),
    ("4", "受け付けない"),
    ("3", "転送の指示（従わない）"),
    ("5", "相手側の不調"),
    ("Connect", "つながらない"),
    ("Read", "途中で途切れた"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a sheet would calculate a cell that begins so
_HELD = (
    "残るのは、日時、接続先のホスト名、モデルの名前、目的、伏せ方、送った文字数、符号に置き換えた数、結果、"
    "かかった秒数です。**送った文章、返ってきた文章、氏名、鍵は残りません。** "
    "この端末の中で動くモデルに渡したときも、同じように残ります。記録は消せません。"
)
_CHANGE = """この決まりを決めるのは管理者です。環境変数 `OSUMITSUKI_MODEL_EGRESS` に次の一語を書き、アプリを起動し直すと変わります。

| 書くもの | 意味 |
|---|---|
| `block` | モデルへ何も送りません |
| `pseudonymize` | 氏名・住所・電話番号・口座番号などを〔氏名1〕のような符号に置き換えて送り、戻ってきた文を元に戻します。残っていないかを送る直前にもう一度確かめ、残っていれば送りません |
| `allow` | そのまま送ります |

接続先ごとに決めるときは `models.example.jp=pseudonymize, localhost=allow` のように書きます。何も書かないときは、この端末の中のモデルには
そのまま渡し、ほかへは送りません。"""


def show() -> None:
    """The page."""
    assistant, _ = enter()
    st.title("送信の記録", anchor=False)
    with guard():
        _rule(assistant)
        st.caption(_HELD)
        with st.expander("送信の決まりの変え方（管理者向け）", key="ledger_change"):
            st.markdown(_CHANGE)
        totals = assistant.ledger.totals()
        if totals:
            _sums(totals)
            _calls(assistant, totals)
        else:
            st.info(
                "まだ記録はありません。この記録を始めてから、モデルへ文章を送ったことは一度もありません。"
            )


def rule_words(assistant: Assistant) -> str:
    """What may leave now, as a sentence or two."""
    if not assistant.settings.has_model:
        return "モデルは設定されていません。文章は規則だけで調べ、どこへも送りません。"
    try:
        endpoint = endpoint_of(assistant.settings)
    except InputError as error:
        return f"モデルへは送りません。{told(error)}"
    place = f"この端末の中（{endpoint.host}）" if endpoint.loopback else f"この端末の外（{endpoint.host}）"
    how = {"pseudonymize": "氏名等を符号に置き換えて", "allow": "そのまま"}[endpoint.rule]
    stays = "文章はこの端末から出ません。" if endpoint.loopback else ""
    return f"モデルは{place}にあり、文章は{how}渡します。{stays}"


def _rule(assistant: Assistant) -> None:
    st.subheader("いまの決まり", anchor=False)
    st.markdown(f"**{plain(engine_line(assistant))}**　{plain(rule_words(assistant))}")


def _sums(totals: Sequence[HostTotal]) -> None:
    st.subheader("接続先ごとの合計", anchor=False)
    rows = (
        (
            each.host,
            _HOW[each.rule],
            f"{each.calls:,}",
            f"{each.answered:,}",
            f"{each.characters:,}",
            f"{each.placeholders:,}",
            _clock(each.first),
            _clock(each.last),
        )
        for each in totals
    )
    st.markdown(_table(_SUMS, rows, numbers=(2, 3, 4, 5)))


def _calls(assistant: Assistant, totals: Sequence[HostTotal]) -> None:
    calls = sum(each.calls for each in totals)
    left, right = st.columns([5, 2], vertical_alignment="bottom")
    left.subheader(f"送信の一覧（新しい順、全{calls:,}件）", anchor=False)
    right.download_button(
        "全件を書き出す（CSV）",
        data=lambda: as_csv(assistant.ledger.entries()),
        file_name="送信の記録.csv",
        mime="text/csv; charset=utf-8",
        key="ledger_csv",
        on_click="ignore",
        width="stretch",
    )
    shown = st.session_state.get("ledger_shown", _PAGE)
    lines = assistant.ledger.entries(limit=shown)
    st.markdown(_table(_COLUMNS, (_cells(line) for line in lines), numbers=(5, 6, 8)))
    if calls > shown and st.button(f"さらに表示（残り{calls - shown:,}件）", key="ledger_more"):
        st.session_state["ledger_shown"] = shown + _PAGE
        st.rerun()


def as_csv(lines: Iterable[LedgerLine]) -> bytes:
    """Every line for a spreadsheet: UTF-8 with a mark at its head, cells that would be formulas made text."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(("番号", *_COLUMNS, "指示文の指紋", "記録の番号"))
    for line in lines:
        entry = line.entry
        cells = (str(line.number), entry.at.astimezone().isoformat(timespec="seconds"), *_cells(line)[1:])
        writer.writerow([_text(cell) for cell in (*cells, entry.prompt_hash or "", entry.case or "")])
    return sheet.getvalue().encode("utf-8-sig")


def _cells(line: LedgerLine) -> tuple[str, ...]:
    entry = line.entry
    return (
        _clock(entry.at),
        entry.host,
        entry.model,
        _FOR.get(entry.purpose, entry.purpose),
        _HOW.get(entry.rule, entry.rule),
        str(entry.characters),
        str(entry.placeholders),
        outcome_words(line.outcome),
        "" if line.seconds is None else f"{line.seconds:.1f}",
    )


def outcome_words(outcome: str | None) -> str:
    """What was noted, in words, with what was noted beside it."""
    if outcome is None:
        return "応答の記録なし"
    said = next((words for start, words in _OUTCOMES if outcome.startswith(start)), "失敗")
    return said if said == "応答あり" else f"{said}（{outcome}）"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int]) -> str:
    lines = [" | ".join(heads), " | ".join("--:" if at in numbers else ":--" for at in range(len(heads)))]
    lines += (" | ".join(plain(cell) for cell in row) for row in rows)
    return "\n".join(f"| {line} |" for line in lines)


def _text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _clock(at: datetime) -> str:
    here = at.astimezone()
    return f"{format_era(here.date())} {here:%H:%M:%S}"
