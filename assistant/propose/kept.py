"""What detection found on one page as JSON, so that a job that was killed need not read the page again."""

from __future__ import annotations

import json
from typing import Any

from assistant.domain.document import Document, Extent
from assistant.domain.entity import Entity, EntityKind, Explanation, Standing, Trait
from assistant.jobs.run import Codec

Entities = tuple[Entity, ...]


def entities_codec(document: Document) -> Codec[Entities]:
    """For the pages of one document, by their numbers; the words themselves are read from the page again."""

    def read(number: int, told: str) -> Entities:
        try:
            rows = json.loads(told)
            if not isinstance(rows, list):
                raise TypeError
            return tuple(_entity(document, number, row) for row in rows)
        except (KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
            raise ValueError("not the entities of a page") from error

    return Codec(write=_written, read=read)


def _written(entities: Entities) -> str:
    return json.dumps([_row(entity) for entity in entities], ensure_ascii=False, separators=(",", ":"))


def _row(entity: Entity) -> dict[str, Any]:
    stands = entity.standing
    return {
        "kind": str(entity.kind),
        "at": [[extent.start, extent.end] for extent in entity.extents],
        "why": [[e.recognizer, e.pattern, e.score, list(e.context), e.checked] for e in entity.explanations],
        "stands": [stands.label, stands.column, stands.section, stands.line],
        "traits": sorted(entity.traits),
    }


def _entity(document: Document, number: int, row: Any) -> Entity:
    page = document.page(number)
    extents = tuple(Extent(page=number, start=start, end=end) for start, end in row["at"])
    if not extents or not all(0 <= one.start < one.end <= len(page.text) for one in extents):
        raise ValueError("not on this page")
    label, column, section, line = row["stands"]
    return Entity(
        kind=EntityKind(row["kind"]),
        extents=extents,
        text="".join(page.cut(extent) for extent in extents),
        explanations=tuple(
            Explanation(
                recognizer=recognizer,
                pattern=pattern,
                score=score,
                context=tuple(context),
                checked=checked,
            )
            for recognizer, pattern, score, context, checked in row["why"]
        ),
        standing=Standing(label=label, column=column, section=section, line=line),
        traits=frozenset(Trait(one) for one in row["traits"]),
    )
