"""The 64-bit hash by which spaCy names strings (MurmurHash64A, seed 1), over many strings at once.

spaCy's own would mean importing spaCy and torch, three to five seconds, to read a table of words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_M = np.uint64(0xC6A4A7935BD1E995)
_R = np.uint64(47)
_SEED = np.uint64(1)


def string_hashes(strings: Sequence[str]) -> NDArray[np.uint64]:
    """One hash a string, shape (len(strings),); the empty string is 0, as in spaCy."""
    encoded = [string.encode("utf-8") for string in strings]
    lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
    hashes = np.zeros(len(encoded), dtype=np.uint64)
    for length in np.unique(lengths):
        if length:
            places = np.flatnonzero(lengths == length)
            hashes[places] = _of_length([encoded[place] for place in places], int(length))
    return hashes


def _of_length(encoded: list[bytes], length: int) -> NDArray[np.uint64]:
    """Strings of one length in bytes; whole words of eight bytes first, then the rest, zero-padded."""
    padded = np.zeros((len(encoded), -(-length // 8) * 8), dtype=np.uint8)
    padded[:, :length] = np.frombuffer(b"".join(encoded), dtype=np.uint8).reshape(-1, length)
    words = padded.view("<u8").astype(np.uint64)
    hashes = np.full(len(encoded), length, dtype=np.uint64) * _M ^ _SEED
    for place in range(length // 8):
        word = words[:, place] * _M
        word ^= word >> _R
        hashes = (hashes ^ word * _M) * _M
    if length % 8:
        hashes = (hashes ^ words[:, -1]) * _M
    hashes = (hashes ^ hashes >> _R) * _M
    return np.asarray(hashes ^ hashes >> _R, dtype=np.uint64)
