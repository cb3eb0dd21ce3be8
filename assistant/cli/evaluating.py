"""evaluate: the figures of design.md section 5, over labelled passages, files and questions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.adapters import console as terminal
from assistant.adapters import options as opt
from assistant.cli.application import evaluate_app
from assistant.cli.common import assistant_of, print_told

if TYPE_CHECKING:
    from assistant.evaluate.labelled import Labelled
    from assistant.evaluate.report import Report
    from assistant.wiring import Assistant


@evaluate_app.command("passages")
def _passages(
    file: opt.Labels,
    *,
    engine: opt.Engine = None,
    out: opt.Out = None,
    record: opt.Record = None,
    replay: opt.Replay = None,
    city: opt.City = None,
    as_json: opt.AsJson = False,
) -> int:
    """正解を付けた文章で測る。"""
    from assistant.evaluate.labelled import read_passages

    kept = (record, replay)
    return _evaluate(
        "passages", read_passages(file), assistant_of(city), kept, engine=engine, out=out, as_json=as_json
    )


@evaluate_app.command("documents")
def _documents(
    file: opt.Labels,
    *,
    engine: opt.Engine = None,
    out: opt.Out = None,
    record: opt.Record = None,
    replay: opt.Replay = None,
    city: opt.City = None,
    as_json: opt.AsJson = False,
) -> int:
    """正解を付けたテキストファイルで測る（FILEの各行の file に名前を書く）。"""
    from assistant.evaluate.labelled import read_documents

    kept = (record, replay)
    return _evaluate(
        "documents", read_documents(file), assistant_of(city), kept, engine=engine, out=out, as_json=as_json
    )


@evaluate_app.command("queries")
def _queries(
    file: opt.Labels,
    *,
    engine: opt.Engine = None,
    out: opt.Out = None,
    city: opt.City = None,
    as_json: opt.AsJson = False,
) -> int:
    """正解の条項を付けた質問で、検索を測る（検索はモデルを使わない）。"""
    from assistant.domain.source import SourceKind
    from assistant.evaluate.gold import QueryRow
    from assistant.evaluate.report import queries_report
    from assistant.evaluate.rows import read_rows
    from assistant.evaluate.run import measure_queries, query_line, written
    from assistant.retrieve.query import Hit, SearchQuery

    rows = [row for _, row in read_rows(file, QueryRow)]
    assistant = assistant_of(city)

    def provisions(question: str) -> tuple[Hit, ...]:
        return assistant.search(SearchQuery(question, kinds=(SourceKind.PROVISION,))).hits

    measured = written(measure_queries(rows, provisions, terminal.progress), query_line, out)
    return _report(queries_report(assistant.city, measured), assistant, as_json)


def _evaluate(
    of: str,
    items: Sequence[Labelled],
    assistant: Assistant,
    kept: tuple[Path | None, Path | None],
    *,
    engine: opt.EngineName,
    out: Path | None,
    as_json: bool,
) -> int:
    from assistant.evaluate.report import passages_report
    from assistant.evaluate.run import measure_passages, passage_line, written
    from assistant.wiring.recorded import proposing

    with proposing(assistant, engine, record=kept[0], replay=kept[1]) as propose:
        measured = measure_passages(items, propose, assistant.corpus, terminal.progress)
        report = passages_report(of, assistant.city, written(measured, passage_line, out))
    return _report(report, assistant, as_json)


def _report(report: Report, assistant: Assistant, as_json: bool) -> int:
    from assistant.evaluate.terminal import show_report

    print_told(assistant, as_json, lambda told: told.to_json(), show_report, report)
    if not report.model_failures:
        return 0
    terminal.say(f"{report.model_failures}件でモデルが使えませんでした。その分は規則のみの結果です。")
    return terminal.MODEL_AT_FAULT
