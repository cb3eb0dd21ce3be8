"""Read an ordinance from markdown: one provision a line, 第1条 / 2 / (1) / ア / (ア), versions by in-force remarks.

The format is described in docs (a city's own data) and in short here: `# title`, the number on the next line, `## 章`,
a caption （…） before its article, `<!-- in-force: 2002-04-01 .. 2023-03-31 -->` directly before the provision it
applies to with all below it. After a caption the remark applies to paragraph 1 alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.errors import DataFileError
from assistant.law.datafile import read_text
from assistant.law.numbering import BRANCH, NUMBER, SubitemStyle, branch_number, subitem_number
from assistant.law.ordinance import Ordinance, build_ordinance
from assistant.law.sequence import check_tree
from assistant.law.tree import FOREVER, Division, Level, Node, Range, Tree, proviso_offset
from assistant.text.folding import fold
from assistant.text.numerals import parse_number

_FORCE = re.compile(r"<!--\s*in-force:\s*(?P<since>[0-9-]*)\s*\.\.\s*(?P<until>[0-9-]*)\s*-->")
_HEADING = re.compile(r"(?P<marks>#{2,5})[ \u3000]+(?P<text>.+)")
_CAPTION = re.compile(r"[（(][^（）()]+[）)]")
_NUMBERED = re.compile(r"(?P<marker>[^ \u3000\t]{1,20})[ \u3000\t]+(?P<text>\S.*)")
_ARTICLE = re.compile(rf"第(?P<number>{NUMBER})条(?P<branch>(?:の{NUMBER})*)")
_ITEM = re.compile(
    r"\((?P<digits>[0-9]+)\)(?P<branch>(?:の[0-9]+)*)|(?P<kanji>[一二三四五六七八九十百]+(?:の[一二三四五六七八九十]+)*)"
)
_LETTER = re.compile(
    r"(?P<kana>[ア-ンヰヱ])|\((?P<kana2>[ア-ンヰヱ])\)|(?P<latin>[a-z])|\((?P<latin2>[a-z]{1,4})\)"
)
_SPAN = re.compile(r"(?P<first>[^かま及]+)(?:から(?P<last>[^かま及]+)まで|及び(?P<next>[^かま及]+))")
_OFFSETS = {
    SubitemStyle.GOJUON: {"kana": 0, "kana2": 1, "latin": 2, "latin2": 3},
    SubitemStyle.IROHA: {"kana": 0, "latin2": 2},
}
_BEGINNING = date.min
_HOW = "書き方は「第1条　…」「2　…」「(1)　…」「ア　…」「(ア)　…」です。1つの規定を1行に書いてください。"


@dataclass(slots=True)
class _Open:
    """A node that is still being read."""

    level: Level
    number: str
    text: str
    line: int
    caption: str = ""
    force: Range | None = None
    depth: int = 0
    children: list[_Open] = field(default_factory=list)

    def close(self) -> Node:
        return Node(
            level=self.level,
            number=self.number,
            text=self.text,
            caption=self.caption,
            proviso=None if self.level is Level.TABLE else proviso_offset(self.text),
            force=self.force,
            children=tuple(child.close() for child in self.children),
            line=self.line,
        )


@dataclass(slots=True)
class _OpenDivision:
    heading: str
    depth: int
    line: int
    kind: str = "main"  # main | supplement | table
    force: Range | None = None
    articles: list[_Open] = field(default_factory=list)

    def close(self) -> Division:
        return Division(
            heading=self.heading,
            depth=self.depth,
            articles=tuple(article.close() for article in self.articles),
            supplement=self.kind == "supplement",
            force=self.force,
        )


def read_markdown(path: Path, *, in_force_from: date | None = None) -> Ordinance:
    """The ordinance in `path`; `in_force_from` is used when the file does not say when it came into force.

    Raises DataFileError with the line and what to do.
    """
    reader = _Reader(path)
    for number, line in enumerate(read_text(path).split("\n"), 1):
        reader.take(line.rstrip(), number)
    return build_ordinance(reader.finish(in_force_from))


class _Reader:
    """Takes the lines one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.title = self.number = ""
        self.own_force: Range | None = None
        self.style: SubitemStyle | None = None
        self.kanji_items = False
        self.divisions: list[_OpenDivision] = []
        self.supplements = 0
        self.caption: tuple[str, int] | None = None
        self.force: tuple[Range, bool, int] | None = None  # range, stood after a caption, line
        self.open: list[_Open] = []  # article, paragraph, item, sub-items

    def fault(self, problem: str, line: int | None, todo: str = _HOW) -> DataFileError:
        return DataFileError(self.path, problem, line=line, todo=todo)

    def take(self, line: str, at: int) -> None:
        if not line.strip():
            return
        if line.startswith("<!--"):
            self._remark(line, at)
        elif line.startswith("# "):
            self._title(line[2:].strip(), at)
        elif not self.title:
            raise self.fault("題名がありません。", at, "1行目に「# 条例の名」を書いてください。")
        elif not self.number and not line.startswith("#"):
            self.number = line.strip()
        elif heading := _HEADING.fullmatch(line):
            self._heading(heading, at)
        elif self.divisions and self.divisions[-1].kind == "table":
            self._table_line(line, at)
        elif _CAPTION.fullmatch(line):
            self._no_caption_waits(at)
            self.caption = (line, at)
        else:
            self._provision(line, at)

    def finish(self, in_force_from: date | None) -> Tree:
        self._no_caption_waits(None)
        if self.force is not None:
            raise self.fault(
                "施行期間の注記の後に規定がありません。", self.force[2], "注記を規定の直前に置いてください。"
            )
        if not self.title or not self.number:
            raise self.fault(
                "題名又は条例番号がありません。",
                None,
                "1行目に「# 条例の名」、次の行に条例番号を書いてください。",
            )
        since = self.own_force.since if self.own_force else in_force_from
        if since is None or since == _BEGINNING:
            raise self.fault(
                "この条例の施行日が分かりません。",
                None,
                "条例番号の下に「<!-- in-force: 2002-04-01 .. -->」を書いてください。",
            )
        tree = Tree(
            title=self.title,
            number=self.number,
            in_force_from=since,
            style=self.style or SubitemStyle.GOJUON,
            kanji_items=self.kanji_items,
            divisions=tuple(division.close() for division in self.divisions),
        )
        check_tree(tree, self.fault)
        return tree

    def _title(self, title: str, at: int) -> None:
        if self.title:
            raise self.fault("題名が二つあります。", at, "1つのファイルに1つの条例を書いてください。")
        self.title = title

    def _remark(self, line: str, at: int) -> None:
        if not re.match(r"<!--\s*in-force", line):
            if not line.endswith("-->"):
                raise self.fault("注記が閉じていません。", at, "「<!-- … -->」を1行に書いてください。")
            return
        match = _FORCE.fullmatch(line)
        force = self._range(match, at) if match else None
        if force is None:
            raise self.fault(
                "施行期間が読み取れません。",
                at,
                "「<!-- in-force: 2002-04-01 .. 2023-03-31 -->」の形で書いてください。",
            )
        if not self.divisions and self.own_force is None and self.caption is None:
            self.own_force = force
            return
        if self.force is not None:
            raise self.fault("施行期間の注記が続いています。", at, "1つの規定には1つだけ書いてください。")
        self.force = (force, self.caption is not None, at)

    def _range(self, match: re.Match[str], at: int) -> Range | None:
        try:
            since = date.fromisoformat(match["since"]) if match["since"] else _BEGINNING
            until = date.fromisoformat(match["until"]) if match["until"] else FOREVER
        except ValueError:
            return None
        if since > until:
            raise self.fault("施行期間の終わりが始まりより前です。", at, "日付を確かめてください。")
        return Range(since=since, until=until)

    def _heading(self, match: re.Match[str], at: int) -> None:
        self._no_caption_waits(at)
        text, depth = match["text"].strip(), len(match["marks"])
        plain = fold(text, drop_space=True).text
        kind = "supplement" if plain.startswith("附則") else "table" if plain.startswith("別表") else "main"
        force = None
        if self.force is not None:
            if kind == "main":
                raise self.fault(
                    "章や節には施行期間を書けません。", self.force[2], "条の見出しの前に書いてください。"
                )
            force, self.force = self.force[0], None
        division = _OpenDivision(heading=text, depth=depth, line=at, kind=kind, force=force)
        self.divisions.append(division)
        self.open = []
        if kind == "supplement":
            self.supplements += 1
            self.open = [_Open(Level.ARTICLE, f"f{self.supplements}", "", at, caption=text)]
            division.articles.append(self.open[0])
        elif kind == "table":
            found = re.match(rf"別表第?({BRANCH})?", plain)
            number = branch_number(found[1]) if found and found[1] else ""
            self.open = [_Open(Level.TABLE, f"b{number}", "", at, caption=text, force=force)]
            division.articles.append(self.open[0])

    def _table_line(self, line: str, at: int) -> None:
        table = self.open[0]
        table.text = f"{table.text}\n{line}" if table.text else line

    def _no_caption_waits(self, at: int | None) -> None:
        if self.caption is not None:
            raise self.fault(
                "見出しの後に条がありません。",
                self.caption[1],
                "見出しの次の行に「第1条　…」を書いてください。",
            )

    def _provision(self, line: str, at: int) -> None:
        match = _NUMBERED.fullmatch(line)
        marker = fold(match["marker"]).text if match else ""
        text = match["text"] if match else ""
        span = _SPAN.fullmatch(marker)
        if span and text.rstrip("。") == "削除":
            for each in self._deleted(span, at):
                self._provision(f"{each}\u3000{text}", at)
        elif article := _ARTICLE.fullmatch(marker):
            self._article(branch_number(article["number"] + article["branch"]), text, at)
        elif re.fullmatch(r"[0-9]+(?:の[0-9]+)*", marker):
            self._add(Level.PARAGRAPH, branch_number(marker), text, at, 1)
        elif item := _ITEM.fullmatch(marker):
            self._item(item, text, at)
        elif letter := _LETTER.fullmatch(marker):
            self._subitem(marker, letter, text, at)
        elif self._in_bare_supplement():
            self._add(Level.PARAGRAPH, "1", line.strip(), at, 1)
        elif _ARTICLE.fullmatch(fold(line.strip()).text):
            raise self.fault(
                "条の文がありません。",
                at,
                "「第1条　」の後に文を書いてください。削られた条は「削除」と書きます。",
            )
        else:
            raise self.fault("読み取れない行があります。", at)

    def _deleted(self, span: re.Match[str], at: int) -> Iterator[str]:
        """第21条から第23条まで　削除 stands for three provisions, each 削除."""
        first, last = (re.search(NUMBER, span["first"]), re.search(NUMBER, span["last"] or span["next"]))
        if first is None or last is None or "の" in span[0]:
            raise self.fault(
                "削られた規定の番号が読み取れません。", at, "「第21条　削除」のように1行ずつ書いてください。"
            )
        for number in range(parse_number(first[0]), parse_number(last[0]) + 1):
            yield span["first"].replace(first[0], str(number))

    def _in_bare_supplement(self) -> bool:
        """A 附則 of one paragraph has no numbers."""
        inside = bool(self.divisions) and self.divisions[-1].kind == "supplement"
        return inside and not self.open[0].children and "j" not in self.open[0].number

    def _article(self, number: str, text: str, at: int) -> None:
        if not self.divisions:
            self.divisions.append(_OpenDivision(heading="", depth=2, line=at))
        division = self.divisions[-1]
        if division.kind == "supplement":
            number = f"f{self.supplements}j{number}"
            if not division.articles[0].children:  # the 附則 is in articles, not in paragraphs of its own
                division.articles.clear()
        force, after_caption = (self.force[0], self.force[1]) if self.force else (None, False)
        again = bool(self.open) and self.open[0].number == number and self.caption is None
        self.force = None
        if again:  # another text of the first paragraph alone
            article = self.open[0]
        else:
            article = _Open(Level.ARTICLE, number, "", at, caption=self._take_caption())
            article.force = None if after_caption else force
            division.articles.append(article)
        paragraph = _Open(Level.PARAGRAPH, "1", text, at)
        paragraph.force = force if again or after_caption else None
        article.children.append(paragraph)
        self.open = [article, paragraph]

    def _take_caption(self) -> str:
        caption, self.caption = (self.caption[0] if self.caption else ""), None
        return caption

    def _item(self, match: re.Match[str], text: str, at: int) -> None:
        if match["kanji"]:
            self.kanji_items = True
            self._add(Level.ITEM, branch_number(match["kanji"]), text, at, 2)
        elif self.kanji_items and len(self.open) > 3:
            self._add(Level.SUBITEM, match["digits"], text, at, 4)
        else:
            self._add(Level.ITEM, branch_number(match["digits"] + match["branch"]), text, at, 2)

    def _subitem(self, marker: str, match: re.Match[str], text: str, at: int) -> None:
        if self.style is None:
            self.style = SubitemStyle.IROHA if match["kana"] == "イ" else SubitemStyle.GOJUON
        offset = _OFFSETS[self.style].get(match.lastgroup or "", -1)
        try:
            number = subitem_number(marker, offset, self.style) if offset >= 0 else ""
        except ValueError:
            number = ""
        if not number:
            raise self.fault("号の細分の記号が読み取れません。", at)
        self._add(Level.SUBITEM, number, text, at, 3 + offset)

    def _add(self, level: Level, number: str, text: str, at: int, depth: int) -> None:
        """Put a node at `depth` of the open path (0 article, 1 paragraph, 2 item, 3… sub-items)."""
        if len(self.open) < depth:
            above = ("条", "項", "号", "ア", "(ア)", "a")[depth - 1]
            raise self.fault(f"{level}の上に来る{above}がありません。", at, f"先に{above}を書いてください。")
        node = _Open(level, number, text, at, caption=self._take_caption())
        if self.force is not None:
            node.force, self.force = self.force[0], None
        self.open[depth - 1].children.append(node)
        self.open = [*self.open[:depth], node]
