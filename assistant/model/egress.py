"""Which text may leave for which machine: the administrator's decision, OSUMITSUKI_MODEL_EGRESS (design.md D6).

    pseudonymize                                  for the host of the endpoint, whichever it is
    localhost=allow, models.example.jp=pseudonymize   for these hosts only

What it does not speak of: this machine may have the text as it is, any other gets nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast, get_args

from assistant.errors import SettingsError
from assistant.model.errand import EgressRule
from assistant.model.hosts import Host, read_host

RULES: tuple[str, ...] = get_args(EgressRule)
THIS_MACHINE = "localhost"
"""Under this name stand all ways to write this machine: one decision about it, not one for each spelling."""
_TODO = (
    "OSUMITSUKI_MODEL_EGRESS には block（送らない）、pseudonymize（氏名等を符号に置き換えて送る）、"
    "allow（そのまま送る）のどれか一語か、「接続先のホスト名=その語」をコンマで区切って書いてください。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Egress:
    """`everywhere`: one word for whatever host is set; else `hosts`, by name (see THIS_MACHINE)."""

    everywhere: EgressRule | None = None
    hosts: Mapping[str, EgressRule] = field(default_factory=lambda: MappingProxyType({}))

    def rule_for(self, host: Host) -> EgressRule:
        """What may leave for this host; fails closed."""
        if self.everywhere is not None:
            return self.everywhere
        return self.hosts.get(_key(host), "allow" if host.loopback else "block")


def read_egress(text: str | None) -> Egress:
    """The decision as written; nothing decided for None or blank. Raises SettingsError, which never repeats it."""
    if text is None or not text.strip():
        return Egress()
    if "=" not in text:
        return Egress(everywhere=_rule(text))
    hosts: dict[str, EgressRule] = {}
    for entry in text.split(","):
        name, equals, word = entry.partition("=")
        host = read_host(name.strip())
        if not equals or host is None:
            raise SettingsError(
                f"モデルへの送信の決まりに、ホスト名として読めないところがあります。{_TODO}"
                "ホスト名は、接続先の // の次から : や / の前までを、そのまま写してください。"
            )
        if _key(host) in hosts:
            raise SettingsError(
                f"モデルへの送信の決まりに、同じ接続先が二度あります。一つにしてください。{_TODO}"
            )
        hosts[_key(host)] = _rule(word)
    return Egress(hosts=MappingProxyType(hosts))


def _rule(word: str) -> EgressRule:
    if word.strip() not in RULES:
        raise SettingsError(f"モデルへの送信の決まりに、知らない語があります。{_TODO}")
    return cast("EgressRule", word.strip())


def _key(host: Host) -> str:
    return THIS_MACHINE if host.loopback else host.name
