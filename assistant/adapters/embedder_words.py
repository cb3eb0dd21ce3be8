"""The Japanese word vectors (chiVe) inside the installed ja_ginza package, read without loading its pipeline.

The package keeps 20,000 vectors of 300 numbers and 480,000 words, each pointing at one of them, in order of
frequency. Words are Sudachi's normalized forms. Reading takes about a second; nothing else of the package is used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from assistant.adapters.embedder_hash import string_hashes
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
        return np.asarray(_SIF_A / (_SIF_A + probability), dtype=np.float32)

    @cached_property
    def unit(self) -> Floats:
        """`matrix` with rows of unit length."""
        lengths = np.linalg.norm(self.matrix, axis=1, keepdims=True)
        return np.asarray(self.matrix / np.maximum(lengths, 1e-9), dtype=np.float32)

    def row(self, normalized_form: str, surface: str) -> int:
        """Row of a word's vector, −1 when the word is not known."""
        rank = self.index.get(normalized_form, self.index.get(surface))
        return -1 if rank is None else int(self.rows[rank])

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


@cache
def read_word_vectors() -> WordVectors:
    """The vectors of the installed ja_ginza, read once a process (100 MB, shared by all who need them). Raises SettingsError when the package is not installed."""
    folder = _vocab_folder()
    words, rows = _words_and_rows(folder)
    matrix = np.asarray(np.load(folder / "vectors"), dtype=np.float32)
    return WordVectors(words=words, rows=rows, matrix=matrix, digest=_digest(folder))


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


def _words_and_rows(folder: Path) -> tuple[tuple[str, ...], Ints]:
    """The words in order of frequency with their rows. The table knows them by hash, `strings.json` by spelling."""
    import srsly  # type: ignore[import-untyped]

    table: Mapping[int, int] = srsly.msgpack_loads((folder / "key2row").read_bytes())
    keys = np.fromiter(table.keys(), dtype=np.uint64, count=len(table))
    rows = np.fromiter(table.values(), dtype=np.int64, count=len(table))
    strings: list[str] = json.loads((folder / "strings.json").read_text(encoding="utf-8"))
    hashes = string_hashes(strings)
    order = np.argsort(hashes)
    places = np.minimum(np.searchsorted(hashes[order], keys), len(hashes) - 1)
    spelt = hashes[order][places] == keys
    return tuple(strings[place] for place in order[places][spelt]), rows[spelt]
