"""A row of the notice: 開示しない部分｜根拠条項｜理由, with its memo and what the checks say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from assistant.domain.finding import Ground

Severity = Literal["refuse", "warn"]
CheckCode = Literal[
    "length",
    "boilerplate",
    "subject",
    "harm",
    "proviso",
    "clause",
    "uncited",
    "source",
    "leak",
    "blank",
    "invented",
    "slots",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing a reason was tested for. `severity`: what a failure means; `message` never holds withheld text."""

    code: CheckCode
    ok: bool
    message: str
    severity: Severity = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A reason in a model's words, beside the rules' own. `by`: the model; `checks`: the same a person's wording must
    pass, and that it says nothing it was not told."""

    by: str
    reason: str
    checks: tuple[Check, ...]
    prompt_hash: str | None = None

    @property
    def usable(self) -> bool:
        """Whether it may be put in the place of the rules' reason."""
        return bool(self.reason.strip()) and not refused(self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One row. `place` names page, field and kind of content, never the content; `grounds` are all, main one first.

    `settled`: every finding in it was confirmed by a person; otherwise the row is still a proposal.
    """

    place: str
    kind: str
    grounds: tuple[Ground, ...]
    reason: str
    internal_note: str
    open_from: date | None
    finding_ids: tuple[str, ...]
    checks: tuple[Check, ...]
    settled: bool = False
    wording: Worded | None = None  # a model's, which replaces nothing by itself
    cited: tuple[str, ...] = ()  # clauses of procedure, for decisions that rest on no head

    @property
    def refused(self) -> bool:
        """Whether the reason must not leave the house as it stands."""
        return refused(self.checks)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses as cited: the limb where there is one."""
        own = (ground.limb or ground.provision for ground in self.grounds)
        return tuple(dict.fromkeys((*self.cited, *own)))


def refused(checks: Sequence[Check]) -> bool:
    """Whether one of the checks refuses the reason."""
    return any(not check.ok and check.severity == "refuse" for check in checks)


def stricter(checks: Sequence[Check], part: Part) -> tuple[Check, ...]:
    """What a person is only warned of keeps a model's wording out, unless the rules' wording lacks it as well."""
    lacking = {check.code for check in part.checks if not check.ok}
    return tuple(
        replace(check, severity="refuse") if not check.ok and check.code not in lacking else check
        for check in checks
    )


def parts_json(parts: Sequence[Part]) -> dict[str, Any]:
    """`reason --json` of design.md §5."""
    return {"parts": [_part_json(part) for part in parts]}


def _part_json(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {
        "place": part.place,
        "kind": part.kind,
        "grounds": [_ground_json(ground) for ground in part.grounds],
        "reason": part.reason,
        "internal_note": part.internal_note,
        "open_from": part.open_from.isoformat() if part.open_from else None,
        "finding_ids": list(part.finding_ids),
        "checks": _checks_json(part.checks),
    }
    if part.wording is not None:
        told["wording"] = _worded_json(part.wording)
    return told


def _worded_json(worded: Worded) -> dict[str, Any]:
    return {
        "by": worded.by,
        "reason": worded.reason,
        "usable": worded.usable,
        "checks": _checks_json(worded.checks),
        "prompt_hash": worded.prompt_hash,
    }


def _checks_json(checks: Sequence[Check]) -> list[dict[str, Any]]:
    return [
        {"code": check.code, "ok": check.ok, "severity": check.severity, "message": check.message}
        for check in checks
    ]


def _ground_json(ground: Ground) -> dict[str, Any]:
    return {
        "head": ground.head.value,
        "provision": ground.provision,
        "limb": ground.limb,
        "why": ground.why,
        "provisos": [
            {
                "provision": check.provision,
                "role": check.role.value if check.role else None,
                "applies": check.applies,
                "why": check.why,
            }
            for check in ground.provisos
        ],
    }
