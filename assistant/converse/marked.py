"""A reply in words with marks such as 〔S3「…」〕: taken apart into sentences and the quotes that stand behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.text.sentences import sentences

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
"""What could move a cursor, turn a line around, hide, or not be written at all."""

_OPEN, _CLOSE = "〔［[【（(<＜〈《", "〕］]】）)>＞〉》"
_NUMBER = r"[SＳsｓ]\s?[0-9０-９]{1,4}"
_BEGIN = re.compile(
    rf"(?:(?P<open>[{re.escape(_OPEN)}]\s*(?:資料|出典|根拠)?[:：]?\s*)|(?<![A-Za-z0-9]))"
    rf"(?P<number>{_NUMBER}|(?:provision|handbook|precedent):[^\s「」『｢\]〕]{{1,80}})"
)
_NEXT = re.compile(rf"\s*[、,，;；・]?\s*(?P<number>{_NUMBER})")
_QUOTE_OPEN = re.compile(r"\s*[:：、,]?\s*[「『｢“\"]")
_AFTER = re.compile(rf"\s*(?:[{re.escape(_CLOSE)}]|[、,，;；・]\s*{_NUMBER}|[、,，]?\s*[「『｢“\"])")
_ENDS = {"『": "』", "｢": "｣"}  # of a quote that begins so; the others are mixed up by some models
_BULLET = re.compile(
    r"^\s*(?:#{1,6}\s+|[-*+・•]\s+|[0-9]{1,2}[.)]\s+|[0-9０-９]{1,2}[．）](?![0-9０-９])\s*)"
)
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_LONGEST_QUOTE = 1_000
_DIGITS = str.maketrans("０１２３４５６７８９Ｓｓs", "0123456789SSS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A number, and a quote said to stand in its source; the quote is empty where none was given."""

    number: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedSentence:
    """A sentence without its marks, and the marks that stand in it or right after it."""

    text: str
    marks: tuple[Mark, ...]


def read_marked(reply: str) -> tuple[MarkedSentence, ...]:
    """The sentences of a reply in order. Marks before the first sentence belong to it; a reply of marks alone is one
    sentence of their quotes. Linear in the length of the reply."""
    bare, placed = _without_marks(_plain(reply))
    spans = sentences(bare)
    if not spans:
        marks = tuple(mark for _, mark in placed)
        text = "".join(f"「{mark.quote}」" for mark in marks if mark.quote)
        return (MarkedSentence(text=text, marks=marks),) if text else ()
    held: list[list[Mark]] = [[] for _ in spans]
    at = 0
    for position, mark in placed:
        while at + 1 < len(spans) and spans[at + 1][0] < position:
            at += 1
        held[at].append(mark)
    return tuple(
        MarkedSentence(text=bare[start:end], marks=tuple(dict.fromkeys(marks)))
        for (start, end), marks in zip(spans, held, strict=True)
    )


def _plain(reply: str) -> str:
    """Without what cannot be seen, and without the marks of Markdown, which is not drawn."""
    lines = _UNSEEN.sub("", reply.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return _BOLD.sub(r"\1", "\n".join(_BULLET.sub("", line) for line in lines))


def _without_marks(text: str) -> tuple[str, list[tuple[int, Mark]]]:
    """The text without marks, and where in it each stood."""
    kept: list[str] = []
    placed: list[tuple[int, Mark]] = []
    length = at = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < at:
            continue  # inside a quote
        start = begin.start()
        end, marks = _marks_from(text, begin) if begin["open"] else (None, [])
        if end is None:
            start = begin.start("number")
            end, marks = _bare_from(text, begin)
        if end is None:
            continue
        kept.append(text[at:start])
        length += start - at
        placed += [(length, mark) for mark in marks]
        at = end
    kept.append(text[at:])
    return "".join(kept), placed


def _marks_from(text: str, begin: re.Match[str]) -> tuple[int | None, list[Mark]]:
    """The marks of one bracket and where it ends; None where it is no bracket of marks."""
    number, at = _number(begin["number"]), begin.end()
    marks: list[Mark] = []
    quoted = False
    while True:
        opened = _QUOTE_OPEN.match(text, at)
        if opened:
            end = _end_of_quote(text, opened.end())
            if end is None:
                return None, []
            marks.append(Mark(number=number, quote=text[opened.end() : end].strip()))
            at, quoted = end + 1, True
            continue
        if not quoted:
            marks.append(Mark(number=number, quote=""))
        following = _NEXT.match(text, at)
        if following:
            number, at, quoted = _number(following["number"]), following.end(), False
            continue
        close = re.compile(rf"\s*[{re.escape(_CLOSE)}]").match(text, at)
        return (close.end(), marks) if close else (None, [])


def _bare_from(text: str, begin: re.Match[str]) -> tuple[int | None, list[Mark]]:
    """A number with a quote right behind it and no bracket around (S3：「…」); None where there is no whole quote."""
    opened = _QUOTE_OPEN.match(text, begin.end())
    if not opened:
        return None, []
    opening = opened[0][-1]
    closing = {"「": "」", "“": "”", '"': '"', **_ENDS}[opening]
    start, depth = opened.end(), 0
    last = text.rfind(closing, start, start + _LONGEST_QUOTE)
    for at in range(start, last + 1):
        if text[at] == closing:
            if not depth:
                mark = Mark(number=_number(begin["number"]), quote=text[start:at].strip())
                return at + 1, [mark]
            depth -= 1
        elif text[at] == opening:
            depth += 1
    return None, []


def _end_of_quote(text: str, start: int) -> int | None:
    """Where the quote ends: at a closing mark that something of the bracket follows, brackets inside it closed."""
    depth, fallback = 0, None
    opening = text[start - 1]
    opening, closing = (opening, _ENDS[opening]) if opening in _ENDS else ("「", '」”"')
    if not any(text.find(mark, start, start + _LONGEST_QUOTE) >= 0 for mark in closing):
        return None
    for at in range(start, min(len(text), start + _LONGEST_QUOTE)):
        letter = text[at]
        if letter == opening:
            depth += 1
        elif letter in closing:
            if _AFTER.match(text, at + 1):
                if depth <= 0:
                    return at
                fallback = at if fallback is None else fallback
            depth -= letter == closing[0]
        elif letter == "\n" and fallback is not None:
            break
    return fallback


def _number(written: str) -> str:
    if ":" in written:
        return written
    return re.sub(r"\s", "", written).translate(_DIGITS)
