"""Embedders: the bundled one, or any sentence-transformers model a city keeps on its own disk. Nothing is downloaded.

Both are built at first use and shared by all threads; building imports torch (3 to 5 seconds once a process).
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.adapters.embedder_words import NORMALISER_VERSION, WordVectors, read_word_vectors
from assistant.errors import SettingsError
from assistant.retrieve.ports import Embedder, Floats, TokenVectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED = "bundled"
_BATCH = 64
# Of each weight file, so much from either end goes into the model's id: a model of several gigabytes must not be
# read whole at every start. Size and name go in as well.
_SAMPLE = 1 << 20


def open_embedder(setting: str = BUNDLED) -> Embedder:
    """The embedder that OSUMITSUKI_EMBEDDER names: "bundled", a folder, or a hub name already on this disk.

    Raises SettingsError when it is not on this disk.
    """
    words = _Words()
    if setting in ("", BUNDLED):
        return BundledEmbedder(words)
    return FolderEmbedder(_folder_of(setting), words)


class _Words:
    """The bundled word vectors, read at first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._vectors: WordVectors | None = None

    def get(self) -> WordVectors:
        with self._lock:
            if self._vectors is None:
                self._vectors = read_word_vectors()
            return self._vectors


class _Model:
    """A SentenceTransformer made at first use; one thread encodes at a time (the tokenizers are not shared safely)."""

    def __init__(self, build: Callable[[], SentenceTransformer]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._model: SentenceTransformer | None = None

    def get(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                self._model = self._build()
            return self._model

    def encode(self, texts: Sequence[str], *, as_queries: bool) -> Floats:
        model = self.get()
        with self._lock:
            encode = model.encode_query if as_queries else model.encode_document
            vectors = encode(
                list(texts), batch_size=_BATCH, show_progress_bar=False, normalize_embeddings=True
            )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)


class BundledEmbedder:
    """chiVe word vectors out of ja_ginza: Sudachi normalized forms, SIF weights, 300 numbers a text.

    Documents go through the SentenceTransformer. A query is the same sum done in NumPy (a test holds the two equal):
    a search by command must not wait for torch.
    """

    def __init__(self, words: _Words) -> None:
        self._words = words
        self._model = _Model(self._build)

    def _build(self) -> SentenceTransformer:
        from assistant.adapters.embedder_module import build_sentence_transformer

        return build_sentence_transformer(self._words.get())

    @property
    def id(self) -> str:
        """Such as "chive-sif-1f2e3d4c5b6a-n1"."""
        return f"chive-sif-{self._words.get().digest[:12]}-n{NORMALISER_VERSION}"

    @property
    def dimension(self) -> int:
        """300."""
        return int(self._words.get().matrix.shape[1])

    def encode_documents(self, texts: Sequence[str]) -> Floats:
        """Shape (len(texts), 300)."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self._model.encode(texts, as_queries=False)

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        """Shape (len(texts), 300)."""
        words = self._words.get()
        vectors = [words.sentence_vector(text) for text in texts]
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)

    def token_vectors(self, text: str) -> TokenVectors:
        """The known content words, 300 numbers each."""
        return self._words.get().token_vectors(text)

    def as_sentence_transformer(self) -> SentenceTransformer:
        """The model itself, for whoever speaks sentence-transformers."""
        return self._model.get()


class FolderEmbedder:
    """A sentence-transformers model in a folder. Its own prompts are used; words for max-sim are the bundled ones."""

    def __init__(self, folder: Path, words: _Words) -> None:
        self._folder = folder
        self._words = words
        self._id = f"{_plain(folder.name)}-{_digest(folder)[:12]}-n{NORMALISER_VERSION}"
        self._model = _Model(self._build)

    def _build(self) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, ImportError, KeyError) as error:
            raise SettingsError(
                f"埋め込みモデルのフォルダ「{self._folder.name}」を読めません。sentence-transformers の形式で"
                "保存したフォルダを OSUMITSUKI_EMBEDDER に指定してください。"
            ) from error

    @property
    def id(self) -> str:
        """Folder name and hash of what is in it."""
        return self._id

    @property
    def dimension(self) -> int:
        """As the model says."""
        return int(self._model.get().get_embedding_dimension() or 0)

    def encode_documents(self, texts: Sequence[str]) -> Floats:
        """Shape (len(texts), dimension)."""
        return self._encode(texts, as_queries=False)

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        """Shape (len(texts), dimension)."""
        return self._encode(texts, as_queries=True)

    def _encode(self, texts: Sequence[str], *, as_queries: bool) -> Floats:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self._model.encode(texts, as_queries=as_queries)

    def token_vectors(self, text: str) -> TokenVectors:
        """The known content words in the bundled vectors."""
        return self._words.get().token_vectors(text)


def _folder_of(setting: str) -> Path:
    folder = Path(setting).expanduser()
    if folder.is_dir():
        return folder
    if re.fullmatch(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)?", setting):
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

        try:
            return Path(snapshot_download(setting, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError, HfHubHTTPError, OSError):
            pass
    raise SettingsError(
        f"OSUMITSUKI_EMBEDDER の「{setting}」がこの端末にありません。モデルのフォルダを指定するか、"
        f"「{BUNDLED}」にしてください（外部からの取得は行いません）。"
    )


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-.")[:40] or "model"


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}:{size};".encode())
        with path.open("rb") as file:
            digest.update(file.read(_SAMPLE))
            if size > 2 * _SAMPLE:
                file.seek(-_SAMPLE, 2)
            digest.update(file.read(_SAMPLE))
    return digest.hexdigest()
