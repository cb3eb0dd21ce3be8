"""What to ask the retriever about a document: a few queries by group of kinds, with votes for heads.

A query holds the document's type and the names of kinds of information, not the text of the document: the words that
sources share with a passage are what its pieces are called, and no personal name has any business in a search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from assistant.domain.entity import Entity, EntityKind, Facts
from assistant.domain.provision import Head
from assistant.policy.words import words_of
from assistant.retrieve.query import SearchQuery

_LIMIT = 30
_MOST_KINDS = 6
_MOST_WORDS = 4


def queries_for(facts: Facts, day: date) -> tuple[SearchQuery, ...]:
    """At most one query for each of the four commonest groups of heads in the document, most frequent kinds first."""
    groups: dict[Head, list[Entity]] = {}
    for entity in facts.entities:
        heads = words_of(entity.kind).heads
        if heads:
            groups.setdefault(heads[0], []).append(entity)
    commonest = sorted(groups, key=lambda head: -len(groups[head]))[:4]
    return tuple(_query(groups[head], facts, day) for head in commonest)


def _query(entities: Iterable[Entity], facts: Facts, day: date) -> SearchQuery:
    kinds = Counter(entity.kind for entity in entities)
    common = [kind for kind, _ in kinds.most_common(_MOST_KINDS)]
    words = [word for kind in common for word in words_of(kind).look_for[:_MOST_WORDS]]
    text = " ".join(dict.fromkeys([_nameless(facts), *words])).strip()
    return SearchQuery(text=text, as_of=day, limit=_LIMIT, votes=_votes(kinds))


def _nameless(facts: Facts) -> str:
    """The document's type, without the names of persons where it is a title that holds one."""
    title = facts.doc_type or ""
    names = {name for person in facts.persons for name in (person.name, *person.aliases)}
    for name in sorted(names, key=len, reverse=True):
        title = title.replace(name, " ")
    return title


def _votes(kinds: Mapping[EntityKind, int]) -> Mapping[Head, float]:
    """Each kind votes for its heads with its share of the pieces found; the first head counts whole, others half."""
    total = sum(kinds.values())
    votes: dict[Head, float] = {}
    for kind, count in kinds.items():
        for rank, head in enumerate(words_of(kind).heads):
            votes[head] = votes.get(head, 0.0) + count / total * (1.0 if rank == 0 else 0.5)
    return votes
