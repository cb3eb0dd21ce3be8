"""The real command in a process of its own, with a data folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Here = Callable[..., tuple[int, str, str]]
"""A command in this process: arguments to exit code, standard output, standard error."""
ROOT = Path(__file__).resolve().parents[2]


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """The environment of the test, without any setting of the person who runs it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OSUMITSUKI_")}
    # A Japanese Windows console: the command must not rely on its encoding.
    kept |= {"OSUMITSUKI_DATA_DIR": str(data_dir), "OSUMITSUKI_NER": "off", "PYTHONIOENCODING": "cp932"}
    return kept | settings


def run(
    *arguments: str, data_dir: Path, stdin: str | bytes = b"", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Runs `osumitsuki …`; output is read as UTF-8, strictly."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env=environment(data_dir, **settings),
        timeout=280,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
