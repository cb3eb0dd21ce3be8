"""What a question can be about, on a day: a head of exemption, a limb or exception, a procedural topic, an article.

Every entry speaks about one or more of them; a target is scored by the entries that speak about it (design.md D10).
Which provision is which head or topic is the city's data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.corpus.corpus import Corpus, in_scope
from assistant.corpus.heads import DayMap, Limb
from assistant.domain.provision import Head, Provision, Topic
from assistant.domain.source import PrecedentUnit, SourceKind
from assistant.retrieve.entries import Entry

Group = Head | Topic | str
"""A head, a topic, or the number of an article that is neither."""


@dataclass(frozen=True, slots=True)
class Target:
    """`group`: the head, topic or article. `part`: code of a limb of a head or of a provision of a topic, None for
    the group as a whole."""

    group: Group
    part: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """All targets on a day. The places are positions in the list of entries.

    `members`: entries that speak about a target; those of a part count for its group as well. `main`: the provision
    entry that stands for a target in a list of results; a topic has none of its own, its best part stands for it.
    """

    members: Mapping[Target, NDArray[np.int64]]
    main: Mapping[Target, int]
    in_force: NDArray[np.bool_]

    def groups(self) -> Iterator[Target]:
        """Heads, topics, articles."""
        return (target for target in self.members if target.part is None)

    def parts(self) -> Iterator[Target]:
        """Limbs of heads, provisions of topics."""
        return (target for target in self.members if target.part is not None)


class Aim:
    """From a provision, or from what an entry says of itself, to targets, on one day."""

    def __init__(self, corpus: Corpus, day: date) -> None:
        self._corpus = corpus
        self._day = day
        self._map = corpus.map_of(day)

    def of_entry(self, entry: Entry) -> tuple[Target, ...]:
        """The targets an entry speaks about, each once."""
        if entry.source is not None and entry.source.unit is not None:
            return tuple(dict.fromkeys(self._of_unit(entry, entry.source.unit)))
        found = (self._corpus.find(label, self._day) for label in entry.labels)
        named = [self.of_provision(provision) for provision in found if provision]
        return tuple(
            dict.fromkeys((*named, *(Target(head) for head in entry.heads if head in self._map.by_head)))
        )

    def of_provision(self, provision: Provision) -> Target:
        """The limb it stands in, else its head, else its topic and the provision named for it, else its article."""
        heads = self._map.heads_of(provision)
        if heads:
            limb = outermost_limb(self._map, provision)
            return Target(heads[0], limb.provision.code if limb else None)
        for place in self._map.upwards(provision):
            if place.code in self._map.topics:
                return Target(self._map.topics[place.code][0], place.code)
        return Target(provision.ref.article)

    def _of_unit(self, entry: Entry, unit: PrecedentUnit) -> Iterator[Target]:
        """By canonical head and role; the literal citation is trusted only where it leads to one of these heads."""
        precedent = entry.source.precedent if entry.source else None
        own = precedent is not None and precedent.ordinance == self._corpus.ordinance.title
        cited: dict[Group, Target] = {}
        for label in unit.grounds if own else ():
            provision = self._corpus.find(label, self._day)
            if provision is not None:
                target = self.of_provision(provision)
                cited.setdefault(target.group, target)
        for head in unit.heads:
            role = unit.exception
            limbs = [limb for limb in self._corpus.limbs_of(head, self._day) if role and limb.role is role]
            by_role = Target(head, limbs[0].provision.code) if len(limbs) == 1 else Target(head)
            target = cited.get(head, by_role)
            yield target if target.part else by_role
        if unit.topic is not None:
            yield Target(unit.topic)


def outermost_limb(day_map: DayMap, provision: Provision) -> Limb | None:
    """The limb of the first level: for ウ(ア) it is ウ."""
    found = None
    for place in day_map.upwards(provision):
        found = day_map.limbs.get(place.code, found)
    return found


def targets_on(corpus: Corpus, entries: Sequence[Entry], day: date) -> Targets:
    """All targets of the version in force on `day`, with the entries that speak about each."""
    aim = Aim(corpus, day)
    in_force = np.asarray(
        [entry.source is None or in_scope(entry.source, day) for entry in entries], dtype=np.bool_
    )
    main_ids = {target: provision.source_id for target, provision in _main_provisions(corpus, day)}
    members: dict[Target, list[int]] = {}
    main: dict[Target, int] = {}
    for place, entry in enumerate(entries):
        if not in_force[place]:
            continue
        for target in aim.of_entry(entry):
            for each in dict.fromkeys((target, Target(target.group))):
                members.setdefault(each, []).append(place)
            if entry.kind is SourceKind.PROVISION:
                # The named provision where there is one, else the first: an article stands before its paragraphs.
                if entry.id == main_ids.get(target):
                    main[target] = place
                elif target not in main_ids:
                    main.setdefault(target, place)
    return Targets(
        members={target: np.asarray(places, dtype=np.int64) for target, places in members.items()},
        main=main,
        in_force=in_force,
    )


def _main_provisions(corpus: Corpus, day: date) -> Iterator[tuple[Target, Provision]]:
    day_map = corpus.map_of(day)
    for head in corpus.heads(day):
        yield Target(head), corpus.provision_of(head, day)
        for limb in corpus.limbs_of(head, day):
            yield Target(head, limb.provision.code), limb.provision
    for topic, provisions in day_map.by_topic.items():
        for provision in provisions:
            yield Target(topic, provision.code), provision
