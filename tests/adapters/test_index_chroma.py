"""The two implementations of the vector port give the same answers; Chroma never gets a collection without our vectors."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.chroma import ChromaIndex, ExactIndex
from assistant.errors import IndexUnusable

NAME = "chive-sif-0123456789ab-n1"
RNG = np.random.default_rng(7)
VECTORS = RNG.standard_normal((2500, 32)).astype(np.float32)
IDS = [f"precedent:2019-{number}#1" for number in range(len(VECTORS))]


@pytest.fixture
def chroma(tmp_path: Path) -> ChromaIndex:
    return ChromaIndex.write(tmp_path, NAME, IDS, VECTORS)


def test_both_find_the_same(chroma: ChromaIndex) -> None:
    exact = ExactIndex(IDS, VECTORS)
    assert chroma.count() == exact.count() == len(IDS)
    same = 0
    for question in RNG.standard_normal((20, 32)).astype(np.float32):
        ours, theirs = dict(exact.search(question, 10)), dict(chroma.search(question, 10))
        same += len(ours.keys() & theirs.keys())
        for name in ours.keys() & theirs.keys():
            assert ours[name] == pytest.approx(theirs[name], abs=1e-4)
    assert same >= 0.95 * 200  # the graph is approximate


def test_the_space_is_cosine_and_no_embedding_function_is_stored(chroma: ChromaIndex, tmp_path: Path) -> None:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(tmp_path), settings=Settings(anonymized_telemetry=False))
    for collection in client.list_collections():
        stored = client.get_collection(collection.name, embedding_function=None)
        assert collection.name == NAME
        assert stored.configuration["hnsw"]["space"] == "cosine"
        assert stored.configuration["embedding_function"] is None
        assert len(stored.get(limit=5, include=["embeddings"])["embeddings"]) == 5
        assert stored.get(limit=1)["documents"] in (None, [None])  # no text is kept in the index


def test_every_collection_in_our_code_says_that_it_has_no_embedding_function() -> None:
    package = Path(__file__).resolve().parents[2] / "assistant"
    calls = [
        (path.name, call)
        for path in package.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("create_collection", "get_collection", "get_or_create_collection")
    ]
    assert calls
    for name, call in calls:
        said = {word.arg: word.value for word in call.keywords}
        assert isinstance(said.get("embedding_function"), ast.Constant), name
        assert said["embedding_function"].value is None, name  # type: ignore[attr-defined]


def test_open_again(chroma: ChromaIndex, tmp_path: Path) -> None:
    chroma.close()
    again = ChromaIndex.open(tmp_path, NAME)
    assert again.count() == len(IDS)
    stored = again.vectors([IDS[3], "precedent:none#1"])
    assert list(stored) == [IDS[3]]
    assert np.allclose(stored[IDS[3]], VECTORS[3], atol=1e-5)
    again.close()


def test_another_embedders_collection_is_refused(chroma: ChromaIndex, tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="埋め込みモデル"):
        ChromaIndex.open(tmp_path, "other-model-n1")


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="ありません"):
        ChromaIndex.open(tmp_path / "nothing", NAME)


@pytest.mark.parametrize("limit", [0, -1])
def test_nothing_asked_nothing_found(chroma: ChromaIndex, limit: int) -> None:
    assert chroma.search(VECTORS[0], limit) == ExactIndex(IDS, VECTORS).search(VECTORS[0], limit) == []


def test_a_question_without_a_vector(chroma: ChromaIndex) -> None:
    nothing = np.zeros(32, np.float32)
    assert chroma.search(nothing, 5) == ExactIndex(IDS, VECTORS).search(nothing, 5) == []


def test_asking_for_more_than_there_is(tmp_path: Path) -> None:
    small = ChromaIndex.write(tmp_path, NAME, IDS[:3], VECTORS[:3])
    assert len(small.search(VECTORS[0], 400)) == 3
    assert small.vectors([]) == {}
