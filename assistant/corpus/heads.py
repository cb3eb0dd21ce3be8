"""Which provision is which head, limb and topic, on a day: the city's data read against its ordinance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from assistant.corpus.city import City, LimbEntry
from assistant.corpus.datafile import TomlFile
from assistant.domain.provision import Head, LimbRole, Part, Polarity, Provision, Topic
from assistant.law.ordinance import Ordinance


@dataclass(frozen=True, slots=True, kw_only=True)
class Limb:
    """A limb of an exemption or an exception to it, on one day. `key` is the city's name for it, empty if none."""

    provision: Provision
    role: LimbRole | None
    polarity: Polarity
    key: str = ""
    label: str = ""

    @property
    def nested(self) -> bool:
        """Whether it stands inside another limb: ウ(ア)."""
        return len(self.provision.ref.subitems) > 1


@dataclass(frozen=True, slots=True)
class DayMap:
    """One version of the ordinance with the city's heads, limbs and topics by provision code."""

    provisions: Mapping[str, Provision]
    heads: Mapping[str, tuple[Head, ...]]
    limbs: Mapping[str, Limb]
    topics: Mapping[str, tuple[Topic, ...]]
    by_head: Mapping[Head, tuple[Provision, ...]]
    by_topic: Mapping[Topic, tuple[Provision, ...]]

    def upwards(self, provision: Provision) -> Iterator[Provision]:
        """The provision and what it stands in, from the inside out."""
        here: Provision | None = provision
        while here is not None:
            yield here
            here = self.provisions.get(here.parent) if here.parent else None

    def heads_of(self, provision: Provision) -> tuple[Head, ...]:
        """Heads the provision belongs to, nearest first: 任意提供 before 法人 where it is a limb of 法人."""
        return tuple(
            dict.fromkeys(
                head for place in self.upwards(provision) for head in self.heads.get(place.code, ())
            )
        )

    def topic_of(self, provision: Provision) -> Topic | None:
        """The procedural topic of the nearest provision that has one."""
        for place in self.upwards(provision):
            if place.code in self.topics:
                return self.topics[place.code][0]
        return None

    def limb_of(self, provision: Provision) -> Limb | None:
        """The nearest limb the provision is or stands in."""
        for place in self.upwards(provision):
            if place.code in self.limbs:
                return self.limbs[place.code]
        return None

    def limbs_of(self, head: Head) -> tuple[Limb, ...]:
        """Limbs below the head's provisions, and the exceptions of what they stand in, in the order of the text."""
        own = {provision.code for provision in self.by_head.get(head, ())}
        around = {place.code for each in self.by_head.get(head, ()) for place in self.upwards(each)}
        around = {code for code in around - own if code in self.heads}
        found = []
        for limb in self.limbs.values():
            above = {place.code for place in self.upwards(limb.provision)} - {limb.provision.code}
            if own & above or (limb.polarity is Polarity.EXCEPTION and around & above):
                found.append(limb)
        return tuple(found)


def map_day(city: City, ordinance: Ordinance, day: date) -> DayMap:
    """Read the city's data against the ordinance as in force on `day`; what is not in force then is left out."""
    provisions = {provision.code: provision for provision in ordinance.as_of(day)}
    by_head: dict[Head, tuple[Provision, ...]] = {}
    heads: dict[str, tuple[Head, ...]] = {}
    for entry in city.heads:
        by_head[entry.head] = _found(ordinance, entry.provisions, day)
        for provision in by_head[entry.head]:
            heads[provision.code] = (*heads.get(provision.code, ()), entry.head)
    by_topic: dict[Topic, tuple[Provision, ...]] = {}
    topics: dict[str, tuple[Topic, ...]] = {}
    for topic in city.topics:
        by_topic[topic.topic] = _found(ordinance, topic.provisions, day)
        for provision in by_topic[topic.topic]:
            topics[provision.code] = (*topics.get(provision.code, ()), topic.topic)
    declared = {
        found.code: entry
        for entry in city.limbs
        if (found := ordinance.find(entry.provision, day)) is not None
    }
    return DayMap(
        provisions=MappingProxyType(provisions),
        heads=MappingProxyType(heads),
        limbs=MappingProxyType(_limbs(provisions, declared)),
        topics=MappingProxyType(topics),
        by_head=MappingProxyType({head: found for head, found in by_head.items() if found}),
        by_topic=MappingProxyType(by_topic),
    )


def _found(ordinance: Ordinance, labels: tuple[str, ...], day: date) -> tuple[Provision, ...]:
    return tuple(found for label in labels if (found := ordinance.find(label, day)) is not None)


def _limbs(provisions: Mapping[str, Provision], declared: Mapping[str, LimbEntry]) -> dict[str, Limb]:
    """Declared limbs, and undeclared ones of the first level: nothing the text says is passed over."""
    limbs = {}
    for code, provision in provisions.items():
        entry = declared.get(code)
        if entry is None and not _is_limb(provision, provisions):
            continue
        limbs[code] = Limb(
            provision=provision,
            role=entry.role if entry else None,
            polarity=provision.polarity or Polarity.EXEMPTION,
            key=entry.key if entry else "",
            label=entry.label if entry else "",
        )
    return limbs


def _is_limb(provision: Provision, provisions: Mapping[str, Provision]) -> bool:
    ref = provision.ref
    if ref.part is None:
        return len(ref.subitems) == 1
    if ref.part is not Part.PROVISO or ref.item is None:
        return False
    # A proviso that only introduces a list is not an exception besides the ones it lists.
    return not any(other.parent == provision.parent and other.ref.of_proviso for other in provisions.values())


def check_city(city: City, ordinance: Ordinance, file: TomlFile) -> None:
    """Every provision named must exist in some version, and a polarity said must be the text's. Raises DataFileError."""
    if ordinance.title != city.ordinance.title or ordinance.number != city.ordinance.number:
        todo = f"{city.ordinance.file} の題名と番号に合わせてください。"
        raise file.fault("条例の題名又は番号が条例の本文と違います。", "ordinance", "title", todo=todo)
    _must_exist(ordinance, file, city.duty, "duty", "provision")
    for index, head in enumerate(city.heads):
        for label in head.provisions:
            _must_exist(ordinance, file, label, "heads", index, "provisions")
        if not head.provisions:
            raise file.fault(
                "「provisions」が空です。", "heads", index, "provisions", todo="条項を書いてください。"
            )
    for index, topic in enumerate(city.topics):
        for label in topic.provisions:
            _must_exist(ordinance, file, label, "topics", index, "provisions")
    for index, limb in enumerate(city.limbs):
        for provision in _must_exist(ordinance, file, limb.provision, "limbs", index, "provision"):
            said = provision.polarity or Polarity.EXEMPTION
            if limb.polarity is not None and limb.polarity is not said:
                raise file.fault(
                    f"{provision.label}の polarity が条文と逆です。",
                    "limbs",
                    index,
                    "polarity",
                    todo=f"{said} としてください（「次に掲げる」がただし書にあれば exception）。",
                )


def _must_exist(ordinance: Ordinance, file: TomlFile, label: str, *place: str | int) -> tuple[Provision, ...]:
    found = ordinance.versions(label)
    if not found:
        todo = "条例の本文にある条項を「第○条第○号」の形で書いてください。"
        raise file.fault(f"条例に「{label}」がありません。", *place, todo=todo)
    return found
