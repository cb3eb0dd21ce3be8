"""The words ordinary reasons are made of: what is not among them tells something about one document.

The ordinance, the words of the program and of the policy weigh nothing. What handbook and precedents say often weighs
nothing; what they say once or twice weighs half, since an example there may be as particular as a document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.detect.words import load_words
from assistant.domain.source import SourceKind
from assistant.policy.load import load_policy
from assistant.text.folding import folded_text
from assistant.text.morphemes import tokenize

_OFTEN = 6
_KEPT = 4
_RARE = 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`text`: public words as they stand; `common`: words that weigh nothing; `counts`: in how many sources a word
    stands; `letters`: the same for ideographs; `sources`: handbook and precedents, folded; `day`: from which ages are reckoned."""

    text: str
    common: frozenset[str]
    counts: Counter[str]
    letters: Counter[str]
    sources: str
    day: date

    def weight(self, word: str) -> float:
        """How much a word tells: 0, a half or 1."""
        if word in self.common or self.counts[word] >= _OFTEN:
            return 0.0
        return 0.5 if self.counts[word] else 1.0

    def is_rare(self, letter: str) -> bool:
        """Whether an ideograph hardly occurs in what is public."""
        return self.letters[letter] <= _RARE

    def is_public(self, phrase: str) -> bool:
        """Whether a compound stands in what is public."""
        return phrase in self.text or phrase in self.sources


_read: dict[tuple[int, date], tuple[Corpus, str, Vocabulary]] = {}


def vocabulary_of(corpus: Corpus, day: date, text: str) -> Vocabulary:
    """The vocabulary of a city; `text`: its public words (`leaks.open_words`). Counted once for a corpus and a day."""
    key = (id(corpus), day)
    kept = _read.get(key)
    if kept is not None and kept[0] is corpus and kept[1] == text:
        return kept[2]
    made = _made(corpus, day, text)
    while len(_read) >= _KEPT:
        _read.pop(next(iter(_read)), None)
    _read[key] = (corpus, text, made)  # the corpus is held so that its id cannot be another's
    return made


def _made(corpus: Corpus, day: date, text: str) -> Vocabulary:
    policy = load_policy(corpus.policy_path, corpus)
    own = [text, *(f"{rule.reason}\n{rule.why}" for rule in (*policy.rules, *policy.like.values()))]
    own += [form for label in load_words().labels for form in label.forms]
    counts: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    sources = []
    for source in corpus.sources.values():
        if source.kind is SourceKind.PROVISION:
            continue
        said = folded_text(source.text, drop_space=False, variants=True)
        counts.update(_forms([said]))
        letters.update(set(said))
        sources.append(folded_text(said))
    common = _forms(own)
    letters.update(letter for word in common for letter in set(word) for _ in range(_RARE + 1))
    return Vocabulary(
        text=text,
        common=frozenset(common),
        counts=counts,
        letters=letters,
        sources="\n".join(sources),
        day=day,
    )


def _forms(texts: Iterable[str]) -> set[str]:
    return {
        word.normalized_form
        for text in texts
        for word in tokenize(folded_text(text, drop_space=False, variants=True))
    }
