"""The nouns of the domain as JSON and back, without loss, driven by their dataclass fields.

A field that a later version adds with a default is filled in when an older record is read; a field this version does
not know is refused rather than dropped.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Hashable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from assistant.domain.boxes import Box, CharBoxes

T = TypeVar("T")
Json = Any
_SURROGATE = re.compile("[\ud800-\udfff]")


class Unreadable(ValueError):
    """What is stored does not fit the noun it should be. Says which field, never what is in it."""


def dumps(value: Json) -> str:
    """JSON text that every database takes: readable Japanese, lone surrogates and NUL escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def loads(text: str) -> Json:
    """The value of a JSON text. Raises Unreadable."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise Unreadable("the stored text is not JSON") from error


def encode(value: object) -> Json:
    """A noun, enum, date, tuple or frozenset of them, or a JSON scalar, as JSON. Raises TypeError for anything else."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, tuple | frozenset):
        told = [encode(item) for item in value]
        return told if isinstance(value, tuple) else sorted(told)
    if isinstance(value, CharBoxes):
        return value.packed()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"cannot be stored: {type(value).__name__}")


def decode(kind: type[T], data: Json) -> T:
    """The noun that `encode` turned into `data`. Raises Unreadable."""
    return cast("T", _decode(kind, data, kind.__name__))


def _decode(kind: Any, data: Json, place: str) -> Any:
    origin = typing.get_origin(kind)
    if origin in {typing.Union, types.UnionType}:
        return _decode_optional(kind, data, place)
    if origin is typing.Literal:
        return _one_of(typing.get_args(kind), data, place)
    if origin in {tuple, frozenset}:
        return _decode_many(kind, origin, data, place)
    if is_dataclass(kind):
        return _decode_noun(cast("type[Any]", kind), data, place)
    return _decode_scalar(kind, data, place)


def _decode_optional(kind: Any, data: Json, place: str) -> Any:
    if data is None:
        return None
    (inner,) = (option for option in typing.get_args(kind) if option is not type(None))
    return _decode(inner, data, place)


def _one_of(allowed: tuple[Any, ...], data: Json, place: str) -> Any:
    if data not in allowed:
        raise Unreadable(f"{place}: not one of the known values")
    return data


def _decode_many(kind: Any, origin: type[Any], data: Json, place: str) -> Any:
    if not isinstance(data, list):
        raise Unreadable(f"{place}: not a list")
    kinds = typing.get_args(kind)
    if kinds[-1] is ... or origin is frozenset:
        return origin(_decode(kinds[0], item, place) for item in data)
    if len(kinds) != len(data):
        raise Unreadable(f"{place}: not {len(kinds)} values")
    return tuple(_decode(each, item, place) for each, item in zip(kinds, data, strict=True))


def _decode_noun(kind: type[Any], data: Json, place: str) -> Any:
    if not isinstance(data, dict):
        raise Unreadable(f"{place}: not an object")
    known = _fields(cast("Hashable", kind))
    if unknown := data.keys() - known.keys():
        raise Unreadable(f"{place}: unknown field {min(unknown)}")
    told: dict[str, Any] = {}
    for name, (field, hint) in known.items():
        if hint is CharBoxes:
            told[name] = _decode_boxes(data, f"{place}.{name}")
        elif name in data:
            told[name] = _decode(hint, data[name], f"{place}.{name}")
        elif field.default is MISSING:
            raise Unreadable(f"{place}: field {name} is missing")
    return kind(**told)


def _decode_boxes(page: dict[str, Any], place: str) -> CharBoxes:
    """The places of a page's characters; a record of before they were packed has a list, and never a place in it."""
    number, text, packed = page.get("number"), page.get("text"), page.get("boxes") or ""
    if not (isinstance(number, int) and isinstance(text, str)):
        raise Unreadable(f"{place}: a page without number or text")
    if isinstance(packed, list):
        return CharBoxes(number, tuple(_decode(Box | None, box, place) for box in packed))
    try:
        return CharBoxes.unpacked(number, packed, len(text))
    except (TypeError, ValueError) as error:
        raise Unreadable(f"{place}: not the places of the page's characters") from error


@cache
def _fields(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    hints = typing.get_type_hints(kind)
    return {field.name: (field, hints[field.name]) for field in fields(kind)}


def _decode_scalar(kind: Any, data: Json, place: str) -> Any:
    if kind is float and type(data) in {int, float}:
        return float(data)
    if kind in {str, int, bool}:
        if type(data) is not kind:
            raise Unreadable(f"{place}: not {kind.__name__}")
        return data
    try:
        return kind.fromisoformat(data) if kind in {date, datetime} else kind(data)
    except (TypeError, ValueError) as error:
        raise Unreadable(f"{place}: not {kind.__name__}") from error
