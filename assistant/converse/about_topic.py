"""An answer about procedure: what the ordinance lays down, what to do, how to word it."""

from __future__ import annotations

from assistant.converse.matter import Matter, Searcher, Wanted
from assistant.converse.say import Speaker, plain_quote
from assistant.converse.turn import Sentence
from assistant.converse.wording import bundled_wording
from assistant.domain.source import Source, SourceKind

_STEPS = 3
_MODELS = 2
_LONGEST = 400
_ARTICLES = 2
_NEAR = 0.4  # of the best provision of all: less near articles of the topic are left out
_STEP_SECTIONS, _MODEL_SECTION, _WHY_SECTIONS = ("手続", "運用"), "文例", ("趣旨", "解釈")


def rules_of(matter: Matter, wanted: Wanted, searcher: Searcher, speaker: Speaker) -> list[Sentence]:
    """The articles of the topic that bear on the question: a short one whole, else the 項 that says most of it."""
    words = bundled_wording().sentences
    articles = [
        (source, score)
        for source, score in searcher.near(SourceKind.PROVISION, topic=matter.topic)
        if source.id.count("_") == 0 and source.provision
    ]
    near = [source for source, score in articles if score >= _NEAR]
    main = speaker.source_of(matter.provision)
    if not near and main is not None:
        near = [main]
    said: list[Sentence] = []
    for source in near[:_ARTICLES]:
        if source.provision:
            quote = source.text if len(source.text) <= _LONGEST else _paragraph(source, wanted)
            slots = {"provision": source.provision, "quote": plain_quote(quote)}
            said += speaker.say("test", words.rule, [(source.id, quote)], **slots)
    return said


def _paragraph(source: Source, wanted: Wanted) -> str:
    """The line of a provision that has most of the words asked for, the first when none has any."""
    lines = [line for line in source.text.split("\n") if line.strip()]
    return max(lines, key=lambda line: sum(len(word) for word in wanted.all if word in line))


def steps_of(matter: Matter, wanted: Wanted, searcher: Searcher, speaker: Speaker) -> list[Sentence]:
    """What to do, why, and how to word it, from the paragraphs of this topic that are nearest to the question."""
    words = bundled_wording().sentences
    near = [source for source, _ in searcher.near(SourceKind.HANDBOOK, topic=matter.topic)]
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
