"""Print an ordinance as markdown that `markdown.read_markdown` reads back as the same ordinance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assistant.law.numbering import printed
from assistant.law.ordinance import Ordinance
from assistant.law.snapshot import marker
from assistant.law.tree import FOREVER, Division, Level, Node, Range, Tree


def write_markdown(ordinance: Ordinance) -> str:
    """The whole ordinance with all its versions; ends with a line break."""
    tree = ordinance.tree
    lines = [f"# {tree.title}", tree.number, "", f"<!-- in-force: {tree.in_force_from.isoformat()} .. -->"]
    for division in tree.divisions:
        lines += _division(division, tree)
    return "\n".join(lines) + "\n"


def _remark(force: Range) -> str:
    since = "" if force.since == date.min else force.since.isoformat() + " "
    until = "" if force.until == FOREVER else " " + force.until.isoformat()
    return f"<!-- in-force: {since}..{until} -->"


def _division(division: Division, tree: Tree) -> Iterator[str]:
    if division.heading:
        yield ""
        if division.force is not None:
            yield _remark(division.force)
        yield "#" * division.depth + f" {division.heading}"
    for article in division.articles:
        if article.level is Level.TABLE:
            yield article.text
        elif division.supplement and "j" not in article.number:
            yield ""
            for paragraph in article.children:
                yield from _below(paragraph, 0, tree)
        else:
            yield from _article(article, tree)


def _article(article: Node, tree: Tree) -> Iterator[str]:
    yield ""
    if article.force is not None:
        yield _remark(article.force)
    if article.caption:
        yield article.caption
    number, *branches = article.number.rpartition("j")[2].split("_")
    name = f"第{number}条" + "".join(f"の{branch}" for branch in branches)
    for paragraph in article.children:
        if paragraph.number == "1":
            if paragraph.force is not None:
                yield _remark(paragraph.force)
            yield f"{name}\u3000{paragraph.text}"
            for child in paragraph.children:
                yield from _below(child, 0, tree)
        else:
            yield from _below(paragraph, 0, tree)


def _below(node: Node, depth: int, tree: Tree) -> Iterator[str]:
    if node.force is not None:
        yield _remark(node.force)
    if node.caption:
        yield node.caption
    mark = printed(node.number) if node.level is Level.PARAGRAPH else marker(node, depth, tree)
    yield f"{mark}\u3000{node.text}"
    for child in node.children:
        yield from _below(child, depth + 1 if node.level is Level.SUBITEM else 0, tree)
