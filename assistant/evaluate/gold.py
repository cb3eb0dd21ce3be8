"""What a line of a labelled file says (design.md §5), checked as it enters.

Unknown keys are allowed: labelled files carry tags, remarks and reasons the figures do not use.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from assistant.domain.provision import Head, LimbRole, Topic

GoldDecision = Literal["withhold", "disclose", "depends"]
Heads = Annotated[tuple[Head, ...], BeforeValidator(lambda given: () if given is None else given)]
Identifier = Annotated[str, Field(min_length=1, max_length=200)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldSpan(_Row):
    """A labelled piece of text; it stands for every occurrence of `text`."""

    text: Annotated[str, Field(min_length=1)]
    decision: GoldDecision
    category: Head | None
    alt_category: Heads = ()
    exception: LimbRole | None = None

    @property
    def heads(self) -> tuple[Head, ...]:
        """Every head that is accepted for it."""
        return (self.category, *self.alt_category) if self.category else ()

    @model_validator(mode="after")
    def _sound(self) -> GoldSpan:
        if not self.text.strip():
            raise PydanticCustomError("blank", "「text」が空白だけです。")
        if self.decision == "withhold" and self.category is None:
            raise PydanticCustomError("no_head", "withhold の「category」に条項の種類を書いてください。")
        return self


class PassageRow(_Row):
    """A line of `evaluate passages`."""

    id: Identifier
    passage: str
    spans: tuple[GoldSpan, ...]


class DocumentRow(_Row):
    """A line of `evaluate documents`: `file` is a text file beside the list."""

    id: Identifier
    file: Annotated[str, Field(min_length=1)]
    spans: tuple[GoldSpan, ...]


class QueryRow(_Row):
    """A line of `evaluate queries`: a question about a head, or about a procedural topic."""

    id: Identifier
    query: Annotated[str, Field(min_length=1)]
    category: Head | None
    alt_category: Heads = ()
    exception: LimbRole | None = None
    procedure: Topic | None = None

    @property
    def heads(self) -> tuple[Head, ...]:
        """Every head that is accepted for it; empty for a procedural question."""
        return (self.category, *self.alt_category) if self.category else ()

    @model_validator(mode="after")
    def _one_subject(self) -> QueryRow:
        if not self.query.strip():
            raise PydanticCustomError("blank", "「query」が空白だけです。")
        if (self.category is None) == (self.procedure is None):
            raise PydanticCustomError(
                "subject", "「category」と「procedure」のどちらか一つだけに値を書いてください。"
            )
        return self
