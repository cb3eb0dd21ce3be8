"""Read worked passages: invented excerpts of records with every piece of information marked in place.

The format is made for people who write by hand. `=== id doc_type | tags` opens a passage; what follows, up to the
next such line, is its text; a mark is `{text|CODE kind role}`, never nested. CODE is a decision letter (w, a, d),
the letters of its heads (個/法/…, the main one first) and, for a provision's exception, `!` and its letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.entity import EntityKind
from assistant.domain.provision import Head

PASSAGES = Path(__file__).with_name("passages")

DECISIONS = {"w": "withhold", "a": "depends", "d": "disclose"}
HEADS = {
    "個": "個人",
    "法": "法人",
    "任": "任意提供",
    "公": "公共安全",
    "意": "意思形成",
    "事": "事務事業",
    "令": "法令秘",
}
EXCEPTIONS = {"公": "公領域・慣行", "生": "生命・健康等", "職": "公務員の職務", "法": "法人ただし書"}
ROLES = frozenset(
    [
        "official",
        "board_member",
        "councillor",
        "representative",
        "employee",
        "site_agent",
        "sole_proprietor",
        "community_head",
        "resident",
        "complainant",
        "reporter",
        "child",
        "guardian",
        "deceased",
        "witness",
        "landowner",
        "interviewer",
        "private_official",
    ]
)
KINDS = frozenset(kind.value for kind in EntityKind)
assert set(HEADS.values()) <= {head.value for head in Head}

_OPENING = re.compile(r"^===\s+(?P<id>\S+)\s+(?P<doc_type>[^|\n]+?)\s*(?:\|\s*(?P<tags>[^\n]*))?$")
_MARK = re.compile(r"\{(?P<text>[^{}]*)\|(?P<code>[^{}|]*)\}")
_CODE = re.compile(r"^(?P<decision>[wad])(?P<heads>[個法任公意事令/]*)(?:!(?P<exception>[公生職法]))?$")


class WorkedPassageError(ValueError):
    """A line of a worked passage that is not understood; the message names file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One marked piece: code points `start`–`end` of the passage, and what a careful officer would decide."""

    start: int
    end: int
    text: str
    decision: str
    heads: tuple[str, ...]
    exception: str | None
    kind: str
    role: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A passage without its braces, and its marks in the order of the text."""

    id: str
    doc_type: str
    tags: tuple[str, ...]
    text: str
    marks: tuple[Marked, ...]
    file: str


def read_worked(path: Path) -> tuple[Worked, ...]:
    """All passages of one file. Raises WorkedPassageError with file and line."""
    passages: list[Worked] = []
    opening: re.Match[str] | None = None
    opened_at, lines = 0, list[str]()
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("==="):
            if opening:
                passages.append(_passage(path, opened_at, opening, lines))
            opening, opened_at, lines = _OPENING.match(line), number, []
            if not opening:
                raise WorkedPassageError(f"{path.name}:{number}: write «=== id doc_type | tags»")
        elif opening:
            lines.append(line)
        elif line.strip():
            raise WorkedPassageError(f"{path.name}:{number}: text before the first «===» line")
    if opening:
        passages.append(_passage(path, opened_at, opening, lines))
    return tuple(passages)


def _passage(path: Path, line: int, opening: re.Match[str], lines: list[str]) -> Worked:
    raw = "\n".join(lines).strip("\n")
    if not raw.strip():
        raise WorkedPassageError(f"{path.name}:{line}: the passage is empty")
    text, marks, last = "", list[Marked](), 0
    for match in _MARK.finditer(raw):
        text += raw[last : match.start()]
        last = match.end()
        where = f"{path.name}:{line + 1 + raw.count(chr(10), 0, match.start())}"
        marks.append(_mark(match, len(text), where))
        text += match["text"]
    text += raw[last:]
    for brace in "{}":
        if brace in text:
            near = raw.count("\n", 0, max(raw.find(brace), 0))
            raise WorkedPassageError(
                f"{path.name}:{line + 1 + near}: a brace that belongs to no mark (nested marks?)"
            )
    tags = tuple((opening["tags"] or "").split())
    return Worked(
        id=opening["id"],
        doc_type=opening["doc_type"],
        tags=tags,
        text=text,
        marks=tuple(marks),
        file=path.name,
    )


def _mark(match: re.Match[str], start: int, where: str) -> Marked:
    parts = match["code"].split()
    code = _CODE.match(parts[0]) if parts else None
    if not code or not match["text"].strip():
        raise WorkedPassageError(
            f"{where}: a mark is {{text|CODE kind role}}, CODE such as w個, w事/公, d個!職"
        )
    heads = tuple(HEADS[letter] for letter in code["heads"].replace("/", ""))
    if code["decision"] != "d" and not heads:
        raise WorkedPassageError(f"{where}: what is withheld or asked needs a head (w個)")
    if len(parts) < 2 or parts[1] not in KINDS:
        raise WorkedPassageError(f"{where}: the second word must be a kind: {' '.join(sorted(KINDS))}")
    role = parts[2] if len(parts) > 2 else None
    if len(parts) > 3 or (role is not None and role not in ROLES):
        raise WorkedPassageError(f"{where}: the third word must be a role: {' '.join(sorted(ROLES))}")
    return Marked(
        start=start,
        end=start + len(match["text"]),
        text=match["text"],
        decision=DECISIONS[code["decision"]],
        heads=heads,
        exception=EXCEPTIONS[code["exception"]] if code["exception"] else None,
        kind=parts[1],
        role=role,
    )


def all_worked(folder: Path = PASSAGES) -> Iterator[Worked]:
    """Every worked passage of the folder, file by file in the order of their names."""
    for path in sorted(folder.glob("*.txt")):
        yield from read_worked(path)
