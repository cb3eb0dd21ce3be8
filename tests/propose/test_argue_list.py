"""A long finding is shortened, and no name or number is cut in two by it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.propose.argue_list import one_line

NUMBER = "093-000-4567"


def test_what_fits_stays_and_what_does_not_loses_its_middle() -> None:
    assert one_line("氏名\n烏丸　花代") == "氏名 烏丸 花代"
    told = one_line("あ" * 60 + "い" * 60)
    assert told == "あ" * 23 + "…" + "い" * 24


@given(st.integers(0, 80), st.integers(0, 80))
def test_no_cut_falls_inside_what_is_to_stay_whole(before: int, after: int) -> None:
    told = one_line("あ" * before + "０９３－０００－４５６７" + "い" * after, (NUMBER, "", "烏丸"))
    digits = [letter for letter in told if letter.isdigit()]
    assert len(digits) in (0, 10)
    assert "…" not in told[told.index("０") : told.rindex("７")] if digits else True
