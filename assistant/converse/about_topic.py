"""An answer about procedure: what the ordinance lays down, what to do, how to word it."""

from __future__ import annotations

from assistant.converse.matter import Matter, Searcher, Wanted
from assistant.converse.say import Speaker
from assistant.converse.turn import Sentence
from assistant.converse.wording import bundled_wording
from assistant.domain.source import Source, SourceKind

_READ = 24
_STEPS = 3
_MODELS = 2
_LONGEST = 400
_STEP_SECTIONS, _MODEL_SECTION, _WHY_SECTIONS = ("手続", "運用"), "文例", ("趣旨", "解釈")


def rules_of(matter: Matter, wanted: Wanted, speaker: Speaker) -> list[Sentence]:
    """The provisions of the topic: a short one whole, else the sentence that speaks of what is asked."""
    words = bundled_wording().sentences
    provisions = speaker.corpus.topic_provisions(matter.topic, speaker.day) if matter.topic else ()
    said: list[Sentence] = []
    for provision in provisions[:2]:
        source = speaker.source_of(provision)
        if source and len(source.text) <= _LONGEST:
            said += speaker.say(
                "test", words.rule, [(source.id, source.text)], provision=provision.label, quote=source.text
            )
        else:
            said += speaker.quoting("test", words.rule, source, wanted.all, provision=provision.label)
    return said


def steps_of(
    matter: Matter, question: str, wanted: Wanted, searcher: Searcher, speaker: Speaker
) -> list[Sentence]:
    """What to do, why, and how to word it, from the paragraphs of this topic that are nearest to the question."""
    words = bundled_wording().sentences
    near = [
        hit.source
        for hit in searcher.results(question, SourceKind.HANDBOOK, _READ).hits
        if hit.source.topic is matter.topic
    ]
    said: list[Sentence] = []
    for source in _of(near, _STEP_SECTIONS)[:_STEPS]:
        said += speaker.quoting("procedure", words.procedure, source, wanted.all)
    for source in _of(near, _WHY_SECTIONS)[:_MODELS]:
        section = f"{source.provision} {source.section}"
        said += speaker.quoting("practice", words.practice, source, wanted.all, section=section)
    for source in _of(near, (_MODEL_SECTION,))[:_MODELS]:
        said += speaker.quoting("procedure", words.model, source, wanted.all)
    return said


def _of(sources: list[Source], sections: tuple[str, ...]) -> list[Source]:
    return [source for source in sources if source.section in sections]
