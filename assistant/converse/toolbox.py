"""What a model in conversation may ask for: looking up, trying out, comparing, wording. Nothing here changes anything.

What the model writes as arguments is anybody's text: it is checked, and what is wrong is said to the model, not raised.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.converse.briefing import Briefing
from assistant.converse.conversing import Tool
from assistant.converse.matter import RetrieverPort
from assistant.converse.shelf import Shelf
from assistant.domain.finding import CitationStatus, Decision, Finding, Proposal
from assistant.domain.provision import Head
from assistant.domain.source import Source, SourceKind
from assistant.draft.part import Part, refused
from assistant.draft.reasons import write_parts
from assistant.draft.situations import bundled_situations, describe_situation, situations_of
from assistant.errors import InputError
from assistant.model.tokens import estimate_tokens
from assistant.policy.words import words_of
from assistant.retrieve.query import SearchQuery

_HITS = 6
_UNITS = 6
_MOST_USES = 12
_LONGEST = 4_000  # characters of an argument: a page and more
_PASSAGE, _NONE = "passage", "なし"


class _Wrong(Exception):
    """The arguments are not what the description asks for."""


class Toolbox:
    """The tools of one answer. What they bring is put on the shelf and counts as a source; `most` estimated tokens."""

    def __init__(
        self,
        shelf: Shelf,
        briefing: Briefing,
        retriever: RetrieverPort,
        propose: Callable[[str], Proposal],
        *,
        proposal: Proposal | None,
        most: int,
    ) -> None:
        self._shelf, self._briefing, self._retriever, self._propose = shelf, briefing, retriever, propose
        self._corpus, self._day = shelf.speaker.corpus, shelf.speaker.day
        self._proposal, self._left, self._uses = proposal, most, 0
        self._lock = threading.Lock()

    @property
    def tools(self) -> tuple[Tool, ...]:
        """All of them."""
        words, text = self._briefing.words, {"type": "string"}
        listed = "、".join(f"{key}＝{title}" for key, title in situations_of(self._corpus.city))
        situations = [_PASSAGE, *(each.id for each in bundled_situations())]
        heads = ["", *(str(head) for head in self._corpus.heads(self._day))]
        kinds = [str(kind) for kind in SourceKind]
        return (
            self._tool(
                "search", self._search, words("tool_search"), kind={**text, "enum": kinds}, query=text
            ),
            self._tool("propose", self._proposed, words("tool_propose"), passage=text),
            self._tool("compare", self._compared, words("tool_compare"), precedent=text, passage=text),
            self._tool(
                "reason",
                self._reason,
                words("tool_reason", situations=listed),
                situation={**text, "enum": situations},
                head={**text, "enum": heads},
                content=text,
                harm=text,
            ),
        )

    def _tool(
        self, name: str, work: Callable[..., Sequence[str]], description: str, **fields: Mapping[str, Any]
    ) -> Tool:
        told = {
            key: {**field, "description": self._briefing.words(f"tool_{name}_{key}")}
            for key, field in fields.items()
        }
        parameters = {
            "type": "object",
            "properties": told,
            "required": list(fields),
            "additionalProperties": False,
        }

        def use(given: Mapping[str, Any]) -> str:
            return self._use(work, given, fields)

        return Tool(name=name, description=description, parameters=parameters, use=use)

    def _use(
        self, work: Callable[..., Sequence[str]], given: Mapping[str, Any], fields: Mapping[str, Any]
    ) -> str:
        """One use, as the model reads it: within what is left of the room, and not for ever."""
        words = self._briefing.words
        with self._lock:
            self._uses += 1
            spent = self._uses > _MOST_USES or self._left <= 0
        if spent:
            return words("no_more")
        try:
            lines = work(**_arguments(given, fields))
        except _Wrong:
            return words("bad_argument")
        except InputError as error:
            return str(error)
        if not lines:
            return words("nothing_found")
        told = words("found", found="\n".join(lines))
        with self._lock:
            self._left -= estimate_tokens(told)
        return told

    def _sources(self, sources: Sequence[Source]) -> list[str]:
        with self._lock:
            most = self._left
        return self._shelf.told_within(sources, most)[0]

    def _search(self, kind: str, query: str) -> Sequence[str]:
        if kind not in set(SourceKind) or not query.strip():
            raise _Wrong
        asked = SearchQuery(query, kinds=(SourceKind(kind),), as_of=self._day, limit=_HITS)
        return self._sources([hit.source for hit in self._retriever.search(asked).hits])

    def _proposed(self, passage: str) -> Sequence[str]:
        findings = self._propose(passage).findings
        told = [self._finding(one) for one in findings if one.decision is not Decision.DISCLOSE]
        cited = [
            source
            for one in findings
            for citation in one.citations
            if citation.status is CitationStatus.VERIFIED
            and (source := self._corpus.source(citation.source)) is not None
        ]
        unique = list({source.id: source for source in cited}.values())
        return [*told, *self._sources(unique[:_HITS])] if findings else []

    def _finding(self, one: Finding) -> str:
        labels = self._corpus.city.labels
        answer = labels.withhold if one.decision is Decision.WITHHOLD else labels.ask
        clause = (one.grounds[0].limb or one.grounds[0].provision) if one.grounds else ""
        more = one.to_find_out or ""
        return "　".join(
            each for each in (f"「{one.text}」{words_of(one.kind).name}", answer, clause, more) if each
        )

    def _compared(self, precedent: str, passage: str) -> Sequence[str]:
        units = self._units(precedent.strip().strip("〔〕[]"))
        if not units:
            return []
        wanted: dict[Head, int] = {}
        for one in self._propose(passage).findings if passage.strip() else ():
            if one.head is not None and one.decision is not Decision.DISCLOSE:
                wanted[one.head] = wanted.get(one.head, 0) + 1
        decided = {head for source in units for head in source.heads}
        told = self._briefing.words(
            "compared",
            wanted="、".join(f"{head}（{count}件）" for head, count in wanted.items()) or _NONE,
            decided="、".join(sorted(decided)) or _NONE,
            shared="、".join(sorted(decided & set(wanted))) or _NONE,
        )
        nearest = sorted(units, key=lambda source: -len(set(source.heads) & set(wanted)))
        return [told, *self._sources(nearest[:_UNITS])]

    def _units(self, named: str) -> list[Source]:
        """All parts of the decision that a number, an id or a document number means."""
        known = self._shelf.take(named)
        meant = known.precedent if known else None
        return [
            source
            for source in self._corpus.sources_as_of(self._day)
            if source.precedent is not None
            and (
                source.precedent == meant
                or named in (source.id, source.precedent.id, source.precedent.number)
            )
        ]

    def _reason(self, situation: str, head: str, content: str, harm: str) -> Sequence[str]:
        if head and head not in self._corpus.heads(self._day):
            raise _Wrong
        if situation == _PASSAGE:
            if self._proposal is None:
                raise _Wrong
            view = self._proposal
            parts = write_parts(view.findings, view.document, self._corpus, view.decision_date)
            return [self._part(part) for part in parts]
        facts = {"content": content, "document_part": content, "records": content, "harm": harm}
        described = describe_situation(
            situation, facts, corpus=self._corpus, day=self._day, head=Head(head) if head else None
        )
        return [self._part(described.part), *described.asked]

    def _part(self, part: Part) -> str:
        """A row of the notice; a reason that gives away what it withholds is not handed on."""
        told = [check.message for check in part.checks if not check.ok]
        reason = "" if refused(part.checks) else part.reason
        return "　".join((part.place, part.kind, "、".join(part.clauses), reason, *told))


def _arguments(given: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, str]:
    """Just what the description names, as text of a bearable length. Raises _Wrong."""
    read = {}
    for name in fields:
        value = given.get(name, "")
        if not isinstance(value, str) or len(value) > _LONGEST:
            raise _Wrong
        read[name] = value.encode("utf-8", "replace").decode("utf-8")
    if set(given) - set(fields):
        raise _Wrong
    return read
