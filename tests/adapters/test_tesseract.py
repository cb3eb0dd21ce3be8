"""Reading pictures with Tesseract: its table, its languages, its absence, and a real page where it is installed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant.adapters.tesseract import Tesseract, words_of
from assistant.errors import DocumentError

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def row(line: int, word: int, box: tuple[int, int, int, int], text: str, level: int = 5) -> str:
    return "\t".join(map(str, (level, 1, 1, 1, line, word, *box, 91.5, text))) + "\n"


def test_the_table_becomes_words_in_lines() -> None:
    table = HEAD + row(1, 0, (0, 0, 9, 9), "", level=4)
    table += (
        row(1, 1, (10, 20, 40, 18), "見本")
        + row(1, 2, (52, 20, 40, 18), " 花子 ")
        + row(2, 1, (10, 50, 9, 9), "x")
    )
    words = words_of(table.replace("\n", "\r\n"))
    assert [(word.text, word.line, word.vertical) for word in words] == [
        ("見本", 0, False), ("花子", 0, False), ("x", 1, False)
    ]  # fmt: skip
    assert (words[0].x0, words[0].y0, words[0].x1, words[0].y1) == (10, 20, 50, 38)


def test_a_line_higher_than_wide_is_vertical() -> None:
    words = words_of(
        HEAD
        + row(1, 1, (10, 20, 20, 60), "見本花")
        + row(1, 2, (10, 84, 20, 20), "子")
        + row(2, 1, (80, 20, 10, 30), "l")
    )
    assert [word.vertical for word in words] == [True, True, False]


@pytest.mark.parametrize(
    "table",
    [
        "",
        "Error in pixReadMem",
        HEAD,
        HEAD + "5\t1\t1\n",
        HEAD + row(1, 1, (1, 2, 3, 4), "x").replace("3", "?"),
    ],
)
def test_a_broken_table_gives_no_words(table: str) -> None:
    assert words_of(table) == ()


def test_absent_it_says_what_to_install() -> None:
    eyes = Tesseract("no-such-program-anywhere")
    assert eyes.missing is not None
    assert "tesseract-ocr-jpn" in eyes.missing
    assert "Windows" in eyes.missing
    with pytest.raises(DocumentError, match="Tesseract"):
        eyes.read(Image.new("L", (10, 10)), dpi=300)


def program(folder: Path, body: str) -> str:
    if sys.platform == "win32":
        pytest.skip("needs a shell script as a program")
    path = folder / "tesseract-stand-in"
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


def test_without_japanese_it_says_which_words_to_add(tmp_path: Path) -> None:
    eyes = Tesseract(program(tmp_path, 'echo "List of languages"; echo eng; echo osd'))
    assert eyes.missing is not None
    assert "日本語の辞書がない" in eyes.missing


@pytest.mark.parametrize(
    ("body", "fault"), [("exec sleep 30", TimeoutError), ("cat > /dev/null; exit 3", DocumentError)]
)
def test_slow_and_failing(tmp_path: Path, body: str, fault: type[Exception]) -> None:
    eyes = Tesseract(program(tmp_path, f'[ "$1" = --list-langs ] && echo jpn && exit 0\n{body}'), timeout=0.3)
    assert eyes.missing is None
    with pytest.raises(fault):
        eyes.read(Image.new("L", (10, 10)), dpi=300)


def test_it_is_told_only_the_languages_it_has(tmp_path: Path) -> None:
    told = tmp_path / "told"
    body = f'[ "$1" = --list-langs ] && echo jpn && exit 0\necho "$@" > "{told}"; cat > /dev/null'
    assert Tesseract(program(tmp_path, body)).read(Image.new("L", (10, 10)), dpi=200) == ()
    assert told.read_text("utf-8").split() == [
        "stdin",
        "stdout",
        "-l",
        "jpn",
        "--psm",
        "3",
        "--dpi",
        "200",
        "tsv",
    ]


def test_a_real_page_is_read() -> None:
    if shutil.which("tesseract") is None or Tesseract().missing:
        pytest.skip("Tesseract with Japanese is not installed")
    picture = Image.new("L", (1400, 400), 255)
    ImageDraw.Draw(picture).text((100, 120), "2024-05-17", fill=0, font=ImageFont.load_default(70))
    words = Tesseract().read(picture, dpi=300)
    assert "".join(word.text for word in words) == "2024-05-17"
    assert all(80 <= word.x0 < word.x1 <= 1200 and 100 <= word.y0 < word.y1 <= 300 for word in words)
