"""役所用語: what is expanded, what is not, and what the loader refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import DataFileError
from assistant.retrieve.thesaurus import bundled_thesaurus, read_thesaurus

EXPANDED = [
    ("この業者のハンコ", "印影"),  # katakana at the end of the text
    ("ﾊﾝｺは出せるか", "印影"),  # half-width kana is folded first
    ("黒塗りでいい？", "非開示"),
    ("コピー代はいくら", "写しの作成に要する費用"),  # the longer word wins over コピー
    ("マイナンバーの欄", "個人番号"),
    ("不開示にした", "非開示"),  # another city's word, both ways
    ("非開示にした", "不開示"),
    ("まだ決まってない", "意思形成"),
]

NOT_EXPANDED = [
    ("メモリの増設", "手控え"),  # メモ inside a longer katakana word
    ("ABCDの件", "光ディスク"),  # CD inside a Latin word
    ("印影の扱い", "印影"),  # said already
    ("", "非開示"),
]


@pytest.mark.parametrize(("text", "word"), EXPANDED)
def test_spoken_words_bring_official_ones(text: str, word: str) -> None:
    assert word in bundled_thesaurus().expand(text)


@pytest.mark.parametrize(("text", "word"), NOT_EXPANDED)
def test_no_official_word_without_cause(text: str, word: str) -> None:
    assert word not in bundled_thesaurus().expand(text)


def test_each_official_word_once() -> None:
    found = bundled_thesaurus().expand("黒塗り、墨塗り、マスキング")
    assert len(found) == len(set(found))


def test_the_shipped_thesaurus_is_large_and_names_no_clause() -> None:
    official = bundled_thesaurus().official
    assert len(official) >= 150
    words = " ".join((*official, *(each for meant in official.values() for each in meant)))
    assert not re.search(r"第?[0-9０-９一二三四五六七八九十]+[条項号]", words)


REFUSED = [
    ("[words]\n'ハンコ' = '印影'\n", "並びになっていません", 2),  # not a list
    ("[words]\n'ハンコ' = []\n", "並びになっていません", 2),  # empty list
    ("[words]\n'ハンコ' = [1]\n", "並びになっていません", 2),  # not words
    ("[words]\n\n'印' = ['印影']\n", "短すぎます", 3),  # one character would match everywhere
    ("[words]\n'ハンコ' = [' ']\n", "空のことば", 2),
    ("[words]\n'ハンコ' = ['印影']\n'ﾊﾝｺ' = ['押印']\n", "二度出てきます", 3),  # the same word after folding
    ("[synonyms]\n'ハンコ' = ['印影']\n", "知らない表", 1),
    ("words = 3\n", "表でなければ", 1),
    ("[words]\n'ハンコ' = ['印影'\n", "TOML として読めません", None),
    ("", "一つもありません", None),
]


@pytest.mark.parametrize(("content", "problem", "line"), REFUSED)
def test_what_the_loader_does_not_understand(
    tmp_path: Path, content: str, problem: str, line: int | None
) -> None:
    path = tmp_path / "thesaurus.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError, match=problem) as refused:
        read_thesaurus(path)
    assert refused.value.line == line


def test_a_file_in_another_charset_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "thesaurus.toml"
    path.write_bytes("[words]\n'ハンコ' = ['印影']\n".encode("cp932"))
    with pytest.raises(DataFileError, match="UTF-8"):
        read_thesaurus(path)
