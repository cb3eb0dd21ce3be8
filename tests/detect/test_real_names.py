"""Names in real sentences (UD_Japanese-GSD): neither detector may fall behind what it reached (benchmarks/names.py)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from assistant.detect.detector import Detector


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "names.py"
    spec = importlib.util.spec_from_file_location("benchmark_names", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sentences(benchmark: ModuleType, shared_data: Path) -> list[tuple[str, set[tuple[int, int]]]]:
    path = shared_data / "ner" / "ud_gsd_dev.jsonl"
    if not path.is_file():
        pytest.skip(f"{path.name} is not in ../shared/data")
    rows: list[tuple[str, set[tuple[int, int]]]] = benchmark.read_sentences(path)
    return rows


def test_without_ner(
    benchmark: ModuleType, detector: Detector, sentences: list[tuple[str, set[tuple[int, int]]]]
) -> None:
    counts = benchmark.count(detector, sentences)
    assert counts.recall >= 0.76  # 0.791 when this was written
    assert counts.precision >= 0.82  # 0.866


def test_with_ner(benchmark: ModuleType, sentences: list[tuple[str, set[tuple[int, int]]]]) -> None:
    """Those sentences with a person, and as many without, drawn by lot: GiNZA reads 3,000 characters a second."""
    pytest.importorskip("ja_ginza", reason="GiNZA's model is not installed")
    peopled = [row for row in sentences if row[1]]
    drawn = [*peopled, *benchmark.sample([row for row in sentences if not row[1]], len(peopled), seed=3)]
    counts = benchmark.count(Detector(finder=benchmark.finder()), drawn)
    assert counts.recall >= 0.84  # 0.863
    assert counts.precision >= 0.80
