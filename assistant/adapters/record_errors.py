"""Failures of the database as sentences a person can act on. The one place where they are told apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import RecordUnavailable

_KEPT = "これまでの記録は失われていません。"
_ADVICE = (  # beginning of SQLite's error name → advice
    (
        "SQLITE_FULL",
        f"ディスクの空きがないため記録できません。{_KEPT}不要なファイルを消してから、もう一度操作してください。",
    ),
    (
        "SQLITE_READONLY",
        f"データのフォルダーに書き込めないため記録できません。{_KEPT}"
        "フォルダーの書き込み権限を確かめてから、もう一度操作してください。",
    ),
    (
        "SQLITE_CANTOPEN",
        "記録のファイルを開けません。データのフォルダーがあり、読み書きできるかを確かめてから、もう一度操作してください。",
    ),
    (
        "SQLITE_BUSY",
        f"ほかの画面が記録の最中のため書き込めません。{_KEPT}少し待ってから、もう一度操作してください。",
    ),
    (
        "SQLITE_LOCKED",
        f"ほかの画面が記録の最中のため書き込めません。{_KEPT}少し待ってから、もう一度操作してください。",
    ),
    (
        "SQLITE_CORRUPT",
        "記録のファイルが壊れているため読めません。データのフォルダーの控えを戻すか、システム担当に知らせてください。"
        "ファイルは消さないでください。",
    ),
    (
        "SQLITE_NOTADB",
        "記録のファイルが壊れているため読めません。データのフォルダーの控えを戻すか、システム担当に知らせてください。"
        "ファイルは消さないでください。",
    ),
    (
        "SQLITE_IOERR",
        f"ディスクの読み書きに失敗したため記録できません。{_KEPT}"
        "ディスクの空きと接続を確かめてから、もう一度操作してください。",
    ),
)
_OTHERWISE = f"記録のデータベースを使えません。{_KEPT}接続先と設定を確かめてから、もう一度操作してください。"

_NO_DRIVER = (
    "設定されたデータベースに接続する部品が入っていません。OSUMITSUKI_DATABASE_URL の設定を確かめてください。"
    "設定を消すと、この PC のデータのフォルダーに記録します。"
)


@contextmanager
def told_in_japanese() -> Iterator[None]:
    """Turns failures of the database inside the block into RecordUnavailable."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise RecordUnavailable(_NO_DRIVER) from error
    except SQLAlchemyError as error:
        raise RecordUnavailable(advice_for(error)) from error


def advice_for(error: SQLAlchemyError) -> str:
    """The sentence for a failure."""
    name = getattr(getattr(error, "orig", None), "sqlite_errorname", None) or ""
    return next((advice for start, advice in _ADVICE if name.startswith(start)), _OTHERWISE)
