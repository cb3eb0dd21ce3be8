"""Which index folder is current (design.md D12): a row in SQL, or a small file where there is no database yet."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from assistant.adapters.record_errors import told_in_japanese
from assistant.adapters.record_tables import index_pointer
from assistant.errors import RecordUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """A folder (its name, never a path), and what it was made from."""

    folder: str
    fingerprint: str
    embedder: str
    entries: int


class IndexPointer(Protocol):
    """One row a name: city and embedder."""

    def read(self, name: str) -> Pointed | None:
        """What is current; None when nothing was written or it cannot be understood."""
        ...

    def write(self, name: str, pointed: Pointed) -> None:
        """Raises RecordUnavailable when it cannot be written."""
        ...

    def folders(self) -> frozenset[str]:
        """Every folder that is current for some name."""
        ...


class SqlPointer:
    """Rows of the table `index_pointer`, made by the migrations of the record."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, name: str) -> Pointed | None:
        """A database without the table yet counts as empty."""
        columns = index_pointer.c
        question = select(columns.folder, columns.fingerprint, columns.embedder, columns.entries).where(
            columns.name == name
        )
        try:
            with self._engine.connect() as connection:
                row = connection.execute(question).first()
        except (OperationalError, ProgrammingError):
            return None
        if row is None or not _is_plain(row.folder):
            return None
        return Pointed(
            folder=row.folder, fingerprint=row.fingerprint, embedder=row.embedder, entries=row.entries
        )

    def write(self, name: str, pointed: Pointed) -> None:
        """The old row goes and the new one comes in one transaction."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with told_in_japanese(), self._engine.begin() as connection:
            connection.execute(delete(index_pointer).where(index_pointer.c.name == name))
            connection.execute(insert(index_pointer).values(name=name, written_at=now, **asdict(pointed)))

    def folders(self) -> frozenset[str]:
        """From all rows."""
        try:
            with self._engine.connect() as connection:
                return frozenset(connection.execute(select(index_pointer.c.folder)).scalars())
        except (OperationalError, ProgrammingError):
            return frozenset()


class FilePointer:
    """One small JSON file a name, written beside and renamed: never half a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> Pointed | None:
        """A damaged file counts as none."""
        return _read(self._path(name))

    def write(self, name: str, pointed: Pointed) -> None:
        """Raises RecordUnavailable when the folder cannot be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._folder, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(pointed), file)
            os.replace(temporary, self._path(name))
        except OSError as error:
            raise RecordUnavailable(
                "検索の索引の置き場所を書き込めません。データのフォルダーの空きと書き込み権限を確かめてください。"
            ) from error

    def folders(self) -> frozenset[str]:
        """From all files."""
        found = (_read(path) for path in self._folder.glob("current-*.json"))
        return frozenset(pointed.folder for pointed in found if pointed)

    def _path(self, name: str) -> Path:
        return self._folder / f"current-{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"


def _read(path: Path) -> Pointed | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        pointed = Pointed(
            folder=str(data["folder"]),
            fingerprint=str(data["fingerprint"]),
            embedder=str(data["embedder"]),
            entries=int(data["entries"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return pointed if _is_plain(pointed.folder) else None


def _is_plain(folder: str) -> bool:
    """A bare name: what is pointed at must lie in the index folder."""
    return bool(folder) and Path(folder).name == folder and folder not in (".", "..")
