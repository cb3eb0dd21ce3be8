"""Check digits of numbers given by statute."""

from __future__ import annotations


def my_number_check_digit(first_eleven: str) -> int:
    """The twelfth digit of an individual number.

    Source: 行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による通知カード及び個人番号カード
    並びに情報提供ネットワークシステムによる特定個人情報の提供等に関する省令（平成26年総務省令第85号）5条:
    11 minus the remainder by 11 of the sum of Pn*Qn, where Pn is the n-th digit from the right (not counting the
    check digit), Qn is n+1 for n 1..6 and n-5 for n 7..11; a remainder of 0 or 1 gives 0.
    """
    if len(first_eleven) != 11 or not first_eleven.isascii() or not first_eleven.isdigit():
        raise ValueError("eleven digits are needed")
    total = sum(
        int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(first_eleven), 1)
    )
    remainder = total % 11
    return 0 if remainder <= 1 else 11 - remainder


def is_my_number(digits: str) -> bool:
    """Whether twelve ASCII digits carry a right check digit. One in eleven random numbers does, too."""
    return (
        len(digits) == 12
        and digits.isascii()
        and digits.isdigit()
        and int(digits[-1]) == my_number_check_digit(digits[:11])
    )


def corporate_number_check_digit(last_twelve: str) -> int:
    """The first digit of a corporate number.

    Source: 法人番号の指定等に関する省令（平成26年財務省令第70号）2条: 9 minus the remainder by 9 of the sum of Pn*Qn, Pn the
    n-th digit from the right, Qn 1 for odd and 2 for even n.
    """
    if len(last_twelve) != 12 or not last_twelve.isascii() or not last_twelve.isdigit():
        raise ValueError("twelve digits are needed")
    total = sum(int(digit) * (1 if n % 2 else 2) for n, digit in enumerate(reversed(last_twelve), 1))
    return 9 - total % 9


def is_corporate_number(digits: str) -> bool:
    """Whether thirteen ASCII digits carry a right check digit."""
    return (
        len(digits) == 13
        and digits.isascii()
        and digits.isdigit()
        and int(digits[0]) == corporate_number_check_digit(digits[1:])
    )
