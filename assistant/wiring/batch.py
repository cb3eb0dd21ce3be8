"""A folder of files, proposed and inspected one after the other: one row each, no bad file stops it, it can go on.

Nothing is settled and nothing is handed out: what comes out is what a person goes through.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from assistant.documents.open import LARGEST
from assistant.documents.text import read_bytes
from assistant.errors import DocumentError, InputError, ModelError, OsumitsukiError, RedactionLeak
from assistant.redact.paper import write_new
from assistant.wiring.files import told_name

if TYPE_CHECKING:
    from assistant.domain.finding import Proposal

SUMMARY = "summary.csv"
_LEFT_ALONE = ("~$", ".")  # lock files of an office suite, hidden files
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate

_LONGEST_NAME = 240  # bytes; most file systems take 255

State = Literal["done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One file of the summary. `exit_code` is that of `propose` (design.md §5), 4 where its own black boxes leak.

    `made_by`: city, engine and version; a row of another maker is made again.
    """

    file: str
    sha256: str = ""
    state: State
    exit_code: int
    message: str = ""
    media: str = ""
    pages: int = 0
    characters: int = 0
    withhold: int = 0
    ask: int = 0
    disclose: int = 0
    must_read_pages: int = 0
    hidden: int = 0
    leaks: int | None = None  # None: not a PDF
    warnings: int = 0
    findings: str = ""
    same_as: str = ""
    seconds: float = 0.0
    made_by: str = ""


def files_in(folder: Path, without: Path) -> list[Path]:
    """The files of a folder and of those below it, in order; not what is in `without`. Raises InputError."""
    if not folder.is_dir():
        raise InputError(
            "指定されたフォルダがありません。文書の入ったフォルダの名前と場所を確かめてください。"
        )
    kept_out = without.resolve()
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(part.startswith(_LEFT_ALONE) for part in path.relative_to(folder).parts)
        and kept_out not in path.resolve().parents
    ]
    if not found:
        raise InputError("フォルダに調べるファイルがありません。文書を入れてから、もう一度実行してください。")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """How one run goes about each file. `made_by` tells runs apart whose findings may differ.

    `propose`: bytes and name to a proposal; `leaks`: how many places of a PDF give away what a box covers, None for
    anything but a PDF; `fault`: notes an unforeseen failure and returns the sentence for its row.
    """

    out: Path
    made_by: str
    propose: Callable[[bytes, str], Proposal]
    leaks: Callable[[bytes, str], int | None]
    fault: Callable[[Exception], str]

    def run(self, folder: Path, tell: Callable[[int, int, str], None]) -> Iterator[Row]:
        """Rows as they are made, each in the summary before it is given out; what stood there and holds is kept.

        Raises InputError when the folder cannot be read, DocumentError when nothing can be written.
        """
        files = files_in(folder, self.out)
        _make_folder(self.out)  # told before the work
        before = read_summary(self.out / SUMMARY)
        rows: dict[str, Row] = {}
        for done, path in enumerate(files):
            name = told_name(path.relative_to(folder).as_posix())
            tell(done, len(files), name)
            rows[name] = row = self._kept(before.get(name), path) or self._made(path, name, rows)
            later = (old for name, old in before.items() if name not in rows)
            write_summary(self.out / SUMMARY, [*rows.values(), *later])
            yield row
        write_summary(self.out / SUMMARY, list(rows.values()))  # what is no longer in the folder has no row
        tell(len(files), len(files), "")

    def _kept(self, before: Row | None, path: Path) -> Row | None:
        """The row of an earlier run, if the same file was proposed in the same way and its findings are still there."""
        if before is None or before.state != "done" or before.made_by != self.made_by:
            return None
        try:
            same = hashlib.sha256(read_bytes(path, most=LARGEST)).hexdigest() == before.sha256
        except DocumentError:
            return None
        return before if same and (self.out / before.findings).is_file() else None

    def _made(self, path: Path, name: str, rows: Mapping[str, Row]) -> Row:
        started, sha256 = time.monotonic(), ""
        try:
            data = read_bytes(path, most=LARGEST)
            sha256 = hashlib.sha256(data).hexdigest()
            proposal = self.propose(data, path.name)
            findings = _findings_name(name)
            self._write(findings, proposal)
            leaks = self.leaks(data, path.name)
        except OsumitsukiError as error:
            return self._failed(name, sha256, error.exit_code, str(error))
        except Exception as error:  # one bad file must not end the night's run
            return self._failed(name, sha256, OsumitsukiError.exit_code, self.fault(error))
        twin = next((row.file for row in rows.values() if row.state == "done" and row.sha256 == sha256), "")
        return replace(
            _row_of(proposal, leaks),
            file=name,
            sha256=sha256,
            findings=findings,
            same_as=twin,
            seconds=round(time.monotonic() - started, 1),
            made_by=self.made_by,
        )

    def _write(self, name: str, proposal: Proposal) -> None:
        from assistant.propose.wire import to_json

        target = self.out / name
        _make_folder(target.parent)
        told = json.dumps(to_json(proposal), ensure_ascii=False, indent=2, allow_nan=False)
        write_new(target, f"{told}\n".encode(), overwrite=True)

    def _failed(self, name: str, sha256: str, exit_code: int, message: str) -> Row:
        told = " ".join(message.split())
        return Row(
            file=name, sha256=sha256, state="failed", exit_code=exit_code, message=told, made_by=self.made_by
        )


def read_summary(path: Path) -> dict[str, Row]:
    """The rows of an earlier run by file; none where there is no summary, or it is no summary of ours."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    names = [field.name for field in fields(Row)]
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if reader.fieldnames != names:
        return {}
    rows = {}
    for told in reader:
        try:
            row = _row({name: _plain(told[name] or "") for name in names})
        except (TypeError, ValueError):
            continue  # changed by hand: it is made again
        rows[row.file] = row
    return rows


def write_summary(path: Path, rows: Sequence[Row]) -> None:
    """The rows as CSV that a spreadsheet opens by a double click: UTF-8 with a mark, CRLF, nothing calculated."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([field.name for field in fields(Row)])
    for row in rows:
        writer.writerow(["" if value is None else _quoted(str(value)) for value in asdict(row).values()])
    write_new(path, text.getvalue().encode("utf-8-sig"), overwrite=True)


def told_rows(rows: Sequence[Row]) -> dict[str, Any]:
    """The rows as JSON values."""
    return {"files": [asdict(row) for row in rows]}


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise DocumentError(
            f"結果を書くフォルダ「{folder.name}」を作れません。同じ名前のファイルがないか、書く権限と空きがあるかを"
            "確かめてください。"
        ) from None


def _findings_name(name: str) -> str:
    """Where the findings of a file go, beside the others; a name too long for one more ending is cut and made its own."""
    path = PurePosixPath(name)
    if len(f"{path.name}.json".encode()) <= _LONGEST_NAME:
        return f"{name}.json"
    own = hashlib.sha256(name.encode()).hexdigest()[:8]
    cut = path.name.encode()[: _LONGEST_NAME - 20].decode(errors="ignore")
    return path.with_name(f"{cut}_{own}.json").as_posix()


def _row_of(proposal: Proposal, leaks: int | None) -> Row:
    counted = [str(finding.decision) for finding in proposal.findings]
    document = proposal.document
    failed = proposal.engine != proposal.requested_engine
    why = next((one.message for one in proposal.warnings if failed and one.code == "model_failed"), "")
    return Row(
        file="",
        state="done",
        exit_code=ModelError.exit_code if failed else RedactionLeak.exit_code if leaks else 0,
        message=why,
        media=document.media,
        pages=len(document.pages),
        characters=sum(len(page.text) for page in document.pages),
        withhold=counted.count("withhold"),
        ask=counted.count("ask"),
        disclose=counted.count("disclose"),
        must_read_pages=sum(bool(page.doubts) for page in document.pages),
        hidden=len(document.hidden),
        leaks=leaks,
        warnings=len(proposal.warnings),
    )


def _row(told: Mapping[str, str]) -> Row:
    values: dict[str, object] = dict(told)
    for field in fields(Row):
        text = told[field.name]
        if field.type in {"int", "int | None"}:
            values[field.name] = int(text) if text else None
        elif field.type == "float":
            values[field.name] = float(text)
    if values["state"] not in {"done", "failed"}:
        raise ValueError("no state")
    return Row(**values)  # type: ignore[arg-type]


def _quoted(value: str) -> str:
    return f"'{value}" if value.lstrip("'").startswith(_FORMULA) and not _is_number(value) else value


def _plain(value: str) -> str:
    return value[1:] if value.startswith("'") and value.lstrip("'").startswith(_FORMULA) else value


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
