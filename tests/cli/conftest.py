"""One data folder with a built index for all commands of this room that only read."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from running import Here, run


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose index is built."""
    folder = tmp_path_factory.mktemp("ready")
    done = run("index", data_dir=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def here(ready: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    """A command in this process, for the tables of options: what takes a second to load is loaded once.

    Gives exit code, standard output and standard error; keywords are settings.
    """
    from assistant import cli

    def command(*arguments: str, stdin: str | bytes = b"", **settings: str) -> tuple[int, str, str]:
        for name, value in ({"DATA_DIR": str(ready), "NER": "off"} | settings).items():
            monkeypatch.setenv(f"OSUMITSUKI_{name}", value)
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        capsys.readouterr()
        code = cli.run(list(arguments))
        told = capsys.readouterr()
        return code, told.out, told.err

    return command
