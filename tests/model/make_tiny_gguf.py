"""Writes a llama of random weights with a vocabulary of bytes: half a megabyte, nothing downloaded, noise for answers.

python make_tiny_gguf.py tiny.gguf
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

WIDTH, HEADS, LAYERS, INNER, CONTEXT = 64, 4, 2, 128, 32_768
PIECES = [chr(code) for code in range(33, 127)] + list(
    "▁のはをにがと、。第条号個人情報開示文書規則資料引用回答"
)
TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant: "


def make(path: Path) -> None:
    """Needs the packages gguf and numpy (extra `llama`)."""
    import gguf
    import numpy as np

    tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{byte:02X}>".encode() for byte in range(256))]
    kinds = [
        gguf.TokenType.UNKNOWN,
        gguf.TokenType.CONTROL,
        gguf.TokenType.CONTROL,
        *[gguf.TokenType.BYTE] * 256,
    ]
    scores = [0.0] * len(tokens) + [-1.0] * len(PIECES)
    tokens += [piece.encode() for piece in PIECES]
    kinds += [gguf.TokenType.NORMAL] * len(PIECES)

    out = gguf.GGUFWriter(str(path), "llama")
    out.add_name("tiny-random")
    out.add_context_length(CONTEXT)
    out.add_embedding_length(WIDTH)
    out.add_block_count(LAYERS)
    out.add_feed_forward_length(INNER)
    out.add_head_count(HEADS)
    out.add_head_count_kv(HEADS)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_rope_dimension_count(WIDTH // HEADS)
    out.add_vocab_size(len(tokens))
    out.add_file_type(gguf.LlamaFileType.ALL_F32)
    out.add_tokenizer_model("llama")
    out.add_token_list(tokens)
    out.add_token_types(kinds)
    out.add_token_scores(scores)
    out.add_bos_token_id(1)
    out.add_eos_token_id(2)
    out.add_unk_token_id(0)
    out.add_add_bos_token(True)
    out.add_add_space_prefix(False)
    out.add_chat_template(TEMPLATE)

    random = np.random.default_rng(20_260_401)

    def noise(*shape: int) -> Any:
        return (random.standard_normal(shape) * 0.05).astype(np.float32)

    out.add_tensor("token_embd.weight", noise(len(tokens), WIDTH))
    out.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    out.add_tensor("output.weight", noise(len(tokens), WIDTH))
    for layer in range(LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            out.add_tensor(f"blk.{layer}.{name}.weight", np.ones(WIDTH, np.float32))
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            out.add_tensor(f"blk.{layer}.{name}.weight", noise(WIDTH, WIDTH))
        out.add_tensor(f"blk.{layer}.ffn_gate.weight", noise(INNER, WIDTH))
        out.add_tensor(f"blk.{layer}.ffn_up.weight", noise(INNER, WIDTH))
        out.add_tensor(f"blk.{layer}.ffn_down.weight", noise(WIDTH, INNER))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
