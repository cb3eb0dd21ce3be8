"""Says too little? A reason needs, for every head relied on: subject, harm or identification, and each proviso
considered (domain.md §6). Citing the number alone, or boilerplate, is no reason (最判平成4年12月10日)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Ground
from assistant.domain.provision import LimbRole, Polarity
from assistant.draft.part import Check
from assistant.draft.wording import bundled_wording
from assistant.law.references import find_references
from assistant.text.folding import folded_text

_PUNCTUATION = re.compile(r"[「」()（）。.、,:：|｜]")
_AROUND = ("", "条例", "法", "に該当", "に該当する", "に該当するため", "非開示", "不開示")
_BLANK = re.compile(r"〔([^〕]{0,30})〕|[○〇◯]{2,}")


def says_enough(reason: str, grounds: Sequence[Ground], corpus: Corpus, day: date) -> Iterator[Check]:
    """One check a requirement, in the order a person would look."""
    wording = bundled_wording()
    said = folded_text(reason)
    yield _length(said)
    yield _boilerplate(said)
    for ground in grounds:
        words, name = wording.heads[ground.head], _name(ground, corpus)
        yield _slot("subject", said, words.subject, name, words.subject_name)
        if words.harm:
            yield _slot("harm", said, words.harm, name, words.harm_name)
    for ground in grounds[:1]:
        yield from _provisos(said, ground, corpus, day)
    yield _blanks(reason)


def lacks_subject(reason: str, ground: Ground) -> bool:
    """Whether the reason does not say what kind of information it is, or what would come of it."""
    said, words = folded_text(reason), bundled_wording().heads[ground.head]
    return not _says(said, words.subject) or (bool(words.harm) and not _says(said, words.harm))


def open_exceptions(reason: str, ground: Ground, corpus: Corpus, day: date) -> tuple[str, ...]:
    """Labels of the head's exceptions that the reason does not speak of."""
    said, wording = folded_text(reason), bundled_wording()
    if _says(said, wording.checks.not_excepted):
        return ()
    missing = []
    for limb in corpus.limbs_of(ground.head, day):
        if limb.polarity is not Polarity.EXCEPTION or limb.nested:
            continue
        label = limb.provision.label
        named = folded_text(label) in said or folded_text(label.removeprefix(ground.provision)) in said
        if not named and not _says(said, wording.roles[limb.role or LimbRole.OTHER].words):
            missing.append(label)
    return tuple(missing)


def _length(said: str) -> Check:
    """What is left of the reason without clauses and set phrases must still say something."""
    wording = bundled_wording()
    left = _without_clauses(said)
    for phrase in sorted(wording.checks.clause_only, key=len, reverse=True):
        left = left.replace(folded_text(phrase), "")
    ok = sum(letter.isalnum() for letter in left) >= wording.checks.least
    return Check(
        code="length", ok=ok, message=wording.messages.ok_length if ok else wording.messages.too_short
    )


def _boilerplate(said: str) -> Check:
    """Nothing but set phrases: one, or several joined by punctuation."""
    wording = bundled_wording()
    phrases = {folded_text(phrase) for phrase in wording.checks.boilerplate}
    pieces = [piece for piece in _PUNCTUATION.split(_without_clauses(said)) if piece not in _AROUND]
    ok = not any(piece in phrases for piece in pieces) or any(
        piece not in phrases and len(piece) >= wording.checks.least for piece in pieces
    )
    messages = wording.messages
    return Check(code="boilerplate", ok=ok, message=messages.ok_boilerplate if ok else messages.boilerplate)


def _without_clauses(said: str) -> str:
    rest, end = [], 0
    for start, stop, _ in find_references(said, foreign=True):
        rest.append(said[end:start])
        end = stop
    return "".join([*rest, said[end:]])


def _slot(code: str, said: str, words: Sequence[str], head: str, name: str) -> Check:
    messages = bundled_wording().messages
    ok = _says(said, words)
    if code == "subject":
        told = messages.ok_subject if ok else messages.no_subject
        return Check(code="subject", ok=ok, message=told.format(head=head, name=name))
    told = messages.ok_harm if ok else messages.no_harm
    return Check(code="harm", ok=ok, message=told.format(head=head, name=name))


def _provisos(said: str, ground: Ground, corpus: Corpus, day: date) -> Iterator[Check]:
    exceptions = [
        limb
        for limb in corpus.limbs_of(ground.head, day)
        if limb.polarity is Polarity.EXCEPTION and not limb.nested
    ]
    if not exceptions:
        return
    messages, name = bundled_wording().messages, _name(ground, corpus)
    missing = open_exceptions(said, ground, corpus, day)
    if missing:
        told = messages.no_proviso.format(head=name, provisions="、".join(missing))
        yield Check(code="proviso", ok=False, message=told)
        return
    undecided = [check.provision for check in ground.provisos if check.applies is None]
    if undecided:
        told = messages.undecided_proviso.format(provisions="、".join(undecided))
        yield Check(code="proviso", ok=False, message=told)
        return
    yield Check(code="proviso", ok=True, message=messages.ok_proviso.format(head=name))


def _blanks(reason: str) -> Check:
    messages = bundled_wording().messages
    names = list(dict.fromkeys(match[1] or match[0] for match in _BLANK.finditer(reason)))
    if names:
        return Check(
            code="blank", ok=False, message=messages.blank.format(names="、".join(names)), severity="refuse"
        )
    return Check(code="blank", ok=True, message=messages.ok_blank, severity="refuse")


def _says(said: str, words: Sequence[str]) -> bool:
    return any(folded_text(word) in said for word in words)


def _name(ground: Ground, corpus: Corpus) -> str:
    entry = corpus.city.head(ground.head)
    return entry.label if entry else ground.head.value
