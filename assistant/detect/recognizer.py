"""What a recognizer is: one idea, found on one sheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from assistant.detect.candidate import Candidate
from assistant.detect.sheet import Sheet


class Recognizer(Protocol):
    """Built once from the word lists; `find` is pure and linear in the length of the sheet."""

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """Candidates in any order; they may overlap one another."""
        ...
