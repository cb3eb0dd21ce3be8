"""The Japanese word vectors (chiVe) inside the installed ja_ginza package, read without loading its pipeline.

The package keeps 20,000 vectors of 300 numbers and 480,000 words, each pointing at one of them, in order of
frequency. Words are Sudachi's normalized forms. The package names words by spaCy's hash, so the first reading
imports spaCy for its hash function (3 to 5 seconds); the words in order are then kept in the data folder, and every
later start takes a third of a second.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Mapping

import numpy as np

from assistant.errors import SettingsError
from assistant.retrieve.ports import Floats, Ints, TokenVectors
from assistant.text.folding import fold
from assistant.text.morphemes import tokenize

# Raise when the way from text to words changes: vectors made before no longer fit those made after.
NORMALISER_VERSION = 1

# What a word tells is in these; particles, auxiliaries and symbols carry no content.
_CONTENT = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞", "接頭辞", "接尾辞", "代名詞"})
# Smooth inverse frequency (Arora et al. 2017): a / (a + p(word)); p by Zipf's law from the rank of the word.
_SIF_A = 1e-3
_EULER = 0.577


@dataclass(frozen=True)
class WordVectors:
    """`words` in order of frequency; `rows[i]` is the row of `matrix` (unit length, float32) for word i."""

    words: tuple[str, ...]
    rows: Ints
    matrix: Floats
    digest: str

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Rank of each word."""
        return {word: rank for rank, word in enumerate(self.words)}

    @cached_property
    def weights(self) -> Floats:
        """SIF weight of each word, 0–1, by its rank; the first ranks are particles, hence the shift."""
        ranks = np.arange(len(self.words), dtype=np.float64)
        probability = 1 / ((np.log(len(self.words)) + _EULER) * (ranks + 3))
        return (_SIF_A / (_SIF_A + probability)).astype(np.float32)

    @cached_property
    def unit(self) -> Floats:
        """`matrix` with rows of unit length."""
        lengths = np.linalg.norm(self.matrix, axis=1, keepdims=True)
        return np.asarray(self.matrix / np.maximum(lengths, 1e-9), dtype=np.float32)

    def ranks(self, text: str) -> Ints:
        """Ranks of the known content words of `text`, in order, repetitions kept."""
        found: list[int] = []
        for word in tokenize(fold(text).text):
            if word.part_of_speech[0] not in _CONTENT:
                continue
            rank = self.index.get(word.normalized_form, self.index.get(word.surface))
            if rank is not None:
                found.append(rank)
        return np.asarray(found, dtype=np.int64)

    def sentence_vector(self, text: str) -> Floats:
        """Weighted sum of the words' vectors, of unit length; zeros when no word is known. Shape (300,)."""
        ranks = self.ranks(text)
        total = self.weights[ranks] @ self.matrix[self.rows[ranks]]
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12), dtype=np.float32)

    def token_vectors(self, text: str) -> TokenVectors:
        """The known content words of `text` for max-sim. Many rare words share a row; then they share an id."""
        ranks = self.ranks(text)
        rows = self.rows[ranks]
        return TokenVectors(ids=rows, vectors=self.unit[rows], weights=self.weights[ranks])


def read_word_vectors(cache_dir: Path | None = None) -> WordVectors:
    """The vectors of the installed ja_ginza. `cache_dir`: where the words may be kept for the next start.

    Raises SettingsError when the package is not installed.
    """
    folder = _vocab_folder()
    digest = _digest(folder)
    matrix = np.load(folder / "vectors")
    kept = cache_dir / f"words-{digest[:16]}.npz" if cache_dir else None
    words_rows = _read_kept(kept) or _read_package(folder)
    if kept is not None and not kept.exists():
        _keep(kept, *words_rows)
    words, rows = words_rows
    return WordVectors(words=words, rows=rows, matrix=np.asarray(matrix, dtype=np.float32), digest=digest)


def _vocab_folder() -> Path:
    spec = find_spec("ja_ginza")
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        for folder in sorted(Path(place).glob("ja_ginza-*/vocab")):
            return folder
    raise SettingsError(
        "同梱の単語ベクトル（ja_ginza）が見つかりません。インストールし直すか、"
        "OSUMITSUKI_EMBEDDER に埋め込みモデルのフォルダを指定してください。"
    )


def _digest(folder: Path) -> str:
    """Hash of the vectors, of the order of the words, and of the dictionary that cuts text into them."""
    digest = hashlib.sha256()
    for name in ("vectors", "key2row"):
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    try:
        digest.update(version("sudachidict_core").encode())
    except PackageNotFoundError:
        digest.update(b"unknown dictionary")
    return digest.hexdigest()


def _read_package(folder: Path) -> tuple[tuple[str, ...], Ints]:
    import srsly
    from spacy.strings import hash_string

    key_to_row: Mapping[int, int] = srsly.msgpack_loads((folder / "key2row").read_bytes())
    strings: list[str] = json.loads((folder / "strings.json").read_text(encoding="utf-8"))
    named = {hash_string(string): string for string in strings}
    pairs = [(named[key], row) for key, row in key_to_row.items() if key in named]
    return tuple(word for word, _ in pairs), np.asarray([row for _, row in pairs], dtype=np.int64)


def _read_kept(path: Path | None) -> tuple[tuple[str, ...], Ints] | None:
    if path is None or not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as kept:
            words = tuple(kept["words"].tobytes().decode("utf-8").split("\0"))
            rows = kept["rows"].astype(np.int64)
    except (OSError, ValueError, KeyError, EOFError):
        return None  # cut off or foreign: the package is read again
    return (words, rows) if len(words) == len(rows) else None


def _keep(path: Path, words: tuple[str, ...], rows: Ints) -> None:
    """Written beside and renamed, so that nobody reads half a file. A folder that can't be written costs time only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            joined = np.frombuffer("\0".join(words).encode("utf-8"), dtype=np.uint8)
            np.savez(file, words=joined, rows=rows.astype(np.int32))
        os.replace(temporary, path)
    except OSError:
        return
