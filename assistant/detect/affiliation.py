"""What stands around an entity on its page and says whose it is: posts, sections, companies, parties of the form."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.detect.candidate import Candidate
from assistant.detect.overlap import Spans
from assistant.detect.patterns import KANJI, KATA, one_of
from assistant.detect.sheet import Field, Sheet
from assistant.detect.words import Words
from assistant.domain.entity import EntityKind, Trait

Side = Literal["company", "city", "individual", "proprietor", "site"]

_PARTY_LINES = 5
_POST_GAP = re.compile(r"(?:[ :]{0,2}(?:\([^()\n]{1,12}\))?[ :]{0,2}|の|である)$")
_RELATIVES = re.compile(
    r"母親|父親|本人|申出者|通報者|相談者|申立人|住民|保護者|世帯主|ご主人|奥様|家族|遺族|被害者|同人|(?<=[一-鿿])(?:様|さん)"
)
_STAFF_FORM = re.compile(
    r"旅行命令|出張命令|出勤簿|時間外|給与|給料|勤務評定|人事評価|休暇|復命|辞令|職員名簿|事務分掌|超過勤務|旅費"
)
_STAFF_LABELS = re.compile(r"(?:所属|職名|職員番号|級号給|職種|職 )[ :]")
_INQUIRY = re.compile(r"問(?:い)?合(?:わ)?せ|窓口|担当課|事務局|照会先|受付時間")
_PRIVATE_CAPACITY = re.compile(r"住民として|私人として|一市民として|個人として|私的に|家庭で|非番|休日に")
_CITY_WORDS = re.compile(
    r"(?<![一-鿿])本市|市側|発注者|当市|市長|市役所|区役所|教育委員会|市教委|消防局|水道局"
)
_SECTION_END = re.compile(r"(?:課|係|室|局|署|担当|センター|部|校|(?<![場住箇近居])所)[ :]{0,2}$")
# Records about an official's own affairs: the office does not make them duty.
_OWN_AFFAIR = re.compile(r"懲戒|処分|ハラスメント|分限|休職|非違|健康相談|メンタル|産業医")
# What a label adds to a title: these parts in a matter stand beside an office.
_PARTS = frozenset(
    (Trait.BOARD_MEMBER, Trait.INTERVIEWER, Trait.REPORTER, Trait.COMPLAINANT, Trait.LANDOWNER)
)
_CITY_LABELS = frozenset(("職員",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Something on the page that shows on whose side what follows stands."""

    start: int
    end: int
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around one name. `company`: whether its line says it is a company's; None where it says nothing."""

    sheet: Sheet
    anchors: Sequence[Anchor]
    candidate: Candidate
    ends: frozenset[int]
    before: str
    after: str
    field: Field | None
    company: bool | None
    company_above: bool

    def of_company_document(self, affiliation: Affiliation) -> bool:
        """Whether the paper is a company's and a company stands above."""
        return self.company_above and affiliation.company_document(self.sheet)


Said = tuple[frozenset[Trait], str]


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
            ("roles.posts_witness", frozenset({Trait.WITNESS, Trait.RESIDENT})),
            ("roles.posts_deceased", frozenset({Trait.DECEASED, Trait.RESIDENT})),
            ("roles.posts_resident", frozenset({Trait.RESIDENT})),
        )
        by_post: dict[str, frozenset[Trait]] = {}
        for key, traits in self._groups:
            for post in words[key]:
                by_post.setdefault(post, traits)
        self._by_post = by_post
        posts = one_of(by_post)
        self._post_tail = re.compile(rf"({posts})$")
        self._post_head = re.compile(
            rf" ?({one_of(post for post in by_post if len(post) >= 2)})(?!に?つ?いて)"
        )
        departments = one_of(word for word in words["roles.departments"] if word != "担当")
        self._sections_in_names = re.compile(rf"{one_of(words['names.family_names_like_sections'])}$")
        self._not_section = re.compile(
            rf"(?:^|[^{KANJI}]){one_of(words['roles.not_sections'])}$|(?:住|居|場|箇|近|全|一|外|内|入|通|退)所$|(?:全|一|外|内)部$"
        )
        self._company_words = re.compile(
            rf"{one_of(words['organizations.company_words'])}|(?<![A-Za-z])[A-Z]社"
        )
        self._ambiguous = frozenset(words["roles.posts_ambiguous"])
        self._department = re.compile(
            rf"[{KANJI}{KATA}ー・ぁ-ん0-9]{{1,14}}?{departments}(?:(?![{KANJI}])|(?=長|員|主))"
        )
        self._company_department = re.compile(one_of(words["roles.departments_company"]))
        self._representative_mark = re.compile(one_of(words["organizations.representative_marks"]))
        self._proprietor_mark = re.compile(one_of(words["organizations.trade_name_marks"]))
        self._noted = re.compile(rf" ?\((?:[^()\n]{{0,14}}[ 、・])?({posts})(?:[ 、)])")
        self._legal = re.compile(one_of(words["organizations.legal_forms"]))
        self._company_title = re.compile(one_of(words["facts.company_documents"]))

    def company_document(self, sheet: Sheet) -> bool:
        """Whether the title says that a company wrote the paper."""
        return self._company_title.search(sheet.title.replace(" ", "")) is not None

    def anchors(self, sheet: Sheet, candidates: Sequence[Candidate]) -> tuple[Anchor, ...]:
        """Companies, sections, labels of parties, in order of position."""
        anchors = [
            Anchor(start=c.start, end=c.end, side="company")
            for c in candidates
            if c.kind in (EntityKind.ORGANIZATION, EntityKind.TRADE_NAME)
            and not sheet.text.startswith(("勤務", "に勤務", "社員", "に勤め"), c.end)
            and (c.pattern != "suffix" or not self._is_public(sheet.text[c.start : c.end]))
        ]
        companies, held = {anchor.end for anchor in anchors}, Spans[None]()
        for anchor in anchors:
            held.add(anchor.start, anchor.end, None)
        for match in self._department.finditer(sheet.text):
            if held.over(match.start(), match.end()):
                continue
            if self._sections_in_names.search(match[0]) or self._not_section.search(match[0]):
                continue
            # 株式会社〇〇 開発部: a section right behind a company is the company's
            behind = any(match.start() - gap in companies for gap in range(3))
            company = behind or self._company_department.match(match[0]) is not None
            held.add(match.start(), match.end(), None)
            anchors.append(
                Anchor(start=match.start(), end=match.end(), side="company" if company else "city")
            )
        anchors.extend(
            Anchor(start=m.start(), end=m.end(), side="city") for m in _CITY_WORDS.finditer(sheet.text)
        )
        anchors.extend(
            Anchor(start=m.start(), end=m.end(), side="city") for m in _INQUIRY.finditer(sheet.text)
        )
        anchors.extend(
            Anchor(start=m.start(), end=m.end(), side="company")
            for m in self._company_words.finditer(sheet.text)
        )
        anchors.extend(
            Anchor(start=m.start(), end=m.end(), side="individual") for m in _RELATIVES.finditer(sheet.text)
        )
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
        before = self._between(anchors, line_start, position)
        if before:
            return before[-1].side
        after = self._between(anchors, position, line_end)
        indented = sheet.text[line_start : line_start + 1] == " "
        for above in range(number - 1, max(-1, number - _PARTY_LINES - 1), -1):
            start, end = sheet.lines[above]
            if not sheet.text[start:end].strip():
                break
            found = self._between(anchors, start, end + 1)
            private = [a for a in found if a.side != "city"]
            if private and (indented or not after):
                return "individual" if private[0].side == "individual" else private[-1].side
            if found and indented and not after:
                return "city"
        return after[0].side if after else None

    def _between(self, anchors: Sequence[Anchor], start: int, end: int) -> list[Anchor]:
        first = bisect_left(anchors, start, key=lambda a: a.start)
        last = bisect_left(anchors, end, key=lambda a: a.start)
        return [a for a in anchors[first:last] if a.end <= end]

    def person_traits(
        self, sheet: Sheet, anchors: Sequence[Anchor], candidate: Candidate, ends: frozenset[int]
    ) -> tuple[frozenset[Trait], tuple[str, ...]]:
        """What the words around a name say of the person, and the post or label that said it.

        `ends`: where names with the title after them end (日置委員　檜垣さん: 委員 is not 檜垣's).
        """
        line_start, line_end = sheet.line(candidate.start)
        around = Around(
            sheet=sheet,
            anchors=anchors,
            candidate=candidate,
            ends=ends,
            before=sheet.text[max(line_start, candidate.start - 30) : candidate.start],
            after=sheet.text[candidate.end : min(line_end, candidate.end + 24)],
            field=sheet.field_at(candidate.start),
            company=self._company_on_line(sheet, anchors, candidate.start),
            company_above=self.side_of(sheet, anchors, candidate.start) in ("company", "proprietor"),
        )
        private = (
            frozenset({Trait.PRIVATE_CAPACITY})
            if _PRIVATE_CAPACITY.search(around.after)
            else frozenset[Trait]()
        )
        for said in (
            self._title_before,
            self._title_after,
            self._label_says,
            self._note_says,
            self._section_says,
            self._form_says,
        ):
            found = said(around)
            if found is not None:
                return found[0] | private, (found[1],)
        return private, ()

    def _title_before(self, around: Around) -> Said | None:
        gap = _POST_GAP.search(around.before)
        stem = around.before[: gap.start()] if gap else around.before
        if gap and gap[0].startswith(" ") and around.candidate.start - len(gap[0]) in around.ends:
            return None
        for tail in (stem, re.sub(r"(?<=[一-鿿]) (?=[一-鿿])", "", stem)):
            match = self._post_tail.search(tail)
            if match:
                return self._titled(around, match[1], around.before + around.after[:12])
        return None

    def _title_after(self, around: Around) -> Said | None:
        match = self._post_head.match(around.after)
        if match is None or around.after.startswith((" ", "\t")):
            return None
        return self._titled(around, match[1], around.after[:12])

    def _titled(self, around: Around, post: str, noted: str) -> Said:
        company = around.company if around.company is not None else around.of_company_document(self)
        return self._with_label(around, self._of_post(post, company, noted)), post

    def _label_says(self, around: Around) -> Said | None:
        field = around.field
        if field is None:
            return None
        company = around.company if around.company is not None else around.company_above
        for label in (field.known, field.outer):
            if label is not None and (label.traits or label.name == "担当者"):
                outer = field.outer.traits if field.outer is not None else frozenset[Trait]()
                return self._of_label(label.name, label.traits, company) | outer, label.name
        return None

    def _note_says(self, around: Around) -> Said | None:
        noted = self._noted.match(around.after)
        return (self._of_post(noted[1], bool(around.company), around.after), noted[1]) if noted else None

    def _section_says(self, around: Around) -> Said | None:
        if not _SECTION_END.search(around.before):
            return None
        return frozenset({Trait.EMPLOYEE} if around.company else {Trait.OFFICIAL, Trait.ON_DUTY}), "所属"

    def _form_says(self, around: Around) -> Said | None:
        """A form that employees fill in, a shop before the bracket, a word for running a business alone."""
        line_start, line_end = around.sheet.line(around.candidate.start)
        labelled = around.field is not None and around.field.label == "氏名"
        if labelled and not around.company and self._staff(around.sheet, line_start, line_end):
            return frozenset({Trait.OFFICIAL, Trait.ON_DUTY}), "所属"
        shop = self._shop_before(around.anchors, around.candidate.start, around.sheet.text)
        if shop is not None:
            return shop, "商号"
        if self._proprietor_mark.search(around.after[:14]):
            return frozenset({Trait.SOLE_PROPRIETOR}), "個人経営"
        return None

    def titled_ends(self, sheet: Sheet, names: Sequence[Candidate]) -> frozenset[int]:
        """Where the titles end that stand right after a name."""
        ends = set()
        for name in names:
            match = self._post_head.match(sheet.text, name.end)
            if match and not match[0].startswith(" "):
                ends.add(match.end())
        return frozenset(ends)

    def _staff(self, sheet: Sheet, line_start: int, line_end: int) -> bool:
        """Whether the form is one that employees of the city fill in."""
        return (
            _STAFF_FORM.search(sheet.title) is not None
            or _STAFF_LABELS.search(sheet.text, line_start, line_end) is not None
        )

    def _shop_before(self, anchors: Sequence[Anchor], position: int, text: str) -> frozenset[Trait] | None:
        """喫茶〇〇（山田 花子）: the name in brackets after a shop is its owner; after a company its representative."""
        if text[position - 1 : position] != "(":
            return None
        shops = [a for a in anchors if a.side in ("company", "proprietor") and a.end == position - 1]
        if not shops:
            return None
        legal = self._legal.search(text[shops[-1].start : shops[-1].end])
        return frozenset({Trait.REPRESENTATIVE if legal else Trait.SOLE_PROPRIETOR})

    def _with_label(self, around: Around, traits: frozenset[Trait]) -> frozenset[Trait]:
        """A title says the office; the label of the field may say the part in this matter."""
        field = around.field
        if field is None:
            return traits
        labels = [label for label in (field.known, field.outer) if label is not None]
        part = frozenset(trait for label in labels for trait in label.traits)
        accused = any(label.name == "相手方" for label in labels) or (
            any(label.party for label in labels) and _OWN_AFFAIR.search(around.sheet.title) is not None
        )
        if traits == {Trait.RESIDENT}:
            return traits | part  # 児童, 申立人: the word before the name is the label itself
        if accused and Trait.OFFICIAL in traits:
            return traits | {Trait.PRIVATE_CAPACITY, Trait.RESIDENT}
        return traits | (part & _PARTS)

    def _company_on_line(self, sheet: Sheet, anchors: Sequence[Anchor], position: int) -> bool | None:
        """Whether the nearest anchor before `position` on its line is a company; None: nothing is said there.

        In a company's own paper a section without a city's word is the company's.
        """
        line_start, _ = sheet.line(position)
        near = [a for a in self._between(anchors, line_start, position) if a.side != "individual"]
        if not near or "。" in sheet.text[near[-1].end : position]:
            return None
        if near[-1].side == "city" and self.company_document(sheet):
            above = [a for a in anchors if a.start < line_start and a.side != "individual"]
            own = not re.search(r"市|県|町役場|区役所", sheet.text[line_start:position])
            return own and bool(above) and above[-1].side == "company"
        return near[-1].side in ("company", "proprietor")

    def _of_post(self, post: str, company: bool, noted: str) -> frozenset[Trait]:
        traits = self._by_post[post]
        if Trait.EMPLOYEE in traits and self._representative_mark.search(noted):
            return frozenset({Trait.REPRESENTATIVE})
        if Trait.OFFICIAL in traits and company and post in self._ambiguous:
            return frozenset({Trait.SITE_AGENT} if post in ("所長", "副所長") else {Trait.EMPLOYEE})
        if (
            Trait.SIGNING_BRANCH_HEAD in traits
            and not company
            and post in self._words["roles.posts_official"]
        ):
            return frozenset({Trait.OFFICIAL, Trait.ON_DUTY})
        return traits

    def _of_label(self, label: str, traits: frozenset[Trait], company: bool) -> frozenset[Trait]:
        if label == "担当者" or Trait.OFFICIAL in traits:
            return frozenset({Trait.EMPLOYEE} if company else {Trait.OFFICIAL, Trait.ON_DUTY})
        return traits
