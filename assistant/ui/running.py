"""The one assistant of this process, and its warming up behind the first page."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import streamlit as st

from assistant.settings import read_settings
from assistant.wiring import Assistant, build

__all__ = ["Assistant", "Warmth", "the_assistant", "wait_until_warm", "warmth"]


@dataclass(slots=True)
class Warmth:
    """How far the heavy parts are: `message` is Japanese, `share` 0–1, `failed` the error that stopped it."""

    message: str = "資料を読み込んでいます…"
    share: float = 0.0
    ready: bool = False
    failed: Exception | None = None
    done: threading.Event = field(default_factory=threading.Event)


@st.cache_resource(show_spinner=False)
def the_assistant() -> Assistant:
    """Built once for all sessions. Raises what `wiring.build` raises; then nothing is kept and it is tried again."""
    assistant = build(read_settings())
    _ = assistant.desk  # before the warming up begins: no page waits for the index to learn who sits here
    return assistant


@st.cache_resource(show_spinner=False)
def warmth() -> Warmth:
    """Starts reading dictionaries, corpus and index in the background, once."""
    state = Warmth()
    assistant = the_assistant()

    def warm() -> None:
        try:
            assistant.warm_up(lambda message, share: _tell(state, message, share))
        except Exception as error:  # told on the page that needs it
            state.failed = error
        state.ready = state.failed is None
        state.done.set()

    threading.Thread(target=warm, name="warm-up", daemon=True).start()
    return state


def wait_until_warm() -> None:
    """Shows how far the preparations are, until they are done or have failed; what failed is raised by its user."""
    state = warmth()
    if state.done.is_set():
        return
    place = st.empty()
    while not state.done.wait(0.5):
        place.progress(min(max(state.share, 0.0), 1.0), text=f"はじめての準備をしています：{state.message}")
    place.empty()


def _tell(state: Warmth, message: str, share: float) -> None:
    state.message, state.share = message, share
