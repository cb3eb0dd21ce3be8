"""What may leave is decided by an administrator, said in full when it is not, and holds on the way."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from assistant.adapters.chat import OpenAIChat
from assistant.adapters.chat_transport import Limits
from assistant.adapters.record_tables import model_call
from assistant.domain.entity import EntityKind
from assistant.errors import EgressStopped, ModelUnavailable, RecordUnavailable, SettingsError
from assistant.model.egress import RULES, Egress, read_egress
from assistant.model.endpoint import Endpoint, checked_endpoint
from assistant.model.errand import EgressRule, Errand, Secret
from assistant.model.hosts import Host, read_host
from assistant.model.ports import Message, Shape
from assistant.settings import read_settings
from assistant.wiring import Assistant, build
from tests.cli.running import environment
from tests.model.server import Body, Script, Seen, Stub, asked, send, serving

RECORD = "相談記録\n相談者　氏名：烏丸　弥生\n内容：騒音について相談があった。\n"
KEY = "sk-himitsu-0123456789"
REMOTE = "https://models.example.jp/v1"
BOX = "modelbox.lan"
QUICK = Limits(connect=1.0, silence=2.0, whole=3.0, body=200_000)
SHAPE = Shape(name="x", schema={"type": "object"}, in_words="JSONで答える。")
ASKED = (Message(role="user", text="よろしく"),)


def _host(name: str) -> Host:
    host = read_host(name)
    assert host is not None
    return host


# the setting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [None, "", "  ", "\n"])
def test_nothing_said_is_nothing_sent_elsewhere(text: str | None) -> None:
    egress = read_egress(text)
    assert egress == Egress()
    assert egress.rule_for(_host("127.0.0.1")) == "allow"
    assert egress.rule_for(_host("models.example.jp")) == "block"
    assert egress.rule_for(_host("192.168.0.5")) == "block"


@pytest.mark.parametrize("word", RULES)
def test_one_word_is_for_the_host_that_is_set_whichever_it_is(word: str) -> None:
    for name in ("localhost", "[::1]", "models.example.jp"):
        assert read_egress(f" {word}\n").rule_for(_host(name)) == word


WRONG = [
    "Allow",
    "allow!",
    "alow",
    "ａｌｌｏｗ",
    "yes",
    "allow,pseudonymize",
    "allow block",
    "=",
    "=allow",
    "models.example.jp=",
    "models.example.jp=alow",
    "models.example.jp=allow,",
    ",models.example.jp=allow",
    "models.example.jp=allow block",
    "models.example.jp=allow=block",
    "models.example.jp=allow;a.example=block",
    "models.example.jp=allow、a.example=block",
    "models.example.jp=allow, models.example.jp=allow",
    "models.example.jp=allow, Models.Example.jp=block",
    "localhost=allow, 127.0.0.1=block",
    "[::1]=allow, localhost=allow",
    "https://models.example.jp=allow",
    "models.example.jp/v1=allow",
    "models.example.jp:443=allow",
    "*=allow",
    "*.example.jp=allow",
    ".example.jp=allow",
    "10.0.0.0/8=allow",
    "0x7f.1=allow",
    "xn--80ak6aa92e.com=allow",
    "日本.example=allow",
]


@pytest.mark.parametrize("text", WRONG)
def test_a_mistyped_decision_is_refused_and_says_what_may_stand_there(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError) as caught:
        read_egress(text)
    assert "OSUMITSUKI_MODEL_EGRESS" in str(caught.value)
    assert all(word in str(caught.value) for word in RULES)
    assert "example" not in str(caught.value)
    monkeypatch.setenv("OSUMITSUKI_MODEL_EGRESS", text)
    with pytest.raises(SettingsError, match="OSUMITSUKI_MODEL_EGRESS"):
        read_settings()


_HOSTS = [
    "localhost",
    "127.0.0.1",
    "127.9.9.9",
    "[::1]",
    "models.example.jp",
    "a.example",
    "10.0.0.1",
    "[fd00::1]",
]


@given(
    st.lists(st.tuples(st.sampled_from(_HOSTS), st.sampled_from(RULES)), max_size=5),
    st.sampled_from(_HOSTS),
)
@example([("models.example.jp", "block")], "models.example.jp")
def test_a_list_says_something_about_its_hosts_only(told: list[tuple[str, str]], asked: str) -> None:
    machines = ["this" if _host(name).loopback else name for name, _ in told]
    text = " , ".join(f"{name} = {word}" for name, word in told)
    if len(set(machines)) < len(machines):
        with pytest.raises(SettingsError, match="二度"):
            read_egress(text)
        return
    host = _host(asked)
    wanted = dict(zip(machines, (word for _, word in told), strict=True))
    fallback = "allow" if host.loopback else "block"
    assert read_egress(text).rule_for(host) == wanted.get("this" if host.loopback else asked, fallback)


@pytest.mark.parametrize(
    "key", ["sk-a\n", "sk-a\r", "sk a", "\tsk", "sk-鍵", "ｓｋ", "sk-\u200ba", "sk-\x7f", "sk-é"]
)
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSUMITSUKI_MODEL_API_KEY", key)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "OSUMITSUKI_MODEL_API_KEY" in str(caught.value)
    assert key.strip() not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("key", ["", "  ", "\n"])
def test_a_blank_key_is_none(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSUMITSUKI_MODEL_API_KEY", key)
    assert read_settings().model_api_key is None


@pytest.mark.parametrize("name", ["gpt\n", "a\x1b[31mb", "a\u2028b", "a\u202eb", "a\u200bb", "x" * 201])
def test_a_model_name_that_would_not_show_as_it_is_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSUMITSUKI_MODEL_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OSUMITSUKI_MODEL_NAME", name)
    with pytest.raises(SettingsError, match="OSUMITSUKI_MODEL_NAME") as caught:
        read_settings()
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("name", ["gpt-5", "試験モデル 2", "org/Model-7B:Q4_K_M"])
def test_ordinary_model_names_are_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSUMITSUKI_MODEL_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OSUMITSUKI_MODEL_NAME", name)
    assert read_settings().model_name == name


# on the way -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine of the office network that is really this one. The names that were looked up."""
    asked: list[str] = []
    really = socket.getaddrinfo

    def looked_up(host: Any, *args: Any, **more: Any) -> Any:
        asked.append(host.decode() if isinstance(host, bytes) else str(host))
        return really("127.0.0.1" if asked[-1] == BOX else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return asked


def _at(stub: Stub, word: str) -> Endpoint:
    return checked_endpoint(f"http://{BOX}:{stub.port}/v1", read_egress(word))


@pytest.mark.parametrize("word", ["allow", "pseudonymize"])
def test_the_environment_s_proxy_is_not_taken(
    box: list[str], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(Script(content=lambda body: '{"a": 1}')) as proxy, serving(Script()) as stub:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_PROXY"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
            monkeypatch.setenv(name.lower(), proxy.url.removesuffix("/v1"))
        stub.script.content = lambda body: '{"a": 1}'
        OpenAIChat(_at(stub, word), "stub", KEY, limits=QUICK).ask(ASKED, SHAPE, Seen())
        assert proxy.bodies == []
        assert stub.headers[0]["host"] == f"{BOX}:{stub.port}"
    assert set(box) == {BOX}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("word", ["allow", "pseudonymize"])
def test_a_redirect_is_not_followed_wherever_it_points(box: list[str], word: str, status: int) -> None:
    with serving(Script()) as other:
        for target in (
            other.url,
            f"http://{BOX}:{other.port}/v1",
            "https://elsewhere.example/v1",
            "/v1/other",
        ):

            def moved(handler: BaseHTTPRequestHandler, body: Body, target: str = target) -> bool:
                send(handler, status, b"", location=f"{target}/chat/completions")
                return True

            with serving(Script(misbehave=moved)) as stub, pytest.raises(ModelUnavailable):
                OpenAIChat(_at(stub, word), "stub", KEY, limits=QUICK, wait=0.01).ask(ASKED, SHAPE, Seen())
            assert len(stub.bodies) == 1
        assert other.bodies == []
    assert set(box) == {BOX}


# the whole program ----------------------------------------------------------------------------------------------------

WATCHED = """
import socket, sys
def no(*a, **k):
    raise SystemExit("a name was looked up or a socket opened: " + repr(a[:1]))
for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "create_connection"):
    setattr(socket, name, no)
socket.socket.connect = no
sys.argv = ["osumitsuki", "propose", "--json", "-"]
from assistant.cli import main
main()
"""


@pytest.mark.parametrize("word", [None, "block", "another.example=allow"])
def test_undecided_means_exit_2_and_not_one_look_up(tmp_path: Path, word: str | None) -> None:
    told = {
        "OSUMITSUKI_MODEL_BASE_URL": REMOTE,
        "OSUMITSUKI_MODEL_NAME": "m",
        "OSUMITSUKI_MODEL_API_KEY": KEY,
    }
    told |= {} if word is None else {"OSUMITSUKI_MODEL_EGRESS": word}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED],
        input=RECORD.encode(),
        capture_output=True,
        env=environment(tmp_path, **told),
        check=False,
    )
    stderr = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b""), stderr
    assert "管理者" in stderr
    assert "OSUMITSUKI_MODEL_EGRESS" in stderr
    for secret in (KEY, "烏丸", "models.example.jp", "Traceback"):
        assert secret not in stderr


# the ledger -----------------------------------------------------------------------------------------------------------

NAME = "烏丸　弥生"
ERRAND = Errand(
    purpose="propose",
    secrets=(Secret(text=NAME, kind=EntityKind.PERSON_NAME, person="p1"),),
    context=(RECORD,),
    prompt_hash="sha256:0123",
    case="c1",
)


@pytest.fixture
def assistant_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Assistant]]:
    """The program over a record of its own, with a model of these settings."""
    built: list[Assistant] = []

    def at(url: str, word: str | None = None) -> Assistant:
        told = {"BASE_URL": url, "NAME": "m", "API_KEY": KEY, "EGRESS": word or ""}
        for name, value in told.items():
            monkeypatch.setenv(f"OSUMITSUKI_MODEL_{name}", value)
        built.append(build(read_settings()))
        return built[-1]

    yield at
    for assistant in built:
        assistant.close()


def _ask(assistant: Assistant) -> None:
    assistant.gate.chat(ERRAND).ask((Message(role="user", text=RECORD),), SHAPE)


@pytest.mark.parametrize("word", ["pseudonymize", "allow"])
@pytest.mark.parametrize("where", ["127.0.0.1", BOX])
def test_a_line_stands_before_the_first_byte_leaves_and_is_finished_after(
    box: list[str], where: str, word: EgressRule, assistant_at: Callable[..., Assistant], tmp_path: Path
) -> None:
    meanwhile: list[tuple[str | None, ...]] = []

    def look(handler: BaseHTTPRequestHandler, body: Body) -> bool:
        meanwhile.append(tuple(line.outcome for line in assistant.ledger.entries()))
        return False

    with serving(Script(content=lambda body: '{"a": 1}', misbehave=look)) as stub:
        assistant = assistant_at(f"http://{where}:{stub.port}/v1", word)
        _ask(assistant)
        said = asked(stub.bodies[0])
    assert (NAME in said) == (word == "allow")
    assert meanwhile == [(None,)]  # as another process would see it: committed
    (line,) = assistant.ledger.entries()
    assert line.outcome == "200"
    assert line.seconds is not None
    entry = line.entry
    assert (entry.host, entry.model, entry.purpose, entry.rule) == (where, "m", "propose", word)
    assert (entry.prompt_hash, entry.case) == ("sha256:0123", "c1")
    assert entry.placeholders == (1 if word == "pseudonymize" else 0)
    assert entry.characters >= sum(len(message["content"]) for message in stub.bodies[0]["messages"])
    with assistant.store.engine.connect() as connection:
        rows = connection.execute(select(model_call)).all()
    assert f":{stub.port}" not in str(rows)
    assert "/v1" not in str(rows)
    assistant.close()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("record.sqlite3*"))
    for secret in (KEY, "烏丸", "騒音"):
        assert secret.encode() not in kept


def test_a_record_that_cannot_be_opened_stops_what_leaves_and_nothing_else(
    box: list[str], assistant_at: Callable[..., Assistant], tmp_path: Path
) -> None:
    (tmp_path / "data" / "record.sqlite3").mkdir(parents=True)  # no file can be opened there
    with serving(Script(content=lambda body: '{"a": 1}')) as stub:
        with pytest.raises(RecordUnavailable):
            _ = assistant_at(stub.url).store
        _ask(assistant_at(stub.url))
        assert len(stub.bodies) == 1
        for word in ("pseudonymize", "allow"):
            with pytest.raises(EgressStopped):
                _ask(assistant_at(f"http://{BOX}:{stub.port}/v1", word))
        assert len(stub.bodies) == 1
