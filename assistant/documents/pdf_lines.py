"""Characters into lines in reading order: pdfium hands vertical lines out from left to right, or letter by letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from assistant.documents.pdf_text import Char, Sides

Line = list[Char]

_FEWEST: Final = (
    3  # letters standing one below the other before they are taken for a line; two are often a table
)
_STEP: Final = 1.6  # of a letter's height: the widest spacing within a vertical line
_SAME_TIER: Final = (
    0.5  # of the shorter line: how much two columns overlap in height when they stand side by side
)


def lines_of(chars: Iterable[Char]) -> list[Line]:
    """The lines in reading order, without the spaces at their ends; empty lines are left out."""
    lines: list[Line] = [[]]
    for char in chars:
        if char.letter == "\n":
            lines.append([])
        else:
            lines[-1].append(char)
    return _ordered(_stacked([line for line in map(_bare, lines) if line]))


def join(lines: Sequence[Line]) -> tuple[str, list[Sides | None]]:
    """The text of lines with a line feed between, and a place for every character of it."""
    letters: list[str] = []
    places: list[Sides | None] = []
    for line in lines:
        if letters:
            letters.append("\n")
            places.append(None)
        letters.extend(char.letter for char in line)
        places.extend(char.sides for char in line)
    return "".join(letters), places


def _bare(line: Line) -> Line:
    """Without the spaces pdfium added at the end; those of the file stay, they say how far a line is indented."""
    end = len(line)
    while (
        end
        and not line[end - 1].letter.strip()
        and (line[end - 1].sides is None or line[end - 1].letter == " ")
    ):
        end -= 1
    return line[:end] if any(char.letter.strip() for char in line) else []


def _stacked(lines: list[Line]) -> list[Line]:
    """Letters that pdfium took for lines of their own, put together where they stand one below the other."""
    out: list[Line] = []
    run: list[Char] = []

    def close() -> None:
        if len(run) >= _FEWEST:
            out.append(list(run))
        else:
            out.extend([char] for char in run)
        run.clear()

    for line in lines:
        single = line[0] if len(line) == 1 and line[0].sides and not line[0].letter.isascii() else None
        if single is None:
            close()
            out.append(line)
            continue
        if run and not _below(run[-1], single):
            close()
        run.append(single)
    close()
    return out


def _below(upper: Char, lower: Char) -> bool:
    """Whether the second stands right under the first."""
    if not upper.sides or not lower.sides:
        return False
    (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = upper.sides, lower.sides
    size = max(ax1 - ax0, ay1 - ay0, bx1 - bx0, by1 - by0)
    step = (ay0 + ay1 - by0 - by1) / 2
    return abs(ax0 + ax1 - bx0 - bx1) / 2 < size / 2 and size * 0.3 < step < size * _STEP


def _is_vertical(line: Line) -> bool:
    down = across = 0
    before: Sides | None = None
    for char in line:
        if char.sides is None or not char.letter.strip():
            continue
        if before is not None:
            sideways = abs(char.sides[0] + char.sides[2] - before[0] - before[2])
            fall = before[1] + before[3] - char.sides[1] - char.sides[3]
            down += fall > sideways
            across += sideways >= abs(fall)
        before = char.sides
    return down > across


def _ordered(lines: list[Line]) -> list[Line]:
    """Runs of vertical lines from right to left, tier by tier; everything else as it came."""
    vertical = [_is_vertical(line) for line in lines]
    if not any(vertical):
        return lines
    out: list[Line] = []
    run: list[Line] = []
    for line, stands in zip(lines, vertical, strict=True):
        if stands or (run and len(line) == 1):
            run.append(line)
            continue
        out.extend(_right_to_left(run))
        run = []
        out.append(line)
    return [*out, *_right_to_left(run)]


def _right_to_left(lines: list[Line]) -> list[Line]:
    if len(lines) < 2:
        return lines
    placed = [(line, _extent(line)) for line in lines]
    placed.sort(key=lambda each: -each[1][3])
    tiers: list[tuple[float, float, list[tuple[Line, Sides]]]] = []
    for line, sides in placed:
        for index, (low, high, members) in enumerate(tiers):
            shared = min(high, sides[3]) - max(low, sides[1])
            if shared >= _SAME_TIER * min(high - low, sides[3] - sides[1]):
                members.append((line, sides))
                tiers[index] = min(low, sides[1]), max(high, sides[3]), members
                break
        else:
            tiers.append((sides[1], sides[3], [(line, sides)]))
    out: list[Line] = []
    for _, _, members in tiers:
        width = max(sides[2] - sides[0] for _, sides in members)
        # Columns whose middles nearly agree are one column in pieces: the upper piece comes first.
        members.sort(key=lambda each: (-round((each[1][0] + each[1][2]) / max(width, 1e-3)), -each[1][3]))
        out.extend(line for line, _ in members)
    return out


def _extent(line: Line) -> Sides:
    sides = [char.sides for char in line if char.sides]
    if not sides:
        return 0.0, 0.0, 0.0, 0.0
    x0, y0, x1, y1 = zip(*sides, strict=True)
    return min(x0), min(y0), max(x1), max(y1)
