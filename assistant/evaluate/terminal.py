"""A measurement on a terminal, and as Markdown for the files of `benchmarks/`."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.evaluate.report import NAMES, Report, in_words


def show_report(report: Report, city_name: str, console: Console) -> None:
    """Every figure with its counts, then the same by head."""
    mark = "（架空）" if report.fictional else ""
    console.print(Text(f"{city_name}{mark}　{report.items}件　判断の方法：{_engine(report)}"))
    table = Table("指標", "値")
    for name, figure in report.figures.items():
        table.add_row(Text(NAMES[name]), Text(in_words(figure)))
    console.print(table)
    if report.ties:
        console.print(Text(f"条項の種類：最も多くを覆う候補が一つに決まらず誤りと数えたもの {report.ties}件"))
    for head, figures in report.by_head.items():
        told = "　".join(f"{NAMES[name]} {in_words(figure)}" for name, figure in figures.items() if figure.of)
        console.print(Text(f"{'該当条項なし' if head == '-' else head}：{told}"))


def _engine(report: Report) -> str:
    if report.requested_engine == "rules":
        return "規則のみ"
    return "規則とモデル" + (
        f"（モデルが使えなかったもの {report.model_failures}件）" if report.model_failures else ""
    )


def markdown(report: Report) -> Iterator[str]:
    """The lines of a table, figures down, heads across."""
    heads = list(report.by_head)
    yield f"| figure | all | {' | '.join(heads)} |"
    yield "|" + "---|" * (len(heads) + 2)
    for name, figure in report.figures.items():
        cells = [in_words(each[name]) if (each := report.by_head[head]).get(name) else "" for head in heads]
        yield f"| {name} | {in_words(figure)} | {' | '.join(cells)} |"
