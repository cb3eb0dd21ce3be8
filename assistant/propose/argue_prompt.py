"""What a model is given: the law of the city in whole, sources by number, the rules' findings, a piece of the document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.finding import Decision, Finding
from assistant.domain.provision import Head, Polarity, Provision
from assistant.domain.source import Source, SourceKind
from assistant.model.ports import Message, Shape
from assistant.model.prompts import Prompt
from assistant.model.tokens import estimate_tokens
from assistant.policy.words import words_of
from assistant.propose.argue_pieces import Piece
from assistant.propose.argue_shape import NAME, schema_for

TEXTS = frozenset({"system", "user", "form", "repair"})
INPUTS = frozenset(
    (
        *("city", "ordinance", "day", "withhold", "disclose", "ask", "law"),
        *("sources", "doc_type", "findings", "mark", "passage", "schema", "errors"),
    )
)
_LONGEST_SHOWN = 80
_SIDES = {"withheld": Decision.WITHHOLD, "disclosed": Decision.DISCLOSE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The numbered sources of one document: S1, S2 … in the order they are shown; the law always whole."""

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


class Brief:
    """Words a question for one city on one day; what does not change with the piece is worded once."""

    def __init__(self, corpus: Corpus, day: date, prompt: Prompt) -> None:
        self._corpus, self._day, self._prompt = corpus, day, prompt

    def shelf(self, ruled: Sequence[Finding], sources: Sequence[Source], most: int) -> Shelf:
        """Law, then commentary and precedents as long as they fit `most` estimated tokens: cited by the rules first."""
        law = [found for place in self._law() if (found := self._corpus.source(place.source_id))]
        cited = (self._corpus.source(one.source) for finding in ruled for one in finding.citations)
        shown = {one.id for one in law}
        candidates = {
            one.id: one
            for one in (*cited, *sources)
            if one is not None and one.id not in shown and _told_apart(one)
        }
        chosen, room = [], most
        for source in candidates.values():
            cost = estimate_tokens(_told(source, "S000"))
            if cost <= room:
                chosen.append(source)
                room -= cost
        return Shelf(
            law={f"S{number}": source for number, source in enumerate(law, 1)},
            sources={f"S{number}": source for number, source in enumerate(chosen, len(law) + 1)},
        )

    def messages(self, document: Document, piece: Piece, shelf: Shelf) -> tuple[Message, ...]:
        """The question about one piece."""
        labels, city = self._corpus.city.labels, self._corpus.city
        system = self._prompt.render(
            "system",
            city=city.name,
            ordinance=self._corpus.ordinance.title,
            day=self._day.isoformat(),
            withhold=labels.withhold,
            disclose=labels.disclose,
            ask=labels.ask,
            law=self._law_told(shelf),
        )
        user = self._prompt.render(
            "user",
            sources="\n".join(_told(source, number) for number, source in shelf.sources.items())
            or "（なし）",
            doc_type=_line(document.doc_type or "不明"),
            findings=self._findings_told(piece.findings),
            mark=_mark(piece.text),
            passage=piece.text,
        )
        return (Message(role="system", text=system), Message(role="user", text=user))

    def shape(self, shelf: Shelf) -> Shape:
        """The form of the answer, with every clause and number it may use."""
        heads = tuple(str(head) for head in self._corpus.heads(self._day))
        schema = schema_for(heads, tuple(self._exceptions()), shelf.numbers)
        told = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
        return Shape(name=NAME, schema=schema, in_words=self._prompt.render("form", schema=told))

    def repair(self, errors: str) -> str:
        """The question after an answer that was not in form."""
        return self._prompt.render("repair", errors=errors)

    def cost(self, finding: Finding) -> int:
        """Estimated tokens of the line a finding takes."""
        return estimate_tokens(self._findings_told((finding,))) + 5

    def _law(self) -> list[Provision]:
        heads = (
            provision
            for head in self._corpus.heads(self._day)
            for provision in self._corpus.provisions_of(head, self._day)
        )
        return list({place.source_id: place for place in (self._corpus.duty(self._day), *heads)}.values())

    def _exceptions(self) -> dict[str, Head]:
        """Labels of every exception to a head, in the order of the text."""
        return {
            limb.provision.label: head
            for head in self._corpus.heads(self._day)
            for limb in self._corpus.limbs_of(head, self._day)
            if limb.polarity is Polarity.EXCEPTION and not limb.nested
        }

    def _law_told(self, shelf: Shelf) -> str:
        exceptions = self._exceptions()
        lines = []
        for number, source in shelf.law.items():
            heads = "・".join(source.heads)
            lines.append(
                f"〔{number}〕{source.provision or source.title}" + (f"　head＝{heads}" if heads else "")
            )
            lines.append(source.text)
            labels = [label for label, head in exceptions.items() if head in source.heads]
            if heads:
                lines.append(f"例外：{'、'.join(labels) or 'なし'}")
        return "\n".join(lines)

    def _findings_told(self, findings: Sequence[Finding]) -> str:
        words = {
            Decision.WITHHOLD: self._corpus.city.labels.withhold,
            Decision.DISCLOSE: self._corpus.city.labels.disclose,
            Decision.ASK: self._corpus.city.labels.ask,
        }
        lines = [
            f"{number}. 「{_line(one.text)}」{words_of(one.kind).name}　{words[one.decision]}"
            + (f"　{one.grounds[0].limb or one.grounds[0].provision}" if one.grounds else "")
            for number, one in enumerate(findings, 1)
        ]
        return "\n".join(lines) or "（なし）"


def _told_apart(source: Source) -> bool:
    """Not the law, which is shown whole, nor a decision that no longer stands."""
    if source.kind is SourceKind.PROVISION and source.heads:
        return False
    return source.precedent is None or source.precedent.stands


def _told(source: Source, number: str) -> str:
    head = "・".join(source.heads)
    result = f"・{_SIDES[source.unit.result]}" if source.unit else ""
    return f"〔{number}〕{source.title}" + (f"（{head}{result}）" if head else "") + f"\n{source.text}"


def _line(text: str) -> str:
    """On one line, its middle left out where it is long: the number is what it is known by."""
    flat = " ".join(text.split())
    half = _LONGEST_SHOWN // 2
    return flat if len(flat) <= _LONGEST_SHOWN else f"{flat[: half - 1]}…{flat[-half:]}"


def _mark(passage: str) -> str:
    """A fence that the passage cannot hold, since it is made from the passage."""
    digest, turn = passage, 0
    while True:
        digest = hashlib.sha256(f"{turn}{digest}".encode("utf-8", "replace")).hexdigest()
        mark = f"====文書{digest[:12]}===="
        if mark not in passage:
            return mark
        turn += 1
