"""The sample city and one with other numbers and words, each with a real retriever."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.adapters.chat_transport import Limits
from assistant.adapters.embedder import open_embedder
from assistant.adapters.index import OpenedIndex, memory_index, wanted_of
from assistant.converse.answer import answer
from assistant.converse.turn import Answer
from assistant.corpus.corpus import Corpus
from assistant.corpus.load import load_city
from assistant.retrieve.ports import Embedder
from assistant.retrieve.retriever import Retriever
from assistant.settings import Settings
from assistant.wiring import Assistant

Arm = Callable[..., Assistant]
DAY = date(2026, 11, 2)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return open_embedder()


@pytest.fixture(scope="session")
def city() -> Corpus:
    return load_city(ROOT / "ordinances" / "mihon")


@pytest.fixture(scope="session")
def index(city: Corpus, embedder: Embedder) -> OpenedIndex:
    return memory_index(wanted_of(city), embedder)


@pytest.fixture(scope="session")
def retriever(city: Corpus, embedder: Embedder, index: OpenedIndex) -> Retriever:
    return Retriever(city, embedder, index.vectors)


@pytest.fixture(scope="session")
def national(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The national act as a city: no handbook, no precedents, no questions; 不開示, 行政文書."""
    folder = tmp_path_factory.mktemp("national")
    shutil.copy(ROOT / "tests" / "assets" / "national" / "city.toml", folder / "city.toml")
    (act,) = (shared_data / "laws").glob("411AC0000000042*.xml")
    shutil.copy(act, folder / "ordinance.xml")
    return load_city(folder)


@pytest.fixture(scope="session")
def national_retriever(national: Corpus, embedder: Embedder) -> Retriever:
    return Retriever(national, embedder, memory_index(wanted_of(national), embedder).vectors)


class Asking:
    """`ask(question)` of the sample city."""

    def __init__(self, corpus: Corpus, retriever: Retriever) -> None:
        self.corpus = corpus
        self.retriever = retriever

    def __call__(self, question: str, **more: object) -> Answer:
        return answer(question, retriever=self.retriever, corpus=self.corpus, day=DAY, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def ask(city: Corpus, retriever: Retriever) -> Asking:
    return Asking(city, retriever)


@pytest.fixture(scope="session")
def ask_national(national: Corpus, national_retriever: Retriever) -> Asking:
    return Asking(national, national_retriever)


@pytest.fixture(scope="session")
def house(
    city: Corpus,
    embedder: Embedder,
    index: OpenedIndex,
    retriever: Retriever,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Assistant]:
    """An assistant without a model, over the parts that take long to load."""
    assistant = _assistant(Settings(data_dir=tmp_path_factory.mktemp("house"), ner="off"))
    assistant._built |= {"corpus": city, "embedder": embedder, "retriever": retriever, "index": index}
    yield assistant
    assistant.close()


def _assistant(settings: Settings) -> Assistant:
    return Assistant(settings, lambda done, total, message: None)


@pytest.fixture
def arm(house: Assistant, monkeypatch: pytest.MonkeyPatch) -> Arm:
    """An assistant with a model at an address; what speaks to the model is its own, and has little patience."""
    patience = Limits(connect=2.0, silence=1.0, whole=5.0, pause=0.01, patience=0.05)
    for room in ("chat", "agent"):
        monkeypatch.setattr(f"assistant.adapters.{room}.limits_for", lambda endpoint: patience)

    def armed(url: str, **settings: str) -> Assistant:
        told = {"model_base_url": url, "model_name": "試験モデル", **settings}
        assistant = _assistant(Settings.model_validate({**house.settings.model_dump(), **told}))
        _ = house.policy, house.store, house.detector, house.likener
        assistant._built |= house._built
        return assistant

    return armed
