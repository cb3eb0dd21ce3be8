"""An ordinance: every text of every provision with its days in force, found by reference or label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from assistant.domain.provision import Part, Provision, ProvisionRef
from assistant.law.numbering import SubitemStyle
from assistant.law.references import UnreadableReference, code_of, parse_reference
from assistant.law.snapshot import Standing, change_days, provisions_on
from assistant.law.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinance:
    """`provisions` holds all versions, by day in force and then in the order of the text."""

    tree: Tree
    provisions: tuple[Provision, ...]
    in_force_dates: tuple[date, ...]
    by_code: Mapping[str, tuple[Provision, ...]]
    by_label: Mapping[str, tuple[Provision, ...]]

    @property
    def title(self) -> str:
        """見本市情報公開条例."""
        return self.tree.title

    @property
    def number(self) -> str:
        """平成14年見本市条例第8号."""
        return self.tree.number

    @property
    def style(self) -> SubitemStyle:
        """How this ordinance letters its sub-items."""
        return self.tree.style

    def as_of(self, day: date) -> tuple[Provision, ...]:
        """The provisions in force on `day`, in the order of the text of their version."""
        return tuple(provision for provision in self.provisions if provision.in_force_on(day))

    def version_date(self, day: date) -> date:
        """Since when the ordinance stands as it stands on `day`; its first day for any earlier day."""
        past = [change for change in self.in_force_dates if change <= day]
        return past[-1] if past else self.in_force_dates[0]

    def find(self, place: ProvisionRef | str, day: date) -> Provision | None:
        """The provision that `place` names, as in force on `day`; None if there is none or the words are no reference.

        第7条第2号ウ is understood for 第7条第2号ただし書ウ, not the other way round; 前段, 後段 and 本文 give the
        provision they are a part of; without a 項 the 号 is looked for in every 項 of the article.
        """
        if isinstance(place, str):
            labelled = _of_day(self.by_label.get(place, ()), day)
            if labelled is not None:
                return labelled
            try:
                place = parse_reference(place, style=self.style)
            except UnreadableReference:
                return None
        return self._at(place, day)

    def versions(self, place: ProvisionRef | str) -> tuple[Provision, ...]:
        """All texts the place has had, oldest first, whatever the day."""
        found = [self.find(place, day) for day in self.in_force_dates]
        return tuple(dict.fromkeys(provision for provision in found if provision is not None))

    def _at(self, ref: ProvisionRef, day: date) -> Provision | None:
        whole = replace(ref, part=None) if ref.part in (Part.FORMER, Part.LATTER) else ref
        found = None
        for candidate in self._places(whole):
            found = found or _of_day(self.by_code.get(code_of(candidate), ()), day)
        if found is not None and ref.of_proviso and not found.ref.of_proviso:
            return None
        return found

    def _places(self, ref: ProvisionRef) -> Iterable[ProvisionRef]:
        if ref.paragraph is not None:
            yield ref
            return
        if ref.item is None and not ref.subitems:
            yield ref
            yield replace(ref, paragraph="1")
            return
        for number in range(1, 1 + self._paragraphs(ref.article)):
            yield replace(ref, paragraph=str(number))

    def _paragraphs(self, article: str) -> int:
        numbers = [
            p.ref.paragraph or "1" for p in self.provisions if p.ref.article == article and p.ref.item is None
        ]
        return max((int(number.split("_")[0]) for number in numbers), default=0)


def build_ordinance(tree: Tree) -> Ordinance:
    """Cut the tree at every day of change and join what stayed the same."""
    days = change_days(tree)
    open_since: dict[tuple[str, Standing], date] = {}
    closed: list[Provision] = []
    for day in days:
        here = {(standing.code, standing): None for standing in provisions_on(tree, day)}
        for key in [key for key in open_since if key not in here]:
            closed.append(_provision(key[1], open_since.pop(key), day - timedelta(days=1)))
        for key in here:
            open_since.setdefault(key, day)
    closed += [_provision(standing, since, None) for (_, standing), since in open_since.items()]
    order = {standing.code: index for day in days for index, standing in enumerate(provisions_on(tree, day))}
    provisions = tuple(sorted(closed, key=lambda each: (order[each.code], each.in_force_from)))
    return Ordinance(
        tree=tree,
        provisions=provisions,
        in_force_dates=days,
        by_code=_index(provisions, "code"),
        by_label=_index(provisions, "label"),
    )


def _provision(standing: Standing, since: date, until: date | None) -> Provision:
    return Provision(
        ref=standing.ref,
        code=standing.code,
        label=standing.label,
        caption=standing.caption,
        text=standing.text,
        own_text=standing.own_text,
        polarity=standing.polarity,
        in_force_from=since,
        in_force_until=until,
        parent=standing.parent,
    )


def _index(provisions: tuple[Provision, ...], key: str) -> Mapping[str, tuple[Provision, ...]]:
    index: dict[str, tuple[Provision, ...]] = {}
    for provision in provisions:
        value = getattr(provision, key)
        index[value] = (*index.get(value, ()), provision)
    return MappingProxyType(index)


def _of_day(provisions: tuple[Provision, ...], day: date) -> Provision | None:
    return next((provision for provision in provisions if provision.in_force_on(day)), None)
