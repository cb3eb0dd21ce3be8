"""Addresses and credentials of information systems."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.overlap import Spans
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

_IP = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:/[0-9]{1,2})?"
_URL = re.compile(
    rf"https?://(?:{_IP}|localhost|[A-Za-z0-9-]+(?:\.(?:local|internal|lan))?)(?::[0-9]+)?(?:/[!-~]*)?(?![A-Za-z0-9.])"
)
_BARE_IP = re.compile(rf"(?<![0-9./]){_IP}(?![0-9.])")
_MAC = re.compile(r"(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:])")
_CREDENTIAL = re.compile(
    r"(?:ID|ＩＤ|ユーザ(?:ー)?名|アカウント|ログイン名|ログイン(?:ID)?|パスワード|Password|password|PW|SSID|暗号化キー|コミュニティ名|ホスト名|サーバ名|PIN|暗証番号)"
    r"(?:は|が)? {0,3}[:=]? {0,3}[「]?([!-~]{2,40}[!-(*-~])"
)


class NetworkDetails:
    """IP and MAC addresses, internal URLs, account names and passwords."""

    def __init__(self, words: Words) -> None:
        pass

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        taken = Spans[None]()
        for name, pattern, group in (
            ("url", _URL, 0),
            ("ip_address", _BARE_IP, 0),
            ("mac_address", _MAC, 0),
            ("credential", _CREDENTIAL, 1),
        ):
            for match in pattern.finditer(sheet.text):
                start, end = match.span(group)
                if taken.over(start, end):
                    continue
                taken.add(start, end, None)
                yield Candidate(
                    kind=EntityKind.NETWORK,
                    start=start,
                    end=end,
                    recognizer="network",
                    pattern=name,
                    score=0.9,
                    traits=frozenset({Trait.OF_CITY}),
                )
