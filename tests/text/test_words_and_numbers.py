"""Numbers, eras, sentences and words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.eras import find_dates, format_era, parse_date
from assistant.text.morphemes import tokenize
from assistant.text.numerals import parse_number, to_kanji
from assistant.text.sentences import sentences


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("七", 7),  # statute numbering
        ("７", 7),  # full width
        ("十五", 15),
        ("百二", 102),
        ("二〇二四", 2024),  # positional
        ("一万二千", 12000),
        ("3千", 3000),  # mixed
        ("元", 1),  # 元年
    ],
)
def test_numbers(text: str, value: int) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "第", "七条", "abc"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text)


@given(st.integers(min_value=1, max_value=9999))
def test_kanji_numbers_round_trip(number: int) -> None:
    assert parse_number(to_kanji(number)) == number


DATES = [
    ("令和6年5月31日", date(2024, 5, 31)),
    ("令和６年５月３１日", date(2024, 5, 31)),  # full width
    ("令和元年5月1日", date(2019, 5, 1)),
    ("R6.5.31", date(2024, 5, 31)),  # initials
    ("昭和四十九年二月十七日", date(1974, 2, 17)),
    ("2024-05-31", date(2024, 5, 31)),
    ("2024年5月31日", date(2024, 5, 31)),
    ("令和6年2月30日", None),  # no such day
    ("24.5.31", None),  # no era: could be any
]


@pytest.mark.parametrize(("text", "day"), DATES)
def test_dates(text: str, day: date | None) -> None:
    assert parse_date(text) == day


def test_dates_are_found_where_they_stand() -> None:
    text = "作成：令和６年５月３１日、確認 R6.6.3"
    assert [text[start:end] for start, end, _ in find_dates(text)] == ["令和６年５月３１日", "R6.6.3"]


@given(st.dates(min_value=date(1873, 1, 1), max_value=date(2100, 1, 1)))
def test_eras_round_trip(day: date) -> None:
    assert parse_date(format_era(day)) == day


def test_sentences_do_not_break_inside_brackets() -> None:
    text = "申請者（住所は別紙。）は来庁した。\n再度連絡する"
    assert [text[a:b] for a, b in sentences(text)] == ["申請者（住所は別紙。）は来庁した。", "再度連絡する"]


@pytest.mark.parametrize("length", [0, 1, 11_999, 12_000, 12_001, 40_000])
def test_words_cover_a_text_of_any_length(length: int) -> None:
    text = ("課長の見本太郎は、港東二丁目で面談した。" * (length // 20 + 1))[:length]
    words = tokenize(text)
    assert "".join(word.surface for word in words) == text
    assert [word.start for word in words[1:]] == [word.end for word in words[:-1]]


def test_lone_surrogates_keep_positions() -> None:
    words = tokenize("山田\ud83d太郎")
    assert words[-1].end == 5
