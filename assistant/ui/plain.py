"""Words that are shown as they are, wherever Markdown would read something into them."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def plain(words: str) -> str:
    """The words with every sign of Markdown taken literally; line feeds become blanks."""
    return _MARKDOWN.sub(r"\\\1", " ".join(words.split()))
