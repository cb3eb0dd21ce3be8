"""Read a data file as text, or say what is wrong with it and what to do."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import DataFileError


def read_text(path: Path) -> str:
    """The file's text: UTF-8, a BOM dropped, line ends made \\n. Raises DataFileError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise DataFileError(
            path, "ファイルがありません。", todo="ファイル名と置き場所を確かめてください。"
        ) from error
    except OSError as error:
        raise DataFileError(
            path, "ファイルを読めません。", todo="ほかで開いていないか、読む権限があるかを確かめてください。"
        ) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataFileError(
            path, "文字コードがUTF-8ではありません。", line=line, todo="UTF-8で保存し直してください。"
        ) from error
    if not text.strip():
        raise DataFileError(path, "中身が空です。", todo="正しいファイルを置き直してください。")
    return text.replace("\r\n", "\n").replace("\r", "\n")
