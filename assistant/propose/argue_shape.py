"""The form of a model's answer about one piece of a document: what is asked for, and what is accepted.

The schema that is sent names every clause and source it may use. What comes back is checked again here, more kindly:
a source outside the list is not an error but a citation that will not be found, and is shown as such.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from assistant.domain.finding import Decision
from assistant.domain.provision import Head

NAME = "proposal"
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _clean(value: object) -> object:
    """Without what could move a cursor, turn a line around, or not be written at all."""
    return _UNSEEN.sub("", value) if isinstance(value, str) else value


Said = Annotated[str, BeforeValidator(_clean), Field(max_length=1_000)]
Copied = Annotated[str, BeforeValidator(_clean), Field(max_length=4_000)]


def _whole_numbers(value: object) -> object:
    """A list without what is no number: agreeing is a courtesy, no reason to lose the rest of an answer."""
    if not isinstance(value, list):
        return ()
    return tuple(one for one in value if isinstance(one, int) and not isinstance(one, bool))


Numbers = Annotated[tuple[int, ...], BeforeValidator(_whole_numbers)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class CitationSaid(_Lenient):
    """A quote and the number of the source it is said to come from."""

    source: Said
    quote: Copied


class ExceptionSaid(_Lenient):
    """One exception of the head, walked through."""

    exception: Said
    applies: bool | None = None
    why: Said = ""


class FindingSaid(_Lenient):
    """A span the rules did not propose. `before`: what stands directly before it, to tell occurrences apart."""

    text: Copied
    before: Said = ""
    decision: Decision
    head: Head | None = None
    exceptions: Annotated[tuple[ExceptionSaid, ...], Field(max_length=30)] = ()
    why: Said = ""
    reason: Said = ""
    to_find_out: Said | None = None
    citations: Annotated[tuple[CitationSaid, ...], Field(max_length=30)] = ()


class OpinionSaid(_Lenient):
    """What the model thinks of one of the rules' findings, by its number in the list."""

    number: int
    decision: Decision
    head: Head | None = None
    why: Said = ""
    citations: Annotated[tuple[CitationSaid, ...], Field(max_length=30)] = ()


class ReplySaid(_Lenient):
    """The whole answer about one piece. `agreed`: numbers of findings it decides likewise and has nothing to add to."""

    findings: tuple[FindingSaid, ...]
    opinions: tuple[OpinionSaid, ...]
    agreed: Numbers = ()


def schema_for(heads: Sequence[str], exceptions: Sequence[str], sources: Sequence[str]) -> dict[str, Any]:
    """Strict JSON Schema: every field required, optional ones nullable, no bounds (servers refuse some of them)."""
    text = {"type": "string"}
    decision = {"type": "string", "enum": [str(one) for one in Decision]}
    head = {"type": ["string", "null"], "enum": [*heads, None]}
    citations = _list_of(source=_one_of(sources), quote=text)
    walked = _list_of(exception=_one_of(exceptions), applies={"type": ["boolean", "null"]}, why=text)
    findings = _list_of(
        text=text,
        before=text,
        decision=decision,
        head=head,
        exceptions=walked,
        why=text,
        reason=text,
        to_find_out={"type": ["string", "null"]},
        citations=citations,
    )
    opinions = _list_of(
        number={"type": "integer"}, decision=decision, head=head, why=text, citations=citations
    )
    agreed = {"type": "array", "items": {"type": "integer"}}
    return _object(findings=findings, opinions=opinions, agreed=agreed)


def _one_of(values: Sequence[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)} if values else {"type": "string"}


def _list_of(**fields: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(**fields)}


def _object(**fields: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
