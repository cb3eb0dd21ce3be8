"""What a person who waits reads: which stage it is, and no promise where nothing is known."""

from __future__ import annotations

import pytest

from assistant.jobs.ports import Progress
from assistant.propose import pages
from assistant.wiring.jobs import said


@pytest.mark.parametrize(
    ("done", "of", "left", "ends"),
    [
        (3, 60, 40.0, "（3／60） あと約41秒"),
        (59, 60, 0.4, "（59／60） まもなく終わります"),
        (3, 60, None, "（3／60）"),
        (60, 60, 0.0, "（60／60）"),  # this stage is over; what follows may take minutes
        (0, 0, None, "ています"),
    ],
)
def test_time_left_is_told_while_there_is_some(done: int, of: int, left: float | None, ends: str) -> None:
    assert said(Progress(stage="detect", done=done, of=of, seconds_left=left)).endswith(ends)


def test_every_stage_has_its_words() -> None:
    stages = (pages.DETECTING, pages.HIDDEN, pages.LIKENING, pages.ARGUING, pages.SEEKING, pages.GATHERING)
    assert len({said(Progress(stage=stage, done=0, of=0)) for stage in stages}) == len(stages)
