"""An inspection and a certificate on a terminal. Everything is in `--json`; recovered words are only there."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from assistant.redact.certificate import Certificate, certificate_to_json, certificate_words
from assistant.redact.inspect_report import Check, Inspection, State, Trace, inspection_to_json, words

__all__ = ["certificate_to_json", "inspection_to_json", "show_certificate", "show_inspection"]

_SHOWN = 30
_SIGNS = {State.PASSED: "○", State.FAILED: "×", State.NOT_RUN: "－", State.UNFINISHED: "！"}


def show_inspection(inspection: Inspection, console: Console) -> None:
    """What was found, graded, where; then every check in a line. Recovered words stand in `--json` alone."""
    _traces("漏れ", inspection.leaks, console, "bold")
    _traces("注意", inspection.notes, console)
    for check in inspection.checks:
        _say(console, _line(check))
    if inspection.leaks:
        _say(
            console,
            f"取り出せるものが{len(inspection.leaks)}か所あります。このファイルを渡さないでください。",
            "bold",
        )
    elif not inspection.clean:
        _say(console, "最後まで行えなかった検査があります。漏れがないとは言えません。", "bold")
    else:
        tail = "。注意の内容を確かめてください。" if inspection.notes else "。"
        _say(console, f"漏れは見つかりませんでした（{inspection.pages}ページ）{tail}")


def show_certificate(certificate: Certificate, console: Console) -> None:
    """What was made, from what, with how many marks, and how it was checked."""
    told = certificate_words()
    mark = f"（{told.fictional}）" if certificate.fictional else ""
    marks = sum(one.count for one in certificate.marks)
    _say(console, f"{told.title}　{certificate.city_name}{mark}")
    _say(
        console,
        f"{told.lines['original']}：{certificate.original_name}　SHA-256 {certificate.original_sha256}",
    )
    _say(console, f"{told.lines['output']}：{certificate.output_name}　SHA-256 {certificate.output_sha256}")
    _say(console, f"{told.lines['pages']} {certificate.pages}　{told.lines['marks']} {marks}件")
    if certificate.bulk_by:
        asks = f"（{told.bulk_asks} {certificate.bulk_asks}）" if certificate.bulk_asks else ""
        _say(console, f"{told.bulk}：{certificate.bulk_by}{asks}")
    if certificate.hidden:
        _say(console, f"{told.lines['hidden']}：{sum(certificate.hidden.values())}件")
    for check in certificate.checks:
        why = f"　{check.why}" if check.why else ""
        _say(console, f"{_SIGNS[check.state]}{told.states[check.state]}　{check.name}{why}")


def _traces(word: str, traces: Sequence[Trace], console: Console, style: str = "") -> None:
    for trace in traces[:_SHOWN]:
        page = f"{trace.page}ページ　" if trace.page else ""
        whose = f"　候補 {trace.finding}" if trace.finding else f"　語 {trace.secret}" if trace.secret else ""
        name = words()[trace.check].name
        _say(console, f"{word}：{page}{trace.place}（{name}）　{trace.count}{whose}", style)
    if len(traces) > _SHOWN:
        _say(console, f"{word}：ほか{len(traces) - _SHOWN}か所")


def _line(check: Check) -> str:
    told = certificate_words().states[check.state]
    return f"{_SIGNS[check.state]}{told}　{check.name}" + (f"　{check.why}" if check.why else "")


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style), soft_wrap=True)
