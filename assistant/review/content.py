"""A proposal as deletable words, and back: the text of each page is stored once, apart from the rest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from assistant.domain.finding import Proposal
from assistant.review.codec import Json, Unreadable, decode, dumps, encode, loads
from assistant.review.event import Words

TITLE, PROPOSAL, PAGE, CHANGE, FINDING, WHY, DESPITE, MESSAGE, PAYLOAD, CERTIFICATE, READ = (
    "title",
    "proposal",
    "page",
    "change",
    "finding",
    "why",
    "despite",
    "message",
    "payload",
    "certificate",
    "read",
)
SEARCHED = (TITLE, PAGE, MESSAGE)  # what the history is searched by


def words_of(name: str, value: Json) -> Words:
    """Any JSON value as words."""
    return Words(name=name, body=dumps(value))


def proposal_words(proposal: Proposal) -> tuple[Words, ...]:
    """The proposal without its pages' text, then each page's text under its position."""
    told = encode(proposal)
    texts = []
    for position, page in enumerate(told["document"]["pages"]):
        texts.append(Words(name=PAGE, number=position, body=dumps(page.pop("text"))))
    return Words(name=PROPOSAL, body=dumps(told)), *texts


def proposal_from(bodies: Mapping[tuple[str, int], str]) -> Proposal:
    """The proposal again. Raises Unreadable when a part is gone or does not fit."""
    texts = tuple(body for (name, _), body in sorted(bodies.items()) if name == PAGE)
    return _decoded(body_of(bodies, PROPOSAL), texts)


@lru_cache(
    maxsize=4
)  # every key press asks for the same proposal; what is stored decides, so nothing stale is told
def _decoded(body: str, texts: tuple[str, ...]) -> Proposal:
    told: Any = loads(body)
    try:
        for page, text in zip(told["document"]["pages"], texts, strict=True):
            page["text"] = loads(text)
        return decode(Proposal, told)
    except Unreadable:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("the stored proposal and its pages do not fit together") from error


def body_of(bodies: Mapping[tuple[str, int], str], name: str, number: int = 0) -> str:
    """One stored text. Raises Unreadable when it is gone."""
    body = bodies.get((name, number))
    if body is None:
        raise Unreadable(f"the stored text {name} is gone")
    return body
