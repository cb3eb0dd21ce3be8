"""The labeller's network, forward only, in NumPy: word rows in, probabilities out.

A word's row is embedded, read with its neighbours by five dilated convolutions (up to 31 words to either side), set
against every other word of its window by attention (Vaswani et al. 2017) after the last two of them, and seen together
with its line and its page. `training/net.py` is the same network in PyTorch, which trains it; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.liken.features import ID_SIZES, Columns, Floats, Ints

DILATIONS = (1, 2, 4, 8, 16)
ATTENTIONS, ATTENDING = 2, 4
"""Attention follows so many of the last convolutions, with so many heads."""
ID_WIDTHS = (32, 12, 12, 12, 12, 6, 4, 4, 4, 4, 16, 16, 16, 6, 6)
WORD, WIDTH, PAGE, HIDDEN, TRAIT = 64, 128, 64, 128, 12
assert len(ID_WIDTHS) == len(ID_SIZES)

_EPSILON = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the network says: each array has one row a word. Probabilities of labels and kinds, of a span's beginning.

    `hidden`: what the probabilities were read from, of unit length, by which like places are found.
    """

    labels: Floats
    kinds: Floats
    begins: Floats
    hidden: Floats


class Network:
    """One trained network. `words`: its projection of the word vectors, shape (rows, WORD)."""

    def __init__(self, weights: Mapping[str, Floats], matrix: Floats) -> None:
        self._w = {name: np.asarray(value, dtype=np.float32) for name, value in weights.items()}
        self._words = np.concatenate([self._w["unknown"][None], matrix @ self._w["project"]], axis=0)

    def read(self, columns: Columns) -> Read:
        """Reads one page or window of it."""
        if not len(columns):
            empty = np.zeros((0, 1), dtype=np.float32)
            return Read(labels=empty, kinds=empty, begins=empty[:, 0], hidden=empty)
        w = self._w
        h = np.maximum(self._embedded(columns) @ w["in.weight"] + w["in.bias"], 0)
        for number, dilation in enumerate(DILATIONS):
            read: Floats = np.maximum(
                _convolved(h, w[f"conv{number}.weight"], w[f"conv{number}.bias"], dilation), 0
            )
            h = _normed(h + read, w[f"norm{number}.weight"], w[f"norm{number}.bias"])
            if f"ask{number}.weight" in w:
                h = self._attended(h, number)
        page = np.concatenate([h.mean(axis=0), h.max(axis=0)])
        page = np.maximum(page @ w["page.weight"] + w["page.bias"], 0)
        around = np.broadcast_to(page, (len(h), PAGE))
        joined = np.concatenate([h, _line_means(h, columns.line), around], axis=1)
        z = np.maximum(joined @ w["hidden.weight"] + w["hidden.bias"], 0)
        return Read(
            labels=_softmax(z @ w["label.weight"] + w["label.bias"]),
            kinds=_softmax(z @ w["kind.weight"] + w["kind.bias"]),
            begins=1 / (1 + np.exp(-(z @ w["begin.weight"] + w["begin.bias"])[:, 0])),
            hidden=z / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-6),
        )

    def _attended(self, h: Floats, number: int) -> Floats:
        w = self._w
        asked = (h @ w[f"ask{number}.weight"] + w[f"ask{number}.bias"]).reshape(len(h), 3, ATTENDING, -1)
        query, key, value = asked.transpose(1, 2, 0, 3)  # each (heads, n, size)
        shares = _softmax(query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1])))
        heard = (shares @ value).transpose(1, 0, 2).reshape(len(h), -1)
        out = h + heard @ w[f"told{number}.weight"] + w[f"told{number}.bias"]
        return _normed(
            np.asarray(out, dtype=np.float32), w[f"heard{number}.weight"], w[f"heard{number}.bias"]
        )

    def _embedded(self, columns: Columns) -> Floats:
        words = self._words[columns.rows + 1]
        parts = [words, _line_means(words, columns.line), np.broadcast_to(words.mean(axis=0), words.shape)]
        parts.append(self._form_means(columns.form, columns.forms))
        parts += [self._w[f"id{number}"][columns.ids[:, number]] for number in range(len(ID_SIZES))]
        parts.append(columns.traits @ self._w["traits"])
        return np.concatenate(parts, axis=1)

    def _form_means(self, form: Ints, forms: Sequence[Sequence[int]]) -> Floats:
        means = np.zeros((len(forms) + 1, WORD), dtype=np.float32)
        for number, rows in enumerate(forms, 1):
            if rows:
                means[number] = self._words[np.asarray(rows) + 1].mean(axis=0)
        return means[form + 1]


def _line_means(values: Floats, line: Ints) -> Floats:
    """For each word the mean over its line; the words of a line follow one another."""
    starts = np.flatnonzero(np.diff(line, prepend=line[0] - 1))
    sizes = np.diff(starts, append=len(line))
    means = np.add.reduceat(values, starts, axis=0) / sizes[:, None]
    return np.asarray(np.repeat(means, sizes, axis=0), dtype=np.float32)


def _convolved(h: Floats, weight: Floats, bias: Floats, dilation: int) -> Floats:
    """`weight`: (3, in, out) for the word `dilation` before, the word, and the one after."""
    out: Floats = h @ weight[1] + bias
    if dilation < len(h):
        out[dilation:] += h[:-dilation] @ weight[0]
        out[:-dilation] += h[dilation:] @ weight[2]
    return out


def _normed(h: Floats, weight: Floats, bias: Floats) -> Floats:
    centred = h - h.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + _EPSILON)
    return np.asarray(centred / spread * weight + bias, dtype=np.float32)


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
