"""How a redacted file is to look: what the person who makes it may choose."""

from __future__ import annotations

import string
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from assistant.errors import SettingsError

_FIELDS: Final = {"page", "pages"}


class BoxColour(StrEnum):
    """What a withheld place looks like."""

    BLACK = "black"  # its label is white
    WHITE = "white"  # with a black frame; its label is black


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices for one run. Lengths are in points (1/72 inch), resolutions in dots per inch.

    `standard_width`: lengths of boxes are rounded up to a multiple of this where the paper beside them is empty, so that
    a length does not give a name away; 0 leaves them. `labels`: print each mark's clause on its box. `stamp`: words for a
    margin of every page, with {page} and {pages}; empty for none. `ocr_text`: give pages whose text a machine read an
    invisible text layer too; off, since a misread piece of something withheld may stand elsewhere in it.
    `keep_unmarked_vector`: pages without a mark stay text and lines instead of becoming a picture, where nothing about
    them is odd; off. `font`: a file with Japanese glyphs for labels and stamp, else one of the system's.
    """

    dpi: int = 300
    jpeg_dpi: int = 200
    jpeg_quality: int = 78
    padding: float = 1.2
    colour: BoxColour = BoxColour.BLACK
    standard_width: float = 0.0
    labels: bool = False
    stamp: str = ""
    ocr_text: bool = False
    keep_unmarked_vector: bool = False
    font: Path | None = None

    def __post_init__(self) -> None:
        """Raises SettingsError for what would make an unreadable or an unsafe file."""
        for name, value, least, most in (
            ("dpi", self.dpi, 100, 600),
            ("jpeg_dpi", self.jpeg_dpi, 100, 600),
            ("jpeg_quality", self.jpeg_quality, 30, 95),
            ("padding", self.padding, 0.5, 20.0),
            ("standard_width", self.standard_width, 0.0, 600.0),
        ):
            if not least <= value <= most:
                raise SettingsError(
                    f"墨塗りの設定「{name}」は{least:g}から{most:g}までです。値を直してください。"
                )
        try:
            fields = {name for _, name, _, _ in string.Formatter().parse(self.stamp) if name is not None}
            self.stamp.format(page=1, pages=1)
        except (ValueError, KeyError, IndexError, AttributeError):
            fields = {"?"}
        if not fields <= _FIELDS:
            raise SettingsError(
                "ページに押す文言に使える記号は {page}（ページ）と {pages}（総ページ数）だけです。"
                "波括弧そのものは {{ }} と書いてください。"
            )

    def stamped(self, page: int, pages: int) -> str:
        """The words for the margin of one page."""
        return self.stamp.format(page=page, pages=pages)
