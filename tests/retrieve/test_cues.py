"""Turns of phrase: what they show, where they stay silent, and what the loader refuses."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from assistant.domain.provision import Head, Topic
from assistant.errors import DataFileError
from assistant.retrieve.cues import bundled_cues, read_cues

SHOWN = [
    ("残りの頁だけ出してもよいか", Topic.PARTIAL_DISCLOSURE),  # a gap between the two words
    ("記録があること自体を言いたくない", Topic.EXISTENCE_REFUSAL),
    ("取引先の意見を聴いたほうがよいか", Topic.THIRD_PARTY),
    ("決定まで何日あるか", Topic.TIME_LIMIT),
    ("ＣＤで渡すとき", Topic.FEES),  # full width is folded first
    ("弁明書はいつ作る", Topic.REVIEW),
    ("内密にと言われて預かった", Head.VOLUNTARY),
    ("巡回する時刻", Head.PUBLIC_SAFETY),
    ("サーバーの置き場所", Head.PUBLIC_SAFETY),
    ("マイナンバーカードの写し", Head.STATUTORY),
]

SILENT = [
    ("警察からの照会文書の控え", Topic.REASONS),
    ("ABCDの件", Topic.FEES),  # CD inside a Latin word
    ("テロップの文字", Head.PUBLIC_SAFETY),  # テロ inside a longer katakana word
    ("残りを数える。閲覧して出る", Topic.PARTIAL_DISCLOSURE),  # the two words are of different sentences
    ("理由は" + "あ" * 40 + "書く", Topic.REASONS),  # too far apart
    ("", Topic.FEES),
]


@pytest.mark.parametrize(("text", "about"), SHOWN)
def test_a_phrase_shows_what_is_asked_about(text: str, about: Head | Topic) -> None:
    assert about in bundled_cues().of(text)


@pytest.mark.parametrize(("text", "about"), SILENT)
def test_no_cue_without_its_phrase(text: str, about: Head | Topic) -> None:
    assert about not in bundled_cues().of(text)


def test_the_shipped_cues_know_every_topic_and_the_seven_usual_heads_and_name_no_clause() -> None:
    patterns = bundled_cues().patterns
    assert set(Topic) <= set(patterns)
    assert {
        Head.INDIVIDUAL,
        Head.CORPORATE,
        Head.VOLUNTARY,
        Head.PUBLIC_SAFETY,
        Head.DELIBERATION,
        Head.OPERATIONS,
        Head.STATUTORY,
    } <= set(patterns)
    words = re.sub(r"\{0,12\}", "", " ".join(pattern.pattern for pattern in patterns.values()))
    assert not re.search(r"第?[0-9一二三四五六七八九十]+[条項号]", words)


@pytest.mark.parametrize("piece", ["理由", "あるない", "残り", "あ", "かどうか"])
def test_time_grows_linearly(piece: str) -> None:
    cues = bundled_cues()

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        start = time.perf_counter()
        cues.of(text)
        return time.perf_counter() - start

    seconds(1_000)
    assert min(seconds(40_000) for _ in range(3)) < 40 * min(seconds(4_000) for _ in range(3)) + 0.05


REFUSED = [
    ("[others]\n'手数料' = ['コピー代']\n", "知らない表"),
    ("[topics]\n'料金' = ['コピー代']\n", "知りません"),  # not one of our topics
    ("[heads]\n'手数料' = ['コピー代']\n", "知りません"),  # a topic among the heads
    ("[topics]\n'手数料' = 'コピー代'\n", "並びになっていません"),
    ("[topics]\n'手数料' = []\n", "並びになっていません"),
    ("[topics]\n'手数料' = [1]\n", "並びになっていません"),
    ("[topics]\n'手数料' = ['円']\n", "短すぎます"),  # one character would match everywhere
    ("[topics]\n'手数料' = ['…費用']\n", "短すぎます"),  # a gap at the edge says nothing
    ("topics = 1\n", "表でなければ"),
    ("", "一つもありません"),
    ("[topics\n", "TOML として読めません"),
]


@pytest.mark.parametrize(("content", "said"), REFUSED)
def test_what_is_not_understood_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "cues.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError, match=said):
        read_cues(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="読めません"):
        read_cues(tmp_path / "none.toml")
