"""Words on screen: data in words.toml, spoken in the city's own terms (design.md D1)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from assistant.corpus.city import Labels
from assistant.errors import DataFileError

FILE = Path(__file__).with_name("words.toml")
_OF_CITY = (
    "disclose",
    "withhold",
    "document",
    "handbook",
    "board",
    "ask",
    "precedent",
    "existence_refusal",
    "not_held",
)


@cache
def _told() -> dict[str, Any]:
    try:
        return tomllib.loads(FILE.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(FILE, "画面の言葉を読めません。", todo="入れ直してください。") from error


@cache
def words(labels: Labels) -> dict[str, Any]:
    """Every word on screen, by section, with the city's terms put in. Raises DataFileError."""
    return _spoken(_told(), labels)  # type: ignore[no-any-return]


def _spoken(value: Any, labels: Labels) -> Any:
    if isinstance(value, dict):
        return {name: _spoken(one, labels) for name, one in value.items()}
    if isinstance(value, list):
        return [_spoken(one, labels) for one in value]
    text = str(value)
    for name in _OF_CITY:
        said = str(getattr(labels, name))
        # A mark too narrow for a word gets the first letter of it: {withhold1}.
        text = text.replace("{" + name + "}", said).replace("{" + name + "1}", said[:1])
    return text
