"""Train the labeller on the worked passages and write its weights: `python -m training.train`.

python -m training.train --hold 6            train on 5/6 of the passages, say how it does on the rest
python -m training.train --out assistant/liken/weights.safetensors     train on all of them and write the weights
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import pickle
import random
import sys
import time
import zlib
from collections import Counter
from collections.abc import Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor

from assistant.adapters.embedder_words import read_word_vectors
from assistant.domain.finding import Decision
from assistant.domain.provision import Head
from assistant.liken.alphabet import ALL_HEADS, DECISIONS, DISCLOSE, FINGERPRINT, HEADS
from assistant.liken.features import RULED_DECISION, Floats
from assistant.liken.likener import LEAST
from assistant.liken.network import Network
from assistant.settings import read_settings
from assistant.wiring import build
from training.net import Batch, Net
from training.rows import Example, examples
from training.worked import PASSAGES, all_worked

SIZE = 12  # passages a step
_BOTH = 0.5  # of the passages are read with both detectors, the others with the first alone
_SHORT = 0.15  # of the passages are cut to a few lines, as staff paste them
_NUMBERS, _SHOWN = 48, 60  # of an example: numbers kept, letters shown


def held(identity: str, part: int) -> bool:
    """Whether a passage is held back: one in `part`, by a hash of its id."""
    return part > 0 and zlib.crc32(identity.encode()) % part == 0


def batch_of(chosen: Sequence[Example], both: Collection[int] = ()) -> Batch:
    """Pads `chosen` to one batch; those numbered in `both` as the two detectors together see them."""
    count, longest = len(chosen), max(len(one.columns) for one in chosen)
    forms = max([1, *(len(one.columns.forms) for one in chosen)])
    wide = max([1, *(len(rows) for one in chosen for rows in one.columns.forms)])
    width, traits, labels = (
        chosen[0].columns.ids.shape[1],
        chosen[0].columns.traits.shape[1],
        chosen[0].labels.shape[1],
    )
    rows, line, form, kinds = (np.zeros((count, longest), dtype=np.int64) for _ in range(4))
    mask, begins, weights = (np.zeros((count, longest), dtype=np.float32) for _ in range(3))
    ids = np.zeros((count, longest, width), dtype=np.int64)
    marks = np.zeros((count, longest, traits), dtype=np.float32)
    target = np.zeros((count, longest, labels), dtype=np.float32)
    table = np.full((count, forms, wide), -1, dtype=np.int64)
    for number, one in enumerate(chosen):
        size, columns = len(one.columns), one.both if number in both else one.columns
        rows[number, :size], ids[number, :size], marks[number, :size] = (
            columns.rows + 1,
            columns.ids,
            columns.traits,
        )
        line[number, :size] = np.unique(columns.line, return_inverse=True)[1]
        line[number, size:] = line[number, size - 1]
        form[number, :size], mask[number, :size] = columns.form + 1, 1
        target[number, :size], kinds[number, :size], begins[number, :size] = one.labels, one.kinds, one.begins
        weights[number, :size] = one.weights
        for place, read in enumerate(columns.forms):
            table[number, place, : len(read)] = np.asarray(read) + 1
    tensors = (
        torch.from_numpy(array)
        for array in (rows, ids, marks, line, form, table, mask, target, kinds, begins, weights)
    )
    names = ("rows", "ids", "traits", "line", "form", "forms", "mask", "labels", "kinds", "begins", "weights")
    return Batch(**dict(zip(names, tensors, strict=True)))


def loss_of(scores: tuple[Tensor, ...], batch: Batch) -> Tensor:
    """Cross entropy of labels, a part of that of kinds and beginnings, over real words by their weight."""
    label, kind, begin = scores
    by_label = -(batch.labels * torch.log_softmax(label, -1)).sum(-1)
    by_kind = torch.nn.functional.cross_entropy(kind.transpose(1, 2), batch.kinds, reduction="none")
    by_begin = torch.nn.functional.binary_cross_entropy_with_logits(begin, batch.begins, reduction="none")
    return ((by_label + 0.4 * by_kind + 0.2 * by_begin) * batch.weights).sum() / batch.weights.sum()


def shortened(example: Example, chance: random.Random) -> Example:
    """A few of its lines in a row, but no fewer words than are read at all."""
    line = example.columns.line
    lines = np.unique(line)
    first = chance.randrange(len(lines))
    last = min(first + chance.randint(0, 3), len(lines) - 1)
    start, end = np.searchsorted(line, lines[first]), np.searchsorted(line, lines[last], side="right")
    return example.cut(int(start), int(end)) if end - start >= LEAST else example


def train(data: Sequence[Example], matrix: Tensor, *, epochs: int, seed: int) -> Net:
    """One network; the same seed gives the same weights on the same machine."""
    torch.manual_seed(seed)
    shuffled = random.Random(seed)  # noqa: S311 - an order, not a secret
    net = Net(matrix)
    optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
    steps = epochs * ((len(data) + SIZE - 1) // SIZE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=2.5e-3, total_steps=steps, pct_start=0.15
    )
    order = list(data)
    for epoch in range(epochs):
        net.train()
        shuffled.shuffle(order)
        # Passages of like length together waste less padding; the groups come in any order.
        groups = [
            sorted(order[at : at + 20 * SIZE], key=lambda one: len(one.columns))
            for at in range(0, len(order), 20 * SIZE)
        ]
        batches = [group[at : at + SIZE] for group in groups for at in range(0, len(group), SIZE)]
        shuffled.shuffle(batches)
        started, total = time.monotonic(), 0.0
        for whole in batches:
            chosen = [shortened(one, shuffled) if shuffled.random() < _SHORT else one for one in whole]
            batch = batch_of(chosen, [place for place in range(len(chosen)) if shuffled.random() < _BOTH])
            loss = loss_of(net(batch, hide_words=0.12, hide_rules=0.12), batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(
            f"seed {seed} epoch {epoch + 1}: loss {total / len(batches):.3f}, {time.monotonic() - started:.0f} s",
            flush=True,
        )
    return net.eval()


def _trained(data: Sequence[Example], epochs: int, seed: int) -> dict[str, Tensor]:
    torch.set_num_threads(1)
    matrix = torch.from_numpy(read_word_vectors().matrix)
    return dict(train(data, matrix, epochs=epochs, seed=seed).state_dict())


def train_all(data: Sequence[Example], matrix: Tensor, *, epochs: int, seeds: int) -> list[Net]:
    """A network a seed, each in a process of its own with one thread: two such are faster than two threads on one."""
    workers = min(seeds, os.cpu_count() or 1)
    nets = []
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for weights in pool.map(_trained, repeat(data), repeat(epochs), range(seeds)):
            net = Net(matrix)
            net.load_state_dict(weights)
            nets.append(net.eval())
    return nets


def told(nets: Sequence[Net], data: Sequence[Example]) -> str:
    """How the networks' mean does on held-back passages: by marks, the shares that matter."""
    count: Counter[str] = Counter()
    with torch.no_grad():
        for one in data:
            batch = batch_of([one])
            scores = [net(batch) for net in nets]
            shares = torch.stack([torch.softmax(score[0][0], -1) for score in scores]).mean(0).numpy()
            withheld, asked = shares[:, 2 + len(HEADS) :].sum(1), shares[:, 2 : 2 + len(HEADS)].sum(1)
            open_ = shares[:, : DISCLOSE + 1].sum(1)
            decided = np.stack([open_, asked, withheld]).argmax(0)
            for mark in one.worked.marks:
                spans = one.columns.spans
                inside = np.flatnonzero((spans[:, 0] < mark.end) & (spans[:, 1] > mark.start))
                told_by = [i for i in inside if one.worked.text[spans[i][0] : spans[i][1]].strip()]
                got = decided[told_by]
                count[mark.decision] += 1
                if mark.decision == "withhold":
                    count["flagged"] += bool((got > 0).all())
                    count["withheld"] += bool((got == 2).mean() >= 0.8)
                elif mark.decision == "depends":
                    count["asked"] += bool((got == 1).mean() >= 0.8)
                else:
                    count["over"] += bool((got == 2).any())
                    count["load"] += bool((got == 1).any() and not (got == 2).any())
    w, a, d = (max(count[name], 1) for name in ("withhold", "depends", "disclose"))
    return (
        f"flagged {count['flagged'] / w:.3f} withheld {count['withheld'] / w:.3f} of {w}; asked {count['asked'] / a:.3f} of {a}; "
        f"over-redacted {count['over'] / d:.3f} ask load {count['load'] / d:.3f} of {d}"
    )


def prepared(folder: Path, cache: Path | None) -> list[Example]:
    """All examples, from the cache where the worked passages have not changed."""
    if cache and cache.exists():
        return list(pickle.loads(cache.read_bytes()))  # noqa: S301
    assistant = build(read_settings(ner="off"))
    data = list(examples(all_worked(folder), assistant, read_word_vectors()))
    if cache:
        cache.write_bytes(pickle.dumps(data))
    return data


def main() -> int:
    """Train, tell, and write where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--hold", type=int, default=0, help="hold back one passage in so many")
    parser.add_argument("--passages", type=Path, default=PASSAGES)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--cache", type=Path, help="keep what detection gave, for trials")
    given = parser.parse_args()
    started = time.monotonic()
    data = prepared(given.passages, given.cache)
    print(
        f"{len(data)} passages, {sum(len(one.columns) for one in data)} words, {time.monotonic() - started:.0f} s"
    )
    back = [one for one in data if held(one.worked.id, given.hold)]
    kept = [one for one in data if not held(one.worked.id, given.hold)]
    matrix = torch.from_numpy(read_word_vectors().matrix)
    nets = train_all(kept, matrix, epochs=given.epochs, seeds=given.seeds)
    if back:
        for count in range(1, len(nets) + 1):
            print(f"{count}: {told(nets[:count], back)}", flush=True)
    if given.out:
        write(nets, given.out)
        weights = {name: value.numpy() for name, value in nets[0].exported().items()}
        write_shelf(Network(weights, matrix.numpy()), kept, given.out.with_name("examples.safetensors"))
    return 0


def write(nets: Sequence[Net], path: Path) -> None:
    """All networks into one file of 16-bit numbers."""
    tensors = {
        f"{number}.{name}": value.numpy().astype(np.float16)
        for number, net in enumerate(nets)
        for name, value in net.exported().items()
    }
    save_file(tensors, path, metadata={"alphabet": FINGERPRINT, "networks": str(len(nets))})


def _closed_by_rules(example: Example, word: int) -> Head | None:
    """The head under which the rules closed the place or asked about it; None where they did not."""
    decision, head = example.columns.ids[word, RULED_DECISION : RULED_DECISION + 2].tolist()
    closed = decision > 0 and DECISIONS[decision - 1] is not Decision.DISCLOSE
    return ALL_HEADS[head - 1] if closed and head else None


def write_shelf(network: Network, data: Sequence[Example], path: Path) -> None:
    """Every piece withheld or asked about, as the first network sees it: 48 numbers of 8 bits, and its words.

    And every open piece of which the rules said otherwise: these are what speaks against the rules.
    """
    seen: list[Floats] = []
    rows: list[dict[str, str]] = []
    for one in data:
        hidden = network.read(one.columns).hidden
        for mark in one.worked.marks:
            spans = one.columns.spans
            inside = np.flatnonzero((spans[:, 0] < mark.end) & (spans[:, 1] > mark.start))
            if not len(inside):
                continue
            head = (
                _closed_by_rules(one, int(inside[0])) if mark.decision == "disclose" else Head(mark.heads[0])
            )
            if head is None:
                continue
            seen.append(hidden[inside].mean(axis=0))
            decision = "ask" if mark.decision == "depends" else mark.decision
            row = {"id": one.worked.id, "doc_type": one.worked.doc_type, "text": mark.text[:_SHOWN]}
            rows.append({**row, "decision": decision, "head": str(head)})
    vectors = np.asarray(seen, dtype=np.float32)
    project = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)[2][:_NUMBERS].T
    short = vectors @ project
    scaled = np.round(short / np.abs(short).max(axis=1, keepdims=True) * 127).astype(np.int8)
    tensors = {"project": np.ascontiguousarray(project, dtype=np.float32), "vectors": scaled}
    about = {"alphabet": FINGERPRINT, "examples": json.dumps(rows, ensure_ascii=False)}
    save_file(tensors, path, metadata=about)


if __name__ == "__main__":
    sys.exit(main())
