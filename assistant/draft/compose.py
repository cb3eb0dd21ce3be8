"""The reason of one row: what the rules or the person wrote, and what a notice still lacks.

The order is the one a reader expects: what is written there and what would come of it, the exceptions, the other
clauses, the day from which it can be released, why the rest is open (domain.md §6).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from assistant.corpus.corpus import Corpus
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Ground
from assistant.domain.provision import LimbRole, Polarity
from assistant.draft.enough import lacks_subject, open_exceptions
from assistant.draft.wording import bundled_wording
from assistant.policy.wording import joined
from assistant.policy.words import words_of
from assistant.text.eras import format_era
from assistant.text.sentences import sentences

_PROVISO = "ただし書"
_NAMED_BY_CITY = frozenset({LimbRole.CORPORATE_PROVISO, LimbRole.OTHER})
_UNITS = ("号", "項", "条")


def reason_of(
    written: Sequence[str],
    *,
    kind: EntityKind,
    grounds: Sequence[Ground],
    corpus: Corpus,
    day: date,
    open_from: date | None,
    severable: bool,
) -> str:
    """A complete reason for a row. `written`: what the findings of the row say themselves, none of it lost."""
    row = bundled_wording().row
    text = merged(written) or from_ground(grounds[0], kind=kind, corpus=corpus, key="sentence")
    fits, excepted = _parted(text)
    if lacks_subject(text, grounds[0]):
        fits += from_ground(grounds[0], kind=kind, corpus=corpus, key="supplement")
    text = fits + (_claims(text, grounds[0], corpus, day) if excepted else "") + excepted
    text += exceptions_considered(text, grounds[0], corpus, day)
    for ground in grounds[1:]:
        cited = (ground.limb or ground.provision) in text
        if not cited or lacks_subject(text, ground):
            sentence = from_ground(ground, kind=kind, corpus=corpus, key="supplement")
            text += row.also.format(sentence=sentence)
    disclose = corpus.city.labels.disclose
    if open_from and format_era(open_from) not in text:
        text += row.open_from.format(date=format_era(open_from), disclose=disclose)
    if severable:
        labels = corpus.city.labels
        text += row.severable.format(disclose=disclose, withhold=labels.withhold, document=labels.document)
    return text


def from_ground(
    ground: Ground, *, kind: EntityKind, corpus: Corpus, key: Literal["sentence", "supplement"]
) -> str:
    """The sentence of a head from the wording, filled for this city and this kind of content."""
    wording = bundled_wording()
    words = wording.heads[ground.head]
    return fill(
        words.sentence if key == "sentence" else words.supplement,
        ground,
        corpus,
        content=wording.row.unnamed if kind is EntityKind.OTHER else words_of(kind).name,
        by=wording.by.get(kind, ""),
        harm=harm_of(ground, corpus),
        statute=wording.statutes.get(kind, ""),
    )


def fill(
    template: str, ground: Ground, corpus: Corpus, *, content: str, by: str, harm: str, statute: str
) -> str:
    """A sentence with its slots filled; a statute that nobody named stays as a blank to be filled in."""
    row = bundled_wording().row
    return template.format(
        kind=content,
        provision=ground.limb or ground.provision,
        harm=harm,
        by=by,
        statute=statute or row.blank.format(name=row.statute_blank),
        body=corpus.city.labels.body,
    )


def harm_of(ground: Ground, corpus: Corpus) -> str:
    """The harm the head asks for, in the city's words where it has them; empty where it asks for none."""
    entry = corpus.city.head(ground.head)
    return (entry.harm if entry else "") or bundled_wording().heads[ground.head].harm_text


def merged(written: Sequence[str]) -> str:
    """Several reasons as one: every sentence once, at its last place, so that the shared ending comes at the end."""
    said = [text[start:end] for text in written for start, end in sentences(text)]
    last = {sentence: at for at, sentence in enumerate(said)}
    kept = [sentence for at, sentence in enumerate(said) if last[sentence] == at]
    return "".join(sentence if sentence.endswith(("。", "）")) else f"{sentence}。" for sentence in kept)


def exceptions_considered(text: str, ground: Ground, corpus: Corpus, day: date) -> str:
    """「…及び…のいずれでもないため、同号ただし書ア及びイのいずれにも該当しない。」 for exceptions not spoken of yet."""
    missing = open_exceptions(text, ground, corpus, day)
    if not missing:
        return ""
    if _PROVISO not in text:  # touched on in passing, if at all: the sentence speaks of them all
        missing = open_exceptions("", ground, corpus, day)
    lead = _claims(text, ground, corpus, day)
    wording = bundled_wording()
    listed = joined(shortened(missing, ground.provision))
    every = wording.row.every if len(missing) > 1 else wording.row.single
    return lead + wording.row.proviso.format(exceptions=listed + every)


def _claims(text: str, ground: Ground, corpus: Corpus, day: date) -> str:
    """「…及び…のいずれでもないため、」 for the exceptions whose matter the text does not touch; empty when it does."""
    wording = bundled_wording()
    exceptions = [
        limb
        for limb in corpus.limbs_of(ground.head, day)
        if limb.polarity is Polarity.EXCEPTION and not limb.nested
    ]
    roles = [limb.role or LimbRole.OTHER for limb in exceptions]
    if not roles or all(any(word in text for word in wording.roles[role].words) for role in roles):
        return ""
    # What a business exception is about differs by city, so the city's own name for it is the better word.
    own = [limb.label if role in _NAMED_BY_CITY else "" for limb, role in zip(exceptions, roles, strict=True)]
    claims = list(
        dict.fromkeys(label or wording.roles[role].not_so for label, role in zip(own, roles, strict=True))
    )
    template = wording.row.none_of if len(claims) > 1 else wording.row.not_one
    return template.format(claims=joined(claims))


def _parted(text: str) -> tuple[str, str]:
    """What fits the clause, and the closing sentence that no exception applies; the latter empty if there is none."""
    spans = sentences(text)
    if len(spans) > 1 and _PROVISO in text[spans[-1][0] :]:
        return text[: spans[-1][0]], text[spans[-1][0] :]
    return text, ""


def shortened(labels: Sequence[str], provision: str) -> list[str]:
    """Labels under one provision as 「同号ただし書ア」「イ」; others whole."""
    unit = next((unit for unit in _UNITS if provision.endswith(unit)), "")
    if not unit or not all(label.startswith(provision) for label in labels):
        return list(labels)
    tails = [label.removeprefix(provision) for label in labels]
    lead = "ただし書"
    rest = [tail.removeprefix(lead) if tail.startswith(lead) and tail != lead else tail for tail in tails[1:]]
    return [f"同{unit}{tails[0]}", *rest]
