"""Reading pictures with Tesseract, as a program of its own: it is given the picture on its input and leaves no file."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import Final

from PIL import Image

from assistant.documents.ports import SeenWord
from assistant.errors import DocumentError

TIMEOUT: Final = 25.0
"""Seconds for a page. A dense one takes two; noise that looks like letters takes ten and gives nothing."""

_LANGUAGES: Final = ("jpn", "jpn_vert")
_COLUMNS: Final = 12
_WORD_LEVEL: Final = "5"
_QUESTION: Final = 20.0  # seconds for a question about languages
_WINDOWS: Final = ("ProgramFiles", "ProgramW6432", "LOCALAPPDATA")
_TALL: Final = 1.5  # a word of several letters higher than wide by this stands upright


class Tesseract:
    """`Eyes` by a Tesseract program. Looks once for the program and its languages."""

    def __init__(self, program: str | None = None, *, timeout: float = TIMEOUT) -> None:
        self._given = program
        self._timeout = timeout

    @property
    def missing(self) -> str | None:
        """Why it can't read, as a Japanese sentence that says what to install; None when it can."""
        return self._missing

    def read(self, picture: Image.Image, *, dpi: int) -> tuple[SeenWord, ...]:
        """The words of a picture in reading order. Raises DocumentError when `missing` or when the program fails,
        TimeoutError when it takes too long.
        """
        if self._missing or self._program is None:
            raise DocumentError(self._missing or _NOT_INSTALLED)
        store = io.BytesIO()
        picture.convert("L").save(store, "PNG", compress_level=1)
        languages = "+".join(language for language in _LANGUAGES if language in self._installed)
        command = [self._program, "stdin", "stdout", "-l", languages, "--psm", "3", "--dpi", str(dpi), "tsv"]
        try:
            done = _run(command, store.getvalue(), self._timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError("文字の読み取りに時間がかかりすぎました。") from None
        except OSError:
            raise DocumentError(_NOT_INSTALLED) from None
        if done.returncode:
            raise DocumentError(
                "文字の読み取り（OCR）に失敗しました。Tesseractを入れ直すか、画像を見て枠を引いてください。"
            )
        return words_of(done.stdout.decode("utf-8", "replace"))

    @cached_property
    def _program(self) -> str | None:
        if self._given is not None:
            return shutil.which(self._given)
        found = shutil.which("tesseract")
        if found or sys.platform != "win32":
            return found
        folders = (os.environ.get(name) for name in _WINDOWS)
        places = (Path(folder, inner, "tesseract.exe") for folder in folders if folder for inner in _FOLDERS)
        return next((str(place) for place in places if place.is_file()), None)

    @cached_property
    def _installed(self) -> frozenset[str]:
        if self._program is None:
            return frozenset()
        try:
            done = _run([self._program, "--list-langs"], b"", _QUESTION)
        except (OSError, subprocess.TimeoutExpired):
            return frozenset()
        return frozenset((done.stdout + b"\n" + done.stderr).decode("utf-8", "replace").split())

    @cached_property
    def _missing(self) -> str | None:
        if self._program is None:
            return _NOT_INSTALLED
        if _LANGUAGES[0] not in self._installed:
            return (
                "Tesseractに日本語の辞書がないため、画像の文字を読み取れません。Debianでは"
                "「apt install tesseract-ocr-jpn tesseract-ocr-jpn-vert」、Windowsではインストーラーの"
                "「Additional language data」でJapaneseとJapanese (vertical)を選んで入れてください。"
            )
        return None


_FOLDERS: Final = ("Tesseract-OCR", str(Path("Programs", "Tesseract-OCR")))
_NOT_INSTALLED: Final = (
    "Tesseractが入っていないため、画像の文字を読み取れません。Debianでは"
    "「apt install tesseract-ocr tesseract-ocr-jpn tesseract-ocr-jpn-vert」、Windowsでは"
    "UB-Mannheim版のインストーラーで、日本語の辞書を選んで入れてください。"
)


def words_of(table: str) -> tuple[SeenWord, ...]:
    """The words of Tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.

    Rows that are not as expected are left out.
    """
    words: list[SeenWord] = []
    lines: dict[tuple[str, ...], int] = {}
    for row in table.split("\n"):
        cells = row.rstrip("\r").split("\t")
        if len(cells) < _COLUMNS or cells[0] != _WORD_LEVEL or not cells[11].strip():
            continue
        try:
            left, top, width, height = (int(cell) for cell in cells[6:10])
        except ValueError:
            continue
        line = lines.setdefault(tuple(cells[1:5]), len(lines))
        text = cells[11].strip()
        words.append(
            SeenWord(text=text, x0=left, y0=top, x1=left + width, y1=top + height, line=line, vertical=False)
        )
    return _with_direction(words)


def _with_direction(words: list[SeenWord]) -> tuple[SeenWord, ...]:
    """Which lines stand upright: TSV does not say, the boxes of their words do."""
    extents: dict[int, list[int]] = {}
    letters: dict[int, int] = {}
    for word in words:
        box = extents.setdefault(word.line, [word.x0, word.y0, word.x1, word.y1])
        box[:] = min(box[0], word.x0), min(box[1], word.y0), max(box[2], word.x1), max(box[3], word.y1)
        letters[word.line] = letters.get(word.line, 0) + len(word.text)
    upright = {
        line
        for line, (x0, y0, x1, y1) in extents.items()
        if letters[line] > 1 and y1 - y0 > _TALL * max(1, x1 - x0)
    }
    return tuple(
        SeenWord(text=w.text, x0=w.x0, y0=w.y0, x1=w.x1, y1=w.y1, line=w.line, vertical=w.line in upright)
        for w in words
    )


def _run(command: list[str], data: bytes, timeout: float) -> subprocess.CompletedProcess[bytes]:
    # One thread: several pages are read at once, and its own threads only get in one another's way.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.run(  # noqa: S603 the program was looked up, its arguments are ours
        command,
        input=data,
        capture_output=True,
        timeout=timeout,
        env=environment,
        creationflags=flags,
        check=False,
    )
