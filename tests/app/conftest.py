"""One data folder for the whole session: the index is built once, as on a real PC."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT

APP = str(ROOT / "app.py")
SLOW = 180.0  # seconds: the first passage waits for dictionaries and the index


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("app")


@pytest.fixture
def data_dir(shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The app finds the same folder, and the same process-wide assistant, in every test that asks for it."""
    monkeypatch.setenv("OSUMITSUKI_DATA_DIR", str(shared_folder))
    monkeypatch.setenv("OSUMITSUKI_NER", "off")
    return shared_folder


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A PC on which the app was never started."""
    import streamlit as st

    folder = tmp_path / "fresh"
    monkeypatch.setenv("OSUMITSUKI_DATA_DIR", str(folder))
    monkeypatch.setenv("OSUMITSUKI_NER", "off")
    st.cache_resource.clear()
    yield folder
    st.cache_resource.clear()


def answered(app: AppTest) -> AppTest:
    """Runs the page again, as the browser does by itself, until no answer is on its way."""
    end = time.monotonic() + SLOW
    while any((button.key or "").startswith("stop_") for button in app.button):
        assert time.monotonic() < end, "no answer came"
        time.sleep(0.05)
        app.run()
    assert not app.exception
    return app
