"""Which endpoints a model may be asked at, decided before any name is looked up or socket opened (design.md D6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.errors import EgressRefused, SettingsError
from assistant.model.egress import Egress
from assistant.model.errand import EgressRule
from assistant.model.hosts import Host, read_host

_PRINTABLE = re.compile(r"[!-~]+")
_EXAMPLE = "このパソコンで動くモデルの接続先を、http://127.0.0.1:11434/v1 のように設定してください。"
_RULES_ALONE = "モデルを使わないときは、接続先の設定を外すか --engine rules で調べてください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint that may be spoken to. `url` without a slash at its end, `host` in lower case without port.

    `rule` is never `block`: then there is no endpoint. Only `checked_endpoint` makes one.
    """

    url: str
    host: str
    loopback: bool
    rule: EgressRule

    @property
    def way(self) -> str:
        """How text goes there, for the screen: 「氏名等を伏せて models.example.jp へ」; empty for this machine."""
        if self.loopback:
            return ""
        return f"{'氏名等を伏せて' if self.rule == 'pseudonymize' else 'そのまま'} {self.host} へ"


def checked_endpoint(base_url: str, egress: Egress) -> Endpoint:
    """The endpoint under the administrator's decision.

    Raises SettingsError (no such form) or EgressRefused (nothing may be sent there). Messages never repeat the
    setting: it may hold a password.
    """
    text = base_url.strip()
    host, encrypted = _host_in(text)
    rule = egress.rule_for(host)
    if rule == "block":
        raise EgressRefused(_blocked(host, egress))
    if not encrypted and not host.inside:
        raise EgressRefused(
            "モデルの接続先が http:// のため、文書が暗号にされないまま庁外を通ります。送りませんでした。"
            f"https:// の接続先を設定してください。{_RULES_ALONE}"
        )
    return Endpoint(url=text.rstrip("/"), host=host.name, loopback=host.loopback, rule=rule)


def _host_in(text: str) -> tuple[Host, bool]:
    """The host, and whether the way there is encrypted."""
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
    host = read_host(_written_host(parts.netloc))
    if host is None:
        raise EgressRefused(
            "モデルの接続先のホスト名が、読む側によって別の場所を指すことのある形です。文書を送りませんでした。"
            f"ふつうの名前か、10進数のアドレスで書いてください。{_EXAMPLE}"
        )
    return host, parts.scheme == "https"


def _written_host(netloc: str) -> str:
    """The host as written: `urlsplit().hostname` would take brackets away, and what stands behind them."""
    host, colon, port = netloc.rpartition(":")
    return host if colon and (port == "" or port.isdigit()) else netloc


def _blocked(host: Host, egress: Egress) -> str:
    if egress.everywhere == "block" or host.loopback:
        return (
            "モデルへの送信が、管理者の設定（OSUMITSUKI_MODEL_EGRESS の block）で止められています。"
            f"文書を送りませんでした。{_RULES_ALONE}"
        )
    return (
        "モデルの接続先が、このパソコンの中ではありません。文書を外へ送らないため、接続しませんでした。"
        "送ってよいかは管理者が決め、OSUMITSUKI_MODEL_EGRESS に pseudonymize（氏名等を符号に置き換えて送る）か "
        f"allow（そのまま送る）を設定します。{_RULES_ALONE}"
    )
