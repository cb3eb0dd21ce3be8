"""The numbered sources of one answer: what the model was given, and what its tools brought. Nothing else counts."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.converse.say import Speaker
from assistant.domain.finding import Decision
from assistant.domain.provision import Provision
from assistant.domain.source import Source, SourceKind
from assistant.model.tokens import estimate_tokens

_SIDES = {"withheld": Decision.WITHHOLD, "disclosed": Decision.DISCLOSE}


@dataclass(slots=True, kw_only=True)
class Shelf:
    """S1, S2 … in the order they were put there; a source has one number. Tools put from several threads."""

    speaker: Speaker
    _numbers: dict[str, str] = field(default_factory=dict)  # id → number
    _sources: dict[str, Source] = field(default_factory=dict)  # number → source
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, source: Source) -> str:
        """Its number."""
        with self._lock:
            number = self._numbers.setdefault(source.id, f"S{len(self._numbers) + 1}")
            self._sources[number] = source
            return number

    def take(self, named: str) -> Source | None:
        """The source behind a number, or behind the id of one that stands here."""
        found = self._sources.get(named)
        return found or self._sources.get(self._numbers.get(named, ""))

    def told(self, source: Source) -> str:
        """The source as the model reads it, with its number; puts it here."""
        return self._worded(source, self.put(source))

    def told_within(self, sources: Iterable[Source], most: int) -> tuple[list[str], int]:
        """As many as fit `most` estimated tokens, in their order, those that do not fit passed over; and what is left
        of the tokens. What was told before is named by its number only."""
        lines = []
        for source in sources:
            known = self._numbers.get(source.id)
            line = f"{self._titled(source, known)}＝前に示した" if known else self._worded(source, "S000")
            cost = estimate_tokens(line)
            if cost > most:
                continue
            most -= cost
            lines.append(line if known else self.told(source))
        return lines, most

    def law(self) -> str:
        """The duty to disclose and every head with its provisos, whole: puts them here first."""
        corpus, day = self.speaker.corpus, self.speaker.day
        heads = (one for head in corpus.heads(day) for one in corpus.provisions_of(head, day))
        places: dict[str, Provision] = {one.source_id: one for one in (corpus.duty(day), *heads)}
        lines = []
        for place in places.values():
            source = corpus.source(place.source_id)
            if source is not None:
                lines.append(self.told(source))
        return "\n".join(lines)

    def _worded(self, source: Source, number: str) -> str:
        became = self.speaker.became(source.precedent) if source.precedent else ""
        return f"{self._titled(source, number)}{became}\n{source.text}"

    def _titled(self, source: Source, number: str) -> str:
        title = source.title
        if source.kind is SourceKind.PROVISION and source.provision:
            title = source.provision
        labels = self.speaker.corpus.city.labels
        notes = ["・".join(source.heads)] if source.heads else []
        if source.unit:
            side = _SIDES[source.unit.result]
            notes.append(labels.withhold if side is Decision.WITHHOLD else labels.disclose)
        return f"〔{number}〕{title}" + (f"（{'、'.join(notes)}）" if notes else "")
