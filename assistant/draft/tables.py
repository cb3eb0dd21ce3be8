"""Rows for the clipboard: as tab-separated text, as an HTML table, as plain text. 架空 stands first where it must."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from assistant.corpus.city import City
from assistant.draft.part import Part
from assistant.text.eras import format_era

_FORMULA = ("=", "+", "-", "@", "\t")


def headings(city: City) -> tuple[str, str, str, str]:
    """The column headings in the city's words."""
    labels = city.labels
    return labels.withheld_part, labels.grounds, labels.reason, labels.open_from


def mark(city: City) -> str:
    """「【架空】…」 for an invented city, empty for a real one."""
    return f"【{city.labels.fictional}】{city.name}は実在しません。" if city.fictional else ""


def as_tsv(parts: Sequence[Part], city: City) -> str:
    """For a table in Excel or Word: one line a row; a cell that a spreadsheet would calculate is made text."""
    lines = [mark(city)] if city.fictional else []
    lines.append("\t".join(headings(city)))
    lines += ["\t".join(_cell(cell) for cell in row) for row in _rows(parts, city)]
    return "\n".join(lines) + "\n"


def as_html(parts: Sequence[Part], city: City) -> str:
    """For a document: a bordered table."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings(city))
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in _rows(parts, city)
    )
    caption = f"<caption>{escape(mark(city))}</caption>" if city.fictional else ""
    table = f'<table border="1">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return table


def as_text(parts: Sequence[Part], city: City) -> str:
    """For the body of a mail or a notice: numbered, one paragraph a row."""
    lines = [mark(city)] if city.fictional else []
    for number, (place, clauses, reason, open_from) in enumerate(_rows(parts, city), 1):
        lines.append(f"{number}　{place}")
        lines.append(f"　{city.labels.grounds}　{clauses}")
        lines.append(f"　{city.labels.reason}　{reason}")
        if open_from:
            lines.append(f"　{city.labels.open_from}　{open_from}")
    return "\n".join(lines) + "\n"


def one_reason(part: Part, city: City) -> str:
    """A single reason for the clipboard."""
    return f"{mark(city)}\n{part.reason}" if city.fictional else part.reason


def clauses_of(part: Part, city: City) -> str:
    """「条例第7条第2号、条例第7条第7号イ」."""
    return "、".join(f"{city.ordinance.short}{clause}" for clause in part.clauses)


def _rows(parts: Sequence[Part], city: City) -> Iterator[tuple[str, str, str, str]]:
    for part in parts:
        opening = format_era(part.open_from) if part.open_from else ""
        yield part.place, clauses_of(part, city), part.reason, opening


def _cell(text: str) -> str:
    plain = " ".join(text.split())
    return f"'{plain}" if plain.startswith(_FORMULA) else plain
