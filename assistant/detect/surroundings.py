"""What the lines around an entity add: who is published, handed to all, on the winning side; how far a name reaches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.detect.amounts import RecordedAmounts
from assistant.detect.circumstances import Circumstances, plain
from assistant.detect.patterns import in_order, one_of
from assistant.detect.persons import Identity
from assistant.detect.words import Words
from assistant.domain.document import Document, Extent
from assistant.domain.entity import Entity, EntityKind, Trait

_ROLES = frozenset(
    (
        Trait.OFFICIAL, Trait.BOARD_MEMBER, Trait.COUNCILLOR, Trait.REPRESENTATIVE, Trait.SIGNING_BRANCH_HEAD,
        Trait.EMPLOYEE, Trait.SITE_AGENT, Trait.SOLE_PROPRIETOR, Trait.COMMUNITY_HEAD, Trait.RESIDENT,
        Trait.COMPLAINANT, Trait.REPORTER, Trait.CHILD, Trait.GUARDIAN, Trait.DECEASED, Trait.WITNESS,
        Trait.LANDOWNER, Trait.INTERVIEWER,
    )
)  # fmt: skip
_SHOWN = frozenset(
    (Trait.OFFICIAL, Trait.BOARD_MEMBER, Trait.COUNCILLOR, Trait.REPRESENTATIVE, Trait.SOLE_PROPRIETOR)
)
_LINE_REACH = 400
_CONTACTS = frozenset(
    (EntityKind.PHONE, EntityKind.ADDRESS, EntityKind.EMAIL, EntityKind.BANK_ACCOUNT, EntityKind.SEAL)
)
_BY_CLAUSE = frozenset(
    (
        EntityKind.RESERVE_PRICE, EntityKind.UNIT_PRICE, EntityKind.PRICE, EntityKind.DELIBERATION, EntityKind.METHOD,
        EntityKind.EXAM, EntityKind.SECURITY, EntityKind.KNOW_HOW, EntityKind.FINANCIALS, EntityKind.CLIENT,
        EntityKind.SCORE, EntityKind.TAX, EntityKind.STATISTICS, EntityKind.ORGANIZATION, EntityKind.INCOME,
        EntityKind.NEGOTIATION, EntityKind.PERSONNEL,
    )
)  # fmt: skip
_NEVER_OPEN = frozenset(
    (Trait.CHILD, Trait.COMPLAINANT, Trait.REPORTER, Trait.GUARDIAN, Trait.LANDOWNER, Trait.EMPLOYEE)
)


class Surroundings:
    """Line by line and document by document, without deciding anything."""

    def __init__(self, words: Words, circumstances: Circumstances) -> None:
        self._circumstances = circumstances
        self._amounts = RecordedAmounts(words)
        self._roster = in_order(words.phrases, "roster")
        self._person_published = in_order(words.phrases, "person_published")
        self._gathering = re.compile(one_of(words["context.gathering_titles"]))
        self._association = re.compile(one_of(words["context.association_titles"]))
        self._winner = re.compile(one_of(words["context.winner"]))
        self._ranked = re.compile(one_of(words["context.ranked"]))
        self._honorific = re.compile(rf"[ 　]?(?:{one_of(words['roles.honorifics'])})(?![一-鿿])")
        self._kinship = re.compile(
            rf"(?:^|(?<=[\s、。（(「・：:]))(?:{one_of(words['roles.kinship'])})[ 　：:（(]{{0,2}}$"
        )
        self._post = re.compile(rf"(?:{one_of(w for w in words['roles.posts_official'] if len(w) >= 2)})")

    def settle_people(
        self,
        document: Document,
        names: Sequence[Entity],
        people: Sequence[Identity],
        traits: frozenset[Trait],
        title: str,
    ) -> None:
        """Adds to each person what the document says of the whole group, and a role to those who have none."""
        text = plain("\n".join(page.text for page in document.pages))
        minutes = self._circumstances.says("minutes", plain(title))
        roster = self._roster.search(text) is not None and Trait.BEFORE_OPENING not in traits
        published = self._person_published.search(text)
        open_persons = published is not None and not self._circumstances.says(
            "not_published", text[published.start() : published.end() + 12]
        )
        association = self._association.search(plain(title)) is not None
        gathering = (
            self._gathering.search(plain(title)) is not None
            and self._circumstances.says("published", text)
            and Trait.BEFORE_OPENING not in traits
        )
        for person in people:
            if Trait.PUBLISHED in traits and Trait.OFFICIAL in person.traits:
                person.traits.discard(Trait.PRIVATE_CAPACITY)
            if not person.traits & _ROLES:
                person.traits.add(Trait.BOARD_MEMBER if minutes and roster else Trait.RESIDENT)
                if not (minutes and roster):
                    person.traits.add(Trait.OF_INDIVIDUAL)
            if association and Trait.BOARD_MEMBER in person.traits and Trait.OFFICIAL not in person.traits:
                person.traits -= {Trait.BOARD_MEMBER}
                person.traits.add(Trait.COMMUNITY_HEAD)
            if roster and Trait.BOARD_MEMBER in person.traits:
                person.traits.add(Trait.PUBLISHED)
            if gathering and not person.traits & _NEVER_OPEN:
                person.traits.add(Trait.PUBLISHED)
            if open_persons and not person.traits & {
                Trait.CHILD,
                Trait.COMPLAINANT,
                Trait.REPORTER,
                Trait.GUARDIAN,
            }:
                person.traits.add(Trait.PUBLISHED)

    def widened(self, document: Document, entity: Entity) -> Entity:
        """With the honorific after it and the kinship before it, unless the person is one who is shown."""
        if entity.traits & _SHOWN and Trait.PRIVATE_CAPACITY not in entity.traits:
            return entity
        first, last = entity.extents[0], entity.extents[-1]
        text = document.page(last.page).text
        tail = self._honorific.match(text, last.end) or (
            self._post.match(text, last.end) if Trait.PRIVATE_CAPACITY in entity.traits else None
        )
        head = self._kinship.search(text[max(0, first.start - 8) : first.start])
        extents = list(entity.extents)
        if tail:
            extents[-1] = replace(extents[-1], end=tail.end())
        if head:
            extents[0] = replace(extents[0], start=first.start - (min(8, first.start) - head.start()))
        if not (tail or head):
            return entity
        return replace(
            entity, extents=tuple(extents), text="".join(document.cut(extent) for extent in extents)
        )

    def placed(
        self, document: Document, others: Sequence[Entity], title: str, traits: frozenset[Trait]
    ) -> list[Entity]:
        """`others` with what their own lines say of them."""
        ranked = self._ranked.search(plain("\n".join(page.text for page in document.pages))) is not None
        head = plain(title)
        return [
            self._placed(document, entity, ranked, head, published=Trait.PUBLISHED in traits)
            for entity in others
        ]

    def _placed(
        self, document: Document, entity: Entity, ranked: bool, title: str, *, published: bool
    ) -> Entity:
        line, after, clause = self._around(document, entity.extents[0])
        entity = self._amounts.in_record(entity, title, line, after, published=published)
        added: set[Trait] = set()
        if entity.kind in _CONTACTS:
            if self._circumstances.says("handed_to_all", after) and not self._circumstances.says(
                "not_published", after
            ):
                added.add(Trait.HANDED_TO_ALL)
            if Trait.HOME not in entity.traits and self._circumstances.says("published", after):
                added.add(Trait.PUBLISHED)
        elif entity.kind in _BY_CLAUSE:
            added |= self._circumstances.of_line(line if entity.standing.column else clause)
            if self._circumstances.says("announced", line):
                added.add(Trait.ANNOUNCED)
        if (
            entity.kind is EntityKind.ORGANIZATION
            and ranked
            and entity.standing.column
            and not self._winner.search(line)
        ):
            added.add(Trait.RUNNER_UP)
        return replace(entity, traits=entity.traits | added) if added else entity

    def _around(self, document: Document, extent: Extent) -> tuple[str, str, str]:
        """The line, what follows within 30 letters on it, and the clause around, all folded.

        Of a line longer than any that is written to be read, no more than `_LINE_REACH` letters to either side.
        """
        text = document.page(extent.page).text
        first, last = max(0, extent.start - _LINE_REACH), min(len(text), extent.end + _LINE_REACH)
        start = max(text.rfind("\n", first, extent.start) + 1, first)
        end = text.find("\n", extent.end, last)
        end = last if end < 0 else end
        left = max((text.rfind(mark, start, extent.start) for mark in "。\t　"), default=start)
        right = min((p for mark in "。\t　" if (p := text.find(mark, extent.end, end)) >= 0), default=end)
        return (
            plain(text[start:end]),
            plain(text[extent.end : min(end, extent.end + 30)]),
            plain(text[max(start, left) : right]),
        )
