"""Check the numbering of a tree: no number twice on one day, none left out, no range outside what it stands in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.law.numbering import SubitemStyle, follows, printed, subitem_letter
from assistant.law.tree import FOREVER, Division, Level, Node, Range, Tree, day_after

Complain = Callable[[str, int | None, str], Exception]
"""Makes the error from problem, line and what to do; raised by the checks."""

_SKIPPED = "番号を確かめてください。削られた規定は「削除」とだけ書いて番号を残してください。"


def check_tree(tree: Tree, complain: Complain) -> None:
    """Raises what `complain` makes of the first fault."""
    whole = Range(since=tree.in_force_from, until=FOREVER)
    main = [
        article for division in tree.divisions if not division.supplement for article in division.articles
    ]
    if not any(article.level is Level.ARTICLE for article in main):
        raise complain("条が一つもありません。", None, "「第1条　…」の形で条文を書いてください。")
    _check_siblings([node for node in main if node.level is Level.ARTICLE], whole, "", tree.style, complain)
    for division in tree.divisions:
        if division.supplement:
            _check_supplement(division, division.force or whole, tree.style, complain)


def _check_supplement(division: Division, force: Range, style: SubitemStyle, complain: Complain) -> None:
    """A 附則 has either paragraphs of its own (f1) or articles (f1j1, f1j2 …)."""
    numbered = [replace(node, number=node.number.partition("j")[2]) for node in division.articles]
    if numbered and numbered[0].number:
        _check_siblings(numbered, force, "附則", style, complain)
        return
    for article in division.articles:
        if not article.children:
            raise complain(
                "附則の文がありません。", article.line, "附則の文を書くか、見出しを消してください。"
            )
        _check_below(article, force, "附則", style, complain)


def _check_siblings(
    nodes: Sequence[Node], outer: Range, above: str, style: SubitemStyle, complain: Complain
) -> None:
    ranges = []
    for node in nodes:
        force = (node.force or outer).meet(outer)
        if force is None:
            raise complain(
                f"{above}{_name(node, style)}の施行期間が、その上の規定の施行期間と重なりません。",
                node.line,
                "in-force の日付を確かめてください。",
            )
        ranges.append(force)
    days = sorted({each.since for each in ranges} | {day_after(each.until) for each in ranges} - {FOREVER})
    for day in days:
        here = [node for node, force in zip(nodes, ranges, strict=True) if force.holds(day)]
        _check_order(here, above, style, complain)
    for node, force in zip(nodes, ranges, strict=True):
        _check_below(node, force, above + _name(node, style), style, complain)


def _check_below(node: Node, force: Range, name: str, style: SubitemStyle, complain: Complain) -> None:
    if node.children:
        _check_siblings(node.children, force, name, style, complain)


def _check_order(nodes: Sequence[Node], above: str, style: SubitemStyle, complain: Complain) -> None:
    previous: Node | None = None
    for node in nodes:
        name = above + _name(node, style)
        if previous is not None and any(node.number == other.number for other in nodes if other is not node):
            versions = node.force is not None or previous.force is not None
            raise complain(
                f"{name}が同じ日に二つあります。" if versions else f"{name}が二つあります。",
                node.line,
                "番号を直すか、in-force の施行期間が重ならないようにしてください。",
            )
        if not follows(node.number, previous.number if previous else None):
            before = f"{above}{_name(previous, style)}の次が" if previous else "最初が"
            raise complain(f"番号が飛んでいます。{before}{name}になっています。", node.line, _SKIPPED)
        previous = node


def _name(node: Node, style: SubitemStyle) -> str:
    if node.level is Level.SUBITEM:
        return _letter(node, style)
    number, *branches = node.number.split("_")
    if node.level is Level.PARAGRAPH:
        return f"第{printed(node.number)}項"
    return f"第{number}{node.level}" + "".join(f"の{branch}" for branch in branches)


def _letter(node: Node, style: SubitemStyle) -> str:
    """Without its level a bracket cannot be known; the bare letter says enough in a message."""
    try:
        return subitem_letter(node.number, 0, style)
    except ValueError:
        return f"{node.number}番目の細分"
