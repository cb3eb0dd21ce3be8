"""Every failure becomes one Japanese sentence; what cannot be foreseen gets a number and a line in the local log."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from assistant.errors import OsumitsukiError

LOG = "app-errors.log"


@contextmanager
def guard() -> Iterator[None]:
    """Shows what goes wrong inside as one sentence and lets the rest of the page stand.

    Streamlit's own ways of stopping a script are BaseExceptions and pass through.
    """
    try:
        yield
    except Exception as error:
        st.error(told(error), icon=":material/error:")


def told(error: Exception) -> str:
    """The sentence for the screen."""
    if isinstance(error, OsumitsukiError):
        return str(error)
    number = secrets.token_hex(3).upper()
    _note(number, error)
    return (
        f"思わぬ不具合が起きました（番号 {number}）。記録した内容は失われていません。"
        "もう一度試し、続くときは番号をシステム担当に知らせてください。"
    )


def _note(number: str, error: Exception) -> None:
    """Where it happened, never what with: an exception's own message may hold text of a document."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{datetime.now(UTC).isoformat(timespec='seconds')} {number} {type(error).__name__}"]
    lines += [f"    {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    try:
        from assistant.settings import read_settings

        folder = read_settings().data_dir
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / LOG).open("a", encoding="utf-8") as log:
            log.write("\n".join(lines) + "\n")
    except (OSError, OsumitsukiError):
        return  # the sentence on screen must come all the same
