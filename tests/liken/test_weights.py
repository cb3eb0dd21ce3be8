"""The weights that ship fit this version; others are refused with what to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from assistant.errors import DataFileError
from assistant.liken.alphabet import FINGERPRINT
from assistant.liken.features import ID_SIZES
from assistant.liken.network import ID_WIDTHS
from assistant.liken.weights import FILE, read_weights


def test_what_ships_fits_and_is_small() -> None:
    networks = read_weights()
    assert networks
    for weights in networks:
        assert all(np.isfinite(value).all() for value in weights.values())
        for number, shape in enumerate(zip(ID_SIZES, ID_WIDTHS, strict=True)):
            assert weights[f"id{number}"].shape == shape
    assert FILE.stat().st_size < 10_000_000


@pytest.mark.parametrize("damage", ["missing", "cut", "empty", "other"])
def test_others_are_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "weights.safetensors"
    tensors = {"0.unknown": np.zeros(3, np.float16)}
    if damage == "cut":
        path.write_bytes(FILE.read_bytes()[:5000])
    elif damage == "empty":
        save_file({}, path, metadata={"alphabet": FINGERPRINT, "networks": "0"})
    elif damage == "other":
        save_file(tensors, path, metadata={"alphabet": "0" * 16, "networks": "1"})
    with pytest.raises(DataFileError, match="training"):
        read_weights(path)
