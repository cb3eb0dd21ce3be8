"""Dates as records write them: 元号, its initials, and the western calendar.

First days of the eras: 明治 1868-10-23 (by the calendar then in use), 大正 1912-07-30, 昭和 1926-12-25,
平成 1989-01-08, 令和 2019-05-01 (元号を改める政令; 元号法).
"""

from __future__ import annotations

import re
from datetime import date

from assistant.text.folding import fold
from assistant.text.numerals import parse_number

_ERAS = (
    ("令和", "R", date(2019, 5, 1)),
    ("平成", "H", date(1989, 1, 8)),
    ("昭和", "S", date(1926, 12, 25)),
    ("大正", "T", date(1912, 7, 30)),
    ("明治", "M", date(1868, 10, 23)),
)
ERA_BEFORE = {name: first.year - 1 for name, _, first in _ERAS}
"""The western year before each era: 令和7年 is 7 years after it."""
_FIRST_YEAR = {name: first.year for long, short, first in _ERAS for name in (long, short)}
_NUMBER = r"[0-9〇零一二三四五六七八九十元]{1,4}"
_DATE = re.compile(
    rf"(?P<era>令和|平成|昭和|大正|明治|(?<![A-Za-z])[RHSTM](?=\.?[0-9]))?\.? ?(?P<year>{_NUMBER})"
    rf"(?: ?年 ?(?P<month>{_NUMBER}) ?月 ?(?P<day>{_NUMBER}) ?日"
    rf"|(?P<sep>[./-])(?P<month2>[0-9]{{1,2}})(?P=sep)(?P<day2>[0-9]{{1,2}})(?![0-9]))"
)


def find_dates(text: str) -> list[tuple[int, int, date]]:
    """Every full date in `text` with its span in the original. Impossible dates are left out."""
    folded = fold(text)
    found = []
    for match in _DATE.finditer(folded.text):
        day = _date_of(match)
        if day is not None:
            start, end = folded.span(match.start(), match.end())
            found.append((start, end, day))
    return found


def parse_date(text: str) -> date | None:
    """The date that `text` as a whole is (令和6年5月31日, R6.5.31, 2024-05-31), else None."""
    match = _DATE.fullmatch(fold(text.strip()).text)
    return _date_of(match) if match else None


def _date_of(match: re.Match[str]) -> date | None:
    try:
        year = parse_number(match["year"])
        month = parse_number(match["month"] or match["month2"])
        day = parse_number(match["day"] or match["day2"])
    except ValueError:
        return None
    if match["era"]:
        year += _FIRST_YEAR[match["era"]] - 1
    elif year < 1800:  # 24.5.31 without an era could be any: not a date we can be sure of
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def format_era(day: date) -> str:
    """令和6年5月31日; the first year is 元年. Raises ValueError before 明治."""
    for name, _, first in _ERAS:
        if day >= first:
            year = day.year - first.year + 1
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    raise ValueError("before the first era with western months")
