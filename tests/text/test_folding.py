"""Folding compares loosely and points back exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.folding import fold, folded_text

SAME = [
    ("ｶﾞｯｺｳ", "ガッコウ"),  # half-width kana with its dakuten
    ("カ\u3099", "ガ"),  # combining dakuten, as macOS writes file names
    ("⻘⽊", "青木"),  # radicals written for ideographs, as Chromium prints them
    ("㈱みほん", "(株)みほん"),  # one sign for three characters
    ("０９３－０００", "093-000"),  # full width
    ("山 田\n太　郎", "山田太郎"),  # spaced and broken over a line
    ("山\u200b田", "山田"),  # a zero-width space between the letters
    ("1−2‐3", "1-2-3"),  # minus sign and hyphen
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_ways_of_writing_the_same_compare_equal(one: str, other: str) -> None:
    assert folded_text(one) == folded_text(other)


DIFFERENT = [
    ("ハンコー", "ハンコ-"),  # the long vowel mark is a letter, not a dash
    ("高橋", "髙橋"),  # variants fold only where the caller asks
    ("はは", "ばば"),  # dakuten matters
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert folded_text(one) != folded_text(other)


def test_variants_fold_on_request() -> None:
    assert folded_text("髙﨑邊澤", variants=True) == "高崎辺沢"


def test_a_span_covers_the_whole_cluster_it_came_from() -> None:
    folded = fold("A㈱ｶﾞ")
    assert folded.text == "A(株)ガ"
    assert folded.span(2, 3) == (1, 2)  # 株 is inside ㈱
    assert folded.span(4, 5) == (2, 4)  # ガ is ｶ with its mark


@given(st.text(alphabet=st.characters(codec=None), max_size=200), st.booleans())
def test_every_folded_character_maps_inside_the_text(text: str, drop_space: bool) -> None:
    folded = fold(text, drop_space=drop_space)
    for position in range(len(folded.text)):
        start, end = folded.span(position, position + 1)
        assert 0 <= start < end <= len(text)
    assert list(folded.starts) == sorted(folded.starts)


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError, match="non-empty"):
        fold("山田").span(1, 1)
