"""Telephone and fax numbers, extensions, mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

# L and X may stand before it: TEL092…, FAX092…
_PHONE = re.compile(
    r"(?<![0-9A-KM-WYZa-km-wyz-])(?:\+81[- ]?|0)[0-9]{1,4}(?: ?[-ー‐・―局の] ?| ?\( ?| ?\) ?| )[0-9]{1,4}"
    r"(?: ?[-ー‐・―番の] ?| ?\) ?| )[0-9]{3,4}(?![0-9A-Za-z-])"
)
_ABROAD = re.compile(
    r"(?<![0-9A-Za-z+-])\+(?!81)[1-9][0-9]{0,2}[- ][0-9]{1,4}(?:[- ][0-9]{2,4}){1,3}(?![0-9A-Za-z-])"
)
_MOBILE = re.compile(r"0[6789]0-[0-9]{4}-[0-9]{4}")
_SOLID = re.compile(r"(?<![0-9A-KM-WYZa-km-wyz-])0[0-9]{9,10}(?![0-9A-Za-z-])")
_PHONE_WORD = re.compile(
    r"(?:電 ?話|TEL|Tel|tel|携 ?帯|連絡先|FAX|Fax|ファク|番号は|直通|自宅|℡)[^0-9\n]{0,8}$"
)
_OTHER_NUMBER = re.compile(r"(?:番号|No\.?|№|コード|口座|伝票|命令) {0,2}[:.]? {0,2}$")
_EXTENSION = re.compile(r"内 ?線 ?[:：]? ?([0-9]{2,5})")
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}"
)
_PUBLIC_DOMAIN = re.compile(r"(?:\.lg\.jp|\.go\.jp|@(?:city|town|vill|pref)[.-]|\.ed\.jp)", re.IGNORECASE)
_LOOK_BACK = 16


class Phones:
    """Ten or eleven digits that are written as a telephone number and not called another number."""

    def __init__(self, words: Words) -> None:
        pass

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        for match in (*_PHONE.finditer(sheet.digits), *_SOLID.finditer(sheet.digits)):
            digits = re.sub(r"[^0-9]", "", match[0].replace("+81", "0"))
            before = sheet.text[max(0, match.start() - _LOOK_BACK) : match.start()]
            said = bool(_PHONE_WORD.search(before))
            mobile = re.match(r"0[6789]0", digits) is not None
            if not self._is_phone(match[0], digits, before, said, mobile):
                continue
            yield Candidate(
                kind=EntityKind.PHONE,
                start=match.start(),
                end=match.end(),
                recognizer="phone",
                pattern="mobile" if mobile and len(digits) == 11 else "fixed",
                score=0.95 if said else 0.85,
                traits=frozenset({Trait.MOBILE}) if mobile and len(digits) == 11 else frozenset(),
                context=("電話",) if said else (),
            )
        for match in _ABROAD.finditer(sheet.digits):
            yield Candidate(
                kind=EntityKind.PHONE,
                start=match.start(),
                end=match.end(),
                recognizer="phone",
                pattern="abroad",
                score=0.85,
            )
        for match in _EXTENSION.finditer(sheet.text):
            yield Candidate(
                kind=EntityKind.PHONE,
                start=match.start(1),
                end=match.end(1),
                recognizer="phone",
                pattern="extension",
                score=0.8,
                traits=frozenset({Trait.OF_CITY}),
            )

    def _is_phone(self, text: str, digits: str, before: str, said: bool, mobile: bool) -> bool:
        if _MOBILE.fullmatch(text):
            return True  # no other number is grouped so: 番号 080-…
        if _OTHER_NUMBER.search(before) and not said:
            return False
        if not re.search(
            r"[-ー‐・()―局番の]", text
        ):  # 06 1234 5678, 09012345678: only where something says telephone
            return (said or mobile) and len(digits) in (10, 11)
        free = digits.startswith(("0120", "0800", "0570"))
        return len(digits) == 10 or (len(digits) == 11 and (digits[2] == "0" or free))


class Emails:
    """Mail addresses; those under a public body's domain are the body's."""

    def __init__(self, words: Words) -> None:
        pass

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        for match in _EMAIL.finditer(sheet.text):
            public = _PUBLIC_DOMAIN.search(match[0]) is not None
            yield Candidate(
                kind=EntityKind.EMAIL,
                start=match.start(),
                end=match.end(),
                recognizer="email",
                pattern="public_body" if public else "other",
                score=0.99,
                traits=frozenset({Trait.OF_CITY}) if public else frozenset(),
            )
