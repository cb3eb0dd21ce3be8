"""One city's corpus: its sources by id, and what is which head, limb, topic on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.corpus.city import City
from assistant.corpus.heads import DayMap, Limb, map_day
from assistant.domain.provision import Head, Provision, ProvisionRef, Topic
from assistant.domain.source import Precedent, Source
from assistant.law.ordinance import Ordinance


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Everything of one city that can be cited or asked for. Answers by day take the version in force on it."""

    city: City
    ordinance: Ordinance
    sources: Mapping[str, Source]
    precedents: tuple[Precedent, ...]
    questions: tuple[
        tuple[str, str], ...
    ]  # label of the provision, question; for retrieval only, never cited
    fingerprint: str  # sha256 over the names and bytes of the city's files
    policy_path: Path | None
    _maps: dict[date, DayMap] = field(default_factory=dict, repr=False, compare=False)

    def source(self, source_id: str) -> Source | None:
        """The source with this id, None if the corpus has none."""
        return self.sources.get(source_id)

    def sources_as_of(self, day: date) -> tuple[Source, ...]:
        """Provisions in force on `day`, precedents decided by then, and the handbook."""
        return tuple(source for source in self.sources.values() if in_scope(source, day))

    def find(self, place: ProvisionRef | str, day: date) -> Provision | None:
        """The provision named, as in force on `day` (see `Ordinance.find`)."""
        return self.ordinance.find(place, day)

    def heads(self, day: date) -> tuple[Head, ...]:
        """The heads of exemption of the ordinance on `day`, in the city's order."""
        return tuple(self.map_of(day).by_head)

    def provision_of(self, head: Head, day: date) -> Provision:
        """The main provision of a head. Raises KeyError when the ordinance has no such head on `day`."""
        return self.map_of(day).by_head[head][0]

    def provisions_of(self, head: Head, day: date) -> tuple[Provision, ...]:
        """All provisions of a head, main one first; empty when there is none."""
        return self.map_of(day).by_head.get(head, ())

    def limbs_of(self, head: Head, day: date) -> tuple[Limb, ...]:
        """Limbs of the exemption and exceptions to it, in the order of the text, nested ones after their own."""
        return self.map_of(day).limbs_of(head)

    def limb(self, key: str, day: date) -> Limb | None:
        """The limb the city calls `key` (city.toml)."""
        return next((limb for limb in self.map_of(day).limbs.values() if limb.key == key), None)

    def limb_of(self, place: ProvisionRef | str, day: date) -> Limb | None:
        """The nearest limb that the place is or stands in."""
        provision = self.find(place, day)
        return self.map_of(day).limb_of(provision) if provision else None

    def heads_of(self, place: ProvisionRef | str, day: date) -> tuple[Head, ...]:
        """The heads a place belongs to, nearest first; empty when none or no such place."""
        provision = self.find(place, day)
        return self.map_of(day).heads_of(provision) if provision else ()

    def head_of(self, place: ProvisionRef | str, day: date) -> Head | None:
        """The nearest head a place belongs to."""
        return next(iter(self.heads_of(place, day)), None)

    def duty(self, day: date) -> Provision:
        """The provision that makes disclosure the rule. Raises KeyError before the ordinance was in force."""
        provision = self.find(self.city.duty, day)
        if provision is None:
            raise KeyError(self.city.duty)
        return provision

    def topic_provisions(self, topic: Topic, day: date) -> tuple[Provision, ...]:
        """The provisions a procedural topic rests on, main one first."""
        return self.map_of(day).by_topic.get(topic, ())

    def topic_of(self, place: ProvisionRef | str, day: date) -> Topic | None:
        """The procedural topic of the place, None if it has none."""
        provision = self.find(place, day)
        return self.map_of(day).topic_of(provision) if provision else None

    def map_of(self, day: date) -> DayMap:
        """The city's map of the version in force on `day`; made once a version."""
        version = self.ordinance.version_date(day)
        if version not in self._maps:
            self._maps[version] = map_day(self.city, self.ordinance, version)
        return self._maps[version]


def in_scope(source: Source, day: date) -> bool:
    """Whether a source can be relied on in a decision made on `day`: in force, or decided by then."""
    began = source.in_force_from is None or source.in_force_from <= day
    return began and (source.in_force_until is None or day <= source.in_force_until)
