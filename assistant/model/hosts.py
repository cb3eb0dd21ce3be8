"""The name of a machine as it stands in a URL: only forms that every reader reads alike, decided without a look-up.

One library takes 2130706433, 0x7f.1, 127.1 or [::ffff:127.0.0.1] for this machine, another for a name to be asked
for: the text would go where the other one says. So an address is taken in its one plain form only (four decimal
numbers, or IPv6 in brackets as RFC 5952 writes it), and a name in letters, digits, hyphens and underscores. What stands
for no one machine (0.0.0.0, link-local, multicast) or passes itself off as this one (localhost.example.com) is no
host for us, whatever a rule says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_LOOPBACK = IPv4Network("127.0.0.0/8")
_OFFICE = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))
_OFFICE_6 = IPv6Network("fc00::/7")
_NOWHERE = tuple(map(IPv4Network, ("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/3")))
_EVERYWHERE_6 = IPv6Network("2000::/3")
_INSIDE = ("local", "lan", "internal", "home.arpa")
"""Endings that no public name has: such a name is answered by the network one sits in, or not at all."""
_DOTTED = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)  # as the last part it makes some readers see an address
_LONGEST_NAME = 253


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """`name` in lower case, IPv6 in brackets. `loopback`: can mean only this machine. `inside`: an address or name
    that only the network one sits in can answer to."""

    name: str
    loopback: bool = False
    inside: bool = False


def read_host(text: str) -> Host | None:
    """The host, as written between // and the port; None for a form that is not taken."""
    name = text.lower()
    if not name.isascii():
        return None
    if name == "localhost":
        return Host(name=name, loopback=True, inside=True)
    if name.startswith("[") and name.endswith("]"):
        return _of_v6(name)
    if _DOTTED.fullmatch(name):
        return _of_v4(name)
    return _of_name(name)


def _of_v4(name: str) -> Host | None:
    try:
        address = IPv4Address(name)
    except ValueError:
        return None
    if any(address in net for net in _NOWHERE):
        return None
    loopback = address in _LOOPBACK
    return Host(name=name, loopback=loopback, inside=loopback or any(address in net for net in _OFFICE))


def _of_v6(name: str) -> Host | None:
    try:
        address = ip_address(name[1:-1])
    except ValueError:
        return None
    if not isinstance(address, IPv6Address) or str(address) != name[1:-1]:  # another spelling, or with a zone
        return None
    if address == IPv6Address("::1"):
        return Host(name=name, loopback=True, inside=True)
    if address in _OFFICE_6:
        return Host(name=name, inside=True)
    embeds = address.ipv4_mapped or address.sixtofour or address.teredo
    return None if embeds or address not in _EVERYWHERE_6 else Host(name=name)


def _of_name(name: str) -> Host | None:
    labels = name.split(".")
    if len(name) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if _NUMBER.fullmatch(labels[-1]) or "xn--" in name:
        return None
    if "localhost" in labels or _DOTTED.fullmatch(".".join(labels[:4])):
        return None
    inside = len(labels) == 1 or any(name.endswith(f".{ending}") for ending in _INSIDE)
    return Host(name=name, inside=inside)
