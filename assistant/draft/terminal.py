"""Rows of the notice on a terminal: the text to copy, then the memo that is not for the notice, then what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from assistant.corpus.city import City
from assistant.domain.finding import Finding
from assistant.draft.part import Part
from assistant.draft.reasons import left_out
from assistant.draft.tables import as_text


def show_parts(parts: Sequence[Part], city: City, console: Console, *, findings: Sequence[Finding]) -> None:
    """Refused reasons are shown with why they must not leave the house."""
    if not parts:
        console.print(Text(f"{city.labels.withhold}とする部分はありません。"))
    else:
        console.print(Text(as_text(parts, city)), soft_wrap=True)
    for number, part in enumerate(parts, 1):
        for check in part.checks:
            if not check.ok:
                sign = "使えません" if check.severity == "refuse" else "確かめてください"
                console.print(Text(f"{number}　{sign}：{check.message}", "bold"))
    for warning in left_out(findings, city.labels):
        console.print(Text(f"注意：{warning.message}"))
    memos = [(number, part.internal_note) for number, part in enumerate(parts, 1) if part.internal_note]
    if memos:
        console.print(Text("\n起案用メモ（通知書には写さない）", "bold"))
    for number, memo in memos:
        console.print(Text(f"{number}　{memo}"), soft_wrap=True)
