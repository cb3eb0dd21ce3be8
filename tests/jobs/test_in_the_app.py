"""Workers started from inside the app's server: the page is not run again by them, and they are light."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import ROOT

_PAGE = """
import os
from pathlib import Path

NOTES = Path(os.environ["NOTES"])
if __name__ != "__main__":  # a worker that imports the page
    (NOTES / f"imported-{os.getpid()}").touch()

def main() -> None:
    from assistant.settings import silence_telemetry

    silence_telemetry()
    (NOTES / f"run-{os.getpid()}").touch()
    from assistant.adapters.pool import hire_pool
    from assistant.jobs.run import Run
    from assistant.wiring.workers import Detects, Prepare
    from assistant.domain.document import Page
    from tests.jobs import piecework

    pages = {n: Page(number=n, text="申請者　氏名：見本　花子") for n in range(1, 9)}
    with Run(lambda: hire_pool(Prepare("off"), 2)) as run:
        found = run.each("detect", Detects("off"), pages)
        loaded = run.each("modules", piecework.modules, {1: 1, 2: 2})
        threads = run.each("threads", piecework.threads_of_blas, {1: 1, 2: 2})
        places = run.each("where", piecework.where, pages)
    heavy = {"torch", "chromadb", "streamlit", "spacy", "sqlalchemy", "langchain_core"} & set(loaded[1])
    beside = os.getpid() not in places.values()
    told = f"{len(found)} {sum(map(len, found.values())) > 0} {sorted(heavy)} {beside} {threads[1]}"
    (NOTES / "told.tmp").write_text(told, encoding="utf-8")
    os.replace(NOTES / "told.tmp", NOTES / "told")

if __name__ == "__main__":
    main()
"""


async def _visit(port: int) -> None:
    """As a browser does: opens a session and asks for the page."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from websockets.asyncio.client import connect

    asked = BackMsg()
    asked.rerun_script.query_string = ""
    url = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(url, subprotocols=["streamlit"], proxy=None) as session:  # type: ignore[list-item]
        await session.send(asked.SerializeToString())
        async for _ in session:
            if (Path(os.environ["NOTES"]) / "told").exists():
                return
            if not await _soon(Path(os.environ["NOTES"]) / "told"):
                return


async def _soon(path: Path) -> bool:
    for _ in range(1200):
        if path.exists():
            return True
        await asyncio.sleep(0.1)
    return False


def test_a_worker_of_the_server_does_not_run_the_page_again(tmp_path: Path) -> None:
    page, notes = tmp_path / "page.py", tmp_path / "notes"
    page.write_text(_PAGE, encoding="utf-8")
    notes.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    os.environ["NOTES"] = str(notes)
    command = [sys.executable, "-m", "streamlit", "run", str(page), f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--browser.gatherUsageStats=false"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        asyncio.run(_visit(port))
    finally:
        server.terminate()
        server.wait()
        del os.environ["NOTES"]
    assert (notes / "told").read_text(encoding="utf-8") == "8 True [] True 1"
    assert len(list(notes.glob("run-*"))) == 1


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start")
