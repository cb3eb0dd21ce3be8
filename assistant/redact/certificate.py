"""The certificate of a redacted file: what was checked, what was withheld where, and who confirmed it. No document text.

It holds digests of the original and of the output, so that anybody can tell later which file it speaks of.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from assistant import __version__
from assistant.corpus.datafile import REFUSING, parse, read_toml
from assistant.domain.finding import Decision, Proposal
from assistant.errors import InputError, RedactionLeak
from assistant.redact.inspect_report import Check, Inspection, State, words
from assistant.redact.inspect_sought import Sought
from assistant.redact.marks import Mark, Secret, is_open

FILE = Path(__file__).with_name("certificate.toml")
FORMAT: Final = 1
_LIBRARIES: Final = ("pypdf", "pypdfium2", "pikepdf", "pillow", "numpy")
_DIGEST = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_STRICT: Final = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateWords:
    """The wording. See certificate.toml."""

    __pydantic_config__ = REFUSING

    format: Literal[1]
    title: str
    statement: str
    fictional: str
    omitted: str
    bulk: str
    bulk_asks: str
    states: dict[State, str]
    lines: dict[str, str]
    columns: dict[str, str]
    counts: dict[str, str]
    settings: dict[str, str]
    values: dict[str, str]


@cache
def certificate_words() -> CertificateWords:
    """Raises DataFileError for a file that lacks a state or says what is not understood."""
    file = read_toml(FILE)
    read = parse(CertificateWords, file)
    for state in State:
        if state not in read.states:
            raise file.fault(f"「{state}」がありません。", "states", todo="書き加えてください。")
    return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Who settled one finding that is withheld. `finding`: its id."""

    __pydantic_config__ = _STRICT

    finding: str
    pages: tuple[int, ...]
    provision: str
    state: Literal["confirmed", "changed", "bulk"]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksOn:
    """How many marks of one clause are on a page."""

    __pydantic_config__ = _STRICT

    page: int
    provision: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One check as it went."""

    __pydantic_config__ = _STRICT

    code: str
    name: str
    state: State
    why: str = ""
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """See the module. `original_sha256`: of the file as it was handed in; `bulk_by`: who took all findings as they
    stood, `bulk_asks` of them withheld though they were still to be asked; `hidden`: things left out, by kind."""

    __pydantic_config__ = _STRICT

    format: Literal[1] = FORMAT
    city: str
    city_name: str
    fictional: bool
    made_at: datetime
    made_by: str
    original_name: str
    original_sha256: _DIGEST
    output_name: str
    output_sha256: _DIGEST
    pages: int
    confirmed: tuple[Confirmed, ...]
    marks: tuple[MarksOn, ...]
    bulk_by: str = ""
    bulk_asks: int = 0
    hidden: dict[str, int]
    options: dict[str, str]
    versions: dict[str, str]
    checks: tuple[Checked, ...]
    notes: int = 0

    def matches(self, output: bytes) -> bool:
        """Whether this certificate speaks of these bytes."""
        return hashlib.sha256(output).hexdigest() == self.output_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """Who makes a file, when, and how it is called. `at`: with its time zone. `options`: the writer's, as words."""

    city_name: str
    by: str
    at: datetime
    output_name: str
    confirm_all_as: str | None = None
    options: Mapping[str, object] | None = None
    ocr: str = ""  # name and version of what read the pictures, empty for none


def certify(
    proposal: Proposal,
    marks: Sequence[Mark],
    secrets: Sequence[Secret],
    inspection: Inspection,
    making: Making,
) -> Certificate:
    """The certificate of the output that `inspection` looked at. Names of files that hold a secret are left out.

    Raises RedactionLeak where the inspection is not clean: such a file is not handed out.
    """
    refuse_unclean(inspection)
    document = proposal.document
    sought = Sought(secrets)

    def safe(name: str) -> str:
        return certificate_words().omitted if sought.elsewhere(name) else name

    counted = Counter(
        (page, mark.label)
        for mark in marks
        for page in sorted({box.page for box in mark.boxes} | {extent.page for extent in mark.extents})
    )
    asks = sum(one.decision is Decision.ASK and is_open(one) for one in proposal.findings)
    return Certificate(
        city=proposal.city,
        city_name=making.city_name,
        fictional=proposal.fictional,
        made_at=making.at,
        made_by=making.by,
        original_name=safe(document.name),
        original_sha256=document.sha256,
        output_name=safe(making.output_name),
        output_sha256=inspection.sha256,
        pages=inspection.pages,
        confirmed=_confirmed(proposal, marks, making),
        marks=tuple(
            MarksOn(page=page, provision=label, count=count)
            for (page, label), count in sorted(counted.items())
        ),
        bulk_by=making.confirm_all_as or "",
        bulk_asks=asks if making.confirm_all_as else 0,
        hidden=dict(Counter(one.kind.value for one in document.hidden)),
        options={name: str(value) for name, value in (making.options or {}).items()},
        versions=_versions(making.ocr),
        checks=tuple(_checked(check) for check in inspection.checks),
        notes=len(inspection.notes),
    )


def refuse_unclean(inspection: Inspection) -> None:
    """Raises RedactionLeak unless the inspection is clean; the sentence counts, and quotes nothing."""
    if inspection.leaks:
        places = "、".join(dict.fromkeys(words()[leak.check].name for leak in inspection.leaks))
        pages = sorted({leak.page for leak in inspection.leaks if leak.page})
        where = f"（{'、'.join(map(str, pages[:10]))}ページ）" if pages else ""
        raise RedactionLeak(
            f"伏せたはずのものが{len(inspection.leaks)}か所で見つかったため、ファイルを出していません。"
            f"見つかった所：{places}{where}。その箇所も伏せるか、公にすると確定してから、もう一度実行してください。"
        )
    if not inspection.clean:
        names = "、".join(check.name for check in inspection.checks if check.state is State.UNFINISHED)
        raise RedactionLeak(
            f"最後まで行えなかった検査があるため、ファイルを出していません：{names}。"
            "ファイルを分けるか、元の文書を取り直して、もう一度実行してください。"
        )


def _confirmed(proposal: Proposal, marks: Sequence[Mark], making: Making) -> tuple[Confirmed, ...]:
    by_id = {finding.id: finding for finding in proposal.findings}
    found = []
    for mark in marks:
        finding = by_id[mark.finding]
        decided = None if is_open(finding) else finding.decided
        pages = {box.page for box in mark.boxes} | {extent.page for extent in mark.extents}
        found.append(
            Confirmed(
                finding=mark.finding,
                pages=tuple(sorted(pages)),
                provision=mark.label,
                state="changed"
                if decided and decided.state == "changed"
                else "confirmed"
                if decided
                else "bulk",
                by=decided.by if decided else making.confirm_all_as or "",
                at=decided.at if decided else making.at,
            )
        )
    return tuple(found)


def _checked(check: Check) -> Checked:
    return Checked(
        code=check.code, name=check.name, state=check.state, why=check.why, counts=dict(check.counts)
    )


def _versions(ocr: str) -> dict[str, str]:
    found = {"osumitsuki": __version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:  # an installation that kept no metadata
            found[name] = "?"
    return {**found, "ocr": ocr} if ocr else found


def certificate_to_json(certificate: Certificate) -> dict[str, Any]:
    """As plain JSON; `certificate_from_json` reads it."""
    told: dict[str, Any] = json.loads(_adapter().dump_json(certificate))
    return told


def certificate_from_json(text: str | bytes) -> Certificate:
    """A certificate as it was written. Raises InputError for anything else."""
    try:
        return _adapter().validate_json(text)
    except ValidationError:
        raise InputError(
            "墨塗り証明書として読めません。このソフトが出したJSONの証明書を、書き換えずに指定してください。"
        ) from None


@cache
def _adapter() -> TypeAdapter[Certificate]:
    return TypeAdapter(Certificate)
