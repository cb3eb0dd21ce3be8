"""An answer about an exemption: the city's policy, the test, the provisos walked through, practice, what to check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.cite.quote import LONGEST
from assistant.converse.matter import Matter, Searcher, Wanted
from assistant.converse.say import Speaker, plain_quote
from assistant.converse.turn import Sentence
from assistant.converse.wording import bundled_wording
from assistant.domain.provision import Head, LimbRole, Polarity
from assistant.domain.source import Source, SourceKind
from assistant.text.folding import folded_text

_POLICIES = 3
_PRACTICES = 2
_ISSUES, _EXAMPLES, _PRACTICE = "争点", "具体例", ("運用", "解釈", "ただし書")
_OPEN_ANSWER = "要検討"
_ISSUE_WEIGHT = 1.5  # a contested point that was settled speaks before an example of it
_NEAR = 0.55  # of the best: what is less near speaks about something else
_LIMBS = 2
_PRACTICE_NEAR = 0.35
_BY_MEANING = 0.35  # what retrieval alone says for an entry that shares no word with the question
_LONGEST_TEST = 220
_LEFT_OUT = "…"


def policy_of(head: Head, wanted: Wanted, searcher: Searcher, speaker: Speaker) -> list[Sentence]:
    """What the handbook says of this very thing: contested points and examples, nearest first."""
    words, labels = bundled_wording().sentences, speaker.corpus.city.labels
    said: list[Sentence] = []
    for source in near_policies(head, wanted, searcher):
        what, answer, why = _fields(source)
        template = words.to_ask if answer == _OPEN_ANSWER else words.policy
        shown = {"非開示": labels.withhold, "開示": labels.disclose, _OPEN_ANSWER: labels.ask}.get(
            answer, answer
        )
        cited = [(source.id, what), (source.id, why)]
        told = {"what": plain_quote(what), "why": plain_quote(why), "answer": shown}
        said += speaker.say("policy", template, cited, **told)
    return said


def near_policies(head: Head, wanted: Wanted, searcher: Searcher) -> list[Source]:
    """Contested points and examples of the head that are about the thing asked."""
    ranked = []
    for source, score in searcher.near(SourceKind.HANDBOOK, head=head):
        section = source.section or ""
        if section != _ISSUES and not section.startswith(_EXAMPLES):
            continue
        weight = _ISSUE_WEIGHT if section == _ISSUES else 1.0
        ranked.append((score * weight, _likeness(_fields(source)[0], searcher.question, wanted), source))
    likest = max((likeness for _, likeness, _ in ranked), default=0.0) or 1.0
    scored = sorted(
        (
            (score * (_BY_MEANING + (1 - _BY_MEANING) * likeness / likest), source)
            for score, likeness, source in ranked
        ),
        key=lambda each: -each[0],
    )
    return [source for score, source in scored if score >= _NEAR * scored[0][0]][:_POLICIES]


def _likeness(what: str, question: str, wanted: Wanted) -> float:
    """How much of what an entry names is said in the question, by pairs of letters that are not both hiragana."""
    asked = _pairs(f"{question} {' '.join(wanted.official)}")
    return len(asked & _pairs(what)) / max(1, len(asked))


def _pairs(text: str) -> set[str]:
    folded = folded_text(text)
    return {
        first + second
        for first, second in pairwise(folded)
        if not ("ぁ" <= first <= "ん" and "ぁ" <= second <= "ん")
    }


def test_of(matter: Matter, head: Head, wanted: Wanted, speaker: Speaker) -> list[Sentence]:
    """The test: subject, and harm or identification, in the words of the ordinance."""
    words, corpus = bundled_wording().sentences, speaker.corpus
    source = speaker.source_of(matter.provision)
    entry = corpus.city.head(head)
    said = []
    if source is not None:
        main = matter.provision.own_text.split("ただし、", 1)[0].strip()
        slots = {"provision": matter.provision.label, "quote": plain_quote(main)}
        if len(main) > _LONGEST_TEST and entry and entry.subject:
            main = _beginning(main)
            slots |= {"subject": entry.subject, "quote": plain_quote(main) + _LEFT_OUT}
            said += speaker.say("test", words.test_subject, [(source.id, main)], **slots)
        else:
            said += speaker.say("test", words.test, [(source.id, main)], **slots)
        if entry and entry.harm:
            harm = entry.harm
            told = speaker.say(
                "test", words.harm, [(source.id, harm)], label=entry.label, quote=plain_quote(harm)
            )
            said += told or _harm_in_own_words(source, entry.label, speaker)
    return said + _limbs(head, wanted, speaker)


def _beginning(text: str) -> str:
    """The beginning of a long clause, cut at a comma outside brackets."""
    depth, cut = 0, LONGEST
    for position, letter in enumerate(text[:LONGEST]):
        depth += (letter in "（(") - (letter in "）)")
        if letter == "、" and depth == 0:
            cut = position
    return text[:cut]


def _harm_in_own_words(source: Source, label: str, speaker: Speaker) -> list[Sentence]:
    """Where the city's summary of the harm is not verbatim: the sentence that says おそれ."""
    return speaker.quoting("test", bundled_wording().sentences.harm, source, ("おそれ",), label=label)


def _limbs(head: Head, wanted: Wanted, speaker: Speaker) -> list[Sentence]:
    """The limbs of the exemption that speak of what is asked."""
    words = bundled_wording().sentences
    said: list[Sentence] = []
    for limb in speaker.corpus.limbs_of(head, speaker.day):
        text = limb.provision.own_text + limb.label
        if limb.polarity is Polarity.EXEMPTION and any(word in text for word in wanted.all):
            source = speaker.source_of(limb.provision)
            said += speaker.quoting("test", words.limb, source, wanted.all, provision=limb.provision.label)
    return said[:_LIMBS]


def provisos_of(head: Head, wanted: Wanted, speaker: Speaker) -> list[Sentence]:
    """Every exception, one by one."""
    template = bundled_wording().sentences.proviso
    said: list[Sentence] = []
    for limb in speaker.corpus.limbs_of(head, speaker.day):
        if limb.polarity is Polarity.EXCEPTION and not limb.nested:
            label = limb.label or (limb.role or LimbRole.OTHER).value
            source = speaker.source_of(limb.provision)
            said += speaker.quoting(
                "proviso", template, source, wanted.all, limb=label, provision=limb.provision.label
            )
    return said


def practice_of(head: Head, wanted: Wanted, searcher: Searcher, speaker: Speaker) -> list[Sentence]:
    """How the city reads and applies the clause, where it speaks of what is asked."""
    said: list[Sentence] = []
    for source, score in searcher.near(SourceKind.HANDBOOK, head=head):
        if score < _PRACTICE_NEAR:
            break
        if source.section in _PRACTICE and any(word in source.text for word in wanted.all):
            section = f"{source.provision} {source.section}"
            template = bundled_wording().sentences.practice
            said += speaker.quoting("practice", template, source, wanted.all, section=section)
    return said[:_PRACTICES]


def to_find_out(head: Head, policies: Sequence[Source], speaker: Speaker) -> Iterator[str]:
    """What decides: the questions of the nearest open points, then harm, exceptions and the day of decision."""
    wording, corpus = bundled_wording().to_find_out, speaker.corpus
    for source in policies:
        _, answer, why = _fields(source)
        if answer == _OPEN_ANSWER:
            yield why
    entry = corpus.city.head(head)
    if entry and entry.harm:
        yield wording.harm
    for limb in corpus.limbs_of(head, speaker.day):
        if limb.polarity is Polarity.EXCEPTION and not limb.nested:
            yield wording.roles[limb.role or LimbRole.OTHER]
    yield wording.day.format(withhold=corpus.city.labels.withhold)


def _fields(source: Source) -> tuple[str, str, str]:
    """(what, answer, why) of a contested point or an example, whose section names the answer."""
    parts = source.text.split("｜")
    section = source.section or ""
    if section == _ISSUES:
        return parts[0], parts[1], parts[2]
    return parts[0], section.removeprefix(_EXAMPLES).strip("（）"), parts[1]
