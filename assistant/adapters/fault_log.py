"""Where an unforeseen failure is noted: what kind and where in the program, never with what text."""

from __future__ import annotations

import secrets
import traceback
from datetime import UTC, datetime
from pathlib import Path


def note_fault(error: BaseException, log: Path) -> str:
    """Appends the failure to the log and returns its number, which the person is told.

    An exception's own message may hold text of a document and is left out. What cannot be written is not insisted on.
    """
    number = secrets.token_hex(3).upper()
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{datetime.now(UTC).isoformat(timespec='seconds')} {number} {type(error).__name__}"]
    lines += [f"    {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        return number
    return number
