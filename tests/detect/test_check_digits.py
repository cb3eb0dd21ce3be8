"""Check digits by the formulas of the ministerial ordinances, against numbers worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.detect.check_digits import (
    corporate_number_check_digit,
    is_corporate_number,
    is_my_number,
    my_number_check_digit,
)

ELEVEN = st.text(alphabet="0123456789", min_size=11, max_size=11)
TWELVE = st.text(alphabet="0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize(
    ("eleven", "digit"),
    [
        ("00000000000", 0),  # sum 0, remainder 0: the rule gives 0, not 11
        ("00000000001", 9),  # 1*2 = 2, 11-2
        ("00000000010", 8),  # 1*3
        ("00000100000", 4),  # n=6: 1*7
        ("00001000000", 9),  # n=7: the weights begin again at 2
        ("10000000000", 5),  # n=11: 1*6
        ("00000000006", 0),  # 6*2 = 12, remainder 1: the rule gives 0, not 10
        ("12345678901", 8),  # 1*2+0*3+9*4+8*5+7*6+6*7+5*2+4*3+3*4+2*5+1*6 = 212, remainder 3
    ],
)
def test_my_number_check_digit(eleven: str, digit: int) -> None:
    assert my_number_check_digit(eleven) == digit


@given(ELEVEN)
def test_exactly_one_digit_completes_a_my_number(eleven: str) -> None:
    assert sum(is_my_number(eleven + str(digit)) for digit in range(10)) == 1


@pytest.mark.parametrize("text", ["", "123", "12345678901a", "１２３４５６７８９０１８", "1234567890188"])
def test_only_twelve_ascii_digits_are_a_my_number(text: str) -> None:
    assert not is_my_number(text)


@pytest.mark.parametrize(
    ("twelve", "digit"),
    [
        ("000000000000", 9),  # sum 0: 9 - 0
        ("000000000001", 8),  # odd place from the right: weight 1
        ("000000000010", 7),  # even place: weight 2
        ("000000000009", 9),  # sum 9, remainder 0
    ],
)
def test_corporate_number_check_digit(twelve: str, digit: int) -> None:
    assert corporate_number_check_digit(twelve) == digit


@given(TWELVE)
def test_a_corporate_number_never_begins_with_zero(twelve: str) -> None:
    digit = corporate_number_check_digit(twelve)
    assert 1 <= digit <= 9
    assert is_corporate_number(f"{digit}{twelve}")


@pytest.mark.parametrize("call", [my_number_check_digit, corporate_number_check_digit])
def test_wrong_length_is_refused(call: object) -> None:
    with pytest.raises(ValueError, match="digits are needed"):
        call("12")  # type: ignore[operator]
