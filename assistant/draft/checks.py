"""Is a reason fit for a notice: says enough, cites rightly, does not say too much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Ground
from assistant.draft.clauses import cites_only_law, cites_rightly
from assistant.draft.enough import says_enough
from assistant.draft.leaks import OpenWords, leak_texts, leaks, open_words
from assistant.draft.part import Check
from assistant.draft.wording import bundled_wording


def check_reason(
    reason: str,
    *,
    grounds: Sequence[Ground],
    withheld: Iterable[str],
    aliases: Iterable[str],
    corpus: Corpus,
    day: date,
    known: OpenWords | None = None,
) -> tuple[Check, ...]:
    """Everything a reason is tested for; a failed check of severity `refuse` keeps it out of the notice.

    `withheld`: every text that is blacked out in the document, not only in this row; `aliases`: every way the document
    calls the persons concerned. `known`: the city's public words, where the caller has them already.
    """
    return (
        *says_enough(reason, grounds, corpus, day),
        *cites_rightly(reason, grounds, corpus, day),
        cites_only_law(reason, corpus),
        check_leak(reason, withheld, aliases, known or open_words(corpus, day)),
    )


def check_leak(reason: str, withheld: Iterable[str], aliases: Iterable[str], known: OpenWords) -> Check:
    """Only whether it says too much."""
    messages = bundled_wording().messages
    which = leaks(reason, withheld, aliases, known)
    if which:
        return Check(
            code="leak", ok=False, message=messages.leak.format(which=leak_texts(which)), severity="refuse"
        )
    return Check(code="leak", ok=True, message=messages.ok_leak, severity="refuse")
