"""Every failure becomes one Japanese sentence; what cannot be foreseen gets a number and a line in the local log."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from assistant.adapters.fault_log import note_fault
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
    number = note_fault(error, _log())
    return (
        f"思わぬ不具合が起きました（番号 {number}）。記録した内容は失われていません。"
        "もう一度試し、続くときは番号をシステム担当に知らせてください。"
    )


def _log() -> Path:
    from assistant.settings import read_settings

    try:
        return read_settings().data_dir / LOG
    except OsumitsukiError:
        return Path(tempfile.gettempdir()) / LOG  # the sentence on screen must come all the same
