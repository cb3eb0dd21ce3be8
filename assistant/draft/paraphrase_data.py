"""The words of paraphrase.toml: matters and how they are called, words inside names, units, ages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.corpus.datafile import REFUSING, parse, read_toml

_FILE = Path(__file__).with_name("paraphrase.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One piece of private or inside knowledge, and every way of naming it; stems of what is inflected."""

    __pydantic_config__ = REFUSING

    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWords:
    """`trades`: what a name shares with others of its kind; `called`, `firm_called`: what follows a name; `masks`: what
    stands for letters left out; `buildings`: kinds of houses; `living`: what follows the name of a quarter."""

    __pydantic_config__ = REFUSING

    trades: tuple[str, ...]
    called: tuple[str, ...]
    firm_called: tuple[str, ...]
    masks: str
    buildings: tuple[str, ...]
    living: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded:
    """What follows a number that is said to be less, or more, than it is."""

    __pydantic_config__ = REFUSING

    below: tuple[str, ...]
    above: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """Everything paraphrase.toml says. `units`: by what they measure, each with the factor to the first of them."""

    __pydantic_config__ = REFUSING

    matter: tuple[Matter, ...]
    ages: Mapping[str, int]
    names: NameWords
    rounded: Rounded
    units: Mapping[str, Mapping[str, float]]


@cache
def retelling() -> Retelling:
    """The words shipped with the program."""
    return read_retelling(_FILE)


def read_retelling(path: Path) -> Retelling:
    """Raises DataFileError for what is not declared here, an empty form, or a unit that stands twice."""
    file = read_toml(path)
    read = parse(Retelling, file)
    for number, matter in enumerate(read.matter):
        if not matter.forms or any(len(form) < 2 and not form.isalpha() for form in matter.forms):
            raise file.fault("言い方のない事柄があります。", "matter", number, todo="語を書いてください。")
    if not all((*read.rounded.below, *read.rounded.above)):
        raise file.fault(
            "below か above に空の語があります。", "rounded", todo="語を書くか、消してください。"
        )
    seen: set[str] = set()
    for measured, units in read.units.items():
        for unit, factor in units.items():
            if unit in seen or factor <= 0:
                raise file.fault(
                    f"単位「{unit}」が二度あるか、値が正の数ではありません。",
                    "units",
                    measured,
                    todo="直してください。",
                )
            seen.add(unit)
    return read
