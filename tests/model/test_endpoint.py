"""Which endpoints are this machine: decided by how they are written, before any name is looked up."""

from __future__ import annotations

import socket

import pytest

from assistant.errors import EgressRefused, InputError, SettingsError
from assistant.model.egress import Egress
from assistant.model.endpoint import checked_endpoint

HERE = [
    "http://127.0.0.1:11434/v1",
    "http://localhost:8080/v1",
    "HTTP://LOCALHOST/v1/",
    "http://[::1]:8000/v1",
    "http://127.0.0.2:1/openai/v1/",  # the whole of 127/8; the path of an Azure resource behind a local gateway
    "https://127.255.255.254/v1",
    "  http://127.0.0.1:11434/v1\n",  # pasted with its line break
]

ELSEWHERE = [
    "https://api.example.com/v1",
    "http://192.168.0.5:8000/v1",  # the office network is not this machine
    "http://10.0.0.1/v1",
    "http://0.0.0.0:8000/v1",  # all addresses of this machine, read as another by some
    "http://169.254.169.254/latest",  # metadata of a cloud
    "http://127.0.0.1.evil.example/v1",
    "http://localhost.evil.example/v1",
    "http://evil.example/127.0.0.1",
    "http://localhost@evil.example/v1",
    "http://127.0.0.1:80@evil.example/v1",
    "http://evil.example@127.0.0.1/v1",  # ends here, but nobody writes so
    "http://user:secret@127.0.0.1/v1",
    "http://2130706433/v1",  # 127.0.0.1 as one number
    "http://0x7f000001/v1",
    "http://0x7f.0.0.1/v1",
    "http://0177.0.0.1/v1",  # octal to some, 177 to others
    "http://127.1/v1",
    "http://127.0.0.01/v1",
    "http://127.0.0.256/v1",
    "http://127.0.0.1./v1",
    "http://localhost./v1",
    "http://[::ffff:127.0.0.1]/v1",
    "http://[0:0:0:0:0:0:0:1]/v1",
    "http://[::1%25eth0]/v1",
    "http://[fe80::1]/v1",
    "http://%6cocalhost/v1",
    "http://localhost%00.evil.example/v1",
    "http://128.0.0.1/v1",
]

NO_ENDPOINT = [
    "127.0.0.1:11434/v1",  # no scheme
    "localhost:11434",
    "ftp://127.0.0.1/v1",
    "file:///etc/passwd",
    "http://",
    "http:///v1",
    "http:127.0.0.1/v1",
    "",
    "http://127.0.0.1:99999/v1",
    "http://127.0.0.1:0/v1",
    "http://127.0.0.1:abc/v1",
    "http://127.0.0.1/v1?x=http://evil.example",
    "http://127.0.0.1/v1#@evil.example",
    "http://127.0.0.1\\@evil.example/v1",  # a backslash is a slash to browsers
    "http://127.0.0.1\t.evil.example/v1",
    "http://127.0.0.1\n.evil.example/v1",
    "http://１２７.0.0.1/v1",  # full-width digits
    "http://lоcalhost/v1",  # a Cyrillic о
    "http://127。0。0。1/v1",
    "http://[::1/v1",
    "http://[127.0.0.1]/v1",
]


@pytest.fixture(autouse=True)
def _no_lookup(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(*args: object, **more: object) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket, "gethostbyname", looked_up)


@pytest.mark.parametrize("url", HERE)
def test_this_machine_is_taken_as_written(url: str) -> None:
    assert checked_endpoint(url, Egress()).url == url.strip().rstrip("/")


@pytest.mark.parametrize("url", ELSEWHERE)
def test_another_machine_is_refused(url: str) -> None:
    with pytest.raises(EgressRefused) as caught:
        checked_endpoint(url, Egress())
    assert "secret" not in str(caught.value)
    assert "evil" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("url", NO_ENDPOINT)
def test_what_is_no_endpoint_is_said_to_be_none(url: str) -> None:
    with pytest.raises(InputError) as caught:
        checked_endpoint(url, Egress())
    assert isinstance(caught.value, SettingsError | EgressRefused)
    assert "evil" not in str(caught.value)
    assert caught.value.exit_code == 2
