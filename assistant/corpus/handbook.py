"""Read the city's handbook (手引): paragraphs with stable ids, under provisions and named sections.

A paragraph is one line `[7-2-p1] text`; the id begins with the article (and 号) of its heading. A paragraph that
speaks about one limb, proviso or 項 begins with that reference in （）, which is not part of its citable text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.provision import ProvisionRef
from assistant.errors import DataFileError
from assistant.law.datafile import read_text
from assistant.law.references import UnreadableReference, parse_reference

SECTIONS = (
    "趣旨",
    "解釈",
    "ただし書",
    "運用",
    "争点",
    "具体例（非開示）",
    "具体例（開示）",
    "具体例（要検討）",
    "手続",
    "文例",
)
"""The sections a handbook may have, in the format's own words (the city's words may differ on screen)."""
ISSUES = "争点"
EXAMPLES = "具体例"
ANSWERS = ("非開示", "開示", "要検討")

_HEADING = re.compile(r"## (?P<place>[^｜]+)｜(?P<name>.+)")
_PARAGRAPH = re.compile(r"\[(?P<id>[^\]\s]+)\][ \u3000]+(?P<text>\S.*)")
_ID = re.compile(r"(?P<place>[0-9_]+(?:-[0-9_]+)?)-(?P<letters>[a-z]+)(?P<number>[1-9][0-9]*)")
_LEAD = re.compile(r"（(?P<place>(?:第|附則|別表)[^（）]*(?:[（(][^（）()]*[）)][^（）]*)?)）\s*")
_HOW = "書き方は「[7-2-p1] 文」です。1段落を1行に書いてください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandbookParagraph:
    """One citable paragraph. `place` is the label of its heading, `about` the narrower one it begins with, if any."""

    id: str
    place: str
    name: str
    section: str
    about: str | None
    text: str
    line: int

    @property
    def provision(self) -> str:
        """The label of the provision the paragraph speaks about."""
        return self.about or self.place


@dataclass(slots=True)
class _Here:
    place: str = ""
    name: str = ""
    prefix: str = ""
    section: str = ""


def read_handbook(path: Path) -> tuple[HandbookParagraph, ...]:
    """Every paragraph in order. Raises DataFileError with the line and what to do."""
    here, seen = _Here(), dict[str, int]()
    paragraphs = []
    for line, raw in enumerate(read_text(path).split("\n"), 1):
        words = raw.rstrip()
        if not words or words.startswith("<!--") or (words.startswith("# ") and not here.place):
            continue
        if words.startswith("## "):
            here = _heading(path, words, line)
        elif words.startswith("### "):
            here.section = _section(path, words[4:].strip(), line)
        elif words.startswith("["):
            paragraph = _paragraph(path, words, line, here)
            if paragraph.id in seen:
                todo = f"同じ番号が{seen[paragraph.id]}行目にあります。使われていない番号にしてください。"
                raise DataFileError(path, f"段落番号「{paragraph.id}」が二つあります。", line=line, todo=todo)
            seen[paragraph.id] = line
            paragraphs.append(paragraph)
        else:
            raise DataFileError(path, "読み取れない行があります。", line=line, todo=_HOW)
    return tuple(paragraphs)


def _heading(path: Path, words: str, line: int) -> _Here:
    match = _HEADING.fullmatch(words)
    if match is None:
        raise DataFileError(
            path,
            "見出しが読み取れません。",
            line=line,
            todo="「## 第○条第○号｜個人に関する情報」の形で書いてください。",
        )
    place = match["place"].strip()
    return _Here(place=place, name=match["name"].strip(), prefix=_prefix(_reference(path, place, line)))


def _reference(path: Path, place: str, line: int) -> ProvisionRef:
    try:
        return parse_reference(place)
    except UnreadableReference as error:
        raise DataFileError(path, f"条項「{place}」が読み取れません。", line=line, todo=str(error)) from error


def _prefix(ref: ProvisionRef) -> str:
    return ref.article + (f"-{ref.item}" if ref.item else "")


def _section(path: Path, section: str, line: int) -> str:
    if section not in SECTIONS:
        todo = f"次の節の名を使ってください：{'、'.join(SECTIONS)}。"
        raise DataFileError(path, "知らない節の名です。", line=line, todo=todo)
    return section


def _paragraph(path: Path, words: str, line: int, here: _Here) -> HandbookParagraph:
    match = _PARAGRAPH.fullmatch(words)
    parts = _ID.fullmatch(match["id"]) if match else None
    if match is None or parts is None:
        raise DataFileError(path, "段落番号が読み取れません。", line=line, todo=_HOW)
    if not here.section:
        raise DataFileError(
            path,
            "段落の前に条項の見出しと節がありません。",
            line=line,
            todo="「## 」と「### 」の行を先に書いてください。",
        )
    if parts["place"] != here.prefix:
        todo = f"この見出しの下では「{here.prefix}-」で始めてください。"
        raise DataFileError(path, "段落番号が見出しの条項と違います。", line=line, todo=todo)
    text, about = match["text"], None
    if lead := _LEAD.match(text):
        about, text = lead["place"], text[lead.end() :]
        _reference(path, about, line)
    _check_fields(path, here.section, text, line)
    return HandbookParagraph(
        id=match["id"],
        place=here.place,
        name=here.name,
        section=here.section,
        about=about,
        text=text,
        line=line,
    )


def _check_fields(path: Path, section: str, text: str, line: int) -> None:
    fields = text.split("｜")
    if section == ISSUES and (len(fields) != 3 or fields[1].strip() not in ANSWERS):
        todo = f"「争点｜答え｜説明」と書き、答えは{'、'.join(ANSWERS)}のどれかにしてください。"
        raise DataFileError(path, "争点の形が違います。", line=line, todo=todo)
    if section.startswith(EXAMPLES) and len(fields) != 2:
        raise DataFileError(
            path, "具体例の形が違います。", line=line, todo="「何が｜理由」と書いてください。"
        )
    if not all(field.strip() for field in fields):
        raise DataFileError(path, "空の欄があります。", line=line, todo="「｜」の前後に文を書いてください。")
