"""What was decided before: the tally, then both sides, what still stands first."""

from __future__ import annotations

from assistant.converse.matter import Matter, Searcher, Wanted
from assistant.converse.say import Speaker, plain_quote
from assistant.converse.turn import Role, Sentence
from assistant.converse.wording import bundled_wording
from assistant.domain.finding import ProposalWarning
from assistant.domain.source import Source, SourceKind, UnitResult
from assistant.text.eras import format_era

_EACH = 2
_NEAR = 0.4  # of the best: what is less near was decided about something else


def decided_under(
    matter: Matter, wanted: Wanted, searcher: Searcher, speaker: Speaker
) -> tuple[list[Sentence], list[ProposalWarning]]:
    """Precedents for and against under a head, with the tally; warnings where a side, or both, are missing."""
    wording, labels = bundled_wording(), speaker.corpus.city.labels
    near = [
        (source.precedent, source.unit, source)
        for source, score in searcher.near(SourceKind.PRECEDENT, head=matter.head)
        if source.precedent and source.unit and score >= _NEAR
    ]
    sides: tuple[tuple[UnitResult, str, Role, str], ...] = (
        ("withheld", wording.sentences.withheld, "precedent", labels.withhold),
        ("disclosed", wording.sentences.disclosed, "opposite", labels.disclose),
    )
    said: list[Sentence] = []
    counts: dict[str, int] = {}
    for outcome, template, role, _ in sides:
        side = [source for _, unit, source in near if unit.result == outcome]
        counts[outcome] = len(side)
        said += [
            sentence for source in side[:_EACH] for sentence in _told(source, template, role, wanted, speaker)
        ]
    changed = sum(not precedent.stands for precedent, _, _ in near)
    missing = [label for outcome, _, _, label in sides if not counts[outcome]]
    tally = _tally(counts["withheld"], counts["disclosed"], changed, said, speaker)
    return tally + said, _missing(missing, len(sides), speaker)


def _missing(missing: list[str], sides: int, speaker: Speaker) -> list[ProposalWarning]:
    words, precedent = bundled_wording().warnings, speaker.corpus.city.labels.precedent
    if len(missing) == sides:
        return [ProposalWarning(code="no_precedent", message=words.no_precedent.format(precedent=precedent))]
    if missing:
        told = words.one_side.format(side=missing[0], precedent=precedent)
        return [ProposalWarning(code="one_side", message=told)]
    return []


def decided_on(matter: Matter, wanted: Wanted, searcher: Searcher, speaker: Speaker) -> list[Sentence]:
    """Precedents on a procedural topic."""
    template = bundled_wording().sentences.topic_precedent
    near = [source for source, _ in searcher.near(SourceKind.PRECEDENT, topic=matter.topic)]
    return [s for source in near[:_EACH] for s in _told(source, template, "precedent", wanted, speaker)]


def _told(source: Source, template: str, role: Role, wanted: Wanted, speaker: Speaker) -> list[Sentence]:
    precedent, unit = source.precedent, source.unit
    if precedent is None or unit is None:
        return []
    ruling = unit.holding or unit.reason_given
    held = Source(id=source.id, kind=source.kind, title=source.title, text=ruling, search_text="")
    return speaker.quoting(
        role,
        template,
        held,
        wanted.all,
        date=format_era(precedent.date),
        body=precedent.body,
        number=precedent.number,
        part=plain_quote(unit.part),
        stands=speaker.became(precedent),
    )


def _tally(
    withheld: int, disclosed: int, changed: int, said: list[Sentence], speaker: Speaker
) -> list[Sentence]:
    """How the like was decided, counted over all near precedents; rests on those shown."""
    words = bundled_wording().sentences
    shown = [(citation.source, citation.quote) for sentence in said for citation in sentence.citations]
    slots = {"withheld": str(withheld), "disclosed": str(disclosed)}
    if changed:
        return speaker.say("tally", words.tally_changed, shown, **slots, changed=str(changed))
    return speaker.say("tally", words.tally, shown, **slots)
