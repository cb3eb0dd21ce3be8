"""A real OpenAI-compatible server with a model of noise (extra `llama`, -m llama): the ladder, and rules that stand."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.adapters.chat import OpenAIChat
from assistant.adapters.chat_transport import Limits
from assistant.errors import ModelError
from assistant.model.egress import Egress
from assistant.model.endpoint import checked_endpoint
from assistant.model.manner import Rung
from assistant.model.ports import Message, Shape
from tests.cli.running import run
from tests.model.make_tiny_gguf import make
from tests.model.server import Seen

pytestmark = [
    pytest.mark.llama,
    pytest.mark.skipif(
        importlib.util.find_spec("llama_cpp") is None or importlib.util.find_spec("gguf") is None,
        reason="llama-cpp-python and gguf are not installed (extra llama)",
    ),
]
SCHEMA = {
    "type": "object",
    "properties": {"decision": {"type": "string", "enum": ["withhold", "disclose", "ask"]}},
    "required": ["decision"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("llama")
    make(folder / "tiny.gguf")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "llama_cpp.server", "--model", str(folder / "tiny.gguf")]
        command += ["--host", "127.0.0.1", "--port", str(port), "--n_ctx", "32768", "--model_alias", "tiny"]
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for _ in range(600):
            assert server.poll() is None, (folder / "log").read_text(encoding="utf-8", errors="replace")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/models", timeout=1):
                    break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.kill()
        server.wait(30)


def test_the_ladder_on_a_real_server(url: str) -> None:
    """It answers a JSON schema with 500 and knows functions."""
    chat = OpenAIChat(checked_endpoint(url, Egress()), "tiny", longest_reply=64, limits=Limits(), wait=0.1)
    shape = Shape(name="proposal", schema=SCHEMA, in_words="JSONで答える。")
    reply = chat.ask((Message(role="user", text="申立人の氏名"),), shape, Seen())
    assert reply.text.startswith("{")
    assert chat.manner.rung is not Rung.SCHEMA


def test_too_long_a_question_is_a_model_error(url: str) -> None:
    chat = OpenAIChat(checked_endpoint(url, Egress()), "tiny", longest_reply=16, limits=Limits(), wait=0.1)
    with pytest.raises(ModelError) as caught:
        chat.ask(
            (Message(role="user", text="第" * 60_000),), Shape(name="p", schema=SCHEMA, in_words=""), Seen()
        )
    assert "第第" not in str(caught.value)


def test_noise_leaves_the_rules(url: str, tmp_path: Path) -> None:
    done = run(
        "propose",
        "--json",
        data_dir=tmp_path,
        stdin="相談者 氏名 烏丸 花代\n",
        OSUMITSUKI_MODEL_BASE_URL=url,
        OSUMITSUKI_MODEL_NAME="tiny",
    )
    assert done.returncode in (0, 3), done.stderr
    assert "烏丸 花代" in done.stdout
