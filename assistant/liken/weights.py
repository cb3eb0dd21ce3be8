"""The trained weights as they ship: one file of 16-bit numbers for all networks, refused when it does not fit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from assistant.errors import DataFileError
from assistant.liken.alphabet import FINGERPRINT
from assistant.liken.features import Floats

FILE = Path(__file__).with_name("weights.safetensors")
_TODO = "python -m training.train で作り直してください。"


def read_weights(path: Path = FILE) -> tuple[dict[str, Floats], ...]:
    """The weights of each network by name. Raises DataFileError for a file that is missing, damaged or of another
    alphabet (the kinds and heads it was trained on are no longer ours)."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            about = file.metadata() or {}
            tensors = {name: np.asarray(file.get_tensor(name), dtype=np.float32) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, json.JSONDecodeError) as error:
        raise DataFileError(path, "作業例から学んだ重みを読めません。", todo=_TODO) from error
    if about.get("alphabet") != FINGERPRINT:
        raise DataFileError(path, "作業例から学んだ重みが、この版の種別と合いません。", todo=_TODO)
    networks = []
    for number in range(int(about.get("networks", "0"))):
        prefix = f"{number}."
        networks.append(
            {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
        )
    if not networks:
        raise DataFileError(path, "作業例から学んだ重みが空です。", todo=_TODO)
    return tuple(networks)
