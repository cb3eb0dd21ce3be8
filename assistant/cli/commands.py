"""The commands about the app, the sources and the record."""

from __future__ import annotations

from functools import partial

from assistant.adapters import console as terminal
from assistant.adapters import options as opt
from assistant.cli.application import app, audit_app
from assistant.cli.common import assistant_of, day_told, print_told, settings_of
from assistant.errors import InputError


@app.command("app")
def _app(*, port: opt.Port = None, no_browser: opt.NoBrowser = False, city: opt.City = None) -> int:
    """画面を起動する（この端末からだけ開けます）。"""
    import os

    from assistant.adapters.server import choose_port, open_browser, serve
    from assistant.settings import bundled, city_folder, silence_telemetry

    city_folder(settings_of(city))  # a wrong name is told here, not on a blank page
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

    day = day_told(as_of, "--as-of")
    assistant = assistant_of(city)
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
    print_told(assistant, as_json, results_to_json, show_results, found)


@app.command("ask")
def _ask(
    question: opt.Question, *, engine: opt.Engine = None, city: opt.City = None, as_json: opt.AsJson = False
) -> int:
    """質問に、条文・手引・先例の引用を付けて答える。"""
    from assistant.converse.terminal import show_answer
    from assistant.converse.turn import answer_json

    assistant = assistant_of(city)
    answer = assistant.ask(question, engine=engine)
    print_told(assistant, as_json, answer_json, show_answer, answer)
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
    assistant = assistant_of(city)
    if proposal.city != assistant.city.id:
        raise InputError("別の自治体の結果です。--city に、調べたときと同じ自治体を指定してください。")
    day = proposal.decision_date
    wanted = engine or "rules"  # a model is asked for reasons only when it is named
    drafted = draft(assistant, proposal.findings, proposal.document, day, engine=wanted)
    print_told(assistant, as_json, drafted_json, partial(show_drafted, findings=proposal.findings), drafted)
    return terminal.answered(drafted)


@app.command("index")
def _index(*, city: opt.City = None) -> None:
    """検索の索引を作る（初めて使うときには自動で作られます）。"""
    terminal.say(assistant_of(city).build_index(terminal.progress))


@audit_app.command("verify")
def _verify(*, city: opt.City = None, as_json: opt.AsJson = False) -> int:
    """記録が書き換えられていないかを確かめる。"""
    from assistant.review.terminal import chain_to_json, show_chain

    assistant = assistant_of(city)
    report = assistant.desk.verify_chain()
    print_told(assistant, as_json, chain_to_json, lambda told, _, console: show_chain(told, console), report)
    if report.ok:
        return 0
    terminal.say(
        "記録が壊れているか、書き換えられています。データのフォルダの控えと比べ、システム担当に知らせてください。"
    )
    return 2
