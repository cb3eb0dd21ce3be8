"""An embedder of eight lines for index tests, and a writer to be run, and killed, as a process of its own."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.adapters.index import Wanted, ensure_wanted
from assistant.errors import OsumitsukiError
from assistant.retrieve.ports import Floats, TokenVectors


class HashEmbedder:
    """A vector from the hash of the text: the same everywhere, near to nothing else. `pause`: seconds a batch."""

    def __init__(self, name: str = "hash-8", pause: float = 0.0) -> None:
        self.id = name
        self.dimension = 8
        self.pause = pause
        self.encoded = 0

    def encode_documents(self, texts: Sequence[str]) -> Floats:
        time.sleep(self.pause)
        self.encoded += len(texts)
        return np.stack([_vector(text) for text in texts]) if texts else np.zeros((0, 8), np.float32)

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        return np.stack([_vector(text) for text in texts])

    def token_vectors(self, text: str) -> TokenVectors:
        return TokenVectors(
            ids=np.zeros(0, np.int64), vectors=np.zeros((0, 8), np.float32), weights=np.zeros(0, np.float32)
        )


def _vector(text: str) -> Floats:
    if not text:
        return np.zeros(8, np.float32)
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
    vector = np.random.default_rng(seed).standard_normal(8)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def wanted(count: int = 600, fingerprint: str = "f1") -> Wanted:
    ids = tuple(f"handbook:7-2-ex{number}" for number in range(count))
    return Wanted(city="mihon", fingerprint=fingerprint, ids=ids, texts=tuple(f"例{each}" for each in ids))


def say(done: int, total: int, message: str) -> None:
    print(f"{done}/{total} {message}", flush=True)


def keep_files_small(largest: int) -> None:
    """As on a full disk: writing beyond `largest` bytes fails."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))


if __name__ == "__main__":
    data_dir, pause, count = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    if int(sys.argv[4]):
        keep_files_small(int(sys.argv[4]))
    try:
        opened = ensure_wanted(wanted(count), HashEmbedder(pause=pause), data_dir, progress=say)
    except OsumitsukiError as error:
        print("refused", type(error).__name__, error, flush=True)
    else:
        print("opened", opened.id, opened.vectors.count(), flush=True)
