"""Which endpoints a model may be asked at: only this machine, decided before any name is looked up (design.md D6).

Only forms that cannot mean another machine are accepted: `localhost`, four plain decimal numbers in 127.0.0.0/8, and
`[::1]`. Whatever else some library would read as loopback (2130706433, 0x7f.1, 127.1, [::ffff:127.0.0.1], a trailing
dot) is refused: two readers of one address may differ, and the text would go where the other one says.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network
from urllib.parse import urlsplit

from assistant.errors import EgressRefused, SettingsError

_LOOPBACK = IPv4Network("127.0.0.0/8")
_PRINTABLE = re.compile(r"[!-~]+")
_DOTTED = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}", re.ASCII)
_EXAMPLE = "このパソコンで動くモデルの接続先を、http://127.0.0.1:11434/v1 のように設定してください。"


def checked_endpoint(base_url: str) -> str:
    """The endpoint without a slash at its end. Raises SettingsError (no such form) or EgressRefused (another machine).

    Messages never repeat the setting: it may hold a password.
    """
    text = base_url.strip()
    if not _PRINTABLE.fullmatch(text) or "\\" in text:
        raise SettingsError(f"モデルの接続先に、URLに使えない文字があります。{_EXAMPLE}")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise SettingsError(f"モデルの接続先がURLとして読めません。{_EXAMPLE}") from None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(f"モデルの接続先は http:// か https:// で始めてください。{_EXAMPLE}")
    if "@" in parts.netloc:
        raise EgressRefused(f"モデルの接続先に利用者名を含む形（@）は使えません。{_EXAMPLE}")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise SettingsError(f"モデルの接続先に ? や # は使えません。{_EXAMPLE}")
    if port == 0:
        raise SettingsError(f"モデルの接続先のポート番号が使えません。{_EXAMPLE}")
    if not is_loopback(_host_of(parts.netloc)):
        raise EgressRefused(
            "モデルの接続先が、このパソコンの中ではありません。文書を外へ送らないため、接続しませんでした。"
            f"{_EXAMPLE}モデルを使わないときは、設定を外すか --engine rules で調べてください。"
        )
    return text.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether `host`, as written between // and the port, can mean only this machine."""
    if host.lower() in ("localhost", "[::1]"):
        return True
    if not _DOTTED.fullmatch(host):
        return False
    try:
        return IPv4Address(host) in _LOOPBACK
    except ValueError:
        return False


def _host_of(netloc: str) -> str:
    """The host as written: `urlsplit().hostname` would lower-case it and take brackets away."""
    if netloc.startswith("["):
        return netloc[: netloc.rfind("]") + 1]
    return netloc.split(":", 1)[0]
