"""Rows of the notice on a terminal: the text to copy, then the memo that is not for the notice, then what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from assistant.corpus.city import City
from assistant.domain.finding import Finding
from assistant.draft.part import Part
from assistant.draft.reasons import left_out
from assistant.draft.rewording import Drafted
from assistant.draft.tables import as_text


def show_drafted(drafted: Drafted, city: City, console: Console, *, findings: Sequence[Finding]) -> None:
    """The rows, then the model's wording of each, whether it may be used, and what went wrong."""
    show_parts(drafted.parts, city, console, findings=findings)
    worded = [(number, part.wording) for number, part in enumerate(drafted.parts, 1) if part.wording]
    if worded:
        console.print(Text(f"\nモデルの文（{drafted.model}）。使うかどうかは職員が決めます", "bold"))
    for number, wording in worded:
        console.print(
            Text(f"{number}　{wording.reason if wording.usable else '使える文になりませんでした。'}")
        )
        for check in wording.checks:
            if not check.ok:
                console.print(Text(f"　　{check.message}"))
    for warning in drafted.warnings:
        if warning.code != "model_failed":  # said at the end of the command
            console.print(Text(f"注意：{warning.message}"))


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
