"""The files of a case: what was opened, the pages made of it, what was handed out. Deleted with the case, like its text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class FileRole(StrEnum):
    """Which file of the case it is; a case has at most one of each."""

    ORIGINAL = "original"  # as it was opened
    PAGES = "pages"  # the PDF whose pages are shown and marked, where that is not the original itself
    REDACTED = "redacted"  # what is handed out


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file of a case. `name`: as it is offered for download."""

    role: FileRole
    name: str
    media_type: str
    body: bytes

    @property
    def sha256(self) -> str:
        """Hexadecimal digest of the body."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """That a redacted file was made and found clean. `certificate`: as `redact.certificate` wrote it, no document text.

    `stale`: something was decided, or taken back, after it was made.
    """

    seq: int
    at: datetime
    by: str
    certificate: Mapping[str, Any]
    stale: bool
