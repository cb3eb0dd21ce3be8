"""Real addresses set into sentences of ours are found whole, and nothing beyond them (benchmarks/addresses.py)."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from assistant.detect.detector import Detector

FLOOR = 0.985  # all 1,500 in all sentences: 0.997 when this was written


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "addresses.py"
    spec = importlib.util.spec_from_file_location("benchmark_addresses", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_found_whole(benchmark: ModuleType, detector: Detector, shared_data: Path) -> None:
    path = shared_data / "addresses" / "addresses.csv"
    if not path.is_file():
        pytest.skip(f"{path.name} is not in ../shared/data")
    addresses = benchmark.sample(benchmark.read_addresses(path), 150, seed=20)
    whole, missed = benchmark.hits(detector, addresses)
    asked = len(addresses) * len(benchmark.CARRIERS)
    assert whole.total() >= FLOOR * asked, missed[:20]


def test_every_sentence_is_easy_once_the_address_is_read(
    benchmark: ModuleType, detector: Detector, shared_data: Path
) -> None:
    """No carrier may hide weakness behind the others."""
    path = shared_data / "addresses" / "addresses.csv"
    if not path.is_file():
        pytest.skip(f"{path.name} is not in ../shared/data")
    addresses = benchmark.sample(benchmark.read_addresses(path), 150, seed=21)
    whole, _ = benchmark.hits(detector, addresses)
    assert min(whole[name] for name in benchmark.CARRIERS) >= 0.96 * len(addresses)
