"""Words drawn as pictures: a Japanese font of the system, or where there is none the digits alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from assistant.corpus.datafile import REFUSING, parse, read_toml
from assistant.errors import SettingsError

_KNOWN = Path(__file__).with_name("fonts.toml")
_JAPANESE = "第条号示"  # a font that has these has the rest of a label
NO_FONT = (
    "日本語の文字の形（フォント）がこのコンピューターに見つからないため、墨塗りの枠とページの文言は数字だけで書きました。"
    "フォント（例：Noto Sans CJK）を入れるか、設定でフォントのファイルを指定してください。"
)


@dataclass(frozen=True, slots=True)
class _Fonts:
    __pydantic_config__ = REFUSING

    files: tuple[str, ...]
    folders: tuple[str, ...]


class Lettering:
    """Draws words in one font. `note`: a Japanese sentence about what it cannot do, or None."""

    def __init__(self, font: Path | None = None) -> None:
        """`font`: a file, else the first of the system's that `fonts.toml` knows. Raises SettingsError for a file that
        is no font or has no Japanese glyphs."""
        self._path = _wanted(font) if font is not None else _of_system()
        self.note = None if self._path else NO_FONT

    def drawn(self, words: str, size: float) -> Image.Image:
        """The words as a mask (mode "L", 255 where ink), cut to their ink; `size` in pixels."""
        words = words if self._path else _digits(words)
        face = self._face(size)
        left, top, right, bottom = (round(side) for side in face.getbbox(words))
        mask = Image.new("L", (max(1, right - left), max(1, bottom - top)), 0)
        ImageDraw.Draw(mask).text((-left, -top), words, fill=255, font=face)
        return mask

    def fitted(
        self, words: str, width: float, height: float, *, least: float, most: float
    ) -> Image.Image | None:
        """The words as large as fits into `width` × `height` pixels, between sizes `least` and `most`; None: too small."""
        words = words if self._path else _digits(words)
        if not words:
            return None
        left, top, right, bottom = self._face(100.0).getbbox(words)
        size = min(most, 100.0 * width / max(1.0, right - left), 100.0 * height / max(1.0, bottom - top))
        while size >= least:
            mask = self.drawn(words, size)
            if mask.width <= width and mask.height <= height:
                return mask
            size -= 1.0
        return None

    def _face(self, size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        return _face(self._path, max(1, int(size)))


@cache
def _face(path: Path | None, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


def _digits(words: str) -> str:
    """What can be written without Japanese glyphs."""
    return "-".join(re.findall(r"[0-9]+(?:/[0-9]+)?", words))


def _wanted(path: Path) -> Path:
    try:
        if _japanese(path):
            return path
    except OSError:
        raise SettingsError(f"フォント「{path.name}」を読めません。ファイルを確かめてください。") from None
    raise SettingsError(
        f"フォント「{path.name}」には日本語の文字がありません。別のフォントを選んでください。"
    )


@cache
def _of_system() -> Path | None:
    known = parse(_Fonts, read_toml(_KNOWN))
    rank = {name.casefold(): at for at, name in enumerate(known.files)}
    found = sorted(
        (path for folder in known.folders for path in _below(folder) if path.name.casefold() in rank),
        key=lambda path: (rank[path.name.casefold()], str(path)),
    )
    for path in found:
        try:
            if _japanese(path):
                return path
        except OSError:
            continue  # a broken font is not this program's matter while there is another
    return None


def _below(folder: str) -> Iterator[Path]:
    """The files under a folder; none where a variable in its name is not set or it cannot be read."""
    try:
        root = Path(folder.format_map(os.environ)).expanduser()
    except (KeyError, RuntimeError):
        return
    for place, _, names in os.walk(root):
        yield from (Path(place, name) for name in names)


def _japanese(path: Path) -> bool:
    """Whether the font draws each sample differently from a character no font has."""
    face = ImageFont.truetype(path, 24)
    missing = bytes(face.getmask("\U0010fffd"))
    return all(bytes(face.getmask(letter)) not in {missing, b""} for letter in _JAPANESE)
