"""The commands about a file: propose, redact, inspect, batch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.adapters import console as terminal
from assistant.adapters import options as opt
from assistant.cli.application import app
from assistant.cli.common import assistant_of, day_told, fault_number, print_told
from assistant.errors import DocumentError, InputError, RedactionLeak

if TYPE_CHECKING:
    from assistant.documents.ports import Opened
    from assistant.domain.document import Document
    from assistant.domain.finding import Proposal
    from assistant.redact.marks import Secret
    from assistant.wiring import Assistant
    from assistant.wiring.jobs import Watch

_MOST_REMAINING = 10  # findings told one by one


@app.command("propose")
def _propose(
    file: opt.Given = "-",
    *,
    engine: opt.Engine = None,
    request: opt.Request = None,
    decision_date: opt.DecisionDate = None,
    doc_type: opt.DocType = None,
    password: opt.Password = None,
    city: opt.City = None,
    as_json: opt.AsJson = False,
) -> int:
    """文章や文書を調べ、伏せる候補・要検討・公にする候補を、根拠と理由を付けて示す。"""
    from assistant.propose.terminal import show_proposal
    from assistant.propose.wire import to_json
    from assistant.wiring.files import kept_files

    day = day_told(decision_date, "--decision-date")
    data = _given(file)
    assistant = assistant_of(city)
    opened = _opened(assistant, file, data, password, doc_type)
    document = opened.document
    terminal.say_if_long(sum(len(page.text) for page in document.pages))
    proposal = assistant.propose(
        document, engine=engine, request=request, decision_date=day, watch=_watch(document)
    )
    print_told(assistant, as_json, to_json, show_proposal, proposal)
    case = assistant.record(proposal, kept_files(data, opened) if document.on_paper else ())
    if case is not None:
        terminal.say(f"記録しました（案件 {case}）。")
    return terminal.answered(proposal)


@app.command("redact")
def _redact(
    file: opt.File,
    *,
    marks: opt.Marks,
    output: opt.Output,
    certificate: opt.CertificateFile = None,
    confirm_all_as: opt.ConfirmAllAs = None,
    labels: opt.Clauses = False,
    standard_width: opt.StandardWidth = 0.0,
    stamp: opt.Stamp = "",
    title: opt.Title = "",
    keep_unmarked_vector: opt.KeepVector = False,
    password: opt.Password = None,
    city: opt.City = None,
    as_json: opt.AsJson = False,
) -> int:
    """確定した箇所を取り除いた新しいPDFを作り、何も残っていないことを検査する。"""
    from assistant.redact.certificate import certificate_to_json
    from assistant.redact.options import Options
    from assistant.redact.terminal import show_certificate

    _refuse_places((file, marks), output, certificate)
    options = Options(
        labels=labels,
        standard_width=standard_width,
        stamp=stamp,
        keep_unmarked_vector=keep_unmarked_vector,
    )
    assistant = assistant_of(city)
    opened, proposal = _settled(assistant, file, marks, password)
    _say_remaining(proposal, confirm_all_as)
    try:
        made = assistant.redact(
            opened.pdf,
            proposal,
            options=options,
            title=title,
            file_name=output.name,
            confirm_all_as=confirm_all_as,
            tell=lambda what, done, of: terminal.progress(done, of, what),
        )
    except RedactionLeak:
        _take_away(output)  # an older file under this name must not be taken for this one
        raise
    for note in made.notes:
        terminal.say(f"注意：{note}")
    paper = certificate_to_json(made.certificate)
    _write(output, made.pdf, certificate, terminal.as_json(paper).encode())
    print_told(
        assistant,
        as_json,
        lambda _: paper,
        lambda told, _, console: show_certificate(told, console),
        made.certificate,
    )
    return 0


@app.command("inspect")
def _inspect(
    file: opt.File,
    *,
    secret: opt.SecretWords = None,
    original: opt.Original = None,
    marks: opt.MarksToCheck = None,
    confirm_all_as: opt.ConfirmAllAs = None,
    password: opt.Password = None,
    city: opt.City = None,
    as_json: opt.AsJson = False,
) -> int:
    """PDFに、伏せたはずの文字が残っていないかを調べる（ほかで作られたPDFも）。"""
    from assistant.redact.inspect_report import inspection_to_json
    from assistant.redact.terminal import show_inspection
    from assistant.wiring.files import Settled

    if (original is None) != (marks is None):
        raise InputError("--original と --marks は、両方そろえて指定してください。")
    data = _given(file)
    assistant = assistant_of(city)
    settled = None
    if original is not None and marks is not None:
        opened, proposal = _settled(assistant, original, marks, password)
        settled = Settled(pdf=opened.pdf, proposal=proposal, confirm_all_as=confirm_all_as)
    inspection = assistant.inspect(
        data,
        file_name=Path(file).name,
        password=password,
        secrets=[_secret(words) for words in secret or ()],
        settled=settled,
        tell=terminal.pages_told,
    )
    print_told(
        assistant,
        as_json,
        inspection_to_json,
        lambda told, _, console: show_inspection(told, console),
        inspection,
    )
    if inspection.leaks:
        return RedactionLeak.exit_code
    if not inspection.clean:
        raise InputError(
            "終えられなかった検査があります。ファイルが壊れているか大きすぎます。結果の「中断」の項目を見てください。"
        )
    return 0


@app.command("batch")
def _batch(
    folder: opt.Folder,
    *,
    out: opt.OutFolder,
    workers: opt.Workers = None,
    engine: opt.Engine = None,
    city: opt.City = None,
    as_json: opt.AsJson = False,
) -> int:
    """フォルダの文書をまとめて調べる（確定も墨塗りもしない）。結果と一覧（summary.csv）を書き出し、途中から続けられる。"""
    from assistant import __version__
    from assistant.wiring.batch import SUMMARY, Batch, told_rows
    from assistant.wiring.jobs import Watch

    assistant = assistant_of(city)

    def proposal_of(data: bytes, name: str) -> Proposal:
        opened = assistant.open_document(data, name)
        return assistant.propose(opened.document, engine=engine, watch=Watch(workers=workers))

    def leaks_in(data: bytes, name: str) -> int | None:
        looks_like_pdf = b"%PDF-" in data[:1024]
        return len(assistant.inspect(data, file_name=name).leaks) if looks_like_pdf else None

    run = Batch(
        out=out,
        made_by=f"{assistant.city.id} {assistant.engine(engine)} {__version__}",
        propose=proposal_of,
        leaks=leaks_in,
        fault=_fault,
    )
    rows = list(run.run(folder, terminal.progress))
    failed = [row for row in rows if row.state == "failed"]
    if as_json:
        terminal.put_json(told_rows(rows))
    terminal.say(f"{len(rows)}件のうち{len(rows) - len(failed)}件を調べました。一覧は {SUMMARY} です。")
    for row in failed:
        terminal.say(f"調べられませんでした：{row.file}　{row.message}")
    return 0


def _fault(error: Exception) -> str:
    return f"思わぬ不具合のため調べられませんでした（番号 {fault_number(error)}）。"


def _watch(document: Document) -> Watch:
    """Progress on the terminal for a document of many pages."""
    from assistant.wiring.jobs import Watch, named

    if len(document.pages) < terminal.MANY_PAGES:
        return Watch()
    return Watch(tell=lambda progress: terminal.progress(progress.done, progress.of, named(progress)))


def _given(file: str) -> bytes:
    from assistant.documents.open import LARGEST
    from assistant.documents.text import read_bytes

    return terminal.standard_input() if file == "-" else read_bytes(Path(file), most=LARGEST)


def _opened(
    assistant: Assistant, file: str, data: bytes, password: str | None, doc_type: str | None
) -> Opened:
    """The file as pages; standard input is text unless its bytes say otherwise."""
    name = "標準入力" if file == "-" else Path(file).name
    opened = assistant.open_document(
        data, name, password=password, doc_type=doc_type, tell=terminal.pages_told, piped=file == "-"
    )
    for note in opened.notes:
        terminal.say(f"注意：{note}")
    return opened


def _refuse_places(given: tuple[str, str], output: Path, certificate: Path | None) -> None:
    """What was read is never written over, two results never share a name, and a place that cannot be written to is
    told before the work. `given`: the original and the decisions."""
    from assistant.redact.paper import refuse_place

    if given == ("-", "-"):
        raise InputError("文書と結果の両方を標準入力から読むことはできません。片方をファイルにしてください。")
    made = [path for path in (output, certificate) if path is not None]
    for read in (Path(name) for name in given if name != "-"):
        if any(_same(read, path) for path in made):
            raise InputError("元の文書や結果と同じ名前には書き出せません。別の名前を指定してください。")
    if certificate and _same(certificate, output):
        raise InputError("墨塗りしたPDFと証明書に、別の名前を指定してください。")
    for path in made:
        refuse_place(path)


def _same(one: Path, other: Path) -> bool:
    """Whether both are one file, also by a link or in a file system that does not tell A from a."""
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return one.resolve() == other.resolve()


def _write(output: Path, pdf: bytes, certificate: Path | None, paper: bytes) -> None:
    """The certificate first: a file without it is not handed out. Nor is it left without its file."""
    from assistant.redact.paper import write_new

    if certificate is not None:
        write_new(certificate, paper, overwrite=True)
    try:
        write_new(output, pdf, overwrite=True)
    except DocumentError:
        if certificate is not None:
            _take_away(certificate)
        raise


def _take_away(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # open in another program, or no right to
        terminal.say(f"注意：「{path.name}」を消せませんでした。今回の結果ではないので、渡さないでください。")


def _say_remaining(proposal: Proposal, confirm_all_as: str | None) -> None:
    """What is withheld in one place and left in another, as the app asks about before it makes the file; no words."""
    from assistant.redact.remaining import remaining_of

    remaining = remaining_of(proposal, confirm_all_as=confirm_all_as)
    if not remaining:
        return
    terminal.say(
        f"注意：伏せる言葉と同じ言葉が、公にする部分にも残ります（{len(remaining)}件）。見落としでないかを確かめてください。"
    )
    for one in remaining[:_MOST_REMAINING]:
        pages = "、".join(map(str, one.pages[:12])) + ("ほか" if len(one.pages) > 12 else "")
        terminal.say(f"　候補 {one.finding}：{pages}ページ")
    if len(remaining) > _MOST_REMAINING:
        terminal.say(f"　ほか{len(remaining) - _MOST_REMAINING}件")


def _secret(words: str) -> Secret:
    from assistant.redact.marks import Secret

    if not words.strip():
        raise InputError("--secret の言葉が空です。探したい言葉を書いてください。")
    return Secret(text=words)


def _settled(assistant: Assistant, file: str, marks: str, password: str | None) -> tuple[Opened, Proposal]:
    """A file and what was decided about it, over its pages; says which pages want a person's eyes."""
    from assistant.propose.given import read_proposal
    from assistant.wiring.files import on_its_pages

    told = read_proposal(terminal.given_bytes(marks), terminal.say)
    if told.city != assistant.city.id:
        raise InputError("別の自治体の結果です。--city に、調べたときと同じ自治体を指定してください。")
    opened = _opened(assistant, file, _given(file), password, told.document.doc_type)
    doubtful = [str(page.number) for page in opened.document.pages if page.doubts]
    if doubtful:
        terminal.say(
            f"注意：読み取りが紙面と違うかもしれないページがあります（{'、'.join(doubtful)}ページ）。出力を目で確かめてください。"
        )
    return opened, on_its_pages(told, opened.document)
