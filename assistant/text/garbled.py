"""文字化け: text whose bytes were read in another encoding than they were written in, or whose letters were lost.

A line is suspected by letters that records hardly use (half-width kana, rare ideographs, letters of Western Europe).
It is called garbled when reading its bytes back the other way gives better Japanese, or when letters are lost for
good (U+FFFD, control characters). Half-width kana, foreign names and old ideographs alone are no reason.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.text.folding import with_usual_forms

Cause = Literal["misread", "lost"]

# (as it was read, as it was written): what spreadsheets, mail and old systems do to one another.
_MISREADINGS = (
    ("cp932", "utf-8"), ("cp932", "euc_jp"), ("latin", "utf-8"), ("latin", "cp932"), ("latin", "euc_jp"),
    ("gb18030", "utf-8"), ("gb18030", "cp932"), ("gb18030", "euc_jp"), ("euc_jp", "utf-8"), ("euc_jp", "cp932"),
    ("big5", "utf-8"), ("big5", "cp932"), ("cp949", "utf-8"), ("cp949", "cp932"), ("mac_roman", "utf-8"),
    ("mac_roman", "cp932"), ("cp1251", "utf-8"), ("cp437", "utf-8"), ("cp437", "cp932"),
)  # fmt: skip
_FEWEST = 6  # letters beyond ASCII that a verdict needs
_LOST = re.compile("[\ufffd\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x80-\x84\x86-\x9f]")
# ISO-2022-JP without or with its escapes ($B…(B), words of a mail head, runs of question marks for every letter
_ENCODED = re.compile(
    r"\x1b\$[@B]|\$B(?:[!-~]{2}){2,}\([BJ]|=\?[A-Za-z0-9_-]{3,20}\?[BQbq]\?[!-~]{4,}\?=|(?:=[0-9A-F]{2}){6}|(?:&#[0-9]{4,5};){3}"
)
_QUESTIONED = re.compile(r"\?{4,}")
_FROM_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}
_TO_BYTE = {letter: byte for byte, letter in _FROM_WINDOWS.items() if letter}


@dataclass(frozen=True, slots=True, kw_only=True)
class Garbled:
    """How many lines of a page cannot be read. "misread": another encoding would show them; "lost": their letters are gone."""

    lines: int
    cause: Cause


def garbled_in(text: str) -> Garbled | None:
    """What of a page is garbled, or None. Linear; a page of ordinary text costs one pass of a regular expression."""
    suspected = [line for line in text.split("\n") if _is_suspect(line)]
    misread = sum(_reads_better(line) for line in suspected)
    if not misread and len(suspected) > 1 and _reads_better("\n".join(suspected)):
        misread = len(suspected)  # cells and short lines speak together
    if misread:
        return Garbled(lines=misread, cause="misread")
    lost = sum(_is_lost(line) for line in text.split("\n"))
    return Garbled(lines=lost, cause="lost") if lost else None


def japanese_worth(text: str) -> float:
    """How Japanese the letters beyond ASCII look, on average: 1 hiragana, 0.6 common ideographs, 0.4 half-width kana,
    -1 letters records hardly use. 0.5 where there are none."""
    worths = [0.4 if "｡" <= letter <= "ﾟ" else _worth(letter) for letter in text if not letter.isascii()]
    return sum(worths) / len(worths) if worths else 0.5


def _is_lost(line: str) -> bool:
    if _LOST.search(line) or _ENCODED.search(line) or (_is_suspect(line) and _is_soup(line)):
        return True
    visible = len(line.replace(" ", ""))
    return sum(len(run) for run in _QUESTIONED.findall(line)) * 2 > visible


def _is_suspect(line: str) -> bool:
    """Whether a good part of the letters beyond ASCII are such as records hardly use."""
    if line.isascii():
        return False
    unusual = len(_unusual().findall(line))
    return unusual >= 3 and unusual * 5 >= sum(not letter.isascii() for letter in line)


def _reads_better(text: str) -> bool:
    """Whether `text` is bad as it stands, and good Japanese when its bytes are read another way."""
    before = _quality(text)
    if before.letters < _FEWEST or before.mean > 0.25:
        return False
    half_width = all("｡" <= letter <= "ﾟ" for letter in _unusual().findall(text))
    for read, written in _MISREADINGS:
        euc_as_sjis = (read, written) == ("cp932", "euc_jp")
        if half_width and not euc_as_sjis:
            continue  # transfer data and old lists are written so
        after = _read_again(text, read, written)
        if after is None or after.letters < 3 or after.mean < 0.4 or after.mean - before.mean < 0.6:
            continue
        # Any two half-width kana are an ideograph in EUC-JP: only kana among those prove anything.
        if not euc_as_sjis or after.kana >= 0.2:
            return True
    return False


def _read_again(text: str, read: str, written: str) -> _Quality | None:
    """How the bytes of `text` look when they are decoded as they were written; None where most of them cannot be."""
    data = _latin_bytes(text) if read == "latin" else text.encode(read, "ignore")
    strange = sum(byte >= 0x80 for byte in data)
    after = _quality(data.decode(written, "ignore"))
    used = after.letters * (3 if written == "utf-8" else 2)
    return after if strange * 2 >= sum(not a.isascii() for a in text) and used >= 0.6 * strange else None


def _is_soup(line: str) -> bool:
    """What is left when the lost letters were dropped: rare ideographs among half-width kana and odd marks, or such as
    the bytes of UTF-8 become.
    """
    letters = [letter for letter in with_usual_forms(line) if not letter.isascii()]
    rare = [letter for letter in letters if "一" <= letter <= "鿿" and letter not in _common_ideographs()]
    odd = sum("｡" <= letter <= "ﾟ" or _worth(letter) < 0 for letter in letters) - len(rare)
    mixed = len(rare) >= 0.3 * len(letters) and odd >= 0.12 * len(letters)
    like_utf8 = sum(map(_begins_like_utf8, rare))
    return len(letters) >= 10 and (
        mixed or (like_utf8 >= 0.4 * len(letters) and like_utf8 >= 0.8 * len(rare))
    )


@cache
def _begins_like_utf8(letter: str) -> bool:
    """Whether the letter's first byte is one with which an ideograph or kana begins in UTF-8 (E3 to E9)."""
    return any(0xE3 <= letter.encode(code, "replace")[0] <= 0xE9 for code in ("cp932", "euc_jp"))


def _latin_bytes(text: str) -> bytes:
    """One byte a letter, as Windows-1252 and ISO 8859-1 have them; others are left out."""
    codes = (_TO_BYTE.get(letter, ord(letter)) for letter in text)
    return bytes(code for code in codes if code < 0x100)


@dataclass(frozen=True, slots=True)
class _Quality:
    """How Japanese a text looks: letters beyond ASCII, their mean worth, the share of kana."""

    letters: int
    mean: float
    kana: float


def _quality(text: str) -> _Quality:
    worths = [worth for letter in text if not letter.isascii() for worth in (_worth(letter),)]
    if not worths:
        return _Quality(0, 0.0, 0.0)
    kana = sum("ぁ" <= letter <= "ヺ" for letter in text)
    return _Quality(len(worths), sum(worths) / len(worths), kana / len(worths))


@cache
def _worth(letter: str) -> float:
    """From 1 (hiragana) down to -2 (a lost letter)."""
    if "ぁ" <= letter <= "ん" or letter in "、。「」":
        return 1.0
    if "ァ" <= letter <= "ー" or letter in _common_ideographs() or "！" <= letter <= "～" or letter == "　":
        return 0.6
    if letter == "\ufffd" or unicodedata.category(letter) in ("Cc", "Cn", "Co", "Cs"):
        return -2.0
    if "─" <= letter <= "╿":  # rules of a table
        return 0.3
    if letter in "・（）【】〔〕『』：；／～－―…※○●■□◆◇→←↑↓①②③④⑤⑥⑦⑧⑨⑩㊞㈱〒々〆":
        return 0.3
    return -1.0


@cache
def _common_ideographs() -> frozenset[str]:
    """The 2,965 ideographs of JIS level 1, in which nearly all of a record is written, and 々."""
    pairs = (bytes((first, second)) for first in range(0xB0, 0xD0) for second in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("euc_jp", "ignore") for pair in pairs)) | {"々"}


@cache
def _unusual() -> re.Pattern[str]:
    """Letters records hardly use: not ASCII, kana, common ideographs, full-width forms or marks."""
    common = "".join(sorted(_common_ideographs()))
    return re.compile(f"[^\\x00-\\x7fぁ-ヿ{common}！-～　-〿①-⑳㈱㈲㊞←-⇿─-╿■-◿※…―‐−×÷°′″Ⅰ-ⅹ㎡㎝㎏％￥]")
