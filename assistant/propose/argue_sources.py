"""Which sources a model is given beside the law: those that say most about this piece for the room they take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p

from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Decision
from assistant.domain.source import Source, SourceKind
from assistant.model.tokens import estimate_tokens
from assistant.propose.argue_pieces import Piece

MOST_SOURCES = 12
"""Beside the law. A bound in number as well as in length keeps the list of numbers an answer may use the same for
most pieces, and with it the form that providers keep at the very front of what they cache."""

_SIDES = {"withheld": Decision.WITHHOLD, "disclosed": Decision.DISCLOSE}
_RETRIEVED = 1.5  # what the first place of a search is worth, in findings that cite a source
_FADES = 5  # places after which it is worth half
_AGAIN = 0.6  # what a second source of the same kind, head and outcome is still worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The numbered sources of one question: S1, S2 … in the order they are shown; the law always whole."""

    law: Mapping[str, Source]
    sources: Mapping[str, Source]

    def source_id(self, number: str) -> str:
        """The id behind a number; what is no number of this shelf stays as it was written."""
        known = self.law.get(number) or self.sources.get(number)
        return known.id if known else number

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers, as shown."""
        return (*self.law, *self.sources)


class Choice:
    """Chooses for the pieces of one document. `retrieved`: best first."""

    def __init__(self, corpus: Corpus, law: Sequence[Source], retrieved: Sequence[Source], most: int) -> None:
        self._corpus, self._law, self._most = corpus, {f"S{n}": one for n, one in enumerate(law, 1)}, most
        self._shown = {one.id for one in law}
        self._retrieved = {
            one.id: _RETRIEVED * _FADES / (_FADES + rank) for rank, one in enumerate(retrieved)
        }

    def shelf(self, piece: Piece | None) -> Shelf:
        """Law and sources for a piece; for None the law alone. The order of sources does not hang on the piece."""
        chosen = () if piece is None else self._chosen(piece)
        return Shelf(
            law=self._law,
            sources={f"S{number}": source for number, source in enumerate(chosen, len(self._law) + 1)},
        )

    def _chosen(self, piece: Piece) -> tuple[Source, ...]:
        cited = Counter(one for finding in piece.findings for one in {c.source for c in finding.citations})
        worth = Counter({name: log1p(times) for name, times in cited.items()})
        worth.update(self._retrieved)
        known = {name: source for name in worth if (source := self._usable(name)) is not None}
        costs = {name: estimate_tokens(told(source, "S000")) for name, source in known.items()}
        chosen: list[Source] = []
        seen = Counter[tuple[object, ...]]()
        room = self._most
        while len(chosen) < MOST_SOURCES:
            fitting = [name for name in known if costs[name] <= room]
            if not fitting:
                break
            best = max(
                fitting, key=lambda name: worth[name] * _AGAIN ** seen[_group(known[name])] / costs[name]
            )
            source = known.pop(best)
            chosen.append(source)
            seen[_group(source)] += 1
            room -= costs[best]
        return tuple(sorted(chosen, key=lambda source: source.id))

    def _usable(self, name: str) -> Source | None:
        """A source that may be given: not the law, which is shown whole, nor a decision that no longer stands."""
        source = self._corpus.source(name)
        if source is None or name in self._shown:
            return None
        if source.kind is SourceKind.PROVISION and source.heads:
            return None
        return source if source.precedent is None or source.precedent.stands else None


def told(source: Source, number: str) -> str:
    """A source as it is shown: number, name, of a decision its head and outcome, then its text word for word.

    A paragraph of the handbook is named by clause and section: its own number says nothing to a reader.
    """
    if source.kind is SourceKind.HANDBOOK and source.provision and source.section:
        return f"〔{number}〕{source.provision} {source.section}\n{source.text}"
    head = "・".join(source.heads)
    result = f"・{_SIDES[source.unit.result]}" if source.unit else ""
    return f"〔{number}〕{source.title}" + (f"（{head}{result}）" if head else "") + f"\n{source.text}"


def all_told(sources: Mapping[str, Source]) -> str:
    """All of a shelf's sources beside the law."""
    return "\n".join(told(source, number) for number, source in sources.items()) or "（なし）"


def _group(source: Source) -> tuple[object, ...]:
    """Sources that say much the same: of one kind, on one head, with one outcome."""
    heads: Iterable[str] = source.heads[:1]
    return (source.kind, *heads, source.unit.result if source.unit else source.exception)
