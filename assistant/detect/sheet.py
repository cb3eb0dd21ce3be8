"""A page prepared once for all recognizers: folded text, lines, fields of forms, cells of tables, words.

Offsets are into the folded text (`Sheet.text`) unless said otherwise; `Sheet.extents` leads back to the page.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.detect.overlap import Spans
from assistant.detect.patterns import spaced
from assistant.detect.words import Label, Words
from assistant.domain.document import Extent, Page
from assistant.text.folding import Folded, fold, with_usual_forms
from assistant.text.morphemes import Morpheme, tokenize

# The first lines of a record say what record it is; longer first lines are prose already.
_IDEOGRAPHIC_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
# O8O-OOOO-6l93: a number read by machine, most of it letters; without a hyphen it could be a word
_MISREAD_NUMBER = re.compile(
    r"(?<![A-Za-z0-9-])(?=[OolI]{0,4}[0-9])[0-9OolI]{2,5}(?:-[0-9OolI]{2,5}){2}(?![A-Za-z0-9-])"
)
_LETTERS_FOR_DIGITS = str.maketrans("OolI", "0011")
_TITLE_LINES, _TITLE_LENGTH = 3, 90
_BEFORE_LABEL = r"(?:^|(?<=[\s:(/、,;。【〔《「・○●■□◆◇▽※)\]]))"
# What of a person a label may name after the person's part: 申請者住所, 保護者氏名
_WHOSE_WHAT = (
    r"(?:氏名|住所|電話番号|電話|連絡先|生年月日|所在地|職業|勤務先|年齢|メールアドレス|フリガナ|名)"
)
_AFTER_LABEL = r"(?: {0,2}\([^()\n]{1,12}\))?(?: {0,3}[:】〕》=]+ *| *\t *| +|(?=[(「]|$))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value with what it stands under. `label` is canonical where known; `form` is the label as written."""

    label: str
    form: str
    known: Label | None
    outer: Label | None
    label_start: int
    start: int
    end: int
    column: bool


class LabelIndex:
    """Finds labels in folded text. Built once from the word lists, shared by all pages."""

    def __init__(self, words: Words) -> None:
        self.forms: dict[str, tuple[str, Label | None]] = {}
        for label in words.labels:
            for form in label.forms:
                self.forms.setdefault(form.replace(" ", ""), (label.name, label))
        for statement in words.statements:
            for form in statement.labels:
                self.forms.setdefault(form.replace(" ", ""), (form, None))
        self._pattern = re.compile(
            rf"{_BEFORE_LABEL}(?P<label>{spaced(self.forms)}(?: ?{_WHOSE_WHAT})?){_AFTER_LABEL}", re.MULTILINE
        )
        # 障害の状況　…: a word at the head of a line with an ideographic space after it is a label, too.
        self._line_head = re.compile(
            r"^[ ・○●■□◆※]{0,3}(?:[0-9]{1,2}[ .)]|\([0-9]{1,2}\) ?)?(?P<label>[一-鿿ァ-ヺー々ぁ-ゖ・()]{2,14}) +(?=\S)",
            re.MULTILINE,
        )
        self._literal = re.compile(
            r"^[ ・○●■□◆※]{0,3}(?P<label>[^\s:、。,()「」]{1,14}) {0,2}: *", re.MULTILINE
        )

    def find(self, text: str, wide_gap: Callable[[int], bool]) -> list[tuple[int, int, int, str]]:
        """(label start, label end, value start, form without spaces) of every known or literal label, in order.

        `wide_gap` says whether the white space at a position is wider than one plain space. A label that only
        statements know must be parted from its value by more than that: such words are common in prose, too.
        """
        found = {
            match.start("label"): (match.start("label"), match.end("label"), match.end(), match["label"])
            for match in self._pattern.finditer(text)
            if self.known(match["label"].replace(" ", ""))[1] is not None
            or match.end("label") == len(text)
            or text[match.end("label")] != " "
            or wide_gap(match.end("label"))
            or not text[text.rfind("\n", 0, match.start()) + 1 : match.start("label")].strip(
                " ・○●■□0123456789.)("
            )
        }
        for match in self._line_head.finditer(text):
            found.setdefault(
                match.start("label"),
                (match.start("label"), match.end("label"), match.end(), match["label"]),
            )
        for match in self._literal.finditer(text):
            found.setdefault(
                match.start("label"), (match.start("label"), match.end("label"), match.end(), match["label"])
            )
        rows = []
        reach = -1
        for start in sorted(found):
            row = found[start]
            if start >= reach:
                rows.append((row[0], row[1], row[2], row[3].replace(" ", "")))
                reach = row[1]
        return rows

    def known(self, form: str) -> tuple[str, Label | None, Label | None]:
        """Canonical name and label of `form`, and the label of the person it is about (申請者住所: 住所 of 申請者)."""
        if form in self.forms:
            return (*self.forms[form], None)
        party = self.forms.get(form.removesuffix("名")) if form.endswith("名") else None
        if party is not None and party[1] is not None and party[1].person:
            return (*party, None)  # 児童名: what stands there is the party
        for length in range(2, min(len(form) - 1, 6)):
            what, whose = form[-length:], form[:-length]
            if what in self.forms and whose in self.forms:
                name, label = self.forms[what]
                return name, label, self.forms[whose][1]
        return form, None, None

    def canonical(self, form: str) -> tuple[str, Label | None, Label | None]:
        """The same for a header cell, without its unit in brackets; else by the ending of the cell."""
        plain = re.sub(r"\s|\([^()]*\)$", "", form)
        name, label, whose = self.known(plain)
        if label is not None:
            return name, label, whose
        for length in range(min(len(plain), 8), 1, -1):
            if plain[-length:] in self.forms:
                return (*self.forms[plain[-length:]], None)
        return plain, None, None


class Sheet:
    """One page, read for recognizers. Linear in the length of the page."""

    def __init__(self, page: Page, labels: LabelIndex) -> None:
        self.page = page
        self.folded: Folded = fold(page.text)
        self.text: str = self.folded.text
        self._labels = labels
        self._header_lines: set[int] = set()
        self.lines: list[tuple[int, int]] = []
        position = 0
        for line in self.text.split("\n"):
            self.lines.append((position, position + len(line)))
            position += len(line) + 1
        self._line_starts = [start for start, _ in self.lines]
        heads = [self.text[start:end].strip() for start, end in self.lines if self.text[start:end].strip()]
        self.title: str = "\n".join(head[:_TITLE_LENGTH] for head in heads[:_TITLE_LINES])

    @cached_property
    def digits(self) -> str:
        """The text with numerals of ideographs, and letters read for digits (O, l, I), as ASCII digits; same offsets."""
        plain = self.text.translate(_IDEOGRAPHIC_DIGITS)
        plain = re.sub(r"(?<=[0-9-])[OoＯ](?=[0-9Oo-])|(?<![A-Za-z0-9])[OoＯ](?=[0-9][0-9Oo-])", "0", plain)
        plain = _MISREAD_NUMBER.sub(lambda number: number[0].translate(_LETTERS_FOR_DIGITS), plain)
        return re.sub(r"(?<=[0-9-])[lI|](?=[0-9lI-])", "1", plain)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every labelled value, then every cell of a table, in reading order."""
        fields = [*self._form_fields(), *self._table_fields()]
        return tuple(sorted(fields, key=lambda f: (f.start, f.end)))

    @cached_property
    def _field_places(self) -> Spans[Field]:
        places = Spans[Field]()
        for field in self.fields:
            places.add(field.start, field.end, field)
        return places

    @cached_property
    def morphemes(self) -> Sequence[Morpheme]:
        """Sudachi's words over the folded text, with variants of characters made one: it knows 高崎, not 髙﨑."""
        return tokenize(with_usual_forms(self.text))

    @cached_property
    def _word_starts(self) -> list[int]:
        return [word.start for word in self.morphemes]

    def words_in(self, start: int, end: int) -> Sequence[Morpheme]:
        """Sudachi's words that touch the span."""
        first = max(0, bisect_right(self._word_starts, start) - 1)
        last = bisect_left(self._word_starts, end)
        return [word for word in self.morphemes[first:last] if word.end > start]

    def is_header(self, position: int) -> bool:
        """Whether `position` stands in the header of a table."""
        return bool(self.fields) and self.line_number(position) in self._header_lines

    def wide_gap(self, position: int) -> bool:
        """Whether the white space at `position` is an ideographic space, a tab, or more than one space."""
        start = self.folded.starts[position]
        return self.page.text[start] != " " or self.text[position + 1 : position + 2] == " "

    def line_number(self, position: int) -> int:
        """The 0-based line that holds `position`."""
        return max(0, bisect_right(self._line_starts, position) - 1)

    def line(self, position: int) -> tuple[int, int]:
        """Start and end of that line, without its line break."""
        return self.lines[self.line_number(position)]

    def field_at(self, position: int) -> Field | None:
        """The narrowest labelled value that holds `position`; a cell of a table before a field of a form."""
        best: Field | None = None
        for field in self._field_places.over(position, position + 1):
            if best is None or (field.column, -(field.end - field.start)) >= (
                best.column,
                -(best.end - best.start),
            ):
                best = field
        return best

    def extents(self, start: int, end: int) -> tuple[Extent, ...]:
        """Where a folded span stands on the page: one extent a line, without white space at either end."""
        extents = []
        text = self.page.text
        first, last = self.folded.span(start, end)
        position = first
        for piece in re.split(r"(\n)", text[first:last]):
            left = len(piece) - len(piece.lstrip())
            right = len(piece.rstrip())
            if left < right:
                extents.append(Extent(page=self.page.number, start=position + left, end=position + right))
            position += len(piece)
        return tuple(extents)

    def _form_fields(self) -> list[Field]:
        found = self._labels.find(self.text, self.wide_gap)
        starts = [row[0] for row in found]
        fields: list[Field] = []
        for index, (label_start, _, value, form) in enumerate(found):
            # 通告者　民生委員　…: a label with nothing between it and the next one speaks of the next one's value.
            last = fields[-1] if fields else None
            outer = None
            if last is not None and last.known and not self.text[last.start : label_start].strip(" \n(:"):
                outer = last.known if last.known.party else last.outer
            name, known, whose = self._labels.known(form)
            outer = whose or outer
            stop = starts[index + 1] if index + 1 < len(starts) else len(self.text)
            end = self._value_end(min(value, len(self.text)), stop)
            fields.append(
                Field(
                    label=name,
                    form=form,
                    known=known,
                    outer=outer,
                    label_start=label_start,
                    start=value,
                    end=end,
                    column=False,
                )
            )
        return fields

    def _value_end(self, value: int, stop: int) -> int:
        line_end = self.line(max(0, value - 1) if value and self.text[value - 1 : value] != "\n" else value)[
            1
        ]
        end = min(stop, line_end)
        for gap in re.compile(r"\t| {2,}(?=\S)").finditer(self.text, value, end):
            if gap.start() > value:
                return gap.start()
        closing = self._unmatched_close(value, end)
        if closing is not None:
            return closing
        # A value that is empty, or whose next line is indented and unlabelled, goes on in the next line.
        number = self.line_number(max(0, line_end - 1) if line_end else 0)
        while end == line_end < stop and number + 1 < len(self.lines):
            number += 1
            start, line_end = self.lines[number]
            text = self.text[start:line_end]
            empty = not self.text[value:end].strip()
            if not text.strip() or not (text[0] == " " or empty) or start >= stop:
                break
            end = min(stop, line_end)
            if empty and text[0] != " ":
                break
        return end

    def _unmatched_close(self, start: int, end: int) -> int | None:
        """Where a bracket closes that was opened before `start`: a label inside brackets ends with them."""
        depth = 0
        for position in range(start, end):
            letter = self.text[position]
            if letter in "(「":
                depth += 1
            elif letter in ")」":
                depth -= 1
                if depth < 0:
                    return position
        return None

    def _table_fields(self) -> list[Field]:
        fields: list[Field] = []
        header: list[tuple[int, int]] | None = None
        mark = ""
        for number, (start, end) in enumerate(self.lines):
            if header is not None:
                cells = self._cells(start, end, mark)
                if len(cells) >= 2 and abs(len(cells) - len(header)) <= max(1, len(header) // 2):
                    fields.extend(self._row(header, cells))
                    continue
                header = None
            mark, header = self._header(number)
            if header is not None:
                self._header_lines.add(number)
        return fields

    def _header(self, number: int) -> tuple[str, list[tuple[int, int]] | None]:
        if number + 1 >= len(self.lines):
            return "", None
        for mark in ("\t", "|", ",", "  "):
            cells = self._cells(*self.lines[number], mark)
            below = self._cells(*self.lines[number + 1], mark)
            if len(cells) < 3 or abs(len(below) - len(cells)) > 1 or len(below) < 3:
                continue
            texts = [self.text[a:b].strip() for a, b in cells]
            if all(len(text) <= 20 and not re.search(r"^[0-9,.]{3,}$|。|[0-9]{4}", text) for text in texts):
                return mark, cells
        return "", None

    def _cells(self, start: int, end: int, mark: str) -> list[tuple[int, int]]:
        """Cells of a line. A comma between three-digit groups of a number does not part cells in a tab table."""
        cells = []
        position = start
        pattern = r" {2,}" if mark == "  " else re.escape(mark)
        if not mark:
            return []
        for match in re.compile(pattern).finditer(self.text, start, end):
            cells.append((position, match.start()))
            position = match.end()
        cells.append((position, end))
        return cells

    def _row(self, header: list[tuple[int, int]], cells: list[tuple[int, int]]) -> list[Field]:
        fields = []
        for (head_start, head_end), (start, end) in zip(header, cells, strict=False):
            form = self.text[head_start:head_end].strip()
            if not form or not self.text[start:end].strip():
                continue
            name, known, whose = self._labels.canonical(form)
            fields.append(
                Field(
                    label=name,
                    form=form,
                    known=known,
                    outer=whose,
                    label_start=head_start,
                    start=start,
                    end=end,
                    column=True,
                )
            )
        return fields
