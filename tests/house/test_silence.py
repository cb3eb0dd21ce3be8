"""Nothing leaves the machine: no socket is opened to anywhere but this machine, a first run included."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import silence_telemetry
from tests.conftest import ROOT
from tests.house.visit import PASSAGE, traced
from tests.model.server import Script, serving

_ADDRESS = re.compile(
    r"sa_family=(AF_INET6?),.*?(?:inet_addr\(\"([^\"]+)\"\)|inet_pton\(AF_INET6, \"([^\"]+)\")"
)
_HERE = re.compile(r"127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+")


def reached(trace: str) -> set[str]:
    """Addresses of the internet families that a traced process connected to, sent to or bound."""
    return {four or six for _, four, six in _ADDRESS.findall(trace)}


def test_the_trace_reader_sees_an_address() -> None:
    line = '12 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.1")}, 16) = -1'
    six = '12 connect(3, {sa_family=AF_INET6, sin6_port=htons(443), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}'
    assert reached(line + "\n" + six) == {"192.0.2.1", "2001:db8::1"}


@pytest.mark.browser
@pytest.mark.timeout(400)
def test_a_first_run_without_any_route_works_and_reaches_nowhere(tmp_path: Path) -> None:
    for program in ("unshare", "strace", "ip", "chromium"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra dev)")
    probe = subprocess.run(
        ["unshare", "-rn", "ip", "link", "set", "lo", "up"], check=False, capture_output=True
    )
    if probe.returncode:
        pytest.skip("this machine does not let us make a network namespace")
    inside = (
        f'ip link set lo up && exec "{sys.executable}" -m tests.house.visit "{tmp_path}" "{tmp_path}/store"'
    )
    done = subprocess.run(
        ["unshare", "-rn", "sh", "-c", inside], cwd=ROOT, capture_output=True, check=False, env=os.environ
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    seen = json.loads(done.stdout)
    assert any(finding["decision"] == "withhold" for finding in seen["proposal"]["findings"])
    assert "岡部 里美" in seen["page"]
    for name in ("propose", "app"):
        trace = (tmp_path / f"{name}.strace").read_text(encoding="utf-8", errors="replace")
        elsewhere = {address for address in reached(trace) if not _HERE.fullmatch(address)}
        assert not elsewhere, f"{name} reached for {sorted(elsewhere)}"
    assert "127.0.0.1" in reached((tmp_path / "app.strace").read_text(encoding="utf-8", errors="replace"))


@pytest.mark.parametrize("word", [None, "block"])
def test_a_model_elsewhere_that_nobody_decided_about_is_not_even_looked_up(
    tmp_path: Path, word: str | None
) -> None:
    """Not one socket of the internet families, by whatever library: no name is asked for, no port is knocked at."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    told = {"OSUMITSUKI_MODEL_BASE_URL": "https://models.example.jp/v1", "OSUMITSUKI_MODEL_NAME": "m"}
    told |= {} if word is None else {"OSUMITSUKI_MODEL_EGRESS": word}
    command = traced("refused", tmp_path, sys.executable, "-m", "assistant", "propose", "-", "--json")
    done = subprocess.run(
        command,
        input=PASSAGE.encode(),
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, **told},
        check=False,
    )
    trace = tmp_path / "refused.strace"
    if not trace.exists() or not trace.stat().st_size:
        pytest.skip("this machine does not let us trace")
    assert (done.returncode, done.stdout) == (2, b""), done.stderr.decode()
    assert reached(trace.read_text(encoding="utf-8", errors="replace")) == set()


_ASKS = """
import sys
from assistant.settings import silence_telemetry
silence_telemetry()
from assistant.adapters.chat import OpenAIChat
from assistant.model.egress import Egress
from assistant.model.endpoint import checked_endpoint
from assistant.model.errand import Errand
from assistant.model.gate import GuardedGate
from assistant.model.ports import Message, Shape
chat = GuardedGate(OpenAIChat(checked_endpoint(sys.argv[1], Egress()), "m"), "allow")
shape = Shape(name="x", schema={"type": "object"}, in_words="JSONで答える。")
reply = chat.chat(Errand(purpose="propose", secrets=())).ask((Message(role="user", text="岡部 里美"),), shape)
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
print(reply.text)
"""


def test_a_question_to_a_model_reaches_no_tracer_however_that_was_switched_on() -> None:
    """In a process of its own, since what the environment says is remembered there."""
    with serving(Script()) as model, socket.create_server(("127.0.0.1", 0)) as tracer:
        url = f"http://127.0.0.1:{tracer.getsockname()[1]}"
        told = {f"{house}_ENDPOINT": url for house in ("LANGSMITH", "LANGCHAIN")}
        told |= {f"{house}_API_KEY": "k" for house in ("LANGSMITH", "LANGCHAIN")}
        for name in ("TRACING", "TRACING_V2", "OTEL_ENABLED"):
            told |= {f"{house}_{name}": "true" for house in ("LANGSMITH", "LANGCHAIN")}
        told["LANGCHAIN_HANDLER"] = "langchain"
        done = subprocess.run(
            [sys.executable, "-c", _ASKS, model.url],
            cwd=ROOT,
            capture_output=True,
            env={**os.environ, **told},
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()
        assert done.stdout == b"{}\n"
        assert len(model.bodies) == 1
        tracer.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has knocked
            tracer.accept()


def test_tracing_that_was_switched_on_outside_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "ANONYMIZED_TELEMETRY"):
        monkeypatch.setenv(name, "true")
    silence_telemetry()
    from langsmith.utils import tracing_is_enabled

    assert not tracing_is_enabled()
    assert os.environ["ANONYMIZED_TELEMETRY"] == "False"
