"""The certificate as one page of HTML that prints well: no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import TypeVar

from assistant.redact.certificate import Certificate, CertificateWords, certificate_words
from assistant.redact.inspect_report import words

T = TypeVar("T")
_STYLE = """
body { font-family: "Yu Gothic", "Hiragino Sans", "Noto Sans CJK JP", sans-serif; font-size: 10.5pt; margin: 2em auto;
  max-width: 48em; line-height: 1.5; color: #000; background: #fff; }
h1 { font-size: 16pt; text-align: center; } h2 { font-size: 11.5pt; margin: 1.2em 0 .3em; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #666; padding: .15em .5em; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; min-width: 3.2em; } th { background: #eee; }
tr { break-inside: avoid; } .mark { border: 2px solid #000; padding: 0 .5em; }
@media print { body { margin: 0; } @page { size: A4; margin: 15mm; } }
"""


def certificate_html(certificate: Certificate) -> str:
    """A whole HTML document in Japanese."""
    told = certificate_words()
    body = [
        f"<h1>{escape(told.title)}{_fictional(certificate, told)}</h1>",
        f"<p>{escape(told.statement)}</p>",
        _table((), _summary(certificate, told)),
        _section(told, "checks", ("name", "state", "what"), _checks(certificate, told)),
        _section(
            told,
            "marks",
            ("page", "provision", "count"),
            [(str(one.page), one.provision, str(one.count)) for one in certificate.marks],
        ),
        _section(
            told,
            "decided",
            ("finding", "page", "provision", "by", "at"),
            [
                (
                    one.finding,
                    "、".join(map(str, one.pages)),
                    one.provision,
                    one.by,
                    _time(one.at),
                )
                for one in certificate.confirmed
            ],
        ),
        _section(told, "options", ("name", "value"), _settings(certificate.options, told)),
        _section(told, "versions", ("name", "value"), certificate.versions.items()),
    ]
    head = f'<meta charset="utf-8"><title>{escape(told.title)}</title><style>{_STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="ja"><head>{head}</head><body>{"".join(body)}</body></html>\n'


def _fictional(certificate: Certificate, told: CertificateWords) -> str:
    return f' <span class="mark">{escape(told.fictional)}</span>' if certificate.fictional else ""


def _summary(certificate: Certificate, told: CertificateWords) -> list[tuple[str, ...]]:
    lines = told.lines
    rows = [
        (lines["city"], certificate.city_name),
        (lines["made"], f"{_time(certificate.made_at)}　{certificate.made_by}"),
        (lines["original"], f"{certificate.original_name}　SHA-256 {certificate.original_sha256}"),
        (lines["output"], f"{certificate.output_name}　SHA-256 {certificate.output_sha256}"),
        (lines["pages"], str(certificate.pages)),
        (lines["marks"], str(sum(one.count for one in certificate.marks))),
        (lines["hidden"], str(sum(certificate.hidden.values()))),
    ]
    if certificate.bulk_by:
        rows += [(told.bulk, certificate.bulk_by), (told.bulk_asks, str(certificate.bulk_asks))]
    return [tuple(row) for row in rows]


def _checks(certificate: Certificate, told: CertificateWords) -> list[tuple[str, ...]]:
    known = words()
    rows: list[tuple[str, ...]] = []
    for check in certificate.checks:
        what = known[check.code].what if check.code in known else ""
        counts = "、".join(f"{name} {count:,}" for name, count in _in_words(check.counts, told.counts))
        rows.append(
            (
                check.name,
                told.states[check.state],
                "　".join(part for part in (check.why or what, counts) if part),
            )
        )
    return rows


def _section(told: CertificateWords, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    given = list(rows)
    if not given:
        return ""
    return f"<h2>{escape(told.lines[name])}</h2>" + _table(
        [told.columns[column] for column in columns], given
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = f"<tr>{''.join(f'<th>{escape(one)}</th>' for one in heads)}</tr>" if heads else ""
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{head}{lines}</table>"


def _settings(options: Mapping[str, str], told: CertificateWords) -> list[tuple[str, str]]:
    return [
        (name, told.values.get(value, value) or "－") for name, value in _in_words(options, told.settings)
    ]


def _in_words(given: Mapping[str, T], names: Mapping[str, str]) -> list[tuple[str, T]]:
    """In the order of `names`; what another version wrote, and these names do not know, comes last as it is."""
    known = [(names[code], given[code]) for code in names if code in given]
    return known + [(code, given[code]) for code in sorted(given) if code not in names]


def _time(at: datetime) -> str:
    """In the time of this PC, with how far that is from UTC: a printed page has no other way to say so."""
    here = at.astimezone()
    return f"{here:%Y-%m-%d %H:%M}（UTC{here.isoformat()[-6:]}）"
