"""Read earlier decisions, opinions, rulings and judgments: one file each, decided unit by unit (domain.md §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Day
from pathlib import Path
from typing import Literal

from assistant.corpus.datafile import REFUSING, TomlFile, parse, read_toml
from assistant.domain.provision import Head, LimbRole, Topic
from assistant.domain.source import (
    Disposition,
    Origin,
    Precedent,
    PrecedentKind,
    PrecedentUnit,
    ReviewOutcome,
    UnitResult,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _UnitEntry:
    __pydantic_config__ = REFUSING

    part: str
    heads: tuple[Head, ...]
    grounds: tuple[str, ...]
    result: UnitResult
    reason_given: str
    topic: Topic | None = None
    exception: LimbRole | None = None
    argument: str = ""
    holding: str = ""
    conflicts_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _PrecedentFile:
    __pydantic_config__ = REFUSING

    id: str
    kind: PrecedentKind
    origin: Origin
    body: str
    ordinance: str
    number: str
    date: Day
    department: str = ""
    document_types: tuple[str, ...]
    request: str
    disposition: Disposition
    review: ReviewOutcome = "none"
    review_date: Day | None = None
    reviewed_by: str | None = None
    stands: Literal["current", "superseded"]
    superseded_by: str | None = None
    note: str = ""
    units: tuple[_UnitEntry, ...]


@dataclass(frozen=True, slots=True)
class ReadPrecedent:
    """A precedent and its file, for complaints about a line."""

    precedent: Precedent
    file: TomlFile


def read_precedents(folder: Path) -> tuple[ReadPrecedent, ...]:
    """Every `*.toml` of the folder by name, checked one by one and against each other. Raises DataFileError."""
    read = tuple(_read_one(path) for path in sorted(folder.glob("*.toml")))
    known = {each.precedent.id: each.precedent for each in read}
    for each in read:
        _check_links(each, known)
    return read


def _read_one(path: Path) -> ReadPrecedent:
    file = read_toml(path)
    entry = parse(_PrecedentFile, file)
    if entry.id != path.stem:
        raise file.fault(
            "id がファイル名と違います。", "id", todo=f"ファイル名に合わせて「{path.stem}」としてください。"
        )
    if not entry.units:
        raise file.fault(
            "判断の単位（[[units]]）がありません。", todo="部分ごとに [[units]] を書いてください。"
        )
    _check_whole(entry, file)
    for index, unit in enumerate(entry.units):
        _check_unit(entry.kind, unit, index, file)
    return ReadPrecedent(_precedent(entry), file)


def _check_whole(entry: _PrecedentFile, file: TomlFile) -> None:
    if (entry.stands == "superseded") != (entry.superseded_by is not None):
        todo = (
            "改められたときは stands を superseded とし、superseded_by に改めた先例の id を書いてください。"
        )
        raise file.fault("stands と superseded_by が合いません。", "stands", todo=todo)
    if entry.review == "none" and (entry.review_date or entry.reviewed_by):
        todo = "review に upheld、altered、annulled のどれかを書いてください。"
        raise file.fault("審査の日や番号があるのに review が none です。", "review", todo=todo)
    if entry.review != "none" and entry.review_date is None:
        raise file.fault("審査を受けた日がありません。", "review", todo="review_date を書き加えてください。")
    if entry.review_date is not None and entry.review_date < entry.date:
        raise file.fault("審査の日が決定の日より前です。", "review_date", todo="日付を確かめてください。")


def _check_unit(kind: PrecedentKind, unit: _UnitEntry, index: int, file: TomlFile) -> None:
    def fault(problem: str, key: str, todo: str) -> Exception:
        return file.fault(problem, "units", index, key, todo=todo)

    if bool(unit.heads) == (unit.topic is not None):
        todo = "事由についての判断なら heads だけ、手続についての判断なら heads を [] として topic だけを書いてください。"
        raise fault("heads と topic は、どちらか一方だけを書きます。", "heads", todo)
    for key in ("part", "reason_given"):
        if not getattr(unit, key):
            raise fault(f"「{key}」が空です。", key, "書き加えてください。")
    if kind == "decision" and (unit.holding or unit.argument):
        raise fault(
            "決定（decision）に holding や argument は書けません。", "part", "reason_given に書いてください。"
        )
    if kind != "decision" and not unit.holding:
        raise fault("「holding」がありません。", "part", "答申、裁決又は判決の判断を書いてください。")


def _precedent(entry: _PrecedentFile) -> Precedent:
    units = tuple(
        PrecedentUnit(
            number=number,
            part=unit.part,
            heads=unit.heads,
            topic=unit.topic,
            grounds=unit.grounds,
            exception=unit.exception,
            result=unit.result,
            reason_given=unit.reason_given,
            argument=unit.argument,
            holding=unit.holding,
            conflicts_with=unit.conflicts_with,
        )
        for number, unit in enumerate(entry.units, 1)
    )
    return Precedent(
        id=entry.id,
        kind=entry.kind,
        origin=entry.origin,
        body=entry.body,
        ordinance=entry.ordinance,
        number=entry.number,
        date=entry.date,
        department=entry.department,
        document_types=entry.document_types,
        request=entry.request,
        disposition=entry.disposition,
        review=entry.review,
        review_date=entry.review_date,
        reviewed_by=entry.reviewed_by,
        superseded_by=entry.superseded_by,
        note=entry.note,
        units=units,
    )


def _check_links(read: ReadPrecedent, known: Mapping[str, Precedent]) -> None:
    precedent, file = read.precedent, read.file
    for key in ("superseded_by", "reviewed_by"):
        other = getattr(precedent, key)
        if other is not None and (other not in known or other == precedent.id):
            todo = "precedents にある先例の id を書いてください。"
            raise file.fault(f"{key} の「{other}」という先例がありません。", key, todo=todo)
    if precedent.superseded_by and known[precedent.superseded_by].date < precedent.date:
        todo = "superseded_by には後の先例の id を書いてください。"
        raise file.fault("改めた先例の日付が、この先例より前です。", "superseded_by", todo=todo)
    for unit in precedent.units:
        for name in unit.conflicts_with:
            _check_conflict(file, f"{precedent.id}#{unit.number}", unit, name, known)


def _check_conflict(
    file: TomlFile, own: str, unit: PrecedentUnit, name: str, known: Mapping[str, Precedent]
) -> None:
    place = ("units", unit.number - 1, "conflicts_with")
    identity, _, number = name.partition("#")
    units = known[identity].units if identity in known else ()
    other = next((each for each in units if str(each.number) == number), None)
    if other is None or name == own:
        todo = "「2015-004#2」の形で、ほかの先例の単位を書いてください。"
        raise file.fault(f"conflicts_with の「{name}」がありません。", *place, todo=todo)
    if own not in other.conflicts_with:
        todo = f"「{name}」の conflicts_with にも「{own}」を書いてください。"
        raise file.fault(f"「{name}」の側に、この単位との対立が書かれていません。", *place, todo=todo)
