"""Who acts: nobody is anonymous (design.md D14)."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

from assistant.errors import ReviewRefused

LONGEST = 60  # characters of a department or a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person at their desk: 所属 and 氏名. Trimmed, on one line, at most 60 characters each.

    Raises ReviewRefused when either is empty or too long.
    """

    department: str
    name: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "department", _tidy(self.department, "所属"))
        object.__setattr__(self, "name", _tidy(self.name, "氏名"))

    @property
    def id(self) -> str:
        """The same person has the same id on every machine, however the name is spaced or how wide it is written;
        another department is another id."""
        parts = (
            unicodedata.normalize("NFKC", part).replace(" ", "") for part in (self.department, self.name)
        )
        told = "\x1f".join(parts).encode()
        return "a" + hashlib.sha256(told).hexdigest()[:24]

    @property
    def label(self) -> str:
        """How the person is named on screen and in `Review.by`."""
        return f"{self.department} {self.name}"


def _tidy(words: str, field: str) -> str:
    tidy = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    if not tidy:
        raise ReviewRefused(f"{field}が空です。所属と氏名の両方を入力してください。")
    if len(tidy) > LONGEST:
        raise ReviewRefused(f"{field}が長すぎます。{LONGEST}文字以内で入力してください。")
    return tidy
