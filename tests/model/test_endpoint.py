"""Which endpoints may be spoken to: decided by how they are written and what was set, before any name is looked up."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from ipaddress import ip_address

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.errors import EgressRefused, InputError, SettingsError
from assistant.model.egress import RULES, Egress, read_egress
from assistant.model.endpoint import checked_endpoint
from assistant.model.hosts import Host, read_host

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
    "http://evil.example/127.0.0.1",
    "http://128.0.0.1/v1",
]

TRAPS = [  # refused whatever is set: readers of one address may differ
    "http://0.0.0.0:8000/v1",  # all addresses of this machine, read as another by some
    "http://169.254.169.254/latest",  # metadata of a cloud
    "http://224.0.0.1/v1",
    "http://255.255.255.255/v1",
    "http://127.0.0.1.evil.example/v1",
    "http://localhost.evil.example/v1",
    "https://localhost.evil.example/v1",
    "https://10.0.0.1.evil.example/v1",
    "http://localhost@evil.example/v1",
    "http://127.0.0.1:80@evil.example/v1",
    "http://evil.example@127.0.0.1/v1",  # ends here, but nobody writes so
    "http://user:secret@127.0.0.1/v1",
    "https://user:secret@models.example.jp/v1",
    "http://2130706433/v1",  # 127.0.0.1 as one number
    "http://0x7f000001/v1",
    "http://0x7f.0.0.1/v1",
    "http://0177.0.0.1/v1",  # octal to some, 177 to others
    "http://127.1/v1",
    "http://127.0.0.01/v1",
    "http://127.0.0.256/v1",
    "http://127.0.0.1./v1",
    "http://localhost./v1",
    "https://models.example.jp./v1",
    "https://models..example.jp/v1",
    "https://-models.example.jp/v1",
    "https://models.example.0x10/v1",  # a number at the end makes an address of it for some
    "http://[::ffff:127.0.0.1]/v1",
    "http://[::ffff:8.8.8.8]/v1",
    "http://[0:0:0:0:0:0:0:1]/v1",
    "http://[::1%25eth0]/v1",
    "http://[fe80::1]/v1",
    "http://[::]/v1",
    "https://[2002:7f00:1::]/v1",  # 127.0.0.1 in another coat
    "http://%6cocalhost/v1",
    "http://localhost%00.evil.example/v1",
    "https://xn--80ak6aa92e.com/v1",  # looks like apple.com once it is shown in its own letters
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


@pytest.fixture(autouse=True, scope="module")
def _no_lookup() -> Iterator[None]:
    def looked_up(*args: object, **more: object) -> None:
        raise AssertionError("a name was looked up")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", looked_up)
        patch.setattr(socket, "gethostbyname", looked_up)
        yield


@pytest.mark.parametrize("url", HERE)
def test_this_machine_is_taken_as_written(url: str) -> None:
    assert checked_endpoint(url, Egress()).url == url.strip().rstrip("/")


@pytest.mark.parametrize("url", ELSEWHERE + TRAPS)
def test_another_machine_is_refused_until_somebody_decides(url: str) -> None:
    with pytest.raises(EgressRefused) as caught:
        checked_endpoint(url, Egress())
    assert "secret" not in str(caught.value)
    assert "evil" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_the_refusal_says_who_decides_and_what_it_means() -> None:
    with pytest.raises(EgressRefused) as caught:
        checked_endpoint("https://models.example.jp/v1", Egress())
    for word in ("管理者", "OSUMITSUKI_MODEL_EGRESS", "pseudonymize", "allow", "--engine rules"):
        assert word in str(caught.value)


@pytest.mark.parametrize("decided", RULES)
@pytest.mark.parametrize("url", TRAPS)
def test_no_decision_opens_a_trap(url: str, decided: str) -> None:
    with pytest.raises(EgressRefused) as caught:
        checked_endpoint(url, read_egress(decided))
    assert "secret" not in str(caught.value)
    assert "evil" not in str(caught.value)


@pytest.mark.parametrize("decided", [None, *RULES])
@pytest.mark.parametrize("url", NO_ENDPOINT)
def test_what_is_no_endpoint_is_said_to_be_none(url: str, decided: str | None) -> None:
    with pytest.raises(InputError) as caught:
        checked_endpoint(url, read_egress(decided))
    assert isinstance(caught.value, SettingsError | EgressRefused)
    assert "evil" not in str(caught.value)
    assert caught.value.exit_code == 2


DECIDED = [  # endpoint, setting, host, rule
    ("https://models.example.jp/v1", "pseudonymize", "models.example.jp", "pseudonymize"),
    ("https://Models.Example.JP:8443/v1/", "allow", "models.example.jp", "allow"),
    ("https://models.example.jp/v1", "models.example.jp=pseudonymize", "models.example.jp", "pseudonymize"),
    (
        "https://models.example.jp/v1",
        "a.example=allow , MODELS.example.jp = allow",
        "models.example.jp",
        "allow",
    ),
    ("https://8.8.8.8/v1", "8.8.8.8=allow", "8.8.8.8", "allow"),
    ("https://[2001:4860::8]/v1", "[2001:4860::8]=allow", "[2001:4860::8]", "allow"),
    ("http://192.168.0.5:8000/v1", "pseudonymize", "192.168.0.5", "pseudonymize"),
    ("http://172.31.255.255/v1", "allow", "172.31.255.255", "allow"),
    ("http://[fd00::5]:8000/v1", "allow", "[fd00::5]", "allow"),
    ("http://gpu-box:8000/v1", "allow", "gpu-box", "allow"),
    ("http://llm_server:8000/v1", "allow", "llm_server", "allow"),
    ("http://llm.joho.lan/v1", "allow", "llm.joho.lan", "allow"),
    ("http://llm.internal/v1", "allow", "llm.internal", "allow"),
    ("http://127.0.0.1:11434/v1", "pseudonymize", "127.0.0.1", "pseudonymize"),
    ("http://127.0.0.1:11434/v1", "localhost=pseudonymize", "127.0.0.1", "pseudonymize"),  # one machine
    ("http://[::1]/v1", "127.0.0.1=pseudonymize", "[::1]", "pseudonymize"),
    ("http://127.0.0.1:11434/v1", "models.example.jp=block", "127.0.0.1", "allow"),  # not spoken of
    ("http://127.0.0.1:11434/v1", "  ", "127.0.0.1", "allow"),
]


@pytest.mark.parametrize(("url", "decided", "host", "rule"), DECIDED)
def test_what_was_decided_holds_for_the_host(url: str, decided: str, host: str, rule: str) -> None:
    endpoint = checked_endpoint(url, read_egress(decided))
    assert (endpoint.url, endpoint.host, endpoint.rule) == (url.rstrip("/"), host, rule)
    assert endpoint.loopback == (url in HERE or host == "[::1]")
    way = {"pseudonymize": "氏名等を伏せて", "allow": "そのまま"}[rule]
    assert endpoint.way == ("" if endpoint.loopback else f"{way} {host} へ")


STOPPED = [
    ("http://127.0.0.1:11434/v1", "block"),
    ("http://localhost:11434/v1", "127.0.0.1=block"),
    ("https://models.example.jp/v1", "block"),
    ("https://models.example.jp/v1", "models.example.jp=block, localhost=allow"),
    (
        "https://models.example.jp/v1",
        "example.jp=allow",
    ),  # a rule is for one host, not for what is beneath it
    ("https://example.jp/v1", "models.example.jp=allow"),
    ("https://models.example.jp/v1", "localhost=allow"),
    ("http://models.example.jp/v1", "allow"),  # in the clear over the Internet
    ("http://8.8.8.8/v1", "pseudonymize"),
    ("http://172.32.0.1/v1", "allow"),
    ("http://www.city.example.lg.jp/v1", "allow"),  # a public name like any other
    ("http://[2001:4860::8]/v1", "allow"),
    ("http://lan/v1.local", "models.lan=allow"),
]


@pytest.mark.parametrize(("url", "decided"), STOPPED)
def test_what_was_not_decided_is_stopped(url: str, decided: str) -> None:
    with pytest.raises(EgressRefused) as caught:
        checked_endpoint(url, read_egress(decided))
    assert "example" not in str(caught.value)


_ODD = st.text(alphabet="abcxn019.:-_[]%@/\\?#= LOCALHOST127０．。", max_size=24)
_BASES = st.sampled_from(
    ["127.0.0.1", "localhost", "models.example.jp", "[::1]", "10.0.0.1", "0x7f.1", "xn--a"]
)
_HOSTS = st.one_of(_ODD, st.tuples(_ODD, _BASES, _ODD).map("".join), st.tuples(_BASES, _ODD).map("".join))


@settings(max_examples=600, deadline=None)
@example(host="_xn--0", scheme="http", tail="")
@example(host="[::1]A", scheme="http", tail="")
@given(host=_HOSTS, scheme=st.sampled_from(["http", "https", "HTTPS", "ftp", ""]), tail=_ODD)
def test_all_readers_see_the_host_that_was_decided_about(host: str, scheme: str, tail: str) -> None:
    """What is taken is read alike by the client that sends, by urllib, and by the standard's own grammar."""
    import httpx2

    try:
        endpoint = checked_endpoint(f"{scheme}://{host}/{tail}", read_egress("allow"))
    except InputError:
        return
    sent_to = httpx2.URL(endpoint.url)
    assert sent_to.host == endpoint.host.strip("[]")
    assert sent_to.raw_host.decode("ascii") == endpoint.host.strip("[]")
    assert (sent_to.userinfo, sent_to.query, sent_to.fragment) == (b"", b"", "")
    assert sent_to.scheme == "https" or read_host(endpoint.host) == Host(
        name=endpoint.host, loopback=endpoint.loopback, inside=True
    )
    if re.fullmatch(r"[\d.]+", endpoint.host):
        assert str(ip_address(endpoint.host)) == endpoint.host
        assert ip_address(endpoint.host).is_loopback == endpoint.loopback
