"""Vectors in an embedded Chroma folder, and the same port as an exact scan in memory.

Our vectors are always passed and no embedding function is ever set: Chroma's own would reach for the network. The
name of the collection carries the embedder, because Chroma compares embedding functions by name only. Chroma's
server is not used (design.md D8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import IndexUnusable
from assistant.retrieve.ports import Floats

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_BATCH = 1000
# Search width of the graph. Wider than Chroma's 100, so that asking for 200 of a few thousand misses hardly any.
_EF = 400
REBUILD = "「osumitsuki index」で作り直してください。"


class ChromaIndex:
    """One collection of one folder, open for reading. Safe for threads; other processes may read it as well."""

    def __init__(self, client: ClientAPI, collection: Collection) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def open(cls, folder: Path, embedder_id: str) -> ChromaIndex:
        """Raises IndexUnusable when the folder has no readable collection of this embedder."""
        from chromadb.errors import NotFoundError

        if not (folder / "chroma.sqlite3").is_file():
            raise IndexUnusable(f"検索の索引がありません。{REBUILD}")
        with _readable():
            client = _client(folder)
            try:
                return cls(client, client.get_collection(embedder_id, embedding_function=None))
            except NotFoundError as error:
                raise IndexUnusable(
                    f"検索の索引が、今の埋め込みモデルのものではありません。{REBUILD}"
                ) from error

    @classmethod
    def write(
        cls,
        folder: Path,
        embedder_id: str,
        ids: Sequence[str],
        vectors: Floats,
        *,
        written: Callable[[int], None] = lambda done: None,
    ) -> ChromaIndex:
        """A new collection of all vectors, cosine. `written` is told how many are stored so far.

        Raises IndexUnusable when Chroma refuses.
        """
        with _readable():
            client = _client(folder)
            collection = client.create_collection(
                embedder_id,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": _EF}},
            )
            batch = min(_BATCH, client.get_max_batch_size())
            for start in range(0, len(ids), batch):
                end = min(start + batch, len(ids))
                collection.add(ids=list(ids[start:end]), embeddings=vectors[start:end])
                written(end)
        return cls(client, collection)

    def count(self) -> int:
        """How many vectors it holds."""
        with _readable():
            return int(self._collection.count())

    def search(self, vector: Floats, limit: int) -> list[tuple[str, float]]:
        """The nearest, best first, by cosine."""
        if limit < 1 or not np.any(vector):
            return []
        with _readable():
            found = self._collection.query(
                query_embeddings=np.asarray([vector], dtype=np.float32),
                n_results=limit,
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return [(name, 1.0 - float(away)) for name, away in zip(found["ids"][0], distances, strict=True)]

    def vectors(self, ids: Sequence[str]) -> dict[str, Floats]:
        """The stored vectors of `ids`."""
        if not ids:
            return {}
        with _readable():
            found = self._collection.get(ids=list(ids), include=["embeddings"])
        stored: Any = found["embeddings"]
        return {
            name: np.asarray(row, dtype=np.float32) for name, row in zip(found["ids"], stored, strict=True)
        }

    def close(self) -> None:
        """Let go of the folder, so that Windows can delete it."""
        with _readable():
            self._client.close()


class ExactIndex:
    """All vectors in memory, compared one by one: for tests, and where no folder can be written."""

    def __init__(self, ids: Sequence[str], vectors: Floats) -> None:
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True) if len(vectors) else np.ones((0, 1))
        self._ids = tuple(ids)
        self._vectors = np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
        self._places = {name: place for place, name in enumerate(self._ids)}

    def count(self) -> int:
        """How many vectors it holds."""
        return len(self._ids)

    def search(self, vector: Floats, limit: int) -> list[tuple[str, float]]:
        """The nearest, best first, by cosine."""
        length = float(np.linalg.norm(vector))
        if limit < 1 or not length or not self._ids:
            return []
        near = self._vectors @ (vector / length)
        best = np.argsort(-near, kind="stable")[:limit]
        return [(self._ids[place], float(near[place])) for place in best]

    def vectors(self, ids: Sequence[str]) -> dict[str, Floats]:
        """The stored vectors of `ids`."""
        return {name: self._vectors[self._places[name]] for name in ids if name in self._places}

    def close(self) -> None:
        """Nothing to let go of."""


def _client(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever goes wrong inside Chroma becomes IndexUnusable.

    Everything is caught: over a damaged folder Chroma's own clean-up fails and hides the reason (AttributeError), and
    its Rust layer raises what it likes. The index can always be built anew.
    """
    try:
        yield
    except IndexUnusable:
        raise
    except Exception as error:
        raise IndexUnusable(f"検索の索引を読み書きできません（{type(error).__name__}）。{REBUILD}") from error
