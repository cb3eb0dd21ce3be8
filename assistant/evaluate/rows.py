"""Labelled files, line by line: what is wrong is told with its line and what to do, never with the text itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from assistant.errors import DataFileError
from assistant.evaluate.gold import DocumentRow, PassageRow, QueryRow

Row = TypeVar("Row", PassageRow, DocumentRow, QueryRow)
_HINT = "行の形は説明書の「evaluate」の節を見てください。"
_WRONG = {
    "json_invalid": "JSONとして読めません。一行に一つの {…} を書いてください。",
    "model_type": "一行に一つの {…} を書いてください。",
    "string_too_short": "が空です。値を書いてください。",
    "string_too_long": "が長すぎます。200字以内にしてください。",
    "missing": "がありません。書き足してください。",
    "literal_error": "に使えない値があります。withhold、disclose、depends のどれかにしてください。",
    "enum": "に使えない値があります。条項の種類や手続の名前の綴りを確かめてください。",
}


def read_rows(path: Path, kind: type[Row]) -> tuple[tuple[int, Row], ...]:
    """Line numbers (from 1) and rows, in order; empty lines are passed over.

    Raises DataFileError: unreadable file, a line that is not what it should be, an id used twice, no line at all.
    """
    rows: list[tuple[int, Row]] = []
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        row = _row(path, number, line, kind)
        if row.id in seen:
            raise DataFileError(
                path, f"「id」が{seen[row.id]}行目と同じです。", line=number, todo="別の名前にしてください。"
            )
        seen[row.id] = number
        rows.append((number, row))
    if not rows:
        raise DataFileError(path, "評価する行がありません。", todo=_HINT)
    return tuple(rows)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise DataFileError(path, "ファイルがありません。", todo="名前と場所を確かめてください。") from None
    except OSError:
        raise DataFileError(
            path, "ファイルを開けません。", todo="フォルダでないか、読む権限があるかを確かめてください。"
        ) from None
    except UnicodeDecodeError:
        raise DataFileError(
            path, "UTF-8の文字として読めません。", todo="文字コードをUTF-8にして保存し直してください。"
        ) from None
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines: U+2028 may stand inside a passage
        if line.strip():
            yield number, line


def _row(path: Path, number: int, line: str, kind: type[Row]) -> Row:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        # Only the first problem, without the input pydantic would show: a labelled passage is document text.
        first = error.errors(include_input=False, include_url=False)[0]
    place = "".join(
        f"の{part + 1}番目の" if isinstance(part, int) else f"「{part}」" for part in first["loc"]
    )
    told = _WRONG.get(first["type"])
    if told is None:
        told = first["msg"] if first["type"] in {"blank", "no_head", "subject"} else "の値が使えません。"
    joined = f"{place}の{told}" if place and told.startswith(("「", "withhold")) else f"{place}{told}"
    raise DataFileError(path, joined, line=number, todo=_HINT) from None
