"""What a model is given: the law of the city in whole, sources by number, the rules' findings, a piece of the document.

The first message says nothing of the document, so that providers who keep the beginning of a question need not read it
again: it is the same for every piece of every document of a day. Sources come next, what changes most comes last.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.finding import Decision, Finding
from assistant.domain.provision import Head, Polarity, Provision
from assistant.domain.source import Source
from assistant.model.fence import fence
from assistant.model.ports import Message, Shape
from assistant.model.prompts import Prompt
from assistant.model.tokens import estimate_tokens
from assistant.propose.argue_list import IsSettled, Listed, findings_told, listed, one_line
from assistant.propose.argue_pieces import Piece
from assistant.propose.argue_shape import NAME, schema_for
from assistant.propose.argue_sources import Choice, Shelf, all_told

TEXTS = frozenset({"system", "user", "form", "repair", "mend"})
INPUTS = frozenset(
    (
        *("city", "ordinance", "day", "withhold", "disclose", "ask", "law"),
        *("sources", "doc_type", "findings", "mark", "passage", "schema", "errors"),
    )
)
_LINE = 10  # number, brackets, line break, and a third of a heading


class Brief:
    """Words a question for one city on one day; what does not change with the piece is worded once."""

    def __init__(
        self,
        corpus: Corpus,
        day: date,
        prompt: Prompt,
        is_settled: IsSettled = lambda finding: False,
        whole: Sequence[str] = (),
    ) -> None:
        """`whole`: texts that are never cut in two where something is shortened."""
        self._corpus, self._day, self._prompt, self._is_settled = corpus, day, prompt, is_settled
        self._whole = tuple(whole)
        labels = corpus.city.labels
        self._words = {
            Decision.WITHHOLD: labels.withhold,
            Decision.DISCLOSE: labels.disclose,
            Decision.ASK: labels.ask,
        }
        self._system = self._first()

    def choice(self, retrieved: Sequence[Source], most: int) -> Choice:
        """Chooses sources for the pieces of a document, beside the law, as long as they fit `most` estimated tokens."""
        return Choice(self._corpus, self._law(), retrieved, most)

    def listed(self, piece: Piece) -> Listed:
        """The rules' findings of a piece, by the numbers an answer may use."""
        return listed(piece.findings, self._is_settled)

    def messages(self, document: Document, piece: Piece, shelf: Shelf) -> tuple[Message, ...]:
        """The question about one piece."""
        user = self._prompt.render(
            "user",
            sources=all_told(shelf.sources),
            doc_type=one_line(document.doc_type or "不明", self._whole),
            findings=findings_told(self.listed(piece), self._words, self._whole),
            mark=fence("文書", piece.text),
            passage=piece.text,
        )
        return (self._system, Message(role="user", text=user))

    def shape(self, shelf: Shelf) -> Shape:
        """The form of the answer, with every clause and number it may use."""
        heads = tuple(str(head) for head in self._corpus.heads(self._day))
        schema = schema_for(heads, tuple(self._exceptions()), shelf.numbers)
        told = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
        return Shape(name=NAME, schema=schema, in_words=self._prompt.render("form", schema=told))

    def repair(self, errors: str) -> str:
        """The question after an answer that was not in form."""
        return self._prompt.render("repair", errors=errors)

    def mend(self, errors: str) -> str:
        """The question after an answer in form whose words are not where it says."""
        return self._prompt.render("mend", errors=errors)

    def cost(self, finding: Finding) -> int:
        """Estimated tokens that telling a finding takes: its number and words, and its share of a heading."""
        return estimate_tokens(one_line(finding.text)) + _LINE

    def _first(self) -> Message:
        city, words = self._corpus.city, self._words
        system = self._prompt.render(
            "system",
            city=city.name,
            ordinance=self._corpus.ordinance.title,
            day=self._day.isoformat(),
            withhold=words[Decision.WITHHOLD],
            disclose=words[Decision.DISCLOSE],
            ask=words[Decision.ASK],
            law=self._law_told(),
        )
        return Message(role="system", text=system)

    def _law(self) -> tuple[Source, ...]:
        heads = (
            provision
            for head in self._corpus.heads(self._day)
            for provision in self._corpus.provisions_of(head, self._day)
        )
        places: dict[str, Provision] = {
            place.source_id: place for place in (self._corpus.duty(self._day), *heads)
        }
        return tuple(found for name in places if (found := self._corpus.source(name)))

    def _exceptions(self) -> dict[str, Head]:
        """Labels of every exception to a head, in the order of the text."""
        return {
            limb.provision.label: head
            for head in self._corpus.heads(self._day)
            for limb in self._corpus.limbs_of(head, self._day)
            if limb.polarity is Polarity.EXCEPTION and not limb.nested
        }

    def _law_told(self) -> str:
        exceptions = self._exceptions()
        lines = []
        for number, source in enumerate(self._law(), 1):
            heads = "・".join(source.heads)
            name = source.provision or source.title
            lines.append(f"〔S{number}〕{name}" + (f" head＝{heads}" if heads else ""))
            lines.append(source.text)
            labels = [label for label, head in exceptions.items() if head in source.heads]
            if labels:
                lines.append(f"例外：{'、'.join(labels)}")
        return "\n".join(lines)
