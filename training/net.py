"""The network of `assistant/liken/network.py` in PyTorch, with dropout, for training. Weights have the same names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from assistant.domain.entity import Trait
from assistant.liken.alphabet import KINDS, LABELS
from assistant.liken.features import FIRST_OF_RULES, ID_SIZES
from assistant.liken.network import (
    ATTENDING,
    ATTENTIONS,
    DILATIONS,
    HIDDEN,
    ID_WIDTHS,
    PAGE,
    TRAIT,
    WIDTH,
    WORD,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Padded pages: B pages of at most N words, L lines, F forms of at most W words. `mask` is 1 for real words."""

    rows: Tensor  # (B, N) row of the word vector + 1, 0 unknown
    ids: Tensor  # (B, N, IDS)
    traits: Tensor  # (B, N, T)
    line: Tensor  # (B, N) lines numbered from 0 without gaps
    form: Tensor  # (B, N) field + 1, 0 none
    forms: Tensor  # (B, F, W) rows + 1 of labels' words, −1 padding
    mask: Tensor  # (B, N)
    labels: Tensor  # (B, N, LABELS) target shares
    kinds: Tensor  # (B, N) 0 none
    begins: Tensor  # (B, N)
    weights: Tensor  # (B, N) how much each word counts, 0 for padding


class Attention(nn.Module):
    """Every word set against every other of its page, and added to itself."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.ask = nn.Linear(WIDTH, 3 * WIDTH)
        self.told = nn.Linear(WIDTH, WIDTH)
        self.heard = nn.LayerNorm(WIDTH)
        self.drop = nn.Dropout(dropout)

    def forward(self, h: Tensor, mask: Tensor) -> Tensor:
        """`h` (B, N, WIDTH); `mask` (B, N)."""
        count, words, _ = h.shape
        query, key, value = self.ask(h).view(count, words, 3, ATTENDING, -1).permute(2, 0, 3, 1, 4)
        heard = nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=(mask > 0).view(count, 1, 1, words)
        )
        told = self.told(heard.transpose(1, 2).reshape(count, words, WIDTH))
        return cast("Tensor", self.heard(h + self.drop(told)))


class Net(nn.Module):
    """`matrix`: word vectors, fixed, shape (rows, 300)."""

    def __init__(self, matrix: Tensor, dropout: float = 0.15) -> None:
        super().__init__()
        self.register_buffer("matrix", matrix, persistent=False)
        self.unknown = nn.Parameter(torch.zeros(WORD))
        self.project = nn.Parameter(torch.randn(matrix.shape[1], WORD) / matrix.shape[1] ** 0.5 * 3)
        self.ids = nn.ModuleList(
            nn.Embedding(size, width) for size, width in zip(ID_SIZES, ID_WIDTHS, strict=True)
        )
        for table in self.ids:
            nn.init.normal_(table.weight, std=0.3)  # type: ignore[arg-type]
        self.traits = nn.Parameter(torch.randn(len(Trait), TRAIT) * 0.3)
        self.first = nn.Linear(4 * WORD + sum(ID_WIDTHS) + TRAIT, WIDTH)
        self.convs = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, 3, dilation=step, padding=step) for step in DILATIONS
        )
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.attentions = nn.ModuleList(Attention(dropout) for _ in range(ATTENTIONS))
        self.page = nn.Linear(2 * WIDTH, PAGE)
        self.hidden = nn.Linear(2 * WIDTH + PAGE, HIDDEN)
        self.label = nn.Linear(HIDDEN, LABELS)
        self.kind = nn.Linear(HIDDEN, len(KINDS) + 1)
        self.begin = nn.Linear(HIDDEN, 1)
        self.drop = nn.Dropout(dropout)

    def forward(
        self, batch: Batch, *, hide_words: float = 0.0, hide_rules: float = 0.0
    ) -> tuple[Tensor, ...]:
        """Scores of labels, kinds, beginnings. `hide_words`, `hide_rules`: shares hidden in training."""
        mask = batch.mask.unsqueeze(-1)
        h = self.drop(torch.relu(self.first(self._embedded(batch, hide_words, hide_rules)))) * mask
        for number, (conv, norm) in enumerate(
            zip(self.convs, self.norms, strict=True), ATTENTIONS - len(DILATIONS)
        ):
            read = torch.relu(conv(h.transpose(1, 2)).transpose(1, 2))
            h = norm(h + self.drop(read)) * mask
            if number >= 0:
                h = self.attentions[number](h, batch.mask) * mask
        mean = h.sum(1) / mask.sum(1)
        top = (h - 1e4 * (1 - mask)).max(1).values
        page = torch.relu(self.page(torch.cat([mean, top], -1))).unsqueeze(1).expand(-1, h.shape[1], -1)
        z = torch.relu(self.hidden(self.drop(torch.cat([h, _line_means(h, batch), page], -1))))
        z = self.drop(z)
        return self.label(z), self.kind(z), self.begin(z).squeeze(-1)

    def _embedded(self, batch: Batch, hide_words: float, hide_rules: float) -> Tensor:
        rows, ids, traits = batch.rows, batch.ids, batch.traits
        table, rows, forms = self._table(rows, batch.forms)
        if hide_words:
            hidden = (torch.rand(rows.shape) < hide_words) & (batch.mask > 0)
            rows = rows.masked_fill(hidden, 0)
            ids = ids.clone()
            unseen = torch.rand(rows.shape) < hide_words
            for column in range(3):
                ids[..., column] = ids[..., column].masked_fill(unseen, 0)
        if hide_rules:
            dropped = torch.rand(rows.shape[0], 1) < hide_rules
            line_dropped = (torch.rand(rows.shape[0], int(batch.line.max()) + 1) < hide_rules).gather(
                1, batch.line
            )
            gone = (dropped | line_dropped).unsqueeze(-1)
            ids = torch.cat([ids[..., :FIRST_OF_RULES], ids[..., FIRST_OF_RULES:].masked_fill(gone, 0)], -1)
            traits = traits.masked_fill(gone, 0)
        mask = batch.mask.unsqueeze(-1)
        words = table[rows] * mask
        whole = (words.sum(1) / mask.sum(1)).unsqueeze(1).expand(-1, words.shape[1], -1)
        parts = [words, _line_means(words, batch), whole, self._form_means(table, forms, batch.form)]
        parts += [embedding(ids[..., number]) for number, embedding in enumerate(self.ids)]
        parts.append(traits @ self.traits)
        return torch.cat(parts, -1)

    @staticmethod
    def _form_means(table: Tensor, forms: Tensor, form: Tensor) -> Tensor:
        known = (forms >= 0).unsqueeze(-1)
        total = (table[forms.clamp(min=0)] * known).sum(2) / known.sum(2).clamp(min=1)
        total = torch.cat([torch.zeros_like(total[:, :1]), total], 1)
        return total.gather(1, form.unsqueeze(-1).expand(-1, -1, WORD))

    def _table(self, rows: Tensor, forms: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Projections of only those vectors a batch has, the unknown word first, and rows and forms into them."""
        used, places = torch.unique(
            torch.cat([rows.flatten(), forms.clamp(min=0).flatten()]), return_inverse=True
        )
        met = self.matrix[(used - 1).clamp(min=0)] @ self.project  # type: ignore[index]
        met = torch.where((used > 0).unsqueeze(-1), met, self.unknown)
        table = torch.cat([self.unknown.unsqueeze(0), met])
        at = places[: rows.numel()].view_as(rows) + 1
        of_forms = torch.where(forms >= 0, places[rows.numel() :].view_as(forms) + 1, forms)
        return table, at, of_forms

    def exported(self) -> dict[str, Tensor]:
        """Weights as `assistant/liken/network.py` names and shapes them."""
        named: dict[str, Tensor] = {"unknown": self.unknown, "project": self.project, "traits": self.traits}
        named |= {f"id{number}": cast("nn.Embedding", table).weight for number, table in enumerate(self.ids)}
        for number, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            named[f"conv{number}.weight"] = cast("Tensor", conv.weight).permute(2, 1, 0)
            named[f"conv{number}.bias"] = cast("Tensor", conv.bias)
            named[f"norm{number}.weight"] = cast("Tensor", norm.weight)
            named[f"norm{number}.bias"] = cast("Tensor", norm.bias)
        for number, block in enumerate(self.attentions, len(DILATIONS) - ATTENTIONS):
            for name, layer in block.named_children():
                if isinstance(layer, nn.Linear | nn.LayerNorm):
                    turned = layer.weight.T if isinstance(layer, nn.Linear) else layer.weight
                    named[f"{name}{number}.weight"], named[f"{name}{number}.bias"] = turned, layer.bias
        linear = {"in": self.first, "page": self.page, "hidden": self.hidden}
        linear |= {"label": self.label, "kind": self.kind, "begin": self.begin}
        for name, layer in linear.items():
            named[f"{name}.weight"], named[f"{name}.bias"] = layer.weight.T, layer.bias
        return {name: value.detach().contiguous() for name, value in named.items()}


def _line_means(values: Tensor, batch: Batch) -> Tensor:
    lines = int(batch.line.max()) + 1
    index = batch.line.unsqueeze(-1).expand(-1, -1, values.shape[-1])
    total = torch.zeros(values.shape[0], lines, values.shape[-1]).scatter_add(
        1, index, values * batch.mask.unsqueeze(-1)
    )
    count = torch.zeros(values.shape[0], lines).scatter_add(1, batch.line, batch.mask)
    return (total / count.clamp(min=1).unsqueeze(-1)).gather(1, index)
