"""One data folder with a built index for all commands of this room that only read."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import run


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose index is built."""
    folder = tmp_path_factory.mktemp("ready")
    done = run("index", data_dir=folder)
    assert done.returncode == 0, done.stderr
    return folder
