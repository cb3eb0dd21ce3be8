"""Bank accounts as one unit: bank, branch, type, number, and the holder in kana beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.detect.candidate import Candidate
from assistant.detect.overlap import Spans
from assistant.detect.patterns import HIRA, KANJI, KATA
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind

_BANK_NAME = (
    rf"(?:[{KANJI}{KATA}{HIRA}A-Za-z]{{1,10}}(?:銀行|信用金庫|信金|信用組合|信組|農業協同組合|農協|漁協|労働金庫|信連)"
    rf"|ゆうちょ(?:銀行)?|JA[{KANJI}{KATA}{HIRA}]{{1,8}}|ろうきん)"
)
_BRANCH = (
    rf"(?: ?\(?[{KANJI}{KATA}{HIRA}A-Za-z0-9]{{1,12}}(?:支店|本店|支所|出張所|営業部|本所|店|センター)\)?)"
)
_TYPE = r"(?:普 ?通(?:預 ?金|貯 ?金)?|当 ?座(?:預 ?金)?|貯 ?蓄(?:預 ?金)?|総 ?合(?:口 ?座)?|定期(?:預 ?金)?|別段(?:預金)?|\(普\)|\(当\))"
_NUMBER = r"(?:(?:口座)?(?:番号|No\.?)? ?:? ?)[0-9][0-9 -]{4,9}[0-9]"
_GAP = r"[ \t、,・/:()]{0,4}"
_ACCOUNT = re.compile(rf"{_BANK_NAME}{_GAP}{_BRANCH}?{_GAP}{_TYPE}?{_GAP}{_NUMBER}(?![0-9年月日円,])")
_BRANCH_ACCOUNT = re.compile(
    rf"[{KANJI}{KATA}]{{1,8}}(?:支店|本店|支所){_GAP}{_TYPE}?{_GAP}{_NUMBER}(?![0-9年月日円,])"
)
_TYPE_AND_NUMBER = re.compile(rf"{_TYPE}{_GAP}{_NUMBER}(?![0-9年月日円,])")
_POST_OFFICE = re.compile(r"記号 ?:? ?[0-9]{5}[ \t、,-]{0,3}(?:番号)? ?:? ?[0-9]{1,8}")
# Transfer data (全銀協 layout): bank code, bank, branch code, branch, type, number.
_TRANSFER = re.compile(rf"[0-9]{{4}} [{KATA}]{{1,15}} [0-9]{{3}} [{KATA}]{{1,15}} [1249] [0-9]{{7}}(?![0-9])")
_LONE_BANK = re.compile(rf"{_BANK_NAME}{_GAP}{_BRANCH}")
_LONE_NUMBER = re.compile(r"(?<![0-9-])[0-9]{6,8}(?![0-9-])")
_HOLDER = re.compile(
    rf"[ \t、,(]{{0,3}}(?:(?:口座)?名義(?:人)?[ :]{{0,3}})?([{KATA}]{{2,10}} [{KATA}]{{2,10}})(?=[)\s、。]|$)"
)
_COMPANY_HOLDER = re.compile(r"(?:^|[ (])(?:[カユシド]\)|[カユシ]\(|\([カユシ])")


class BankAccounts:
    """One candidate an account; parts of an account that stand apart (金融機関／口座番号) one each."""

    def __init__(self, words: Words) -> None:
        pass

    def find(self, sheet: Sheet) -> Iterable[Candidate]:
        """See `Recognizer.find`."""
        text = sheet.text
        taken = Spans[None]()
        for name, pattern, score in (
            ("transfer_data", _TRANSFER, 0.95),
            ("whole", _ACCOUNT, 0.95),
            ("post_office", _POST_OFFICE, 0.9),
            ("branch", _BRANCH_ACCOUNT, 0.9),
            ("type_and_number", _TYPE_AND_NUMBER, 0.85),
        ):
            for match in pattern.finditer(text):
                if taken.over(*match.span()):
                    continue
                taken.add(*match.span(), None)
                yield self._candidate(match.start(), match.end(), name, score)
                holder = _HOLDER.match(text, match.end())
                if holder and name != "transfer_data":
                    yield self._candidate(holder.start(1), holder.end(1), "holder", 0.8)
        for field in sheet.fields:
            if field.label != "口座":
                continue
            for name, pattern in (("bank", _LONE_BANK), ("number", _LONE_NUMBER)):
                for match in pattern.finditer(text, field.start, field.end):
                    if not taken.over(*match.span()):
                        taken.add(*match.span(), None)
                        yield self._candidate(match.start(), match.end(), name, 0.75)

    def _candidate(self, start: int, end: int, pattern: str, score: float) -> Candidate:
        return Candidate(
            kind=EntityKind.BANK_ACCOUNT,
            start=start,
            end=end,
            recognizer="bank_account",
            pattern=pattern,
            score=score,
        )


def belongs_to_company(line: str) -> bool:
    """Whether the holder in kana carries a company's abbreviation (ｶ)… , ﾕ)…)."""
    return _COMPANY_HOLDER.search(line) is not None
