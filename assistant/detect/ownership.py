"""Whose an address, a telephone number, an account, a seal is: the individual's, the company's, the city's."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from assistant.detect.accounts import belongs_to_company
from assistant.detect.affiliation import Affiliation, Anchor, Side
from assistant.detect.candidate import Candidate
from assistant.detect.patterns import one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

_OWNED = frozenset(
    (
        EntityKind.ADDRESS,
        EntityKind.PHONE,
        EntityKind.EMAIL,
        EntityKind.BANK_ACCOUNT,
        EntityKind.SEAL,
        EntityKind.SIGNATURE,
    )
)
_PUBLIC_TRAITS = frozenset((Trait.OFFICIAL,))
_COMPANY_TRAITS = frozenset((Trait.REPRESENTATIVE, Trait.SIGNING_BRANCH_HEAD))
_LOOK_BACK = 14
# 大字〇〇12番の土地: the place of a piece of land, not of a home
_PARCEL = re.compile(
    r" ?(?:の|に所在する|に存する)?(?:土地|田(?!中)|畑|宅地|山林|雑種地|原野|建物|家屋|地内|地先)"
)
_BANK = re.compile(r"銀行|金庫|農協|農業協同|信用組合|漁協|ゆうちょ")


class Ownership:
    """Adds traits of belonging to candidates that somebody owns."""

    def __init__(self, words: Words, affiliation: Affiliation) -> None:
        self._affiliation = affiliation
        self._site = re.compile(one_of(words["places.work_site_marks"]))
        self._home = re.compile(one_of(words["places.home_marks"]))
        self._business = re.compile(one_of(words["places.business_place_marks"]))
        self._handed = re.compile(one_of(words["facts.handed_to_all"]))
        self._company_later = re.compile(
            r"商号|名称|法人名|会社名|代表取締役|株式会社|有限会社|合同会社|\(株\)|\(有\)|理事長|代表者"
        )

    def of(
        self,
        sheet: Sheet,
        anchors: Sequence[Anchor],
        names: Sequence[Sequence[Candidate]],
        candidate: Candidate,
    ) -> Candidate:
        """The candidate with OF_INDIVIDUAL, OF_COMPANY or OF_CITY, and HOME or BUSINESS_PLACE for an address."""
        if candidate.kind not in _OWNED:
            return candidate
        if candidate.kind is EntityKind.ADDRESS and _PARCEL.match(sheet.text, candidate.end):
            return replace(candidate, kind=EntityKind.PARCEL_NUMBER)
        traits = set(candidate.traits)
        if not traits & {Trait.OF_INDIVIDUAL, Trait.OF_COMPANY, Trait.OF_CITY}:
            side = self._side(sheet, anchors, names, candidate)
            if side == "individual":
                traits.add(Trait.OF_INDIVIDUAL)
            elif side == "company":
                traits.add(Trait.OF_COMPANY)
            elif side == "proprietor":
                traits |= {Trait.OF_COMPANY, Trait.SOLE_PROPRIETOR}
            elif side == "city":
                traits.add(Trait.OF_CITY)
        if candidate.kind is EntityKind.ADDRESS:
            traits |= self._place(sheet, candidate, traits)
        return replace(candidate, traits=frozenset(traits))

    def _side(  # noqa: PLR0911 - one question after another, each answered at once
        self,
        sheet: Sheet,
        anchors: Sequence[Anchor],
        names: Sequence[Sequence[Candidate]],
        candidate: Candidate,
    ) -> Side | None:
        text = sheet.text
        line_start, line_end = sheet.line(candidate.start)
        near = text[max(line_start, candidate.start - _LOOK_BACK) : candidate.start]
        field = sheet.field_at(candidate.start)
        if candidate.kind is EntityKind.BANK_ACCOUNT:
            return self._of_account(sheet, anchors, names, candidate)
        if re.search(r"自宅|本籍|携帯|実家|勤務先", near):
            return "individual"
        if field is not None and field.column:
            return self._of_row(sheet, anchors, names, candidate)
        owner = self._nearest_person(names, line_start, candidate)
        side = self._affiliation.side_of(sheet, anchors, candidate.start)
        if owner is not None:
            anchor = _starting(anchors, line_start, candidate.start)
            if (
                not anchor
                or anchor[-1].end <= owner.start
                or anchor[-1].side not in ("company", "proprietor")
            ):
                return _side_of_person(owner)
        if field is not None and field.label == "住所" and side in (None, "city"):
            later = text[candidate.end : candidate.end + 80]
            return "company" if self._company_later.search(later) else "individual"
        if candidate.kind is EntityKind.ADDRESS and self._site.search(near):
            return "company" if side in ("company", "proprietor") else "site"
        if side is None or (side == "city" and not self._said_on_line(anchors, line_start, line_end)):
            return self._by_document(sheet, names) or side
        return side

    def _said_on_line(self, anchors: Sequence[Anchor], line_start: int, line_end: int) -> bool:
        return bool(_starting(anchors, line_start, line_end))

    def _of_account(
        self,
        sheet: Sheet,
        anchors: Sequence[Anchor],
        names: Sequence[Sequence[Candidate]],
        candidate: Candidate,
    ) -> Side | None:
        """The holder's abbreviation, then who stands on the line, then whose form it is; never the bank itself."""
        if candidate.pattern == "transfer_data":
            return "company" if self._company_kana(sheet, candidate) else "individual"
        line_start, line_end = sheet.line(candidate.start)
        if belongs_to_company(sheet.text[line_start:line_end]):
            return "company"

        def beside(anchor: Anchor) -> bool:
            apart = anchor.end <= candidate.start or candidate.end <= anchor.start
            return apart and not _BANK.search(sheet.text[anchor.start : anchor.end])

        here = (a for a in _starting(anchors, line_start, line_end) if a.side != "city" and beside(a))
        nearest = next(here, None)
        if nearest is not None:
            return nearest.side
        # Every question stops at the first that answers it: a table may hold ten thousand accounts.
        own_paper = self._affiliation.company_document(sheet)
        private = any(not g[0].traits & (_PUBLIC_TRAITS | _COMPANY_TRAITS | {Trait.EMPLOYEE}) for g in names)
        if private and not own_paper:
            return "individual"
        if any(a.side == "company" and beside(a) for a in anchors):
            return "company"
        return "individual" if private or any(g[0].traits & _PUBLIC_TRAITS for g in names) else None

    def _company_kana(self, sheet: Sheet, candidate: Candidate) -> bool:
        holder = sheet.text[candidate.end : candidate.end + 24].strip()
        return (
            re.match(r"[カユシドザ][)(]|\([カユシ]\)", holder) is not None
            or " " not in holder.split("  ")[0][:16]
            or re.match(r"[ァ-ヺー]{9,}", holder) is not None
        )

    def _of_row(
        self,
        sheet: Sheet,
        anchors: Sequence[Anchor],
        names: Sequence[Sequence[Candidate]],
        candidate: Candidate,
    ) -> Side | None:
        """A cell belongs to whoever the row is about."""
        line_start, line_end = sheet.line(candidate.start)
        field = sheet.field_at(candidate.start)
        if (
            candidate.kind is EntityKind.ADDRESS
            and field is not None
            and field.label == "所在地"
            and "住所" not in field.form
        ):
            return "site"
        sides = [a.side for a in _starting(anchors, line_start, line_end)]
        if "company" in sides or "proprietor" in sides:
            return "proprietor" if "proprietor" in sides else "company"
        row = [group[0] for group in _named(names, line_start, line_end)]
        if row:
            return _side_of_person(row[0])
        return "city" if "city" in sides else "individual"

    def _nearest_person(
        self, names: Sequence[Sequence[Candidate]], line_start: int, candidate: Candidate
    ) -> Candidate | None:
        before = [g[0] for g in _named(names, line_start, candidate.start + 1) if g[0].end <= candidate.start]
        return before[-1] if before else None

    def _by_document(self, sheet: Sheet, names: Sequence[Sequence[Candidate]]) -> Side | None:
        if self._affiliation.company_document(sheet):
            return "company"
        return "individual" if any(not g[0].traits & _PUBLIC_TRAITS for g in names) else None

    def _place(  # noqa: PLR0911 - one question after another, each answered at once
        self, sheet: Sheet, candidate: Candidate, traits: set[Trait]
    ) -> set[Trait]:
        line_start, _ = sheet.line(candidate.start)
        near = sheet.text[max(line_start, candidate.start - _LOOK_BACK) : candidate.start]
        field = sheet.field_at(candidate.start)
        after = sheet.text[candidate.end : candidate.end + 8]
        if (
            field is not None
            and field.label == "住所"
            and field.outer is not None
            and Trait.OF_COMPANY in traits
        ):
            traits -= {Trait.OF_COMPANY, Trait.SOLE_PROPRIETOR}
            return {Trait.HOME, Trait.OF_INDIVIDUAL}
        if re.search(r"自宅(?:兼|及び|と)", near):
            return {Trait.HOME, Trait.BUSINESS_PLACE}
        if re.search(r"自宅|本籍|実家", near) or re.match(
            r"[^\n]{0,4}(?:に住む|在住|に居住|の自宅|方)", after
        ):
            return {Trait.HOME, Trait.OF_INDIVIDUAL}
        if traits & {Trait.OF_COMPANY}:
            return {Trait.BUSINESS_PLACE}
        if field is not None and field.label.endswith("所在地"):
            return {Trait.OF_COMPANY, Trait.BUSINESS_PLACE} if self._business.search(field.form) else set()
        if Trait.OF_INDIVIDUAL in traits or (field is not None and field.label == "住所"):
            return {Trait.HOME}
        return set()


def _starting(anchors: Sequence[Anchor], first: int, last: int) -> Sequence[Anchor]:
    """Those that start in the span; `anchors` stand in order."""
    return anchors[
        bisect_left(anchors, first, key=lambda a: a.start) : bisect_left(anchors, last, key=lambda a: a.start)
    ]


def _named(names: Sequence[Sequence[Candidate]], first: int, last: int) -> Sequence[Sequence[Candidate]]:
    """Mentions that start in the span; `names` stand in order."""
    return names[
        bisect_left(names, first, key=lambda g: g[0].start) : bisect_left(
            names, last, key=lambda g: g[0].start
        )
    ]


def _side_of_person(person: Candidate) -> Side:
    if person.traits & _PUBLIC_TRAITS and Trait.PRIVATE_CAPACITY not in person.traits:
        return "city"
    if person.traits & _COMPANY_TRAITS:
        return "company"
    if Trait.SOLE_PROPRIETOR in person.traits:
        return "proprietor"
    if Trait.EMPLOYEE in person.traits:
        return "individual"
    return "individual"
