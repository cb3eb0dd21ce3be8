"""A measurement on a terminal, and as Markdown for the files of `benchmarks/`."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.corpus.city import City
from assistant.evaluate.compare import Comparison
from assistant.evaluate.report import NAMES, Report, in_counts, in_words
from assistant.propose.spent import usage_words

_SHORT = {
    "flagged_recall": "発見",
    "near_recall": "ほぼ",
    "withheld_recall": "伏せる",
    "over_redaction": "消し過ぎ",
    "ask_load": "聞き過ぎ",
    "depends_asked": "要検討",
    "head_accuracy": "種類",
    "mrr": "MRR",
    "exception_hit@5": "例外@5",
}


def show_report(report: Report, city: City, console: Console) -> None:
    """Every figure with its counts, then the same by head."""
    mark = f"（{city.labels.fictional}）" if report.fictional else ""
    console.print(Text(f"{city.name}{mark}　{report.items}件　判断の方法：{_engine(report)}"))
    console.print(_figures(report))
    if report.model is not None:
        for line in _compared(report.model):
            console.print(Text(line))
    if report.ties:
        console.print(Text(f"条項の種類：最も多くを覆う候補が一つに決まらず誤りと数えたもの {report.ties}件"))
    if report.by_head:
        console.print(_by_head(report))


def _figures(report: Report) -> Table:
    """With a model: beside it the rules alone, and what following every opinion of the model would have given."""
    if report.model is None:
        table = Table("指標", "値")
        for name, figure in report.figures.items():
            table.add_row(Text(NAMES[name]), Text(in_words(figure)))
        return table
    table = Table("指標", "規則とモデル", "規則のみ", "意見に従うと")
    for name, figure in report.figures.items():
        others = (report.model.rules[name], report.model.followed[name])
        table.add_row(Text(NAMES[name], overflow="fold"), *(Text(in_words(one)) for one in (figure, *others)))
    return table


def _compared(model: Comparison) -> Iterator[str]:
    won, lost = model.won, model.lost
    yield (
        f"モデルが加えたことで、伏せるべきもののうち{won['flagged']}件の全体（8割以上は{won['near']}件）が新たに候補に入り、"
        f"判断が分かれるもの{won['asked']}件が要検討になった。"
    )
    yield (
        f"一方、公にすべきもののうち{lost['over_redacted']}件が新たに伏せる候補に、{lost['asked_about']}件が要検討になった。"
    )
    if words := usage_words(model.usage):
        yield words


def _by_head(report: Report) -> Table:
    """Heads down, counts across; the figures keep their order."""
    names = list(next(iter(report.by_head.values())))
    table = Table("条項の種類", *(_SHORT.get(name, name) for name in names))
    for head, figures in report.by_head.items():
        cells = (in_counts(figures[name]) for name in names)
        table.add_row(Text("（なし）" if head == "-" else head), *(Text(cell) for cell in cells))
    return table


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
