"""The provisions of one day: a tree cut at that day, every place addressed, labelled and with its polarity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from assistant.domain.provision import Part, Polarity, ProvisionRef
from assistant.law.numbering import printed, printed_kanji, subitem_letter
from assistant.law.references import code_of, format_reference
from assistant.law.tree import FOREVER, Division, Level, Node, Range, Tree


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
            name = "附則" + division.heading.removeprefix("附則").strip()
        yield from _article(here, article, name)


def _article(here: _Day, article: Node, name: str | None) -> Iterator[Standing]:
    ref = ProvisionRef(article=article.number)
    label = name or format_reference(ref)
    if article.level is Level.TABLE:
        yield _standing(ref, label, article.caption, article.text, article.text, None, None)
        return
    paragraphs = here.present(article.children)
    single = len(paragraphs) == 1
    parent = None
    if not single:
        text = "\n".join(
            _lines(here, paragraph, 0, first=index == 0) for index, paragraph in enumerate(paragraphs)
        )
        yield _standing(ref, label, article.caption, text, "", None, None)
        parent = code_of(ref)
    for paragraph in paragraphs:
        place = replace(ref, paragraph=paragraph.number)
        words = label if single else f"{label}第{printed(paragraph.number)}項"
        yield from _paragraph(here, paragraph, place, words, paragraph.caption or article.caption, parent)


def _paragraph(
    here: _Day, node: Node, ref: ProvisionRef, label: str, caption: str, parent: str | None
) -> Iterator[Standing]:
    yield from _with_parts(here, node, ref, label, caption, parent, None)
    for item in here.present(node.children):
        number, *branches = item.number.split("_")
        words = f"{label}第{number}号" + "".join(f"の{branch}" for branch in branches)
        polarity = Polarity.EXCEPTION if node.list_in_proviso else None
        place = replace(ref, item=item.number)
        yield from _with_parts(here, item, place, words, caption, code_of(ref), polarity)
        below = Polarity.EXCEPTION if item.list_in_proviso else polarity or Polarity.EXEMPTION
        in_proviso = item.list_in_proviso
        for child in here.present(item.children):
            yield from _subitem(
                here,
                child,
                replace(place, of_proviso=in_proviso),
                words + "ただし書" * in_proviso,
                caption,
                below,
            )


def _subitem(
    here: _Day, node: Node, above: ProvisionRef, label: str, caption: str, polarity: Polarity
) -> Iterator[Standing]:
    ref = replace(above, subitems=(*above.subitems, node.number))
    words = label + subitem_letter(node.number, len(above.subitems), here.tree.style)
    yield from _with_parts(here, node, ref, words, caption, code_of(above), polarity)
    for child in here.present(node.children):
        yield from _subitem(here, child, ref, words, caption, polarity)


def _with_parts(
    here: _Day,
    node: Node,
    ref: ProvisionRef,
    label: str,
    caption: str,
    parent: str | None,
    polarity: Polarity | None,
) -> Iterator[Standing]:
    """The place itself, then its 柱書 when something is listed below it, then its ただし書."""
    depth = len(ref.subitems)
    children = here.present(node.children)
    yield _standing(ref, label, caption, _lines(here, node, depth, first=True), node.text, polarity, parent)
    if children and node.level is not Level.SUBITEM:
        chapeau = replace(ref, part=Part.CHAPEAU)
        yield _standing(chapeau, f"{label}柱書", caption, node.text, node.text, polarity, code_of(ref))
    if node.proviso is not None:
        # An exception to an exception leads back into the exemption.
        turned = Polarity.EXEMPTION if polarity is Polarity.EXCEPTION else Polarity.EXCEPTION
        text = node.proviso_text
        if node.list_in_proviso:
            text = "\n".join([text, *(_lines(here, child, depth, first=False) for child in children)])
        part = replace(ref, part=Part.PROVISO)
        yield _standing(part, f"{label}ただし書", caption, text, node.proviso_text, turned, code_of(ref))


def _standing(
    ref: ProvisionRef,
    label: str,
    caption: str,
    text: str,
    own_text: str,
    polarity: Polarity | None,
    parent: str | None,
) -> Standing:
    return Standing(
        ref=ref,
        code=code_of(ref),
        label=label,
        caption=caption.strip("（）()") if caption.startswith(("（", "(")) else caption,
        text=text,
        own_text=own_text,
        polarity=polarity,
        parent=parent,
    )


def _lines(here: _Day, node: Node, depth: int, *, first: bool) -> str:
    """The node's text with everything below it, one provision a line; the first line bare when `first`."""
    lead = node.text if first else f"{marker(node, depth, here.tree)}\u3000{node.text}"
    below = depth + 1 if node.level is Level.SUBITEM else 0
    return "\n".join(
        [lead, *(_lines(here, child, below, first=False) for child in here.present(node.children))]
    )
