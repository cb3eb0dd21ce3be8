"""What was decided before: the tally, then both sides, what still stands first."""

from __future__ import annotations

from assistant.converse.matter import Matter, Searcher, Wanted
from assistant.converse.say import Speaker
from assistant.converse.turn import Role, Sentence
from assistant.converse.wording import bundled_wording
from assistant.domain.finding import ProposalWarning
from assistant.domain.source import Source, SourceKind, UnitResult
from assistant.text.eras import format_era

_EACH = 2
_READ = 12
_NEAR = 0.6


def decided_under(
    matter: Matter, question: str, wanted: Wanted, searcher: Searcher, speaker: Speaker
) -> tuple[list[Sentence], list[ProposalWarning]]:
    """Precedents for and against under a head, with the tally; warnings where a side, or both, are missing."""
    wording, labels = bundled_wording(), speaker.corpus.city.labels
    sides: tuple[tuple[UnitResult, str, Role, str], ...] = (
        ("withheld", wording.sentences.withheld, "precedent", labels.withhold),
        ("disclosed", wording.sentences.disclosed, "opposite", labels.disclose),
    )
    said: list[Sentence] = []
    missing = []
    for outcome, template, role, label in sides:
        hits = searcher.results(question, SourceKind.PRECEDENT, _EACH, head=matter.head, outcome=outcome).hits
        near = [hit.source for hit in hits if hit.score >= _NEAR]
        told = [sentence for source in near for sentence in _told(source, template, role, wanted, speaker)]
        said += told
        if not told:
            missing.append(label)
    tally = _tally(matter, question, said, searcher, speaker)
    warnings = []
    if len(missing) == len(sides):
        told_none = wording.warnings.no_precedent.format(precedent=labels.precedent)
        warnings.append(ProposalWarning(code="no_precedent", message=told_none))
    elif missing:
        told_one = wording.warnings.one_side.format(side=missing[0], precedent=labels.precedent)
        warnings.append(ProposalWarning(code="one_side", message=told_one))
    return tally + said, warnings


def decided_on(
    matter: Matter, question: str, wanted: Wanted, searcher: Searcher, speaker: Speaker
) -> list[Sentence]:
    """Precedents on a procedural topic."""
    template = bundled_wording().sentences.topic_precedent
    near = [
        hit.source
        for hit in searcher.results(question, SourceKind.PRECEDENT, _READ).hits
        if hit.source.topic is matter.topic
    ]
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
        part=unit.part,
        stands=speaker.became(precedent),
    )


def _tally(
    matter: Matter, question: str, said: list[Sentence], searcher: Searcher, speaker: Speaker
) -> list[Sentence]:
    """How the matter was decided over all that bears on it; rests on the precedents shown."""
    words = bundled_wording().sentences
    counts = searcher.results(question, SourceKind.PRECEDENT, 1, head=matter.head).tally
    withheld, disclosed = counts["withheld"], counts["disclosed"]
    changed = counts["altered"] + counts["annulled"] + counts["superseded"]
    shown = [(citation.source, citation.quote) for sentence in said for citation in sentence.citations]
    if not withheld + disclosed:
        return []
    slots = {"withheld": str(withheld), "disclosed": str(disclosed)}
    if changed:
        return speaker.say("tally", words.tally_changed, shown, **slots, changed=str(changed))
    return speaker.say("tally", words.tally, shown, **slots)
