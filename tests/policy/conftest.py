"""The sample city and a small one that numbers everything differently, each with its policy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.corpus.corpus import Corpus
from assistant.corpus.load import load_city
from assistant.policy.load import load_policy
from assistant.policy.rules import Policy

SMALL_CITY = Path(__file__).with_name("small_city")


@pytest.fixture(scope="session")
def day() -> date:
    return date(2024, 6, 1)


@pytest.fixture(scope="session")
def city() -> Corpus:
    return load_city(Path(__file__).resolve().parents[2] / "ordinances" / "mihon")


@pytest.fixture(scope="session")
def policy(city: Corpus) -> Policy:
    return load_policy(city.policy_path, city)


@pytest.fixture(scope="session")
def small_city() -> Corpus:
    return load_city(SMALL_CITY)


@pytest.fixture(scope="session")
def default_policy(small_city: Corpus) -> Policy:
    return load_policy(None, small_city)
