"""What stands around an entity on its page and says whose it is: posts, sections, companies, parties of the form."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.detect.candidate import Candidate
from assistant.detect.patterns import KANJI, KATA, one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

Side = Literal["company", "city", "individual", "proprietor", "site"]

_PARTY_LINES = 5
_POST_GAP = re.compile(r"[ :]{0,2}(?:\([^()\n]{1,12}\))?[ :]{0,2}$")
_PRIVATE_CAPACITY = re.compile(r"住民として|私人として|一市民として|個人として|私的に|家庭で|非番|休日に")
_CITY_WORDS = re.compile(r"本市|市側|発注者|当市|市長|市役所|区役所|教育委員会|市教委|消防局|水道局")
_COMPANY_LABELS = frozenset(("提案者",))
_CITY_LABELS = frozenset(("職員",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Something on the page that shows on whose side what follows stands."""

    start: int
    end: int
    side: Side


class Affiliation:
    """Reads the sides of a sheet once, then answers for positions."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._groups: tuple[tuple[str, frozenset[Trait]], ...] = (
            ("roles.posts_representative", frozenset({Trait.REPRESENTATIVE})),
            ("roles.posts_site", frozenset({Trait.SITE_AGENT})),
            ("roles.posts_junior_police", frozenset({Trait.OFFICIAL, Trait.ON_DUTY, Trait.JUNIOR_POLICE})),
            ("roles.posts_police", frozenset({Trait.OFFICIAL, Trait.ON_DUTY})),
            ("roles.posts_councillor", frozenset({Trait.COUNCILLOR})),
            ("roles.posts_community", frozenset({Trait.COMMUNITY_HEAD})),
            ("roles.posts_branch_head", frozenset({Trait.SIGNING_BRANCH_HEAD})),
            ("roles.posts_employee", frozenset({Trait.EMPLOYEE})),
            ("roles.posts_board", frozenset({Trait.BOARD_MEMBER})),
            ("roles.posts_official", frozenset({Trait.OFFICIAL, Trait.ON_DUTY})),
            ("roles.kinship", frozenset({Trait.RESIDENT})),
            ("roles.posts_resident", frozenset({Trait.RESIDENT})),
        )
        by_post: dict[str, frozenset[Trait]] = {}
        for key, traits in self._groups:
            for post in words[key]:
                by_post.setdefault(post, traits)
        self._by_post = by_post
        posts = one_of(by_post)
        self._post_tail = re.compile(rf"({posts})$")
        self._post_head = re.compile(rf" ?({one_of(post for post in by_post if len(post) >= 2)})(?!に?つ?いて)")
        departments = one_of(word for word in words["roles.departments"] if word != "担当")
        self._department = re.compile(rf"[{KANJI}{KATA}ー・ぁ-ん0-9]{{1,14}}?{departments}(?![{KANJI}])|(?<=[{KANJI}]){departments}(?=長|員|主)")
        self._company_department = re.compile(one_of(words["roles.departments_company"]))
        self._representative_mark = re.compile(one_of(words["organizations.representative_marks"]))
        self._proprietor_mark = re.compile(one_of(words["organizations.trade_name_marks"]))
        self._company_title = re.compile(one_of(words["facts.company_documents"]))

    def company_document(self, sheet: Sheet) -> bool:
        return self._company_title.search(sheet.title.replace(" ", "")) is not None

    def anchors(self, sheet: Sheet, candidates: Sequence[Candidate]) -> tuple[Anchor, ...]:
        """Companies, sections, labels of parties, in order of position."""
        anchors = [
            Anchor(start=c.start, end=c.end, side="company")
            for c in candidates
            if c.kind in (EntityKind.ORGANIZATION, EntityKind.TRADE_NAME)
            and (c.pattern != "suffix" or not self._is_public(sheet.text[c.start : c.end]))
        ]
        for match in self._department.finditer(sheet.text):
            if any(a.start < match.end() and match.start() < a.end for a in anchors):
                continue
            company = self._company_department.match(match[0]) is not None
            anchors.append(Anchor(start=match.start(), end=match.end(), side="company" if company else "city"))
        anchors.extend(Anchor(start=m.start(), end=m.end(), side="city") for m in _CITY_WORDS.finditer(sheet.text))
        for field in sheet.fields:
            if field.known is None or field.column:
                continue
            if field.known.party:
                side: Side = "proprietor" if Trait.SOLE_PROPRIETOR in field.known.traits else "individual"
                anchors.append(Anchor(start=field.label_start, end=field.start, side=side))
            elif field.label in _CITY_LABELS:
                anchors.append(Anchor(start=field.label_start, end=field.start, side="city"))
        return tuple(sorted(anchors, key=lambda a: (a.start, a.end)))

    def _is_public(self, name: str) -> bool:
        return re.search(r"市立|県立|国立|公立|役所|市民|保健所|見本市", name) is not None

    def side_of(self, sheet: Sheet, anchors: Sequence[Anchor], position: int) -> Side | None:
        """The side of the nearest anchor before `position` on its line, else in the lines of the same block above."""
        number = sheet.line_number(position)
        line_start, line_end = sheet.lines[number]
        before = [a for a in self._between(anchors, line_start, position)]
        if before:
            return before[-1].side
        after = [a for a in self._between(anchors, position, line_end)]
        indented = sheet.text[line_start : line_start + 1] == " "
        for above in range(number - 1, max(-1, number - _PARTY_LINES - 1), -1):
            start, end = sheet.lines[above]
            if not sheet.text[start:end].strip():
                break
            found = [a for a in self._between(anchors, start, end + 1)]
            if found and (indented or not after):
                return found[-1].side if not (found[0].side == "individual") else "individual"
            if found:
                break
        return after[0].side if after else None

    def _between(self, anchors: Sequence[Anchor], start: int, end: int) -> list[Anchor]:
        first = bisect_left(anchors, start, key=lambda a: a.start)
        last = bisect_left(anchors, end, key=lambda a: a.start)
        return [a for a in anchors[first:last] if a.end <= end]

    def person_traits(
        self, sheet: Sheet, anchors: Sequence[Anchor], candidate: Candidate
    ) -> tuple[frozenset[Trait], tuple[str, ...]]:
        """What the words around a name say of the person, and the post or label that said it."""
        text = sheet.text
        line_start, line_end = sheet.line(candidate.start)
        before = text[max(line_start, candidate.start - 30) : candidate.start]
        after = text[candidate.end : min(line_end, candidate.end + 24)]
        company = self._company_side(sheet, anchors, candidate.start)
        private = frozenset({Trait.PRIVATE_CAPACITY}) if _PRIVATE_CAPACITY.search(after) else frozenset()
        gap = _POST_GAP.search(before)
        stem = before[: gap.start()] if gap else before
        squeezed = re.sub(r"(?<=[一-鿿]) (?=[一-鿿])", "", stem)
        for tail in (stem, squeezed):
            match = self._post_tail.search(tail)
            if match:
                noted = before + after[:12]
                return self._of_post(match[1], company, noted) | private, (match[1],)
        match = self._post_head.match(after)
        if match and not after.startswith(("  ", "\t")) and (not after.startswith(" ") or False):
            return self._of_post(match[1], company, after[:12]) | private, (match[1],)
        field = sheet.field_at(candidate.start)
        if field is not None and field.known is not None and (field.known.traits or field.label == "担当者"):
            return self._of_label(field.label, field.known.traits, company) | private, (field.label,)
        noted = re.match(rf" ?\((?:[^()\n]{{0,14}}[ 、・])?({one_of(self._by_post)})(?:[ 、)])", after)
        if noted:
            return self._of_post(noted[1], company, after) | private, (noted[1],)
        if re.search(rf"(?:課|係|室|局|署|担当|センター|部|校|所)[ :]{{0,2}}$", before):
            traits = {Trait.EMPLOYEE} if company else {Trait.OFFICIAL, Trait.ON_DUTY}
            return frozenset(traits) | private, ("所属",)
        if self._proprietor_mark.search(after[:14]):
            return frozenset({Trait.SOLE_PROPRIETOR}), ("個人経営",)
        return private, ()

    def _company_side(self, sheet: Sheet, anchors: Sequence[Anchor], position: int) -> bool:
        line_start, _ = sheet.line(position)
        near = self._between(anchors, line_start, position)
        if near:
            return near[-1].side in ("company", "proprietor")
        side = self.side_of(sheet, anchors, position)
        return side in ("company", "proprietor") and self.company_document(sheet)

    def _of_post(self, post: str, company: bool, noted: str) -> frozenset[Trait]:
        traits = self._by_post[post]
        if Trait.EMPLOYEE in traits and self._representative_mark.search(noted):
            return frozenset({Trait.REPRESENTATIVE})
        if Trait.OFFICIAL in traits and company:
            return frozenset({Trait.SITE_AGENT} if post in ("所長", "副所長") else {Trait.EMPLOYEE})
        if Trait.SIGNING_BRANCH_HEAD in traits and not company and post in self._words["roles.posts_official"]:
            return frozenset({Trait.OFFICIAL, Trait.ON_DUTY})
        return traits

    def _of_label(self, label: str, traits: frozenset[Trait], company: bool) -> frozenset[Trait]:
        if label == "担当者" or Trait.OFFICIAL in traits:
            return frozenset({Trait.EMPLOYEE} if company else {Trait.OFFICIAL, Trait.ON_DUTY})
        return traits
