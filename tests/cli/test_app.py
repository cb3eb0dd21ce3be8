"""`osumitsuki app`: the server comes up on this machine only, says where, and goes when it is told to."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import ROOT, environment, run

from assistant.adapters.server import choose_port, flags
from assistant.errors import InputError


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "app", "--no-browser"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(tmp_path),
        text=True,
        encoding="utf-8",
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_the_app_answers_on_this_machine_and_stops(server: subprocess.Popen[str]) -> None:
    assert server.stderr
    told = next(line for line in server.stderr if "127.0.0.1" in line and "お墨付き" in line)
    found = re.search(r"http://127\.0\.0\.1:(\d+)", told)
    assert found, told
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(found[0], timeout=30) as page:
        assert page.status == 200
    port = int(found[1])
    assert not any(listening(address, port) for address in other_addresses())
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=60) == 0
    deadline = time.monotonic() + 10
    while listening("127.0.0.1", port) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not listening("127.0.0.1", port)  # the server itself has gone too


def other_addresses() -> set[str]:
    """This machine's addresses that are not loopback."""
    infos = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    return {str(info[4][0]) for info in infos if not str(info[4][0]).startswith("127.")}


def listening(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex((address, port)) == 0


def test_a_taken_port_is_refused_when_asked_for_and_avoided_when_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=str(port)):
            choose_port(port)
        monkeypatch.setattr("assistant.adapters.server.USUAL_PORT", port)
        assert choose_port(None) != port
        done = run("app", "--no-browser", "--port", str(port), data_dir=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert str(port) in done.stderr


def test_every_setting_of_the_file_is_given_outright() -> None:
    config = ROOT / ".streamlit" / "config.toml"
    told = dict(flag.removeprefix("--").split("=", 1) for flag in flags(config, 8765))
    assert told["server.port"] == "8765"
    assert told["server.address"] == "127.0.0.1"
    assert told["browser.gatherUsageStats"] == "false"
    for section, values in tomllib.loads(config.read_text(encoding="utf-8")).items():
        for name in values:
            assert f"{section}.{name}" in told
