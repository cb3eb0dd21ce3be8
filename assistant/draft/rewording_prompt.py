"""What a model is given to word reasons: the clauses in full, and each row in its slots, without what is withheld."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Ground
from assistant.domain.provision import Polarity
from assistant.draft.checks import check_leak
from assistant.draft.compose import harm_of
from assistant.draft.leaks import Hidden
from assistant.draft.part import Part
from assistant.draft.wording import bundled_wording
from assistant.model.ports import Message, Shape
from assistant.model.prompts import Prompt
from assistant.model.tokens import estimate_tokens

TEXTS = frozenset({"system", "user", "form", "repair"})
INPUTS = frozenset({"city", "ordinance", "day", "withhold", "law", "rows", "schema", "errors"})
_NAME = "reasons"
_ANSWERS = {True: "当たる", False: "当たらない", None: "決まっていない"}

Said = Annotated[str, Field(max_length=2_000)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ProvisoSaid(_Lenient):
    """One exception, and why it does not apply."""

    provision: Said
    why: Said = ""


class RowSaid(_Lenient):
    """One row in its slots."""

    number: int
    place: Said = ""
    kind: Said = ""
    grounds: Annotated[tuple[Said, ...], Field(max_length=30)] = ()
    harm: Said = ""
    provisos: Annotated[tuple[ProvisoSaid, ...], Field(max_length=60)] = ()
    reason: Annotated[str, Field(max_length=4_000)] = ""


class ReplySaid(_Lenient):
    """The whole answer."""

    rows: Annotated[tuple[RowSaid, ...], Field(max_length=200)]


class Brief:
    """Words the question for one document. Whatever a finding says of itself is told only where it gives nothing away."""

    def __init__(self, corpus: Corpus, day: date, prompt: Prompt, hidden: Hidden) -> None:
        self._corpus, self._day, self._prompt, self._hidden = corpus, day, prompt, hidden

    def messages(self, rows: Sequence[tuple[int, Part]], law: str) -> tuple[Message, ...]:
        """The question about some rows, each with its number. `law`: of all rows of the document (see `law`), so that
        the first message is the same for every question."""
        city = self._corpus.city
        system = self._prompt.render(
            "system",
            city=city.name,
            ordinance=self._corpus.ordinance.title,
            day=self._day.isoformat(),
            withhold=city.labels.withhold,
            law=law,
        )
        user = self._prompt.render("user", rows="\n\n".join(self.row(number, part) for number, part in rows))
        return (Message(role="system", text=system), Message(role="user", text=user))

    def shape(self, parts: Sequence[Part]) -> Shape:
        """The form of the answer, with every clause it may name."""
        schema = _schema(
            list(dict.fromkeys(clause for part in parts for clause in part.clauses)),
            list(dict.fromkeys(c.provision for part in parts for g in part.grounds for c in g.provisos)),
        )
        told = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
        return Shape(name=_NAME, schema=schema, in_words=self._prompt.render("form", schema=told))

    def repair(self, errors: str) -> str:
        """The second question."""
        return self._prompt.render("repair", errors=errors)

    def law(self, parts: Sequence[Part]) -> str:
        """Every clause the rows rest on, with its exceptions, as it stands on the day."""
        lines: dict[str, None] = {}
        for ground in (ground for part in parts for ground in part.grounds):
            home = self._corpus.find(ground.provision, self._day)
            if home is not None:
                lines[f"{home.label}　{home.text}"] = None
            for limb in self._corpus.limbs_of(ground.head, self._day):
                exception = limb.polarity is Polarity.EXCEPTION
                if exception and (home is None or limb.provision.text not in home.text):
                    lines[f"{limb.provision.label}（例外）　{limb.provision.text}"] = None
        return "\n".join(lines)

    def row(self, number: int, part: Part) -> str:
        """One row in its slots."""
        lines = [
            f"{number}行目",
            f"place：{part.place}",
            f"kind：{part.kind}",
            f"grounds：{'、'.join(part.clauses)}",
        ]
        lines += [line for ground in part.grounds for line in self._ground(ground)]
        if self._harmless(part.reason):
            lines.append(f"案：{part.reason}")
        return "\n".join(lines)

    def cost(self, number: int, part: Part) -> int:
        """Estimated tokens of a row in the question."""
        return estimate_tokens(self.row(number, part)) + 5

    def given(self, part: Part) -> str:
        """Everything that was told of a row: what its wording may speak of."""
        return f"{self.law((part,))}\n{self.row(0, part)}"

    def _ground(self, ground: Ground) -> Iterator[str]:
        if bundled_wording().heads[ground.head].harm_text:
            yield f"支障（{ground.limb or ground.provision}）：{harm_of(ground, self._corpus)}"
        if ground.why and self._harmless(ground.why):
            yield f"当たる訳（{ground.limb or ground.provision}）：{ground.why}"
        for check in ground.provisos:
            why = check.why if self._harmless(check.why) else ""
            yield f"例外（{check.provision}）：{_ANSWERS[check.applies]}。{why}"

    def _harmless(self, text: str) -> bool:
        """Whether a text, which a finding brought along, gives away nothing that is withheld."""
        return check_leak(text, self._hidden.texts, self._hidden.names, self._hidden.known).ok


def _schema(clauses: list[str], exceptions: list[str]) -> dict[str, Any]:
    """Strict JSON Schema: every field required, no bounds (servers refuse some of them)."""
    text = {"type": "string"}
    grounds = {"type": "array", "items": {"type": "string", "enum": clauses}}
    exception = {"type": "string", "enum": exceptions} if exceptions else text
    provisos = {"type": "array", "items": _object(provision=exception, why=text)}
    row = _object(
        number={"type": "integer"},
        place=text,
        kind=text,
        grounds=grounds,
        harm=text,
        provisos=provisos,
        reason=text,
    )
    return _object(rows={"type": "array", "items": row})


def _object(**fields: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
