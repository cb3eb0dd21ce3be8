"""Say one thing with its source: the template filled, the quote checked word for word, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.cite import quote_of, verify
from assistant.converse.turn import Role, Sentence
from assistant.converse.wording import bundled_wording, city_slots
from assistant.corpus.corpus import Corpus
from assistant.domain.finding import CitationStatus
from assistant.domain.provision import Provision
from assistant.domain.source import Precedent, Source


@dataclass(frozen=True, slots=True)
class Speaker:
    """Fills sentences with the city's words and cites what they rest on."""

    corpus: Corpus
    day: date

    def say(
        self, role: Role, template: str, cited: Sequence[tuple[str, str]], **slots: str
    ) -> list[Sentence]:
        """One sentence citing (source id, quote) pairs; none when a quote is not in its source."""
        citations = [verify(quote, source, self.corpus, as_of=self.day) for source, quote in cited]
        if not citations or any(each.status is not CitationStatus.VERIFIED for each in citations):
            return []
        text = template.format(**city_slots(self.corpus.city), **slots)
        return [Sentence(text=text, citations=tuple(citations), role=role)]

    def quoting(
        self, role: Role, template: str, source: Source | None, words: Sequence[str], **slots: str
    ) -> list[Sentence]:
        """One sentence with the piece of `source` that says most of `words` as {quote}."""
        if source is None:
            return []
        quote = quote_of(source, words)
        return self.say(role, template, [(source.id, quote)], quote=plain_quote(quote), **slots)

    def source_of(self, provision: Provision) -> Source | None:
        """The text of the provision in force on the day, as a source."""
        return self.corpus.source(provision.source_id)

    def became(self, precedent: Precedent) -> str:
        """What must be said beside a precedent that no longer stands or is not our own."""
        words = bundled_wording().became
        told = ""
        if precedent.origin == "other":
            told += words.other
        if precedent.superseded_by:
            return told + words.superseded.format(by=self._named(precedent.superseded_by))
        if precedent.review == "altered":
            return told + words.altered
        if precedent.review == "annulled":
            return told + words.annulled
        return told

    def _named(self, precedent_id: str) -> str:
        found = next((each for each in self.corpus.precedents if each.id == precedent_id), None)
        return f"{found.body}（{found.number}）" if found else precedent_id


def plain_quote(quote: str) -> str:
    """A quote inside 「」: its own corner brackets become 『』, line breaks spaces."""
    return " ".join(quote.split()).replace("「", "『").replace("」", "』")
