"""The copy buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.ui.assets import component


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One button: its name, what goes to the clipboard as text and, where there is, as HTML."""

    name: str
    text: str
    html: str = ""
    done: str = "コピーしました。"


def copy_buttons(items: Sequence[Copy], *, key: str) -> None:
    """Puts the buttons on the page."""
    data = {"items": [{"name": i.name, "text": i.text, "html": i.html, "done": i.done} for i in items]}
    component("copying", "copying", ("copying.js",), ("copying.css",))(key=key, data=data)
