"""Dates and ages said otherwise: a year, a decade, a month, an age (昭和40年5月3日生 → 六十代, 一九六五年生まれ)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.draft.paraphrase_data import retelling
from assistant.draft.paraphrase_numbers import quantities
from assistant.law.references import find_references
from assistant.text.eras import ERA_BEFORE, find_dates
from assistant.text.folding import folded_text
from assistant.text.numerals import parse_number

_NUMBER = r"[0-9〇零一二三四五六七八九十元]{1,4}"
_YEAR = re.compile(
    rf"(?:(?P<era>{'|'.join(ERA_BEFORE)})(?P<count>{_NUMBER})|(?P<western>(?:1[89]|20)[0-9]{{2}}|[一二][〇九八]"
    rf"[〇一二三四五六七八九]{{2}}))年(?P<decade>代)?(?P<school>度)?(?:(?P<month>{_NUMBER})月)?(?P<after>.{{0,4}})"
)
_MONTH = re.compile(
    rf"(?<![0-9年])(?P<month>{_NUMBER})月(?:(?P<day>{_NUMBER})日|(?P<after>生|頃|ごろ|上旬|中旬|下旬|初|末))"
)
_STATUTE = re.compile(
    r"[(（]?[^()（）、。]{2}[0-9〇一二三四五六七八九十元]{1,4}年[^()（）、。]{0,16}第[0-9〇一二三四五六七八九十百千]+号[)）]?"
)
_OPENING = re.compile(r"なお、[^。]{0,20}(?:以後|以降|から)は?[^。]*。")
_BORN = re.compile(r"^(?:生|産|うま)")
_AGE = re.compile(r"(?P<age>[0-9]{1,3})(?:歳|才)")
_AGE_TEXT = re.compile(r"\D{0,8}?(?:満)?(?P<age>[0-9]{1,3})(?:歳|才)?\D{0,4}")
_LABEL_LETTERS = 6
_OLD = 10  # years: a date further back is one of somebody's life
_OLDEST = 115
_CACHE = 2048


@dataclass(frozen=True, slots=True)
class _Said:
    """A date as far as it is said. `born`: it is said of a birth; `decade`: ten years from `year`."""

    year: int | None
    month: int | None
    day: int | None
    born: bool
    decade: bool


def date_shows(text: str, reason: str, today: date) -> bool:
    """Whether a withheld date or age can be told from a date or an age in the reason."""
    hidden = [day for _, _, day in find_dates(text)]
    age = _age_of(text)
    if not hidden and age is None:
        return False
    said, ages = dates_in(reason), _ages_in(reason)
    whole = _is_date(text)
    if any(_same(day, one, whole and _of_a_life(day, text, today)) for day in hidden for one in said):
        return True
    if whole and any(_aged(day, low, high, today) for day in hidden for low, high in ages):
        return True
    return age is not None and any(
        one.born
        and one.year is not None
        and one.year <= today.year - age <= one.year + (10 if one.decade else 1)
        for one in said
    )


def _is_date(text: str) -> bool:
    """Whether a text is a date with a word or two around it."""
    said = folded_text(text)
    left = len(said) - sum(end - start for start, end, _ in find_dates(said))
    return left <= _LABEL_LETTERS


def _of_a_life(day: date, text: str, today: date) -> bool:
    return "生" in text or day.year <= today.year - _OLD


def _same(hidden: date, said: _Said, life: bool) -> bool:
    if said.year is not None and said.month is not None:
        return (said.year, said.month) == (hidden.year, hidden.month) and said.day in (None, hidden.day)
    if said.year is not None:
        last = said.year + (9 if said.decade else 0)
        return (life or said.born) and said.year <= hidden.year <= last
    return said.month == hidden.month and (said.day == hidden.day or (said.day is None and said.born))


def _aged(born: date, low: int, high: int, today: date) -> bool:
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return 0 < age <= _OLDEST and low - 1 <= age <= high + (0 if high > low else 1)


@lru_cache(maxsize=_CACHE)
def dates_in(reason: str) -> tuple[_Said, ...]:
    """Dates as far as they are said; none of a statute, none from which something may be released."""
    text = _OPENING.sub("", _STATUTE.sub("、", folded_text(reason)))
    found = []
    for match in _YEAR.finditer(text):
        year = _number(match["count"] or match["western"])
        if year is None:
            continue
        year += ERA_BEFORE.get(match["era"] or "", 0)
        decade = bool(match["decade"])
        day = re.match(rf"({_NUMBER})日", match["after"]) if match["month"] else None
        born = bool(_BORN.match(match["after"])) or decade
        if decade and match["era"]:  # 昭和40年代 begins with its own count
            year = year - (_number(match["count"]) or 0) % 10
        month = _number(match["month"]) if match["month"] else None
        found.append(_Said(year, month, _number(day[1]) if day else None, born, decade))
    for match in _MONTH.finditer(text):
        on = _number(match["day"]) if match["day"] else None
        found.append(_Said(None, _number(match["month"]), on, bool(match["after"]), decade=False))
    return tuple(found)


@lru_cache(maxsize=_CACHE)
def _ages_in(reason: str) -> tuple[tuple[int, int], ...]:
    """Ages as (from, to): 五十代 → (50, 59), 61歳 → (61, 61), 還暦 → (60, 60)."""
    found = [
        (int(one.value), int(one.value) + (9 if one.step >= 10 and one.above else 0))
        for one in quantities(reason, bare=False)
        if one.measured == "age"
    ]
    found += [(years, years) for word, years in retelling().ages.items() if word in reason]
    return tuple(found)


def _age_of(text: str) -> int | None:
    """The age a withheld text is."""
    said = folded_text(text)
    if not _AGE.search(said) or len(said) > 2 * _LABEL_LETTERS or find_references(said, foreign=True):
        return None
    match = _AGE_TEXT.fullmatch(said)
    return int(match["age"]) if match and int(match["age"]) <= _OLDEST else None


def _number(written: str) -> int | None:
    try:
        return parse_number(written)
    except ValueError:
        return None
