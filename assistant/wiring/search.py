"""The index of a city's sources, put together from the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.errors import RecordUnavailable
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.adapters.index import OpenedIndex
    from assistant.adapters.record import SqlRecordStore
    from assistant.corpus.corpus import Corpus
    from assistant.retrieve.ports import Embedder

Progress = Callable[[int, int, str], None]
"""Done, total (0: not known), and what is going on, in Japanese."""


def open_index(
    corpus: Corpus,
    embedder: Embedder,
    settings: Settings,
    store: Callable[[], SqlRecordStore],
    progress: Progress,
) -> tuple[OpenedIndex, str | None]:
    """The index, built first where needed; in memory, and why, when nothing can be written."""
    from assistant.adapters.index import ensure_index, memory_index, wanted_of
    from assistant.adapters.index_pointer import SqlPointer

    try:
        pointer = SqlPointer(store().engine)
        return ensure_index(corpus, embedder, settings.data_dir, progress=progress, pointer=pointer), None
    except RecordUnavailable as error:
        return memory_index(wanted_of(corpus), embedder, progress=progress), str(error)


def rebuild_index(
    corpus: Corpus, embedder: Embedder, settings: Settings, store: SqlRecordStore, progress: Progress
) -> None:
    """Builds the index anew. Raises RecordUnavailable."""
    from assistant.adapters.index import ensure_index
    from assistant.adapters.index_pointer import SqlPointer

    pointer = SqlPointer(store.engine)
    ensure_index(
        corpus, embedder, settings.data_dir, progress=progress, pointer=pointer, rebuild=True
    ).close()
