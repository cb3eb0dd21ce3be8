"""A disclosure that the model would not make is looked at by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from review_sample import FINDINGS, HANAKO, proposal

from assistant.domain.finding import Decision, Opinion
from assistant.errors import ReviewRefused
from assistant.review.desk import Desk


def _opinion(decision: Decision | None) -> Opinion:
    return Opinion(by="試験", decision=decision, head=None, why="別に考える", citations=())


@pytest.mark.parametrize("decision", [Decision.WITHHOLD, Decision.ASK])
def test_a_contested_disclosure_is_not_settled_with_the_rest(desk: Desk, decision: Decision) -> None:
    told = {"d1": _opinion(decision), "d2": _opinion(None), "w1": _opinion(Decision.DISCLOSE)}
    findings = tuple(replace(one, opinions=(told[one.id],) if one.id in told else ()) for one in FINDINGS)
    case = desk.open_case(HANAKO, "passage", "用地の相談", replace(proposal(), findings=findings))
    assert "d1" in {one.id for one in case.queue}
    assert [one.id for one in case.rest] == ["d2"]
    after = desk.settle_rest(case.id, HANAKO)
    assert {one.id for one in after.findings if one.decided} == {"d2"}
    with pytest.raises(ReviewRefused):
        desk.settle_rest(case.id, HANAKO)
    settled = desk.confirm(case.id, HANAKO, ["d1"])
    assert {one.id for one in settled.findings if one.decided} == {"d1", "d2"}
