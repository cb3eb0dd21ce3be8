"""Layers that a viewer does not show until somebody switches them on."""

from __future__ import annotations

import io
from typing import Any

import pikepdf

from assistant.redact.inspect_tally import Tally

_MOST = 500


def hidden_layers(pdf: bytes, password: str | None, tally: Tally) -> None:
    """Note the layers a file has, and those that are off."""
    with pikepdf.open(io.BytesIO(pdf), password=password or "") as file:
        properties = file.Root.get("/OCProperties")
        if not isinstance(properties, pikepdf.Dictionary):
            return
        default = properties.get("/D")
        off = _names(default.get("/OFF")) if isinstance(default, pikepdf.Dictionary) else []
        if isinstance(default, pikepdf.Dictionary) and str(default.get("/BaseState", "")) == "/OFF":
            on = set(_names(default.get("/ON")))
            off += [name for name in _names(properties.get("/OCGs")) if name not in on]
        if off:
            tally.note(
                "layers", "表示されていないレイヤー", count=len(off), text="、".join(dict.fromkeys(off))
            )


def _names(groups: Any) -> list[str]:
    if not isinstance(groups, pikepdf.Array):
        return []
    found = [one for one in list(groups)[:_MOST] if isinstance(one, pikepdf.Dictionary)]
    return [str(one.get("/Name", "")) for one in found]
