"""Whatever stands on a page: no recognizer fails, every span lies on the page, and time grows as the text does."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.detect.detector import Detector
from assistant.detect.named import NamesByFinder
from assistant.detect.ports import NamedSpan
from assistant.detect.recognizer import Recognizer
from assistant.detect.sheet import LabelIndex, Sheet
from assistant.detect.together import read_together
from assistant.domain.document import Document

# What records are written with, each class as likely as the others: kana, kanji, numerals, full and half width, marks.
_ALPHABETS = (
    "あいうえおかがのはへをん", "アイウカガーヴンッ", "ｱｲｳｶﾞﾟｰ", "田中村上町市区県番地号丁目字甲乙氏名様君印課長株式会社",
    "0123456789", "０１２３４５６７８９", "一二三十百〇壱", "abcXYZ@._", "ＡＢｃ＠", "、。，．・「」（）()【】〔〕：:;",
    " 　\t\n", "-－―‐ー~〜/／", "㊞㈱〒①Ⅳ℡￥¥", "髙﨑邊濵", "\u200b\u3099\u0301\ufeff", "令和年月日円歳電話住所",
)  # fmt: skip
_LETTERS = st.one_of([st.sampled_from(letters) for letters in _ALPHABETS])
_TEXTS = st.lists(_LETTERS, max_size=160).map("".join)
_RUNS = st.lists(st.tuples(_LETTERS, st.integers(1, 40)), max_size=12).map(
    lambda runs: "".join(letter * times for letter, times in runs)
)
_QUIET = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class _Everybody:
    """Calls every run of four letters a person."""

    def find(self, text: str) -> Sequence[NamedSpan]:
        return [NamedSpan(start=at, end=at + 4, label="person") for at in range(0, len(text) - 4, 5)]


@pytest.fixture(scope="module")
def labels(detector: Detector) -> LabelIndex:
    return LabelIndex(detector.words)


def _recognizers(detector: Detector) -> list[Recognizer]:
    return [*detector._recognizers, *detector._names, NamesByFinder(detector.words, _Everybody())]


@_QUIET
@given(text=st.one_of(_TEXTS, _RUNS, st.text(max_size=80)))
def test_every_recognizer(detector: Detector, labels: LabelIndex, text: str) -> None:
    page = Document.of_texts((text,), name="fuzz").pages[0]
    sheet = Sheet(page, labels)
    for recognizer in _recognizers(detector):
        for candidate in recognizer.find(sheet):
            where = type(recognizer).__name__, text
            assert 0 <= candidate.start < candidate.end <= len(sheet.text), where
            for extent in sheet.extents(candidate.start, candidate.end):
                assert 0 <= extent.start < extent.end <= len(page.text), where


def test_all_recognizers_are_tried(detector: Detector) -> None:
    names = {type(recognizer).__name__ for recognizer in _recognizers(detector)}
    assert {
        "Addresses",
        "NamesByForm",
        "NamesByWords",
        "ForeignNames",
        "Phones",
        "MyNumbers",
        "Seals",
    } <= names


# ── time ────────────────────────────────────────────────────────────────────────

_PROSE = (
    "本人は東町3-4-5に住み、電話は092-000-1234である。田中 一郎さん（52歳）は糖尿病で通院中、上限は1,200円。"
)
_ROW = "{0}\t大江 一平\t東町3-4-{0}\t090-0000-{0:04d}\t普通 {0:07d}\t{0},000円\t㊞\n"
_HEADER = "番号\t氏名\t住所\t電話\t口座\t金額\t備考\n"


def _noise(letters: str, length: int) -> str:
    return "".join(random.Random(5).choices(letters, k=length))


def _rows(count: int) -> str:
    return _HEADER + "".join(_ROW.format(number) for number in range(count))


def _of(piece: str) -> Callable[[int], str]:
    return lambda length: (piece * (length // len(piece) + 1))[:length]


_GROWING: dict[str, Callable[[int], str]] = {
    "one line of prose": _of(_PROSE),
    "rows of a table": lambda length: _rows(length // 60),
    "numbers": lambda length: _noise("0123456789 ,-\n", length),
    "digits in one run": lambda length: _noise("0123456789", length),
    "all alphabets": lambda length: _noise("".join(_ALPHABETS), length),
    **{f"{piece!r} again and again": _of(piece) for piece in (
        "1", "０", "1-", "1 ", "12:", "1,000円", "令和6年", "第1条", "町", "町1", "番地", "丁目", "の", "東京都", "山 ", "ア", "ア・",
        "亜", "さん", "様", "氏名 ", "株式会社", "a", "a@", "A ", "Aa ", "。", "、", "、亜", "(", "（）", "「あ", "㊞", "ｶﾞ", "\n", "　:", "\t", "|", ".",
    )},
}  # fmt: skip


def _seconds(detector: Detector, text: str) -> float:
    """CPU time of one reading; of two, the better."""
    best = float("inf")
    for _ in range(2):
        document = Document.of_texts((text,), name="long")
        begun = time.process_time()
        read_together(document, [detector.detect(document.pages[0])])
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize("name", _GROWING)
def test_four_times_the_text_takes_about_four_times_as_long(detector: Detector, name: str) -> None:
    """Sixteen times, as a pattern that looks at every pair would take, is far outside the margin."""
    text = _GROWING[name]
    once, four = _seconds(detector, text(3_000)), _seconds(detector, text(12_000))
    assert four < 4 * 2 * once + 0.25, (once, four)


@pytest.mark.parametrize(
    "letter", ["あ", "ア", "亜", "1", "１", "a", "-", " ", "　", "\n", "。", "（", "ｶ", "〒"]
)
def test_a_hundred_thousand_of_one_letter(detector: Detector, letter: str) -> None:
    page = Document.of_texts((letter * 100_000,), name="run").pages[0]
    assert len(detector.detect(page)) <= 1


def test_one_line_of_a_hundred_thousand_letters(detector: Detector) -> None:
    text = _of(_PROSE)(100_000)
    document = Document.of_texts((text,), name="line")
    facts = read_together(document, [detector.detect(document.pages[0])])
    assert sum(entity.text == "東町3-4-5" for entity in facts.entities) == text.count("東町3-4-5に")


def test_a_table_of_ten_thousand_rows(detector: Detector) -> None:
    document = Document.of_texts((_rows(10_000),), name="table")
    facts = read_together(document, [detector.detect(document.pages[0])])
    named = [entity for entity in facts.entities if entity.text == "大江 一平"]
    assert len(named) == 10_000
    assert len({entity.person for entity in named}) == 1
