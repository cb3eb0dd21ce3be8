"""Wrong clause? A reason may cite the provisions it rests on, their parts and the procedure, and nothing that is not
in the ordinance on that day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Ground
from assistant.domain.provision import Polarity, Provision
from assistant.draft.part import Check
from assistant.draft.wording import bundled_wording
from assistant.law.references import find_references
from assistant.text.folding import folded_text


def cites_rightly(reason: str, grounds: Sequence[Ground], corpus: Corpus, day: date) -> Iterator[Check]:
    """One check a wrong citation, or one that all is well; and one a ground that is not cited at all."""
    messages = bundled_wording().messages
    cited = list(_cited(reason, corpus, day))
    wrong = False
    for words, provision in cited:
        if provision is None:
            wrong = True
            told = messages.unknown_clause.format(provision=words)
            yield Check(code="clause", ok=False, message=told, severity="refuse")
        elif not _rests_on(provision, grounds, corpus, day):
            wrong = True
            told = messages.other_clause.format(provision=provision.label)
            yield Check(code="clause", ok=False, message=told, severity="refuse")
    if not wrong:
        yield Check(code="clause", ok=True, message=messages.ok_clause, severity="refuse")
    for ground in grounds[1:]:  # the main ground stands in the row beside the reason
        home = corpus.find(ground.limb or ground.provision, day)
        if home and not any(p and _related(p.code, home.code) for _, p in cited):
            told = messages.uncited.format(provision=ground.limb or ground.provision)
            yield Check(code="uncited", ok=False, message=told)


def cites_only_law(reason: str, corpus: Corpus) -> Check:
    """Handbook and precedents belong in the memo, not in the notice (design.md §7)."""
    wording, said = bundled_wording(), folded_text(reason)
    own = [corpus.city.labels.handbook, corpus.city.labels.precedent]
    numbers = [precedent.number for precedent in corpus.precedents if len(precedent.number) > 2]
    for word in dict.fromkeys([*wording.checks.inside_sources, *own, *numbers]):
        if folded_text(word) in said:
            told = wording.messages.inside_source.format(word=word)
            return Check(code="source", ok=False, message=told, severity="refuse")
    return Check(code="source", ok=True, message=wording.messages.ok_sources, severity="refuse")


def _cited(reason: str, corpus: Corpus, day: date) -> Iterator[tuple[str, Provision | None]]:
    """What the reason cites of the city's own ordinance: the words, and the provision they name on the day."""
    short = corpus.city.ordinance.short
    own = re.sub(rf"(?<![一-龠々]){re.escape(short)}(?=第)", "", reason)
    for start, end, ref in find_references(own, style=corpus.ordinance.style):
        yield own[start:end], corpus.find(ref, day)


def _rests_on(provision: Provision, grounds: Sequence[Ground], corpus: Corpus, day: date) -> bool:
    """A provision of no head (procedure, duty) may always be cited; one of a head only where it is relied on."""
    heads = corpus.heads_of(provision.label, day)
    if not heads or _stands_above(provision, corpus, day):
        return True
    for ground in grounds:
        exceptions = (
            limb.provision.code
            for limb in corpus.limbs_of(ground.head, day)
            if limb.polarity is Polarity.EXCEPTION
        )
        if any(_within(provision.code, exception) for exception in exceptions):
            return True
        home = corpus.find(ground.limb or ground.provision, day)
        if home is not None and _related(provision.code, home.code):
            return True
    return False


def _stands_above(provision: Provision, corpus: Corpus, day: date) -> bool:
    """第7条 as such, which holds every head."""
    codes = [corpus.provision_of(head, day).code for head in corpus.heads(day)]
    return sum(_within(code, provision.code) for code in codes) > 1


def _related(one: str, other: str) -> bool:
    return _within(one, other) or _within(other, one)


def _within(code: str, above: str) -> bool:
    return code == above or code.startswith(f"{above}_")
