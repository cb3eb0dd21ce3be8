"""The reasons for which the text of a page may differ from what is seen (`Page.doubts`), and how they are said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from assistant.corpus.datafile import REFUSING, parse, read_toml

_WORDING = Path(__file__).with_name("doubts.toml")


class Doubt(StrEnum):
    """Codes of `Page.doubts`; each has its sentence in doubts.toml."""

    IMAGE_ONLY = "image_only"
    OCR = "ocr"
    OCR_LAYER = "ocr_layer"
    OCR_PART = "ocr_part"
    NO_OCR = "no_ocr"
    PICTURE = "picture"
    GARBLED = "garbled"
    NO_MAPPING = "no_mapping"
    READERS_DIFFER = "readers_differ"
    GAIJI = "gaiji"
    SIGHT_UNKNOWN = "sight_unknown"
    SPILT = "spilt"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    __pydantic_config__ = REFUSING
    code: Doubt
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wording:
    __pydantic_config__ = REFUSING
    doubts: tuple[_Sentence, ...]


def read_doubts(path: Path) -> Mapping[Doubt, str]:
    """The sentence of every doubt. Raises DataFileError: unknown code, a code twice, a code without a sentence."""
    file = read_toml(path)
    said: dict[Doubt, str] = {}
    for index, entry in enumerate(parse(_Wording, file).doubts):
        if entry.code in said:
            raise file.fault(
                f"「{entry.code}」が二度あります。", "doubts", index, "code", todo="一つにしてください。"
            )
        if not entry.says:
            raise file.fault(
                f"「{entry.code}」の文がありません。", "doubts", index, "says", todo="書いてください。"
            )
        said[entry.code] = entry.says
    missing = [doubt for doubt in Doubt if doubt not in said]
    if missing:
        raise file.fault(f"「{'」「'.join(missing)}」の文がありません。", todo="書き加えてください。")
    return MappingProxyType(said)


@cache
def _said() -> Mapping[Doubt, str]:
    return read_doubts(_WORDING)


def says(code: str) -> str:
    """The sentence for a code of `Page.doubts`. Raises KeyError for a code nobody declared."""
    try:
        return _said()[Doubt(code)]
    except ValueError:
        raise KeyError(code) from None
