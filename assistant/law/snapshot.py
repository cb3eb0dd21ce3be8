"""The provisions of one day: a tree cut at that day, every place addressed, labelled and with its polarity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from assistant.domain.provision import Part, Polarity, ProvisionRef
from assistant.law.numbering import printed, printed_kanji, subitem_letter
from assistant.law.references import code_of, format_reference
from assistant.law.tree import FOREVER, Division, Level, Node, Range, Tree

_SUPPLEMENT = re.compile(r"附\s*則")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A provision without its days: equal on two days when nothing about it has changed."""

    ref: ProvisionRef
    code: str
    label: str
    caption: str
    text: str
    own_text: str
    polarity: Polarity | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class _Day:
    """One day of one tree."""

    tree: Tree
    day: date

    def present(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(node for node in nodes if node.force is None or node.force.holds(self.day))


def provisions_on(tree: Tree, day: date) -> tuple[Standing, ...]:
    """Every provision in force on `day` in the order of the text; a 附則 is in force as long as its ordinance."""
    here = _Day(tree, day)
    return tuple(standing for division in tree.divisions for standing in _division(here, division))


def change_days(tree: Tree) -> tuple[date, ...]:
    """The days on which something changed, the first day in force first."""
    days = {tree.in_force_from}
    for division in tree.divisions:
        _collect((division.force,), days)
        for article in division.articles:
            _collect_below(article, days)
    return tuple(sorted(day for day in days if day >= tree.in_force_from))


def marker(node: Node, depth: int, tree: Tree) -> str:
    """What stands before the node's text on its line: 2, (1), ア, (ア). `depth` counts sub-item levels from 0."""
    if node.level is Level.PARAGRAPH:
        return printed(node.number)
    if node.level is Level.ITEM:
        if tree.kanji_items:
            return printed_kanji(node.number)
        number, *branches = node.number.split("_")
        return f"({number})" + "".join(f"の{branch}" for branch in branches)
    return subitem_letter(node.number, depth, tree.style)


def _collect(ranges: tuple[Range | None, ...], days: set[date]) -> None:
    for force in ranges:
        if force is not None:
            days.add(force.since)
            if force.until != FOREVER:
                days.add(date.fromordinal(force.until.toordinal() + 1))


def _collect_below(node: Node, days: set[date]) -> None:
    _collect((node.force,), days)
    for child in node.children:
        _collect_below(child, days)


def _division(here: _Day, division: Division) -> Iterator[Standing]:
    if division.force is not None and not division.force.holds(here.day):
        return
    for article in here.present(division.articles):
        name = None
        if division.supplement:
            which = _SUPPLEMENT.sub("", division.heading, count=1).strip()
            _, _, inner = article.number.partition("j")
            name = f"附則{which}" + (format_reference(ProvisionRef(article=inner)) if inner else "")
        yield from _article(here, article, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a node stands: its address, how the city cites it, its caption, and what is above it."""

    ref: ProvisionRef
    label: str
    caption: str
    parent: str | None = None
    polarity: Polarity | None = None

    def below(self, words: str, ref: ProvisionRef, polarity: Polarity | None) -> _Place:
        """The place of something under this one, cited as this one with `words` behind."""
        return _Place(
            ref=ref,
            label=self.label + words,
            caption=self.caption,
            parent=code_of(replace(self.ref, part=None)),
            polarity=polarity,
        )


def _article(here: _Day, article: Node, name: str | None) -> Iterator[Standing]:
    ref = ProvisionRef(article=article.number)
    place = _Place(ref=ref, label=name or format_reference(ref), caption=article.caption)
    if article.level is Level.TABLE:
        yield _standing(place, article.text, article.text)
        return
    paragraphs = here.present(article.children)
    single = len(paragraphs) == 1
    if not single:
        text = "\n".join(
            _lines(here, paragraph, 0, first=index == 0) for index, paragraph in enumerate(paragraphs)
        )
        yield _standing(place, text, "")
    for paragraph in paragraphs:
        inner = replace(
            place,
            ref=replace(ref, paragraph=paragraph.number),
            label=place.label if single else f"{place.label}第{printed(paragraph.number)}項",
            caption=paragraph.caption or article.caption,
            parent=None if single else code_of(ref),
        )
        yield from _paragraph(here, paragraph, inner)


def _paragraph(here: _Day, node: Node, place: _Place) -> Iterator[Standing]:
    yield from _with_parts(here, node, place)
    for item in here.present(node.children):
        number, *branches = item.number.split("_")
        words = f"第{number}号" + "".join(f"の{branch}" for branch in branches)
        # A 号 is cited without ただし書 even where it hangs under one; sub-items of a 号 are cited with it.
        polarity = Polarity.EXCEPTION if node.list_in_proviso else None
        inner = place.below(words, replace(place.ref, item=item.number), polarity)
        yield from _with_parts(here, item, inner)
        proviso = item.list_in_proviso
        for child in here.present(item.children):
            above = replace(inner, ref=replace(inner.ref, of_proviso=proviso))
            below = Polarity.EXCEPTION if proviso else polarity or Polarity.EXEMPTION
            yield from _subitem(here, child, above, "ただし書" * proviso, below)


def _subitem(here: _Day, node: Node, above: _Place, words: str, polarity: Polarity) -> Iterator[Standing]:
    ref = replace(above.ref, subitems=(*above.ref.subitems, node.number))
    letter = subitem_letter(node.number, len(above.ref.subitems), here.tree.style)
    place = above.below(words + letter, ref, polarity)
    yield from _with_parts(here, node, place)
    for child in here.present(node.children):
        yield from _subitem(here, child, place, "", polarity)


def _with_parts(here: _Day, node: Node, place: _Place) -> Iterator[Standing]:
    """The place itself, then its 柱書 when something is listed below it, then its ただし書."""
    depth = len(place.ref.subitems)
    children = here.present(node.children)
    yield _standing(place, _lines(here, node, depth, first=True), node.text)
    if children and node.level is not Level.SUBITEM:
        chapeau = replace(place.ref, part=Part.CHAPEAU)
        yield _standing(place.below("柱書", chapeau, place.polarity), node.text, node.text)
    if node.proviso is not None:
        # An exception to an exception leads back into the exemption.
        turned = Polarity.EXEMPTION if place.polarity is Polarity.EXCEPTION else Polarity.EXCEPTION
        text = node.proviso_text
        if node.list_in_proviso:
            text = "\n".join([text, *(_lines(here, child, depth, first=False) for child in children)])
        part = place.below("ただし書", replace(place.ref, part=Part.PROVISO), turned)
        yield _standing(part, text, node.proviso_text)


def _standing(place: _Place, text: str, own_text: str) -> Standing:
    caption = place.caption
    return Standing(
        ref=place.ref,
        code=code_of(place.ref),
        label=place.label,
        caption=caption.strip("（）()") if caption.startswith(("（", "(")) else caption,
        text=text,
        own_text=own_text,
        polarity=place.polarity,
        parent=place.parent,
    )


def _lines(here: _Day, node: Node, depth: int, *, first: bool) -> str:
    """The node's text with everything below it, one provision a line; the first line bare when `first`."""
    lead = node.text if first else f"{marker(node, depth, here.tree)}\u3000{node.text}"
    below = depth + 1 if node.level is Level.SUBITEM else 0
    return "\n".join(
        [lead, *(_lines(here, child, below, first=False) for child in here.present(node.children))]
    )
