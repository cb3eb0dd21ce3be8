"""What a finding rests on: the provision word for word, then what handbook and precedents say about the like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from assistant.cite import quote_of, verify
from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Citation, Decision, Ground
from assistant.domain.provision import Head, LimbRole, Provision
from assistant.domain.source import Source, SourceKind
from assistant.policy.rules import Rule
from assistant.policy.words import words_of
from assistant.text.sentences import sentences

_QUOTE = 120
_HANDBOOK, _PRECEDENTS = 2, 2
_SIDE: Mapping[Decision, str] = {Decision.WITHHOLD: "withheld", Decision.DISCLOSE: "disclosed"}


class Library:
    """The sources at hand for one judgement: those retrieved first, in their order, then the rest of the corpus."""

    def __init__(self, retrieved: Sequence[Source], corpus: Corpus, day: date) -> None:
        self.corpus = corpus
        self.day = day
        ordered = {source.id: source for source in (*retrieved, *corpus.sources_as_of(day))}
        self._by_head: dict[Head, list[tuple[int, Source]]] = {}
        for rank, source in enumerate(ordered.values()):
            for head in source.heads:
                self._by_head.setdefault(head, []).append((rank, source))
        # What the city says each head is about, so that the quote holds the words that decide.
        self._core = {
            corpus.provision_of(entry.head, day).label: tuple(f"{entry.subject}、{entry.harm}".split("、"))
            for entry in corpus.city.heads
            if entry.head in corpus.heads(day)
        }
        self._written: dict[tuple[str, tuple[Ground, ...]], tuple[Citation, ...]] = {}

    def citations(self, rule: Rule, grounds: tuple[Ground, ...]) -> tuple[Citation, ...]:
        """Checked citations for a finding under this rule: the law first, then handbook, then precedents."""
        key = (rule.id, grounds)
        if key not in self._written:
            found = (
                *self._law(rule, grounds),
                *self._commentary(rule, grounds),
                *self._precedents(rule, grounds),
            )
            self._written[key] = tuple(dict.fromkeys(found))
        return self._written[key]

    def _law(self, rule: Rule, grounds: Sequence[Ground]) -> Iterable[Citation]:
        if rule.decision is Decision.DISCLOSE:
            yield self._provision(self.corpus.duty(self.day))
            labels = [check.provision for ground in grounds for check in ground.provisos if check.applies]
        else:
            labels = [label for ground in grounds for label in (ground.provision, ground.limb) if label]
        for label in labels:
            provision = self.corpus.find(label, self.day)
            if provision is not None:
                yield self._provision(provision)

    def _provision(self, provision: Provision) -> Citation:
        source = self.corpus.source(provision.source_id)
        core = self._core.get(provision.label, ())
        quote = quote_of(source, core) if source and core else opening(provision.own_text)
        return verify(quote, provision.source_id, self.corpus, as_of=self.day)

    def _commentary(self, rule: Rule, grounds: Sequence[Ground]) -> Iterable[Citation]:
        words, role = _words(rule), _deciding_role(rule, grounds)
        ranked = []
        for rank, source in self._of(grounds, SourceKind.HANDBOOK):
            hits = sum(word in source.text for word in words)
            if not hits or source.section not in rule.cite:
                continue
            # A paragraph on another exception than the one that decides speaks about another case.
            if source.exception is not None and source.exception != role:
                continue
            fits = source.exception == role and role is not None
            ranked.append(((-hits - fits, rule.cite.index(source.section), rank), source))
        return self._quoted(ranked, words, _HANDBOOK)

    def _precedents(self, rule: Rule, grounds: Sequence[Ground]) -> Iterable[Citation]:
        words, side = _words(rule), _SIDE.get(rule.decision)
        ranked = []
        for rank, source in self._of(grounds, SourceKind.PRECEDENT):
            unit, precedent = source.unit, source.precedent
            if unit is None or precedent is None or not precedent.stands:
                continue
            hits = sum(word in unit.part for word in words)
            if not hits or (side and unit.result != side):
                continue
            ranked.append(((-hits, int(precedent.origin != "own"), rank), source))
        return self._quoted(ranked, words, _PRECEDENTS)

    def _of(self, grounds: Sequence[Ground], kind: SourceKind) -> Iterable[tuple[int, Source]]:
        """Sources of the main ground's head, with their rank."""
        main = self._by_head.get(grounds[0].head, []) if grounds else []
        return [(rank, source) for rank, source in main if source.kind is kind]

    def _quoted(
        self, ranked: list[tuple[tuple[int, int, int], Source]], words: Sequence[str], limit: int
    ) -> Iterable[Citation]:
        for _, source in sorted(ranked, key=lambda entry: entry[0])[:limit]:
            yield verify(quote_of(source, words), source.id, self.corpus, as_of=self.day)


def opening(text: str) -> str:
    """The first sentence of a provision, at most 120 characters, cut where a comma allows."""
    spans = sentences(text)
    sentence = text[slice(*spans[0])] if spans else text
    if len(sentence) <= _QUOTE:
        return sentence
    comma = sentence.rfind("、", _QUOTE // 2, _QUOTE)
    return sentence[: comma if comma > 0 else _QUOTE]


def _words(rule: Rule) -> tuple[str, ...]:
    """Words by which a source about the matter is known: the rule's own, else those of its kinds."""
    return rule.look_for or tuple(word for kind in sorted(rule.kinds) for word in words_of(kind).look_for)


def _deciding_role(rule: Rule, grounds: Sequence[Ground]) -> LimbRole | None:
    if rule.decision is not Decision.DISCLOSE or not grounds:
        return None
    return next((check.role for check in grounds[0].provisos if check.applies), None)
