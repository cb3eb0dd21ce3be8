"""Run inside a network namespace without routes: a first run with an empty index, by command and in the browser.

Arguments: the folder for traces, the data folder. Prints what the browser saw. Every process of ours runs under strace,
because a patch of Python's socket would not see what Rust or C++ do.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PORT = 8598
PASSAGE = """見積依頼に対する回答
令和7年7月2日
見本市長　様
株式会社あずま造園　代表取締役　東 恒一
担当：営業部　岡部 里美　携帯 090-0000-2718
振込先　見本銀行西支店　普通　3141592
"""


def traced(name: str, folder: Path, *command: str) -> list[str]:
    """The command under strace, following every child, with the calls that could reach a network."""
    return [
        *("strace", "-f", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg,sendmmsg,bind"),
        *("-o", str(folder / f"{name}.strace"), *command),
    ]


def by_command(folder: Path, data: Path) -> dict[str, object]:
    """`osumitsuki propose -` on an empty data folder."""
    environment = {**os.environ, "OSUMITSUKI_DATA_DIR": str(data)}
    done = subprocess.run(
        traced("propose", folder, sys.executable, "-m", "assistant", "propose", "-", "--json"),
        input=PASSAGE.encode(),
        capture_output=True,
        env=environment,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def in_browser(folder: Path, data: Path) -> str:
    """The app, started as a person starts it; returns the text of the page after a passage was looked at."""
    from playwright.sync_api import sync_playwright

    environment = {**os.environ, "OSUMITSUKI_DATA_DIR": str(data)}
    command = (sys.executable, "-m", "assistant", "app", "--no-browser", "--port", str(PORT))
    server = subprocess.Popen(traced("app", folder, *command), env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait(server)
        with sync_playwright() as driver:
            program = shutil.which("chromium") or "/usr/bin/chromium"
            arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = driver.chromium.launch(executable_path=program, args=arguments)
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{PORT}")
            page.get_by_label("所属").fill("総務課")
            page.get_by_label("氏名").fill("見本 花子")
            page.get_by_role("button", name="始める").click()
            box = page.locator("textarea").first
            box.wait_for(timeout=60_000)
            box.fill(PASSAGE)
            box.press("Control+Enter")
            page.get_by_text("採用").first.wait_for(timeout=150_000)
            seen: str = page.locator("body").inner_text()
            browser.close()
            return seen
    finally:
        _end(server)


def _end(tracer: subprocess.Popen[bytes]) -> None:
    """strace passes no signal on: the traced command itself is asked to end, and then the tracer ends too."""
    children = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text(encoding="ascii").split()
    for child in children:
        os.kill(int(child), signal.SIGTERM)
    tracer.wait(60)


def _wait(server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError("the server ended")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not answer")


if __name__ == "__main__":
    traces, store = Path(sys.argv[1]), Path(sys.argv[2])
    proposal = by_command(traces, store / "by-command")
    page_text = in_browser(traces, store / "in-browser")
    print(json.dumps({"proposal": proposal, "page": page_text}, ensure_ascii=False))
