"""Start the app's server as a process of its own, with every setting given outright, and stay until it ends.

Streamlit also reads configuration files of the folder one happens to stand in and of the person's home; what is
given on its command line wins over both, so that no such file can open the server to the network.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from assistant.errors import InputError

ADDRESS = "127.0.0.1"
USUAL_PORT = 8501
_SLOWEST_START = 120.0
_TEXT_BROWSERS = frozenset({"www-browser", "links", "elinks", "lynx", "w3m"})


def choose_port(wanted: int | None) -> int:
    """The port asked for, or the usual one, or any free one when nobody asked. Raises InputError when taken."""
    port = USUAL_PORT if wanted is None else wanted
    if _is_free(port):
        return port
    if wanted is not None:
        raise InputError(
            f"ポート{wanted}は使われています。--port で別の番号を指定するか、指定を外してください。"
        )
    with socket.socket() as free:
        free.bind((ADDRESS, 0))
        return int(free.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if probe.connect_ex((ADDRESS, port)) == 0:
            return False  # somebody answers; on Windows a second server could bind all the same
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def serve(script: Path, config: Path, port: int, *, ready: Callable[[str], None]) -> int:
    """Runs the app until it is stopped; `ready` gets its address once it answers. Returns the exit code.

    Ctrl+C and a termination signal end the server too. Raises InputError when it does not start.
    """
    url = f"http://{ADDRESS}:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(script), *flags(config, port)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        if not _answers(url, process):
            raise InputError(
                "画面を起動できませんでした。空きメモリーと、導入したときの手順を確かめてください。"
            )
        ready(url)
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, before)
        _end(process)


def flags(config: Path, port: int) -> Iterator[str]:
    """Every setting of the app's configuration file as a flag, and the port."""
    settings = tomllib.loads(config.read_text(encoding="utf-8"))
    yield "--logger.level=error"  # its English banner would stand before our sentence
    yield f"--server.port={port}"
    yield f"--browser.serverPort={port}"
    for section, values in settings.items():
        for name, value in _flat(values):
            told = str(value).lower() if isinstance(value, bool) else str(value)
            yield f"--{section}.{name}={told}"


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def open_browser(url: str) -> bool:
    """Opens the address where there is a graphical browser; one for the terminal would take the terminal away."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if Path(getattr(browser, "name", "")).name in _TEXT_BROWSERS:
        return False
    return browser.open(url)


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Whether the server came up. No proxy of the environment may stand between the two."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + _SLOWEST_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with opener.open(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
