"""What a placeholder may look like when a model has copied it: other brackets, digits, spaces, marks, another language.

    〔氏名1〕  〔氏名１〕  [氏名1]  〔 氏名 一 〕  **氏名1**  〔氏名1さん〕  [PERSON_1]  <name 1>  氏名1

Without brackets only our own words are read, directly before a number that counts nothing (氏名1 but not 氏名1件).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.detect.patterns import one_of
from assistant.model.placeholders import book

_FULL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_UPPER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_PLAIN = (
    {code: _UPPER.get(lower, lower) for code, lower in _FULL.items()}
    | _UPPER
    | dict.fromkeys(map(ord, "‐‑‒–—―−"), ord("-"))
    | {ord("　"): ord(" ")}
)
"""Letter for letter, so that every position stays."""

OPENING, CLOSING = "〔[(【「『<《〈{", "〕])】」』>》〉}"
_DIGITS = "一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMBER = rf"(?:[0-9]{{1,5}}|[{_DIGITS}十百〇]{{1,6}}|[{_CIRCLED}])"
_GAP = r"[\s*_`~]{0,6}"
_COUNTED = "件名人回つ個丁番号枚行欄箇かヶ字月年日円%％区列頁度"
_COUNTED_BEHIND = _COUNTED + "歳才万億千百社階時分秒点軒戸台級種週割倍冊筆班世泊畳坪"
"""Behind の more: 氏名1の3歳の子 is a child of three, and no third way of writing the name."""
_LONGEST_WORD = 16
LONGEST = 64
"""No look-alike is longer; what is further back than this from the end of a stream is whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalike:
    """One place. `way`: which way of writing the thing, 1 is the first. `end` leaves `tail` out where there is one."""

    start: int
    end: int
    group: str
    number: int
    way: int | None
    tail: str = ""
    bare_end: int | None = None
    """Where it ends without its 〔…のm〕, for one without brackets: the m may count something else."""


def plain(text: str) -> str:
    """Letter for letter in the forms the pattern knows."""
    return text.translate(_PLAIN)


def lookalikes(text: str) -> Iterator[Lookalike]:
    """Everything in `text` that may be a placeholder, known or not, in order and not overlapping."""
    for match in _pattern().finditer(plain(text)):
        if match["word"] is not None:
            word = re.sub(r"[\s_]", "", match["word"])
            yield Lookalike(
                start=match.start(),
                end=match.end(),
                group=_groups()[word],
                number=_value(match["number"]),
                way=_value(match["way"]) if match["way"] else None,
                tail=text[match.start("tail") : match.end("tail")],
            )
        else:
            yield Lookalike(
                start=match.start(),
                end=match.end(),
                group=_groups()[re.sub(r"[\s_]", "", match["bare"])],
                number=int(match["bare_number"]),
                way=int(match["bare_way"]) if match["bare_way"] else None,
                bare_end=match.end("bare_number"),
            )


def unfinished(text: str) -> int:
    """From where the end of `text` may go on to be a placeholder; its length where it cannot."""
    start = max(0, len(text) - LONGEST)
    tail = plain(text[start:])
    depth = [at for at, letter in enumerate(tail) if letter in OPENING and not _closes(tail, at)]
    cuts = [start + at for at in depth if _begins().fullmatch(tail, at + 1)]
    loose = _bare_begun().search(tail)
    if loose is not None:
        cuts.append(start + loose.start())
    return min(cuts, default=len(text))


def _closes(tail: str, at: int) -> bool:
    return any(letter in CLOSING for letter in tail[at + 1 :])


@cache
def _groups() -> dict[str, str]:
    """Word without spaces, as `plain` writes it → group."""
    known = {**book().aliases, **book().words, **_spare_words()}
    return {re.sub(r"[\s_]", "", plain(word)): group for word, group in known.items()}


def _spare_words() -> dict[str, str]:
    """A spare word stands for every group at once, so it has a group of its own: see `pseudonyms`."""
    return dict.fromkeys(book().spare, "spare")


def _spaced(word: str) -> str:
    letters = [letter for letter in plain(word) if letter not in " _"]
    return r"[\s_]{0,2}".join(map(re.escape, letters))


@cache
def _pattern() -> re.Pattern[str]:
    known = sorted({*book().aliases, *book().words, *book().spare}, key=lambda word: -len(word))
    words = "|".join(map(_spaced, known))
    ours = sorted((re.escape(plain(word)) for word in _own_words()), key=lambda word: -len(word))
    english = "|".join(
        re.escape(plain(word)) for word in book().aliases if re.fullmatch(r"person(?:_name)?", word)
    )
    return re.compile(
        rf"[{re.escape(OPENING)}]{_GAP}(?P<word>{words})[\s\-:#・.*_`~]{{0,4}}(?P<number>{_NUMBER})"
        rf"(?:\s?[の\-ノ之._]\s?(?P<way>{_NUMBER}))?\s?(?P<tail>{one_of(book().honorifics)}?){_GAP}[{re.escape(CLOSING)}]"
        rf"|(?<![一-鿿々ァ-ヺーA-Za-z0-9_])(?:(?P<bare>{'|'.join(ours)}|{english})_?(?P<bare_number>[0-9]{{1,5}}))"
        rf"(?![0-9{_COUNTED}])(?:の(?P<bare_way>[0-9]{{1,3}})(?![0-9{_COUNTED_BEHIND}]))?"
    )


def _own_words() -> tuple[str, ...]:
    """Words that mean nothing but a placeholder when a number stands behind them."""
    return tuple(word for word in book().words if len(word) > 1)


@cache
def _begins() -> re.Pattern[str]:
    """What may stand behind an opening bracket while the rest has not come: a part of a word, or more than it."""
    known = {*book().aliases, *book().words, *book().spare}
    parts = {plain(word)[:length].strip() for word in known for length in range(len(word) + 1)}
    words = "|".join(_spaced(part) for part in sorted(parts, key=lambda part: -len(part)))
    return re.compile(
        rf"{_GAP}(?:{words})[\s\-:#・.*_`~]{{0,6}}{_NUMBER}?(?:\s?[の\-ノ之._]\s?{_NUMBER}?)?\s?\w{{0,3}}{_GAP}"
    )


@cache
def _bare_begun() -> re.Pattern[str]:
    """The end of a text that may go on to be a word of ours with its number, or to have more of a number."""
    ours = [*_own_words(), "person_name", "person"]
    parts = {plain(word)[:length] for word in ours for length in range(1, len(word) + 1)}
    words = "|".join(re.escape(part) for part in sorted(parts, key=lambda part: -len(part)))
    return re.compile(rf"(?<![一-鿿々ァ-ヺーA-Za-z0-9_])(?:{words})_?[0-9]{{0,5}}(?:の[0-9]{{0,3}})?\Z")


def _value(written: str) -> int:
    if written in _CIRCLED:
        return _CIRCLED.index(written) + 1
    if written.isascii():
        return int(written)
    if "十" in written or "百" in written:
        total = current = 0
        for letter in written:
            if letter in "十百":
                total += max(current, 1) * (10 if letter == "十" else 100)
                current = 0
            else:
                current = _DIGITS.find(letter) + 1
        return total + current
    return int("".join(str(_DIGITS.find(letter) + 1) for letter in written))
