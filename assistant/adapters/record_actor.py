"""Who sits at this PC, kept in the data folder of this PC even when the record is on a server."""

from __future__ import annotations

import json
import os
from pathlib import Path

from assistant.errors import RecordUnavailable, ReviewRefused
from assistant.review.actor import Actor

NAME = "actor.json"


class ActorFile:
    """Reads and writes the one file."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / NAME

    def write(self, actor: Actor) -> None:
        """Keeps the person; a reader sees the old file or the new one. Raises RecordUnavailable."""
        fresh = self._path.with_suffix(".new")
        told = json.dumps({"department": actor.department, "name": actor.name}, ensure_ascii=False)
        try:
            fresh.write_text(told, encoding="utf-8")
            os.replace(fresh, self._path)
        except OSError as error:
            raise RecordUnavailable(
                "所属と氏名を保存できません。データのフォルダーの空きと書き込み権限を確かめてください。"
            ) from error

    def read(self) -> Actor | None:
        """The person; None if there is none, or the file cannot be understood: then the app asks again."""
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            return Actor(department=told["department"], name=told["name"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ReviewRefused):
            return None
