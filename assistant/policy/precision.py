"""How often each rule was right on worked passages: a share and its count, so that nobody need guess what a rule is worth.

`python -m training.precision` measures it on passages the rules were not written beside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.domain.finding import Finding
from assistant.errors import DataFileError

FILE = Path(__file__).with_name("precision.json")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")

    policy: str
    passages: int
    rules: dict[str, tuple[float, int]]


def precision_of(title: str, own: frozenset[str]) -> Mapping[str, tuple[float, int]]:
    """Share and count by rule id, for the rules of a policy called `title` whose own rules are `own`.

    A rule a city wrote itself has been measured only if it is the very policy that was measured.
    """
    table = _table()
    measured = {rule: row for rule, row in table.rules.items() if title == table.policy or rule not in own}
    return MappingProxyType(measured)


def with_precision(
    findings: Iterable[Finding], measured: Mapping[str, tuple[float, int]]
) -> tuple[Finding, ...]:
    """The findings, each with what was measured of the rule that made it."""
    return tuple(replace(one, precision=measured.get(_rule(one))) for one in findings)


def _rule(finding: Finding) -> str:
    return next((name.removeprefix("policy:") for name in finding.found_by if name.startswith("policy:")), "")


@cache
def _table() -> _Table:
    try:
        return _Table.model_validate(json.loads(FILE.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        todo = "python -m training.precision で作り直してください。"
        raise DataFileError(FILE, "規則ごとの的中率を読めません。", todo=todo) from error
