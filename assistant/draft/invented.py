"""Says what nobody told it? A model was given the slots of a row; its wording may hold nothing beyond them."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Ground
from assistant.domain.provision import Head
from assistant.draft.compose import harm_of
from assistant.draft.disguise import plain, words_of
from assistant.draft.paraphrase import telling
from assistant.draft.paraphrase_dates import dates_in
from assistant.draft.paraphrase_numbers import quantities
from assistant.draft.part import Check
from assistant.draft.vocabulary import Vocabulary
from assistant.draft.wording import bundled_wording
from assistant.text.eras import find_dates
from assistant.text.folding import folded_text

_MOST_NEW_WORDS = 2
_KINDS_OF_HARM = ("おそれ", "支障")


def check_invented(
    reason: str,
    harm: str,
    *,
    given: str,
    grounds: Sequence[Ground],
    corpus: Corpus,
    vocabulary: Vocabulary,
) -> Check:
    """One check: a harm the grounds do not speak of, one that is not in the reason, or facts that were not given.

    `harm`: what the model says the harm is; `given`: everything it was told of the row (`rewording_prompt.given`).
    """
    messages = bundled_wording().messages
    if _of_another_head(reason, given, grounds, corpus) or not _stands_in(harm, reason):
        return Check(code="invented", ok=False, message=messages.other_harm, severity="refuse")
    if _new_facts(reason, given, vocabulary):
        return Check(code="invented", ok=False, message=messages.new_fact, severity="refuse")
    return Check(code="invented", ok=True, message=messages.ok_invented, severity="refuse")


def _of_another_head(reason: str, given: str, grounds: Sequence[Ground], corpus: Corpus) -> bool:
    """Whether the reason speaks of harm, and of one that only heads not relied on ask for."""
    own = {ground.head for ground in grounds}
    said, told = folded_text(reason), folded_text(given)
    for head in Head:
        if head in own:
            continue
        stranger = Ground(head=head, provision="", limb=None, why="")
        words = harm_of(stranger, corpus)
        for piece in words.replace("又は", "、").split("、"):
            core = folded_text(piece).removesuffix("おそれ").removeprefix("当該").rstrip("をがに")
            if len(core) >= 6 and core in said and core not in told:
                return True
    needs = any(bundled_wording().heads[head].harm_text for head in own)
    return not needs and any(kind in said and kind not in told for kind in _KINDS_OF_HARM)


def _stands_in(harm: str, reason: str) -> bool:
    return plain(harm) in plain(reason)


def _new_facts(reason: str, given: str, vocabulary: Vocabulary) -> bool:
    """An event, a number, a date, a name, or several words that neither were given nor are those of any reason."""
    said, told = folded_text(reason), folded_text(given)
    if any(event in said and event not in told for event in bundled_wording().checks.events):
        return True
    known_numbers = {(one.measured, one.value) for one in quantities(given, bare=False)}
    if any((one.measured, one.value) not in known_numbers for one in quantities(reason, bare=False)):
        return True
    known_days = {day for _, _, day in find_dates(given)}
    if any(day not in known_days for _, _, day in find_dates(reason)):
        return True
    if set(dates_in(reason)) - set(dates_in(given)):
        return True
    had = {word.normalized_form for word in words_of(given)}
    fresh = [word for word in words_of(reason) if telling(word) and word.normalized_form not in had]
    if any(
        "固有名詞" in word.part_of_speech and vocabulary.weight(word.normalized_form) > 0 for word in fresh
    ):
        return True
    new = {word.normalized_form for word in fresh if vocabulary.weight(word.normalized_form) >= 1}
    return len(new) > _MOST_NEW_WORDS
