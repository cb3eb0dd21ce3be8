"""Ranks counted by hand."""

from __future__ import annotations

import pytest

from assistant.domain.provision import Head, LimbRole, Topic
from assistant.domain.source import Source, SourceKind
from assistant.evaluate.gold import QueryRow
from assistant.evaluate.queries import query_figures, query_figures_by_subject, score_query
from assistant.evaluate.share import Share

P, C = Head.INDIVIDUAL, Head.CORPORATE


def provision(
    number: int, head: Head | None = None, role: LimbRole | None = None, topic: Topic | None = None
) -> Source:
    return Source(
        id=f"provision:j{number}_k1@2002-04-01",
        kind=SourceKind.PROVISION,
        title="-",
        text="-",
        search_text="-",
        heads=(head,) if head else (),
        exception=role,
        topic=topic,
    )


RANKED = [
    # ranked heads, rank of 個人
    ([P], 1),
    ([C, P], 2),
    ([C, C, P], 3),  # duplicates keep their places
    ([C, C, C, P], 4),
    ([C, C, C, C, C, P], 6),
    ([C], None),
    ([], None),
    ([None, P], 2),  # a provision of no head is not right
]


@pytest.mark.parametrize(("heads", "rank"), RANKED)
def test_rank_of_the_head(heads: list[Head | None], rank: int | None) -> None:
    row = QueryRow(id="q", query="?", category=P)
    ranked = [provision(number, head) for number, head in enumerate(heads)]
    assert score_query(row, ranked).rank == rank


def test_an_alternative_head_is_right() -> None:
    row = QueryRow(id="q", query="?", category=P, alt_category=(C,))
    assert score_query(row, [provision(1, C)]).rank == 1


def test_a_procedural_question_wants_its_topic() -> None:
    row = QueryRow(id="q", query="?", category=None, procedure=Topic.FEES)
    ranked = [provision(1, P), provision(2, topic=Topic.REVIEW), provision(3, topic=Topic.FEES)]
    assert score_query(row, ranked).rank == 3


def test_figures_by_hand() -> None:
    official = LimbRole.OFFICIAL_DUTY
    on_duty = QueryRow(id="a", query="?", category=P, exception=official)
    plain = QueryRow(id="b", query="?", category=C)
    lost = QueryRow(id="c", query="?", category=P, exception=LimbRole.LIFE)
    late = [provision(number, C) for number in range(5)]
    scores = [
        score_query(on_duty, [provision(1, P), provision(2, P, official)]),  # rank 1, exception rank 2
        score_query(plain, [provision(1, P), provision(2, P), provision(3, C)]),  # rank 3
        score_query(lost, [*late, provision(6, P, LimbRole.LIFE)]),  # rank 6, exception rank 6
    ]
    figures = query_figures(scores)
    assert figures["hit@1"] == Share(hits=1, of=3)
    assert figures["hit@3"] == Share(hits=2, of=3)
    assert figures["hit@5"] == Share(hits=2, of=3)
    assert figures["mrr"].value == pytest.approx((1 + 1 / 3 + 1 / 6) / 3)
    assert figures["exception_hit@5"] == Share(hits=1, of=2)
    assert list(query_figures_by_subject(scores)) == ["個人", "法人"]


def test_a_question_without_exception_is_not_asked_for_one() -> None:
    row = QueryRow(id="q", query="?", category=P)
    figures = query_figures([score_query(row, [provision(1, P)])])
    assert figures["exception_hit@5"].value is None
    assert query_figures([])["mrr"].to_json() == {"value": None, "of": 0}
