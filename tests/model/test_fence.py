"""The line between data and instructions cannot be written by the data."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.model.fence import fence


def test_it_is_the_first_that_the_data_do_not_hold() -> None:
    assert fence("文書", "相談記録") == "====文書1===="
    assert fence("文書", "====文書1====\n= = = =文書2 = = = =") == "====文書3===="
    assert fence("文書", "====資料1====") == "====文書1===="


@given(st.lists(st.integers(0, 40)), st.text(alphabet="=文書 123\n", max_size=60))
def test_it_never_stands_in_the_data(numbers: list[int], noise: str) -> None:
    data = "\n".join(f"===={'文書'}{number}====" for number in numbers) + noise
    assert fence("文書", data) not in data


def test_the_data_cannot_be_guessed_from_it() -> None:
    assert fence("文書", "烏丸 花代") == fence("文書", "佐保 健")
