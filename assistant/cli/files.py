"""The commands about a file: propose, redact, inspect, batch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.adapters import console as terminal
from assistant.adapters import options as opt
from assistant.cli.application import app
from assistant.cli.common import assistant_of, day_told, print_told

if TYPE_CHECKING:
    from assistant.domain.document import Document


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

    day = day_told(decision_date, "--decision-date")
    document = _document(file, doc_type)
    assistant = assistant_of(city)
    terminal.say_if_long(sum(len(page.text) for page in document.pages))
    proposal = assistant.propose(document, engine=engine, request=request, decision_date=day)
    print_told(assistant, as_json, to_json, show_proposal, proposal)
    case = assistant.record(proposal)
    if case is not None:
        terminal.say(f"記録しました（案件 {case}）。")
    return terminal.answered(proposal)


def _document(file: str, doc_type: str | None) -> Document:
    from assistant.documents.text import of_bytes, of_file

    if file == "-":
        return of_bytes(terminal.standard_input(), name="標準入力", doc_type=doc_type)
    return of_file(Path(file), doc_type=doc_type)
