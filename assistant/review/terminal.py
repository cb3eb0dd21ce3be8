"""The check of the record on a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from assistant.review.chain import ChainReport

_SHOWN = 20


def chain_to_json(report: ChainReport) -> dict[str, Any]:
    """`audit verify --json`."""
    return {
        "ok": report.ok,
        "events": report.events,
        "first_bad": report.first_bad,
        "head": report.head,
        "deleted_cases": report.deleted_cases,
        "problems": list(report.problems),
    }


def show_chain(report: ChainReport, console: Console) -> None:
    """Whether the log is whole, and the value to keep elsewhere as a proof."""
    console.print(Text(f"記録 {report.events}件（うち本文を削除した案件 {report.deleted_cases}件）"))
    if report.ok:
        console.print(Text("記録はつながっています。書き換えは見つかりませんでした。"))
        console.print(Text(f"控え用の値：{report.events} {report.head}"))
        return
    for problem in report.problems[:_SHOWN]:
        console.print(Text(f"異常：{problem}"))
    if len(report.problems) > _SHOWN:
        console.print(Text(f"ほか{len(report.problems) - _SHOWN}件"))
