"""Components of our own (Streamlit components v2): their script, style and markup are files of the package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).parent
_MOUNTED: dict[str, tuple[str, ComponentRenderer]] = {}


def component(
    name: str, folder: str, scripts: Sequence[str], styles: Sequence[str] = ()
) -> ComponentRenderer:
    """The component of this folder. `base.js` and `base.css` come first; the last script has the default export.

    Registered once per change of the files: registering again at every rerun would make the browser load it anew.
    Not isolated in a shadow root: selecting text needs the page's own selection.
    """
    import streamlit as st

    js = _joined(["base.js", *(f"{folder}/{script}" for script in scripts)])
    css = _joined(["base.css", *(f"{folder}/{style}" for style in styles)])
    html = _joined([f"{folder}/{name}.html"])
    told = f"{js}\x00{css}\x00{html}"
    known = _MOUNTED.get(name)
    if known is None or known[0] != told:
        mounted = st.components.v2.component(
            f"osumitsuki_{name}", html=html, css=css, js=js, isolate_styles=False
        )
        known = _MOUNTED[name] = (told, mounted)
    return known[1]


def _joined(files: Sequence[str]) -> str:
    return "\n".join((_HERE / file).read_text(encoding="utf-8") for file in files)
