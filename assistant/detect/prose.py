"""Which statements count in this document: rules of statements.toml against the kind of record and its persons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.detect.circumstances import Circumstances, plain
from assistant.detect.label_words import LabelWords
from assistant.detect.narratives import Narratives
from assistant.detect.overlap import Places
from assistant.detect.patterns import one_of
from assistant.detect.words import StatementRule, Words
from assistant.domain.document import Document, Extent
from assistant.domain.entity import Entity, EntityKind, Trait

_INITIALS = re.compile(
    r"(?<![A-Za-z0-9.])[A-Z](?:さん|氏|君|子|男|の|は|が|と|に|、|（|\()|(?<![一-鿿])[甲乙丙丁](?:は|の|が|と|及び|、|に)"
)
_SUBJECT = re.compile(
    r"本人|相談者|申請者|児童|生徒|患者|保護者|同人|世帯主|利用者|受験|申出|通報|被害者|傷病者|名義人|奥様|うちの|私の|私は|娘|息子|主人|相手方|女性|男性"
)
_STATEMENT = "statement"
_LINE_REACH = 400  # of a line longer than any that is written to be read, so far to either side
# Kinds whose value may be a bare number under a label nobody listed.
_OF_NUMBERS = frozenset(
    (
        EntityKind.HEALTH,
        EntityKind.INCOME,
        EntityKind.TAX,
        EntityKind.STATISTICS,
        EntityKind.FINANCIALS,
        EntityKind.SCORE,
        EntityKind.NEGOTIATION,
    )
)
_SAID_OF_PERSONS = frozenset((EntityKind.AGE, EntityKind.SEX, EntityKind.OCCUPATION))
_OF_PERSONS = frozenset(
    (EntityKind.HEALTH, EntityKind.FAMILY, EntityKind.INCOME, EntityKind.PRIVATE_LIFE, EntityKind.EVALUATION)
)
# A statement never takes the names and posts of those who act for the city out of sight.
_SHOWN = frozenset((Trait.OFFICIAL, Trait.BOARD_MEMBER, Trait.COUNCILLOR, Trait.REPRESENTATIVE))


class Prose:
    """Keeps, of all statement candidates, those whose rule speaks about this record; one for each place."""

    def __init__(self, words: Words, circumstances: Circumstances) -> None:
        self._rules = {rule.name: rule for rule in words.statements}
        self._order = {rule.name: number for number, rule in enumerate(words.statements)}
        self._titles = {
            rule.name: re.compile(one_of(rule.titles)) for rule in words.statements if rule.titles
        }
        self._label_words = LabelWords()
        self._narratives = Narratives(words)
        self._circumstances = circumstances

    def kept(
        self,
        document: Document,
        others: Sequence[Entity],
        names: Sequence[Entity],
        title: str,
        traits: frozenset[Trait],
    ) -> list[Entity]:
        """`others` without the statements that do not count here."""
        head = plain(title + "\n" + (document.doc_type or ""))
        text = plain("\n".join(page.text for page in document.pages))
        private = self._speaks_of_a_person(text, names)
        open_minutes = self._open_minutes(head, text, traits)
        named = _places(names)
        statements: list[tuple[tuple[int, int, int], Entity]] = []
        kept: list[Entity] = []
        for entity in others:
            if entity.explanations[0].pattern.startswith("form:"):
                known = self._label_words.kind_of(entity.explanations[0].pattern[5:], head)
                speaks = known is not None and (
                    known[1] in _OF_NUMBERS or re.search(r"[^\W0-9]", plain(entity.text))
                )
                if speaks and known is not None and (private or known[1] not in _OF_PERSONS):
                    statements.append(((0, 1, 50 + known[0]), replace(entity, kind=known[1])))
                continue
            rule = self._rule(entity)
            if rule is None:
                if entity.kind not in _SAID_OF_PERSONS or self._beside_person(document, entity, named):
                    kept.append(entity)
                continue
            if open_minutes and rule.kind is EntityKind.DELIBERATION:
                continue  # what a council says in a meeting whose minutes are kept for all to read
            fits = self._fits(rule, entity, head, private)
            if fits is not None:
                statements.append((fits, entity))
        shown = _places(
            e
            for e in (*names, *kept)
            if e.kind is EntityKind.POST
            or (
                e.traits & _SHOWN
                and e.kind is EntityKind.PERSON_NAME
                and Trait.PRIVATE_CAPACITY not in e.traits
            )
        )
        chosen = self._one_for_each_place(document, statements, shown)
        more = self._narratives.find(document, head, traits, chosen)
        told = [e for entity in more if (e := self._without_shown_names(document, entity, shown)).extents]
        said = [*chosen, *told]
        by_place = _places(said)
        # An amount inside a statement of its own kind says nothing more.
        kept = [
            e
            for e in kept
            if not any(e.kind is one.kind and _covers(one, e) for one in by_place.over(e.extents[0]))
        ]
        return kept + said

    def _rule(self, entity: Entity) -> StatementRule | None:
        first = entity.explanations[0]
        if first.recognizer != _STATEMENT:
            return None
        return self._rules[first.pattern.split(":", 1)[1]]

    def _fits(
        self, rule: StatementRule, entity: Entity, head: str, private: bool
    ) -> tuple[int, int, int] | None:
        """How well the rule speaks about this record (smaller is better); None: it does not."""
        labelled = entity.explanations[0].pattern.startswith("label:")
        titled = self._titles.get(rule.name)
        if titled is not None and not titled.search(head):
            return None
        if rule.person and not private:
            return None
        return (0 if labelled else 1, 0 if titled is not None else 1, self._order[rule.name])

    def _open_minutes(self, head: str, text: str, traits: frozenset[Trait]) -> bool:
        """Whether the record is the minutes of a council, and nothing in it says that it is kept back or unfinished."""
        return (
            self._circumstances.says("council_minutes", head)
            and Trait.PENDING not in traits
            and not self._circumstances.says("not_published", text)
        )

    def _beside_person(self, document: Document, entity: Entity, names: Places[Entity]) -> bool:
        """Whether an age or sex is said of somebody: a field, a name near, or a word for a person on the line."""
        place = entity.extents[0]
        if entity.standing.label or entity.standing.column:
            return True
        text = document.page(place.page).text
        first, last = max(0, place.start - _LINE_REACH), place.end + _LINE_REACH
        start = max(text.rfind("\n", first, place.start) + 1, first)
        end = text.find("\n", place.end, last)
        line = text[start : end if end >= 0 else last]
        around = replace(place, start=max(0, place.start - 120), end=place.start + 120)
        if any(
            n.extents[0].page == place.page and abs(n.extents[0].start - place.start) < 120
            for n in names.over(around)
        ):
            return True
        return _SUBJECT.search(line) is not None or _INITIALS.search(line) is not None

    def _speaks_of_a_person(self, text: str, names: Sequence[Entity]) -> bool:
        if any(not entity.traits & _SHOWN or Trait.PRIVATE_CAPACITY in entity.traits for entity in names):
            return True
        return _INITIALS.search(text) is not None or _SUBJECT.search(text) is not None

    def _one_for_each_place(
        self,
        document: Document,
        statements: list[tuple[tuple[int, int, int], Entity]],
        names: Places[Entity],
    ) -> list[Entity]:
        kept: list[Entity] = []
        places = Places[None]()
        for _, entity in sorted(statements, key=lambda s: (s[0], s[1].extents)):
            if not any(places.over(extent) for extent in entity.extents):
                kept.append(self._without_shown_names(document, entity, names))
                for extent in kept[-1].extents:
                    places.add(extent, None)
        return [entity for entity in kept if entity.extents]

    def _without_shown_names(self, document: Document, entity: Entity, names: Places[Entity]) -> Entity:
        shown = [
            extent
            for own in entity.extents
            for name in names.over(own)
            for extent in name.extents
            if extent.overlaps(own)
        ]
        if not shown:
            return entity
        pieces = list(entity.extents)
        for hole in shown:
            pieces = [rest for piece in pieces for rest in _minus(piece, hole)]
        pieces = [piece for piece in pieces if re.search(r"\w{2}", document.cut(piece))]
        return replace(entity, extents=tuple(pieces), text="".join(document.cut(piece) for piece in pieces))


def _places(entities: Iterable[Entity]) -> Places[Entity]:
    places = Places[Entity]()
    for entity in entities:
        for extent in entity.extents:
            places.add(extent, entity)
    return places


def _covers(outer: Entity, inner: Entity) -> bool:
    return all(any(place.covers(extent) for place in outer.extents) for extent in inner.extents)


def _minus(extent: Extent, hole: Extent) -> list[Extent]:
    if not extent.overlaps(hole):
        return [extent]
    parts = [replace(extent, end=hole.start), replace(extent, start=hole.end)]
    return [part for part in parts if part.start < part.end]
