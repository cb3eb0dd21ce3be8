"""The recipe's tools for the sample city, built once from the real parts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.adapters.embedder import open_embedder
from assistant.adapters.index import memory_index, wanted_of
from assistant.corpus.corpus import Corpus
from assistant.corpus.load import load_city
from assistant.detect.detector import Detector
from assistant.detect.together import read_together
from assistant.policy.load import load_policy
from assistant.propose.tools import Tools
from assistant.retrieve.retriever import Retriever


@pytest.fixture(scope="session")
def day() -> date:
    return date(2024, 6, 1)


@pytest.fixture(scope="session")
def city() -> Corpus:
    return load_city(Path(__file__).resolve().parents[2] / "ordinances" / "mihon")


@pytest.fixture(scope="session")
def tools(city: Corpus) -> Tools:
    embedder = open_embedder()
    index = memory_index(wanted_of(city), embedder)
    return Tools(
        detect=Detector().detect,
        read_together=read_together,
        retriever=Retriever(city, embedder, index.vectors),
        policy=load_policy(city.policy_path, city),
        corpus=city,
        index_id=index.id,
    )
