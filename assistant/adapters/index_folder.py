"""One index folder: what is written in it, whether it can be trusted, who uses it, and when it goes.

The manifest is written last: a folder without one was never finished.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from assistant.adapters.chroma import REBUILD, ChromaIndex
from assistant.errors import IndexUnusable
from assistant.retrieve.ports import Floats

_MANIFEST = "manifest.json"
_SAMPLE = 16
_NUMBERS = 8
_IN_USE = "in-use"
_YOUNG_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a folder holds. `sample`: the first numbers of some of its vectors, as they were when written."""

    key: str
    embedder: str
    entries: int
    sample: dict[str, list[float]]


def manifest_of(key: str, embedder: str, ids: Sequence[str], vectors: Floats) -> Manifest:
    """With a sample spread evenly over all entries."""
    step = max(1, len(ids) // _SAMPLE)
    sample = {ids[place]: vectors[place][:_NUMBERS].tolist() for place in range(0, len(ids), step)}
    return Manifest(key=key, embedder=embedder, entries=len(ids), sample=sample)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Flushed to disk: from here on the folder counts as finished."""
    with (folder / _MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file)
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Manifest | None:
    """None when the folder was never finished or the manifest is damaged."""
    try:
        data = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return Manifest(
            key=str(data["key"]),
            embedder=str(data["embedder"]),
            entries=int(data["entries"]),
            sample={str(name): [float(each) for each in row] for name, row in data["sample"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def open_checked(folder: Path, key: str, embedder: str) -> ChromaIndex:
    """The index of a folder after counting it and comparing a sample, stored and searched.

    Raises IndexUnusable when it is another corpus's or embedder's, unfinished or damaged.
    """
    manifest = read_manifest(folder)
    if manifest is None or manifest.key != key or manifest.embedder != embedder:
        raise IndexUnusable(f"検索の索引が、今の資料のものではありません。{REBUILD}")
    index = ChromaIndex.open(folder, embedder)
    try:
        _check(index, manifest)
    except IndexUnusable:
        index.close()
        raise
    return index


def _check(index: ChromaIndex, manifest: Manifest) -> None:
    if index.count() != manifest.entries:
        raise IndexUnusable(f"検索の索引の件数が合いません。{REBUILD}")
    stored = index.vectors(list(manifest.sample))
    for name, numbers in manifest.sample.items():
        row = stored.get(name)
        if row is None or not np.allclose(row[:_NUMBERS], numbers, atol=1e-5):
            raise IndexUnusable(f"検索の索引の中身が、作った時と違います。{REBUILD}")
    for row in list(stored.values())[:3]:
        nearest = index.search(row, 1)
        if not nearest or nearest[0][1] < 0.999:
            raise IndexUnusable(f"検索の索引で、入れたものが見つかりません。{REBUILD}")


def mark_in_use(folder: Path) -> FileLock | None:
    """A lock this process holds while it reads `folder`; the system lets go of it when the process ends."""
    place = folder.parent / _IN_USE
    try:
        place.mkdir(exist_ok=True)
        _sweep(place)
        lock = FileLock(
            place / f"{folder.name}.{os.getpid()}-{uuid.uuid4().hex[:6]}.lock", thread_local=False
        )
        lock.acquire(timeout=0)
    except (OSError, Timeout):
        return None  # a folder that can't be written can't be cleaned up either
    return lock


def _sweep(place: Path) -> None:
    """Lock files of processes that ended without saying so. Young ones may be about to be locked."""
    for path in place.glob("*.lock"):
        if time.time() - path.stat().st_mtime > _YOUNG_SECONDS:
            _is_held(path)


def clean_up(root: Path, keep: frozenset[str], *, last: int = 2) -> tuple[str, ...]:
    """Delete unfinished folders, and finished ones beyond the `last` newest, that are neither current nor in use.

    Best effort: what cannot be deleted now is tried again after the next build. To be called under the index lock.
    """
    folders = [each for each in root.iterdir() if each.is_dir() and each.name != _IN_USE]
    finished = [each for each in folders if read_manifest(each) is not None]
    newest = sorted(finished, key=lambda each: (each / _MANIFEST).stat().st_mtime, reverse=True)[:last]
    gone = []
    for folder in folders:
        if folder.name in keep or folder in newest or _in_use(folder):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        gone.append(folder.name)
    return tuple(gone)


def _in_use(folder: Path) -> bool:
    return any(_is_held(path) for path in (folder.parent / _IN_USE).glob(f"{folder.name}.*.lock"))


def _is_held(path: Path) -> bool:
    """Whether a living process holds the lock; a file nobody holds is removed."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return True
    lock.release()
    with suppress(OSError):
        path.unlink(missing_ok=True)
    return False
