"""Commands, for people, RPA and batch. Thin: each reads its input, asks the assistant, prints what comes back.

Results go to standard output, everything else to standard error. Exit codes are those of `errors.py`. Whatever is
heavy is imported inside the command that needs it, so that help shows at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.exceptions import TyperException

from assistant import __version__
from assistant.adapters import console as terminal
from assistant.adapters import options as opt
from assistant.errors import InputError, OsumitsukiError

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from assistant.corpus.city import City as Place
    from assistant.domain.document import Document
    from assistant.evaluate.labelled import Labelled
    from assistant.evaluate.report import Report
    from assistant.settings import Settings
    from assistant.wiring import Assistant

FAULT_LOG = "cli-errors.log"

app = typer.Typer(
    name="osumitsuki",
    help="お墨付き：情報公開で伏せる箇所を、根拠条項・手引・先例とともに提案します。決めるのは職員です。",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: rich alone would take half of the second in which help must show
)
evaluate_app = typer.Typer(rich_markup_mode=None, help="正解を付けた文章や質問で、提案の良し悪しを測ります。")
audit_app = typer.Typer(rich_markup_mode=None, help="操作の記録を調べます。")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(audit_app, name="audit")

T = TypeVar("T")


def main() -> None:
    """The console script."""
    terminal.speak_utf8()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Runs one command and returns its exit code; every failure is one Japanese sentence on standard error."""
    try:
        command = typer.main.get_command(app)
        code = command.main(arguments or ["--help"], prog_name="osumitsuki", standalone_mode=False)
    except OsumitsukiError as error:
        terminal.say(str(error))
        return error.exit_code
    except TyperException as error:
        terminal.say(terminal.usage_words(error, "osumitsuki"))
        return 2
    except Exception as error:  # the last net: no traceback reaches the screen
        return _unforeseen(error)
    return code if isinstance(code, int) else 0


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", is_eager=True, help="版を表示する")] = False,
) -> None:
    if version:
        terminal.put(f"osumitsuki {__version__}\n")
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise InputError("コマンドを書いてください。使い方：osumitsuki --help")


@app.command("app")
def _app(*, port: opt.Port = None, no_browser: opt.NoBrowser = False, city: opt.City = None) -> int:
    """画面を起動する（この端末からだけ開けます）。"""
    import os

    from assistant.adapters.server import choose_port, open_browser, serve
    from assistant.settings import bundled, city_folder, silence_telemetry

    city_folder(_settings(city))  # a wrong name is told here, not on a blank page
    if city is not None:
        os.environ["OSUMITSUKI_CITY"] = city  # for the server, which reads its own settings
    silence_telemetry()

    def ready(url: str) -> None:
        terminal.say(
            f"お墨付きを起動しました。ブラウザで {url} を開いてください。終わるときは Ctrl+C を押します。"
        )
        if not no_browser:
            open_browser(url)

    return serve(bundled("app.py"), bundled(".streamlit") / "config.toml", choose_port(port), ready=ready)


@app.command("propose")
def _propose(
    file: opt.Given = "-",
    *,
    engine: opt.Engine = None,
    request: opt.Request = None,
    decision_date: opt.DecisionDate = None,
    doc_type: opt.DocType = None,
    city: opt.City = None,
    as_json: opt.AsJson = False,
) -> int:
    """文章を調べ、伏せる候補・要検討・公にする候補を、根拠と理由を付けて示す。"""
    from assistant.propose.terminal import show_proposal
    from assistant.propose.wire import to_json

    day = _day(decision_date, "--decision-date")
    document = _document(file, doc_type)
    assistant = _assistant(city)
    terminal.say_if_long(sum(len(page.text) for page in document.pages))
    proposal = assistant.propose(document, engine=engine, request=request, decision_date=day)
    _print(assistant, as_json, to_json, show_proposal, proposal)
    case = assistant.record(proposal)
    if case is not None:
        terminal.say(f"記録しました（案件 {case}）。")
    return terminal.answered(proposal)


@app.command("search")
def _search(
    query: opt.Query,
    *,
    kind: opt.Kind = None,
    head: opt.HeadName = None,
    outcome: opt.Outcome = None,
    year: opt.Year = None,
    department: opt.Department = None,
    as_of: opt.AsOf = None,
    limit: opt.Limit = 10,
    city: opt.City = None,
    as_json: opt.AsJson = False,
) -> None:
    """条文・手引・先例を探す。"""
    from datetime import date

    from assistant.domain.source import SourceKind
    from assistant.retrieve.given import head_told
    from assistant.retrieve.query import SearchQuery
    from assistant.retrieve.terminal import show_results
    from assistant.retrieve.wire import results_to_json

    day = _day(as_of, "--as-of")
    assistant = _assistant(city)
    asked = SearchQuery(
        query,
        kinds=(SourceKind(kind),) if kind else (),
        head=head_told(head, assistant.corpus, day or date.today()) if head else None,
        outcome=outcome,
        year=year,
        department=department,
        as_of=day,
        limit=limit,
    )
    found = assistant.search(asked)
    _print(assistant, as_json, results_to_json, show_results, found)


@app.command("ask")
def _ask(
    question: opt.Question, *, engine: opt.Engine = None, city: opt.City = None, as_json: opt.AsJson = False
) -> int:
    """質問に、条文・手引・先例の引用を付けて答える。"""
    from assistant.converse.terminal import show_answer
    from assistant.converse.turn import answer_json

    assistant = _assistant(city)
    answer = assistant.ask(question, engine=engine)
    _print(assistant, as_json, answer_json, show_answer, answer)
    return terminal.answered(answer)


@app.command("reason")
def _reason(
    findings: opt.Findings,
    *,
    engine: opt.Engine = None,
    city: opt.City = None,
    as_json: opt.AsJson = False,
) -> int:
    """伏せる部分・根拠条項・理由の表を、調べた結果から書く。"""
    from assistant.draft.rewording import drafted_json
    from assistant.draft.terminal import show_drafted
    from assistant.propose.given import read_proposal
    from assistant.wiring.drafting import draft

    proposal = read_proposal(terminal.given_bytes(findings), terminal.say)
    assistant = _assistant(city)
    if proposal.city != assistant.city.id:
        raise InputError("別の自治体の結果です。--city に、調べたときと同じ自治体を指定してください。")
    day = proposal.decision_date
    wanted = engine or "rules"  # a model is asked for reasons only when it is named
    drafted = draft(assistant, proposal.findings, proposal.document, day, engine=wanted)
    _print(assistant, as_json, drafted_json, partial(show_drafted, findings=proposal.findings), drafted)
    return terminal.answered(drafted)


@app.command("index")
def _index(*, city: opt.City = None) -> None:
    """検索の索引を作る（初めて使うときには自動で作られます）。"""
    terminal.say(_assistant(city).build_index(terminal.progress))


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
        "passages", read_passages(file), _assistant(city), kept, engine=engine, out=out, as_json=as_json
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
        "documents", read_documents(file), _assistant(city), kept, engine=engine, out=out, as_json=as_json
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
    assistant = _assistant(city)

    def provisions(question: str) -> tuple[Hit, ...]:
        return assistant.search(SearchQuery(question, kinds=(SourceKind.PROVISION,))).hits

    measured = written(measure_queries(rows, provisions, terminal.progress), query_line, out)
    return _report(queries_report(assistant.city, measured), assistant, as_json)


@audit_app.command("verify")
def _verify(*, city: opt.City = None, as_json: opt.AsJson = False) -> int:
    """記録が書き換えられていないかを確かめる。"""
    from assistant.review.terminal import chain_to_json, show_chain

    assistant = _assistant(city)
    report = assistant.desk.verify_chain()
    _print(assistant, as_json, chain_to_json, lambda told, _, console: show_chain(told, console), report)
    if report.ok:
        return 0
    terminal.say(
        "記録が壊れているか、書き換えられています。データのフォルダの控えと比べ、システム担当に知らせてください。"
    )
    return 2


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

    _print(assistant, as_json, lambda told: told.to_json(), show_report, report)
    if not report.model_failures:
        return 0
    terminal.say(f"{report.model_failures}件でモデルが使えませんでした。その分は規則のみの結果です。")
    return terminal.MODEL_AT_FAULT


def _print(
    assistant: Assistant,
    as_json: bool,
    to_json: Callable[[T], dict[str, Any]],
    show: Callable[[T, Place, Console], None],
    told: T,
) -> None:
    if assistant.index_trouble:
        terminal.say(assistant.index_trouble)
    if as_json:
        terminal.put_json(to_json(told))
    else:
        terminal.show(lambda console: show(told, assistant.city, console))


def _settings(city: str | None) -> Settings:
    from assistant.settings import read_settings

    return read_settings(city=city)


def _assistant(city: str | None) -> Assistant:
    from assistant.settings import silence_telemetry

    settings = _settings(city)
    silence_telemetry()  # before anything that would read it
    from assistant.wiring import build

    return build(settings, progress=terminal.progress)


def _document(file: str, doc_type: str | None) -> Document:
    from assistant.documents.text import of_bytes, of_file

    if file == "-":
        return of_bytes(terminal.standard_input(), name="標準入力", doc_type=doc_type)
    return of_file(Path(file), doc_type=doc_type)


def _day(told: str | None, option: str) -> date | None:
    from assistant.text.eras import parse_date

    if told is None:
        return None
    day = parse_date(told)
    if day is None:
        raise InputError(
            f"{option} の日付が読めません。2026-05-31 か 令和8年5月31日 のように書いてください。"
        )
    return day


def _unforeseen(error: Exception) -> int:
    from assistant.adapters.fault_log import note_fault

    try:
        number = note_fault(error, _settings(None).data_dir / FAULT_LOG)
    except OsumitsukiError:
        number = "-"
    terminal.say(
        f"思わぬ不具合が起きました（番号 {number}）。もう一度試し、続くときはデータのフォルダの {FAULT_LOG} を"
        "システム担当に渡してください（文書の文字は入っていません）。"
    )
    return 1
