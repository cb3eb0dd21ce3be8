"""A real server on a free loopback port with its own data folder, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

APP = ROOT / "app.py"
CHROMIUM = "/usr/bin/chromium"
SCREEN = {"width": 1366, "height": 625}  # what Edge leaves of 1366×768
# Chromium itself talks to its maker unless told not to; what the page asks for is checked in the tests.
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Server:
    """The app as a person starts it; ended by its own process id."""

    data_dir: Path
    port: int = 0
    app: Path = APP
    ner: str = "off"  # the second detector takes long to load and is tried elsewhere
    process: subprocess.Popen[bytes] | None = None
    log: list[Path] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        self.data_dir.mkdir(parents=True, exist_ok=True)
        log = self.data_dir / f"server{len(self.log)}.log"
        self.log.append(log)
        command = [sys.executable, "-m", "streamlit", "run", str(self.app), "--server.port", str(self.port)]
        environment = {**os.environ, "OSUMITSUKI_DATA_DIR": str(self.data_dir), "OSUMITSUKI_NER": self.ner}
        with log.open("wb") as out:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        self._wait()

    def kill(self) -> None:
        """As when the power goes: no chance to finish anything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert self.process is not None
            assert self.process.poll() is None, self.log[-1].read_text(encoding="utf-8", errors="replace")
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.2)
        pytest.fail("the server did not start within a minute")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(data_dir=tmp_path_factory.mktemp("data"))
    started.start()
    yield started
    started.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra dev)")
    program = (
        CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium") or shutil.which("google-chrome")
    )
    if program is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@dataclass
class Seen:
    """Hosts the page asked for, and errors of its own script."""

    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(browser: Browser, server: Server, seen: Seen) -> Iterator[Page]:
    context = browser.new_context(
        viewport=SCREEN, locale="ja-JP", permissions=["clipboard-read", "clipboard-write"]
    )
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.on("request", lambda request: seen.hosts.add(request.url.split("/")[2].split(":")[0]))
    opened.on("pageerror", lambda error: seen.errors.append(str(error)))
    yield opened
    context.close()
    assert seen.errors == []
    assert {host for host in seen.hosts if host} <= {"127.0.0.1"}  # blob: addresses have no host
