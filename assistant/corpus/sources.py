"""Make the citable texts: one source a provision and version, a handbook paragraph, a unit of a precedent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from assistant.corpus.city import City
from assistant.corpus.handbook import HandbookParagraph
from assistant.corpus.heads import DayMap
from assistant.domain.provision import LimbRole, Provision
from assistant.domain.source import Precedent, PrecedentUnit, Source, SourceKind
from assistant.law.ordinance import Ordinance
from assistant.law.references import UnreadableReference, format_reference, parse_reference

MapOfDay = Callable[[date], DayMap]


def provision_sources(city: City, ordinance: Ordinance, map_of: MapOfDay) -> Iterator[Source]:
    """All versions of every provision; heads, role and topic as on the first day of the version."""
    for provision in ordinance.provisions:
        here = map_of(provision.in_force_from)
        limb = here.limb_of(provision)
        yield Source(
            id=provision.source_id,
            kind=SourceKind.PROVISION,
            title=f"{city.ordinance.title}{provision.label}",
            text=provision.text,
            search_text=f"{provision.caption}\n{provision.text}" if provision.caption else provision.text,
            heads=here.heads_of(provision),
            provision=provision.label,
            exception=limb.role if limb else None,
            topic=here.topic_of(provision),
            in_force_from=provision.in_force_from,
            in_force_until=provision.in_force_until,
        )


def handbook_source(city: City, paragraph: HandbookParagraph, provision: Provision, here: DayMap) -> Source:
    """The paragraph as one source, with the head, role and topic of the provision it speaks about."""
    return Source(
        id=f"handbook:{paragraph.id}",
        kind=SourceKind.HANDBOOK,
        title=f"{city.labels.handbook} {provision.label} {city.labels.section(paragraph.section)} {paragraph.id}",
        text=paragraph.text,
        search_text=f"{paragraph.name} {city.labels.section(paragraph.section)}\n{paragraph.text.replace('｜', ' ')}",
        heads=here.heads_of(provision),
        provision=provision.label,
        exception=role_of(provision, here),
        topic=here.topic_of(provision),
        section=paragraph.section,
    )


def precedent_source(precedent: Precedent, unit: PrecedentUnit) -> Source:
    """One unit. The citable text is part, reason given and holding; the argument, which may have lost, is not in it."""
    text = "\n".join(words for words in (unit.part, unit.reason_given, unit.holding) if words)
    about = "、".join(precedent.document_types)
    return Source(
        id=f"precedent:{precedent.id}#{unit.number}",
        kind=SourceKind.PRECEDENT,
        title=f"{precedent.body} {precedent.date.isoformat()} {precedent.number}（{unit.number}）",
        text=text,
        search_text=f"{about} {precedent.request}\n{text}",
        heads=unit.heads,
        provision=canonical_label(unit.grounds[0]) if unit.grounds else None,
        exception=unit.exception,
        topic=unit.topic,
        in_force_from=precedent.date,
        precedent=precedent,
        unit=unit,
    )


def role_of(provision: Provision, here: DayMap) -> LimbRole | None:
    """The role of the exception the provision is or stands in."""
    limb = here.limb_of(provision)
    return limb.role if limb else None


def canonical_label(reference: str) -> str:
    """A literal citation in the usual way of writing; left as it is when it is not understood (other ordinances)."""
    try:
        return format_reference(parse_reference(reference))
    except UnreadableReference:
        return reference
