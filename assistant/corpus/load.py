"""Load a city's folder: read every file, check every reference between them, address everything that can be cited."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from assistant.corpus.city import CITY_FILE, City, OrdinanceEntry, load_city_file
from assistant.corpus.corpus import Corpus
from assistant.corpus.handbook import HandbookParagraph, read_handbook
from assistant.corpus.heads import DayMap, check_city, map_day
from assistant.corpus.precedents import ReadPrecedent, read_precedents
from assistant.corpus.questions import read_questions
from assistant.corpus.sources import handbook_source, precedent_source, provision_sources, role_of
from assistant.domain.provision import Head, LimbRole, Provision
from assistant.domain.source import Source
from assistant.errors import DataFileError
from assistant.law.egov import read_xml
from assistant.law.markdown import read_markdown
from assistant.law.ordinance import Ordinance

__all__ = ["Corpus", "fingerprint", "load_city"]

HANDBOOK, QUESTIONS, POLICY, PRECEDENTS = "handbook.md", "questions.toml", "policy.toml", "precedents"


def load_city(folder: Path) -> Corpus:
    """The corpus of a city's folder. Raises DataFileError with file, line and what to do."""
    if not folder.is_dir():
        raise DataFileError(
            folder, "市のフォルダがありません。", todo="フォルダの名と置き場所を確かめてください。"
        )
    city, file = load_city_file(folder)
    ordinance = _ordinance(folder, city.ordinance)
    check_city(city, ordinance, file)
    maps = {day: map_day(city, ordinance, day) for day in ordinance.in_force_dates}
    latest = maps[ordinance.in_force_dates[-1]]

    def map_of(day: date) -> DayMap:
        return maps[ordinance.version_date(day)]

    sources = {source.id: source for source in provision_sources(city, ordinance, map_of)}
    sources |= {source.id: source for source in _handbook(folder / HANDBOOK, city, ordinance, latest)}
    read = read_precedents(folder / PRECEDENTS)
    for each in read:
        _check_grounds(each, city, ordinance, maps)
        for unit in each.precedent.units:
            source = precedent_source(each.precedent, unit)
            sources[source.id] = source
    return Corpus(
        city=city,
        ordinance=ordinance,
        sources=MappingProxyType(sources),
        precedents=tuple(each.precedent for each in read),
        questions=_questions(folder / QUESTIONS, ordinance),
        fingerprint=fingerprint(folder),
        policy_path=folder / POLICY if (folder / POLICY).exists() else None,
        _maps=dict(maps),
    )


def fingerprint(folder: Path) -> str:
    """sha256 over the names and bytes of everything in the folder that is citable or bears on retrieval."""
    digest = hashlib.sha256()
    names = [path for path in folder.iterdir() if path.is_file() and path.name != POLICY]
    names += (folder / PRECEDENTS).glob("*.toml")
    for path in sorted(names, key=lambda each: each.relative_to(folder).as_posix()):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _ordinance(folder: Path, entry: OrdinanceEntry) -> Ordinance:
    if Path(entry.file).name != entry.file:
        todo = "市のフォルダの中のファイル名だけを書いてください。"
        raise DataFileError(folder / CITY_FILE, "条例のファイルの場所が市のフォルダの外です。", todo=todo)
    read = read_markdown if entry.format == "markdown" else read_xml
    return read(folder / entry.file, in_force_from=entry.in_force_from)


def _handbook(path: Path, city: City, ordinance: Ordinance, here: DayMap) -> Iterator[Source]:
    if not path.exists():
        return
    for paragraph in read_handbook(path):
        yield handbook_source(city, paragraph, _paragraph_provision(path, paragraph, ordinance), here)


def _paragraph_provision(path: Path, paragraph: HandbookParagraph, ordinance: Ordinance) -> Provision:
    """The narrowest provision the paragraph is about; its heading's must exist too."""
    day = ordinance.in_force_dates[-1]
    found = [ordinance.find(label, day) for label in (paragraph.place, paragraph.provision)]
    if found[0] is not None and found[1] is not None:
        return found[1]
    label = paragraph.provision if found[0] else paragraph.place
    todo = "今の条例にある条項を書いてください。"
    raise DataFileError(path, f"条例に「{label}」がありません。", line=paragraph.line, todo=todo)


def _questions(path: Path, ordinance: Ordinance) -> tuple[tuple[str, str], ...]:
    if not path.exists():
        return ()
    entries, file = read_questions(path)
    found = []
    for index, entry in enumerate(entries):
        provision = ordinance.find(entry.provision, ordinance.in_force_dates[-1])
        if provision is None:
            todo = "今の条例にある条項を書いてください。"
            raise file.fault(
                f"条例に「{entry.provision}」がありません。", "provision", index, "provision", todo=todo
            )
        found += [(provision.label, question) for question in entry.questions]
    return tuple(found)


def _check_grounds(
    read: ReadPrecedent, city: City, ordinance: Ordinance, maps: Mapping[date, DayMap]
) -> None:
    """Grounds under the city's own ordinance must exist in some version and carry the unit's heads and exception."""
    precedent, file = read.precedent, read.file
    if precedent.ordinance != city.ordinance.title:
        return
    for unit in precedent.units:
        place = ("units", unit.number - 1, "grounds")
        heads: set[Head] = set()
        roles: set[LimbRole | None] = {None, LimbRole.OTHER}
        for ground in unit.grounds:
            versions = ordinance.versions(ground)
            if not versions:
                todo = "その日の条例にあった条項を書いてください。"
                raise file.fault(f"条例に「{ground}」がありません。", *place, todo=todo)
            for provision in versions:
                here = maps[ordinance.version_date(provision.in_force_from)]
                heads.update(here.heads_of(provision))
                roles.add(role_of(provision, here))
        without = [head for head in unit.heads if head not in heads]
        if without:
            todo = "その事由の条項を grounds に書き加えるか、heads を直してください。"
            raise file.fault(f"事由「{without[0]}」の条項が grounds にありません。", *place, todo=todo)
        if unit.exception not in roles:
            todo = "そのただし書の条項を grounds に書き加えるか、exception を直してください。"
            raise file.fault(f"「{unit.exception}」の条項が grounds にありません。", *place, todo=todo)
