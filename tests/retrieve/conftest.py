"""A retriever over the sample city, built once: real corpus, bundled embedder, exact vectors in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.adapters.embedder import open_embedder
from assistant.adapters.index import memory_index, wanted_of
from assistant.corpus.corpus import Corpus
from assistant.corpus.load import load_city
from assistant.retrieve.ports import Embedder
from assistant.retrieve.retriever import Retriever


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return open_embedder()


@pytest.fixture(scope="session")
def corpus(mihon: Path) -> Corpus:
    return load_city(mihon)


@pytest.fixture(scope="session")
def retriever(corpus: Corpus, embedder: Embedder) -> Retriever:
    return Retriever(corpus, embedder, memory_index(wanted_of(corpus), embedder).vectors)
