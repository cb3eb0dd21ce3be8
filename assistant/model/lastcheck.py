"""The last look at a request before it leaves: is anything in it that may not be? (design.md D6)

Every string of the body is looked at, keys too, as it is compared for hiding; JSON inside a string is opened, and
escapes are read. What the protocol itself writes is not looked at: a person who is called Model must not stop every
request. That is a key of plain letters, and what stands under `type`, `role`, `name` …, where it is an identifier;
nothing of a document can come there but through a mistake that this file could not find either.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.model.loose import holds_any, loose_text

_BETWEEN = "\U0010fffe"
"""Stands between two strings, so that the end of one and the beginning of the next are no name. No character at all."""

_PROTOCOL = frozenset(
    [
        "type",
        "role",
        "name",
        "model",
        "object",
        "required",
        "id",
        "tool_call_id",
        "tool_choice",
        "finish_reason",
        "service_tier",
    ]
)
_KEY = re.compile(r"[A-Za-z_$][A-Za-z_$]*")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_.:/$-]+")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_DEEPEST = 4
_SHORTEST_NUMBER = 6


def strings_of(body: bytes, model: str) -> tuple[str, ...]:
    """Every text that leaves in `body`; where it is no JSON, the whole of it. `model`: its name may stand there."""
    text = body.decode("utf-8", "replace")
    data = _opened(text)
    return (text,) if data is None else tuple(_walked(data, model, inside=False))


def holds(strings: Iterable[str], forms: Sequence[str]) -> bool:
    """Whether one of `forms` (as `model.loose` writes them) is in one of the strings."""
    found = list(dict.fromkeys(reading for one in strings for reading in _readings(one)))
    return holds_any(loose_text(_BETWEEN.join(found)), forms)


class _Pairs(list[tuple[str, object]]):
    """An object with every key, also one that is there twice."""


class _Number(str):
    """A number, as it is written."""


def _opened(text: str) -> object | None:
    try:
        return json.loads(text, object_pairs_hook=_Pairs, parse_int=_Number, parse_float=_Number) or ""
    except (ValueError, RecursionError):
        return None


def _walked(data: object, model: str, *, inside: bool, under: str = "") -> Iterator[str]:
    """`inside`: in JSON that stands in a string, where nothing belongs to the protocol."""
    if isinstance(data, _Pairs):
        for key, value in data:
            if not _KEY.fullmatch(key):
                yield key
            yield from _walked(value, model, inside=inside, under=key)
    elif isinstance(data, list):
        for one in data:
            yield from _walked(one, model, inside=inside, under=under)
    elif isinstance(data, str) and not _is_protocol(data, under, model, inside=inside):
        yield data


def _is_protocol(text: str, under: str, model: str, *, inside: bool) -> bool:
    if isinstance(text, _Number):
        return len(text) < _SHORTEST_NUMBER  # limits and settings; a longer one may be anybody's
    if inside or under not in _PROTOCOL:
        return False
    return text == model if under == "model" else _IDENTIFIER.fullmatch(text) is not None


def _readings(text: str, depth: int = 0) -> Iterator[str]:
    """The string, what it says where escapes are read, and what is in it where it is JSON."""
    yield text
    if depth == _DEEPEST:
        return
    if "\\u" in text:
        read = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
        read = read.encode("utf-16", "surrogatepass").decode(
            "utf-16", "replace"
        )  # two escapes may be one letter
        yield from _readings(read, depth + 1)
    if text.lstrip()[:1] in ("{", "[", '"'):
        data = _opened(text)
        if data is not None:
            for one in _walked(data, "", inside=True):
                yield from _readings(one, depth + 1)
