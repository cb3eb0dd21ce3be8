"""Make sure that an index of this corpus by this embedder is there, whole, and open (design.md D12).

One process writes, under a lock; a second one waits, says so, and opens what the first has built. Every build goes
into a new folder, and a pointer says which is current: an open folder cannot be renamed on Windows, and a build that
was killed leaves nothing but rubbish. An index that is missing, foreign or damaged is built anew without asking.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from assistant.adapters.chroma import ChromaIndex, ExactIndex
from assistant.adapters.index_folder import (
    clean_up,
    manifest_of,
    mark_in_use,
    open_checked,
    read_manifest,
    write_manifest,
)
from assistant.adapters.index_pointer import FilePointer, IndexPointer, Pointed
from assistant.errors import IndexUnusable, RecordUnavailable
from assistant.retrieve.entries import entries_of
from assistant.retrieve.ports import Embedder, Floats, VectorIndex

if TYPE_CHECKING:
    from assistant.corpus.corpus import Corpus

Progress = Callable[[int, int, str], None]

_BATCH = 256
_WAIT_SECONDS = 15 * 60
_POLL_SECONDS = 1.0
_UNWRITABLE = "検索の索引を書き込めません。データのフォルダーの空き容量と書き込み権限を確かめてから、もう一度始めてください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be indexed: ids with their texts, and what they were made from."""

    city: str
    fingerprint: str
    ids: tuple[str, ...]
    texts: tuple[str, ...]

    def key(self, embedder_id: str) -> str:
        """One key for one content by one embedder: also when the program reads the same files otherwise."""
        content = "\0".join((self.city, self.fingerprint, embedder_id, *self.ids, *self.texts))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class OpenedIndex:
    """An index in use. `id` names content and embedder; it goes into the log of every act."""

    def __init__(self, *, id: str, vectors: ChromaIndex | ExactIndex, in_use: FileLock | None) -> None:
        self.id = id
        self._vectors = vectors
        self._in_use = in_use

    @property
    def vectors(self) -> VectorIndex:
        """To search in."""
        return self._vectors

    def close(self) -> None:
        """Let go, so that the folder may be cleaned up."""
        self._vectors.close()
        if self._in_use is not None:
            self._in_use.release()


def wanted_of(corpus: Corpus) -> Wanted:
    """All entries of a corpus, every version."""
    entries = entries_of(corpus)
    return Wanted(
        city=corpus.city.id,
        fingerprint=corpus.fingerprint,
        ids=tuple(entry.id for entry in entries),
        texts=tuple(entry.text for entry in entries),
    )


def _silent(done: int, total: int, message: str) -> None:
    """Progress nobody watches."""


def ensure_index(
    corpus: Corpus,
    embedder: Embedder,
    data_dir: Path,
    *,
    progress: Progress = _silent,
    pointer: IndexPointer | None = None,
    rebuild: bool = False,
) -> OpenedIndex:
    """The current index of the corpus, built first where needed. `progress` gets done, total and a sentence.

    `pointer`: SQL by choice, else a file beside the folders. `rebuild`: build even if there is a sound one.
    Raises RecordUnavailable when nothing can be written, IndexUnusable when another process builds without end.
    """
    return ensure_wanted(
        wanted_of(corpus), embedder, data_dir, progress=progress, pointer=pointer, rebuild=rebuild
    )


def ensure_wanted(
    wanted: Wanted,
    embedder: Embedder,
    data_dir: Path,
    *,
    progress: Progress = _silent,
    pointer: IndexPointer | None = None,
    rebuild: bool = False,
) -> OpenedIndex:
    """As `ensure_index`, for any texts."""
    root = data_dir / "index"
    pointer = pointer or FilePointer(root)
    if not rebuild and (opened := _open_current(root, wanted, embedder, pointer)):
        return opened
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = _acquire(root, progress)
    except OSError as error:
        raise RecordUnavailable(_UNWRITABLE) from error
    try:
        if not rebuild and (opened := _open_current(root, wanted, embedder, pointer)):
            return opened  # another process has built it while we waited
        return _build(root, wanted, embedder, pointer, progress)
    except OSError as error:
        raise RecordUnavailable(_UNWRITABLE) from error
    finally:
        lock.release()


def memory_index(wanted: Wanted, embedder: Embedder, *, progress: Progress = _silent) -> OpenedIndex:
    """The same in memory, exact, for one run: where nothing can be written, and for tests."""
    ids, vectors = _embed(wanted, embedder, progress)
    key = wanted.key(embedder.id)
    return OpenedIndex(id=f"memory-{key}", vectors=ExactIndex(ids, vectors), in_use=None)


def _acquire(root: Path, progress: Progress) -> FileLock:
    lock = FileLock(root / "write.lock", thread_local=False)
    waited = 0.0
    while True:
        try:
            lock.acquire(timeout=_POLL_SECONDS)
        except Timeout:
            waited += _POLL_SECONDS
            if waited >= _WAIT_SECONDS:
                raise IndexUnusable(
                    "ほかの画面による検索の索引づくりが終わりません。その画面を閉じてから、もう一度始めてください。"
                ) from None
            progress(0, 0, f"ほかの画面が検索の索引を作っています（{int(waited)}秒待っています）")
        else:
            return lock


def _name(wanted: Wanted, embedder: Embedder) -> str:
    return f"{wanted.city}:{embedder.id}"


def _open_current(
    root: Path, wanted: Wanted, embedder: Embedder, pointer: IndexPointer
) -> OpenedIndex | None:
    """What the pointer names, else any sound folder of the same content: a lost pointer costs no build."""
    key = wanted.key(embedder.id)
    for folder in _candidates(root, key, pointer.read(_name(wanted, embedder))):
        in_use = mark_in_use(folder)
        try:
            return OpenedIndex(id=folder.name, vectors=open_checked(folder, key, embedder.id), in_use=in_use)
        except IndexUnusable:
            if in_use is not None:
                in_use.release()
    return None


def _candidates(root: Path, key: str, pointed: Pointed | None) -> Iterator[Path]:
    if pointed is not None and (root / pointed.folder).is_dir():
        yield root / pointed.folder
    for folder in sorted(root.glob(f"{key}-*")):
        if read_manifest(folder) is not None and (pointed is None or folder.name != pointed.folder):
            yield folder


def _build(
    root: Path, wanted: Wanted, embedder: Embedder, pointer: IndexPointer, progress: Progress
) -> OpenedIndex:
    key = wanted.key(embedder.id)
    ids, vectors = _embed(wanted, embedder, progress)
    folder = root / f"{key}-{uuid.uuid4().hex[:6]}"
    folder.mkdir()
    in_use = mark_in_use(folder)

    def written(done: int) -> None:
        progress(done, len(ids), "検索の索引を書き込んでいます")

    try:
        ChromaIndex.write(folder, embedder.id, ids, vectors, written=written).close()
        write_manifest(folder, manifest_of(key, embedder.id, ids, vectors))
        index = open_checked(folder, key, embedder.id)
    except IndexUnusable as error:
        # Built a moment ago and already unreadable: the disk, not the content.
        raise RecordUnavailable(_UNWRITABLE) from error
    pointer.write(
        _name(wanted, embedder),
        Pointed(folder=folder.name, fingerprint=wanted.fingerprint, embedder=embedder.id, entries=len(ids)),
    )
    clean_up(root, pointer.folders() | {folder.name})
    progress(len(ids), len(ids), "検索の索引ができました")
    return OpenedIndex(id=folder.name, vectors=index, in_use=in_use)


def _embed(wanted: Wanted, embedder: Embedder, progress: Progress) -> tuple[tuple[str, ...], Floats]:
    """Vectors of all texts; a text without a known word has none and is left to the other rankings."""
    total = len(wanted.texts)
    rows = [np.zeros((0, embedder.dimension), dtype=np.float32)]
    progress(0, total, "資料を読み込んでいます")
    for start in range(0, total, _BATCH):
        rows.append(embedder.encode_documents(wanted.texts[start : start + _BATCH]))
        progress(min(start + _BATCH, total), total, "資料を読み込んでいます")
    vectors = np.concatenate(rows)
    known = np.flatnonzero(np.any(vectors, axis=1))
    return tuple(wanted.ids[place] for place in known), vectors[known]
