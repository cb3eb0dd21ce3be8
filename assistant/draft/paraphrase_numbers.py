"""Numbers said otherwise: in another unit, rounded, as a range (年収480万円 → 約五百万円, 四百万円台, 4.8百万円)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import isclose, isfinite, log10

from assistant.detect.patterns import one_of
from assistant.draft.paraphrase_data import retelling
from assistant.law.references import find_references
from assistant.text.eras import find_dates
from assistant.text.folding import folded_text
from assistant.text.numerals import parse_number

_NUMERAL = (
    r"[0-9][0-9,]*(?:\.[0-9]+)?(?:[十百千]?[万億])?|[0-9〇一二三四五六七八九十百千万億壱弐参拾]+(?:\.[0-9]+)?"
)
_SAME = 0.03  # 120 m2 is 36 坪
_SMALL = 10  # counts below tell only when they are amounts, ages or shares
_ANY_UNIT = ("money", "score", "area")  # what a bare number of three digits may count
_PARTICULAR = frozenset({"money", "age", "share", "area", "length", "weight", "score"})
_STATUTE = re.compile(
    r"[(（][^()（）]{0,12}年[^()（）]{0,40}第[0-9〇一二三四五六七八九十百千]+号[^()（）]{0,10}[)）]"
)
_RANGE = re.compile(r"^\s*(?:から|~|〜|ないし|乃至|以上|と|-|ー)")
_LONG_NUMBER = 3
_CACHE = 2048


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in the first unit of `measured` (None: a bare number); `step`: to what place it is rounded."""

    value: float
    step: float
    measured: str | None
    below: bool
    above: bool
    start: int
    end: int


def quantity_shows(text: str, reason: str, open_text: str) -> bool:
    """Whether a number of the withheld text can be told, nearly, from one in the reason. What stands open is no secret."""
    hidden = quantities(text, bare=True)
    if not hidden:
        return False
    told = quantities(reason, bare=False)
    known = {(one.measured, one.value) for one in quantities(open_text, bare=False)}
    fresh = [one for one in told if (one.measured, one.value) not in known]
    return any(_near(one, other) for one in hidden for other in fresh) or any(
        _between(one, low, high, reason) for one in hidden for low, high in pairwise(fresh)
    )


@lru_cache(maxsize=_CACHE)
def quantities(text: str, *, bare: bool) -> tuple[Quantity, ...]:
    """Every number that counts something; `bare`: also the one a text consists of. No dates, no clauses, no statutes."""
    said = without_citations(text)
    found = [one for match in _quantity().finditer(said) if (one := _quantity_of(match)) is not None]
    if not found and bare:
        whole = re.fullmatch(r"\D{0,6}?([0-9][0-9,]*(?:\.[0-9]+)?)-?", said.strip())
        if whole and len(re.sub(r"\D", "", whole[1])) >= _LONG_NUMBER and not whole[1].startswith("0"):
            value = float(whole[1].replace(",", ""))
            if isfinite(value):
                found = [Quantity(value, _step(value), None, False, False, 0, len(said))]
    return tuple(found)


@lru_cache(maxsize=_CACHE)
def without_citations(text: str) -> str:
    """Folded, without clauses, statute numbers and full dates."""
    said = _STATUTE.sub("、", folded_text(text))
    spans = [(start, end) for start, end, _ in find_references(said, foreign=True)]
    spans += [(start, end) for start, end, _ in find_dates(said)]
    kept, last = [], 0
    for start, end in sorted(spans):
        if start >= last:
            kept.append(said[last:start])
        last = max(last, end)
    return "、".join([*kept, said[last:]])


@cache
def _quantity() -> re.Pattern[str]:
    units = sorted((u for group in retelling().units.values() for u in group), key=len, reverse=True)
    listed = "|".join(re.escape(unit) for unit in units)
    rounded = retelling().rounded
    return re.compile(
        rf"(?<![0-9.,第])(?P<number>{_NUMERAL})(?P<few>数)?(?P<over>余)?"
        rf"(?P<unit>{listed}|(?<=[0-9〇十]代)|代(?![表金価理替わ]))(?:(?P<below>{one_of(rounded.below)})|(?P<above>{one_of(rounded.above)}))?"
    )


def _quantity_of(match: re.Match[str]) -> Quantity | None:
    value = _value(match["number"])
    if value is None:
        return None
    unit = match["unit"]
    if unit == "代":  # 五十代: an age to the ten
        if value not in range(10, 100, 10):
            return None
        return Quantity(value, 10, "age", False, True, match.start(), match.end())
    measured, factor = _units()[unit]
    step = _step(value) * factor
    above = bool(match["above"] or match["over"] or match["few"])
    return Quantity(value * factor, step, measured, bool(match["below"]), above, match.start(), match.end())


def _value(written: str) -> float | None:
    plain = written.replace(",", "")
    try:
        decimal = re.fullmatch(r"([0-9]+\.[0-9]+)([十百千]?[万億]?)", plain)
        if decimal:
            value = float(decimal[1]) * (parse_number(f"1{decimal[2]}") if decimal[2] else 1)
        else:
            value = float(parse_number(plain))
    except (ValueError, OverflowError):
        return None
    return value if isfinite(value) else None


def _step(value: float) -> float:
    """The place of the last digit that is not zero: 5,000,000 → 1,000,000."""
    if value <= 0:
        return 1.0
    step = 10.0 ** int(log10(value) + 1e-9)
    while not isclose(value / step, round(value / step), rel_tol=1e-9) and step > 1e-3:
        step /= 10
    return step


@cache
def _units() -> dict[str, tuple[str, float]]:
    return {
        unit: (measured, factor)
        for measured, units in retelling().units.items()
        for unit, factor in units.items()
    }


def _near(hidden: Quantity, told: Quantity) -> bool:
    """Whether `told` is `hidden`, or what is left of it when digits are dropped or rounded."""
    bare = hidden.measured is None and told.measured in _ANY_UNIT and hidden.value >= 10 ** (_LONG_NUMBER - 1)
    if told.value <= 0 or (hidden.measured != told.measured and not bare):
        return False
    if max(hidden.value, told.value) < _SMALL and told.measured not in _PARTICULAR:
        return False
    if isclose(hidden.value, told.value, rel_tol=_SAME):
        return True
    return told.step >= hidden.value / 100 and _rounded(hidden.value, told)


def _rounded(value: float, told: Quantity) -> bool:
    """Whether the number in the reason is the value to the place the number is given to."""
    down, far = value // told.step * told.step, abs(value - told.value)
    if told.above:
        return isclose(down, told.value) or (value > told.value and far <= told.value / 10)
    if told.below:
        return isclose(down + told.step, told.value) or (value < told.value and far <= told.value / 10)
    nearest = (value + told.step / 2) // told.step * told.step
    return isclose(nearest, told.value) and far <= value / 5


def _between(hidden: Quantity, low: Quantity, high: Quantity, reason: str) -> bool:
    """「400万円から500万円の間」 around it, narrow enough to tell."""
    if low.measured != high.measured or hidden.measured not in (low.measured, None):
        return False
    joint = without_citations(reason)[low.end : high.start]
    if not (low.value <= hidden.value <= high.value <= low.value * 2):
        return False
    return len(joint) <= 3 and bool(_RANGE.match(joint) or low.above)
