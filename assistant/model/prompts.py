"""Prompts are data: a TOML file with its version and its declared inputs, known by the hash of its bytes.

    version = 1
    inputs = ["city", "passage"]
    [messages]
    system = "…{{city}}…"
    user = "…{{passage}}…"

A slot is `{{name}}`. What is put in is never read again for slots, so a passage that holds `{{city}}` stays as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict

from assistant.corpus.datafile import REFUSING, TomlFile, parse, read_toml

_SLOT = re.compile(r"\{\{([^{}]*)\}\}")
_NAME = re.compile(r"[a-z][a-z_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Named texts with slots. `hash`: sha256 of the file, which a proposal records."""

    version: int
    inputs: frozenset[str]
    messages: Mapping[str, str]
    hash: str

    def slots(self, message: str) -> frozenset[str]:
        """The inputs one text takes. Raises KeyError for a text that is not there."""
        return frozenset(_SLOT.findall(self.messages[message]))

    def render(self, message: str, **inputs: str) -> str:
        """One text with its slots filled. Raises KeyError for a text that is not there and TypeError for inputs that
        are missing, or that the text has no slot for: both are mistakes of the program, not of the file."""
        text = self.messages[message]
        wanted = self.slots(message)
        if wanted != set(inputs):
            raise TypeError(f"prompt {message} takes {sorted(wanted)}, given {sorted(inputs)}")
        return _SLOT.sub(lambda slot: inputs[slot[1]], text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__: ClassVar[ConfigDict] = REFUSING

    version: int
    inputs: list[str]
    messages: dict[str, str]


def load_prompt(path: Path, *, texts: frozenset[str], inputs: frozenset[str]) -> Prompt:
    """The prompt in `path`, which must hold exactly these `texts` and `inputs`.

    Raises DataFileError with the line: the file is missing or broken, an unknown key, a slot that is not declared, a
    declared input that no text uses, or a text or input the program does not know.
    """
    file = read_toml(path)
    read = parse(_File, file)
    _check_names(file, "messages", set(read.messages), texts)
    _check_names(file, "inputs", set(read.inputs), inputs)
    used: set[str] = set()
    for name, text in read.messages.items():
        if not text.strip():
            raise file.fault(f"「{name}」が空です。", "messages", name, todo="文面を書いてください。")
        slots = set(_SLOT.findall(text))
        unknown = sorted(slots - inputs)
        if unknown or "{{" in _SLOT.sub("", text) or "}}" in _SLOT.sub("", text):
            raise file.fault(
                f"「{name}」に、inputs にない差し込みがあるか、閉じていない括弧があります。",
                "messages",
                name,
                todo=f"差し込みは {{{{名}}}} の形で、次から選んでください：{'、'.join(sorted(inputs))}。",
            )
        used |= slots
    if inputs - used:
        raise file.fault(
            f"どの文面にも差し込まれていない入力があります：{'、'.join(sorted(inputs - used))}。",
            "inputs",
            todo="文面に差し込んでください。",
        )
    digest = hashlib.sha256(file.text.replace("\r\n", "\n").encode("utf-8")).hexdigest()
    return Prompt(version=read.version, inputs=inputs, messages=dict(read.messages), hash=digest)


def _check_names(file: TomlFile, place: str, found: set[str], known: frozenset[str]) -> None:
    strange = sorted(name for name in found if name not in known or not _NAME.fullmatch(name))
    if strange:
        raise file.fault(
            f"{place} の「{strange[0]}」は知りません。",
            place,
            *((strange[0],) if place == "messages" else ()),
            todo=f"次のとおりにしてください：{'、'.join(sorted(known))}。",
        )
    missing = sorted(known - found)
    if missing:
        raise file.fault(f"{place} に「{missing[0]}」がありません。", place, todo="書き加えてください。")
