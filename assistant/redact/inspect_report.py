"""What an inspection says: checks, what each found, and whether the file may be handed out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from assistant.corpus.datafile import REFUSING, parse, read_toml
from assistant.domain.document import Box

FILE = Path(__file__).with_name("inspect.toml")


class State(StrEnum):
    """On screen 合格, 不合格, 行わず, 中断."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"  # does not apply, or the means are not there: `why` says so
    UNFINISHED = "unfinished"  # could not be carried through: the file is not clean


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWords:
    """One check in words. See inspect.toml."""

    __pydantic_config__ = REFUSING

    code: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    name: Annotated[str, Field(min_length=1)]
    what: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__ = REFUSING

    format: Literal[1]
    checks: tuple[CheckWords, ...]


@cache
def words() -> dict[str, CheckWords]:
    """The checks by code, in the order in which they are told. Raises DataFileError."""
    file = read_toml(FILE)
    read = parse(_File, file)
    found: dict[str, CheckWords] = {}
    for index, entry in enumerate(read.checks):
        if found.setdefault(entry.code, entry) is not entry:
            raise file.fault(
                f"「{entry.code}」が二度あります。", "checks", index, todo="一つにしてください。"
            )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check and how it went. `counts`: what was looked at, by name, for the certificate; no document text."""

    code: str
    state: State
    why: str = ""
    counts: tuple[tuple[str, int], ...] = ()

    @property
    def name(self) -> str:
        """In Japanese."""
        return words()[self.code].name


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Something found: what a check saw, where (`place`, Japanese, no document text), how often.

    `finding`: id of the finding whose words it is; `secret`: number (from 1) of the secret as given; None where no
    secret was known. `text`: what can be read there, for the person who looks, never for a log or a certificate.
    """

    check: str
    place: str
    page: int | None = None
    finding: str = ""
    secret: int | None = None
    count: int = 1
    box: Box | None = None
    text: str = ""


class Leak(Trace):
    """What must be gone and can be read or seen."""

    __slots__ = ()


class Note(Trace):
    """What a person should know before handing the file out, though nothing withheld was found in it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """`sha256` of the file; `pages`: how many; `checks` in the order of inspect.toml."""

    sha256: str
    pages: int
    checks: tuple[Check, ...]
    leaks: tuple[Leak, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def clean(self) -> bool:
        """No leak, and every check that applies was carried through."""
        return not self.leaks and all(check.state in {State.PASSED, State.NOT_RUN} for check in self.checks)

    def check(self, code: str) -> Check:
        """Raises KeyError."""
        return {check.code: check for check in self.checks}[code]


_GRAVITY = (State.NOT_RUN, State.PASSED, State.UNFINISHED, State.FAILED)


def joined(first: Inspection, second: Inspection) -> Inspection:
    """Two looks at one file as one: of a check both made, the graver outcome. Raises ValueError for two files."""
    if first.sha256 != second.sha256:
        raise ValueError("inspections of two files")
    worst: dict[str, Check] = {}
    for check in (*first.checks, *second.checks):
        held = worst.get(check.code)
        if held is None or _GRAVITY.index(check.state) > _GRAVITY.index(held.state):
            worst[check.code] = check
    return Inspection(
        sha256=first.sha256,
        pages=first.pages,
        checks=tuple(worst[code] for code in words() if code in worst),
        leaks=(*first.leaks, *second.leaks),
        notes=(*first.notes, *second.notes),
    )


def inspection_to_json(inspection: Inspection) -> dict[str, Any]:
    """`inspect --json`. `text` of what was found is in it: it is for the person who looks, not to be handed out."""
    return {
        "clean": inspection.clean,
        "sha256": inspection.sha256,
        "pages": inspection.pages,
        "checks": [check_to_json(check) for check in inspection.checks],
        "leaks": [_trace_to_json(leak) for leak in inspection.leaks],
        "notes": [_trace_to_json(note) for note in inspection.notes],
    }


def check_to_json(check: Check) -> dict[str, Any]:
    """One check, without what it found."""
    return {
        "code": check.code,
        "name": check.name,
        "state": check.state.value,
        "why": check.why,
        "counts": dict(check.counts),
    }


def _trace_to_json(trace: Trace) -> dict[str, Any]:
    box = trace.box
    return {
        "check": trace.check,
        "name": words()[trace.check].name,
        "page": trace.page,
        "place": trace.place,
        "finding": trace.finding or None,
        "secret": trace.secret,
        "count": trace.count,
        "box": {"x0": box.x0, "y0": box.y0, "x1": box.x1, "y1": box.y1} if box else None,
        "text": trace.text or None,
    }
