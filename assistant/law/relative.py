"""Resolve references that lean on another place: 同条第3項, 前項, 次号, 前各号, 前3条, 第2項, この条.

同 leans on the place named last; 前, 次 and a bare number lean on the place the words stand in. Which one is given as
`at` is the caller's knowledge; both are a `ProvisionRef`. With the ordinance at hand 前 and 次 follow its real order
(before 第18条 stands 第17条の2); without it they count.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from assistant.domain.provision import ProvisionRef
from assistant.law.numbering import BRANCH, NUMBER, branch_number
from assistant.law.ordinance import Ordinance
from assistant.law.references import UnreadableReference, parse_reference
from assistant.text.folding import fold
from assistant.text.numerals import parse_number

_UNIT_OF = {"条": "article", "項": "paragraph", "号": "item"}
_LEAN = re.compile(
    rf"(?:(?P<same>同|この|本)(?P<same_unit>[条項号])"
    rf"|(?P<turn>[前次])(?P<all>各)?(?P<count>{NUMBER})?(?P<turn_unit>[条項号])"
    rf"|(?=第?{BRANCH}[項号]))(?P<rest>.*)"
)
_REST = re.compile(
    rf"(?:第?(?P<paragraph>{BRANCH})項)?(?:第?(?P<item>{NUMBER}号(?:の{NUMBER})*))?(?P<tail>.*)"
)


def resolve(
    words: str, *, at: ProvisionRef, ordinance: Ordinance | None = None, day: date | None = None
) -> tuple[ProvisionRef, ...]:
    """The places that `words` name, in order; a full reference (第7条第2号) resolves to itself.

    前3条 and 前各号 give several. Raises UnreadableReference when the words are no reference or lead nowhere.
    """
    folded = fold(words, drop_space=True).text
    match = _LEAN.fullmatch(folded)
    if match is None:
        return (parse_reference(words, style=ordinance.style if ordinance else None),)
    if match["turn"]:
        places = _turn(match, at, ordinance, day)
    else:
        places = (
            _up_to(at, _UNIT_OF[match["same_unit"]]) if match["same_unit"] else _bare(match["rest"], at),
        )
    return tuple(_narrowed(place, match["rest"], ordinance) for place in places)


def _nowhere() -> UnreadableReference:
    return UnreadableReference("前後の条項をたどれません。「第○条第○号」のように番号で書いてください。")


def _up_to(at: ProvisionRef, unit: str) -> ProvisionRef:
    """`at` without what is below `unit`."""
    if unit == "item":
        if at.item is None:
            raise _nowhere()
        return replace(at, subitems=(), of_proviso=False, part=None)
    return ProvisionRef(article=at.article, paragraph=at.paragraph if unit == "paragraph" else None)


def _bare(rest: str, at: ProvisionRef) -> ProvisionRef:
    """第2項 is of this article, 第2号 of this paragraph."""
    return _up_to(at, "article" if re.match(rf"第?{BRANCH}項", rest) else "paragraph")


def _turn(
    match: re.Match[str], at: ProvisionRef, ordinance: Ordinance | None, day: date | None
) -> tuple[ProvisionRef, ...]:
    unit = _UNIT_OF[match["turn_unit"]]
    here = _up_to(at, unit)
    own = getattr(here, unit) or ("1" if unit == "paragraph" else None)
    if own is None:
        raise _nowhere()
    order = _siblings(here, unit, own, ordinance, day)
    position = order.index(own)
    if match["turn"] == "前":
        count = position if match["all"] else parse_number(match["count"]) if match["count"] else 1
        numbers = order[position - count : position] if 0 < count <= position else []
    else:
        numbers = order[position + 1 : position + 2]
    if not numbers:
        raise _nowhere()
    if unit == "article":
        return tuple(ProvisionRef(article=number) for number in numbers)
    return tuple(
        replace(here, paragraph=number) if unit == "paragraph" else replace(here, item=number)
        for number in numbers
    )


def _siblings(
    here: ProvisionRef, unit: str, own: str, ordinance: Ordinance | None, day: date | None
) -> list[str]:
    """The numbers of that unit beside `own`, in order, `own` among them."""
    if ordinance is None:
        first = int(own.split("_", maxsplit=1)[0])
        around = [str(number) for number in range(1, first + 2)]
        return around if own in around else [*around[:first], own, str(first + 1)]
    numbers: list[str] = []
    for provision in ordinance.as_of(day or ordinance.in_force_dates[-1]):
        ref = provision.ref
        same = unit == "article" or ref.article == here.article
        same = same and (unit != "item" or (ref.paragraph or "1") == (here.paragraph or "1"))
        number = getattr(ref, unit)
        if same and number is not None and number[0].isdigit() and number not in numbers:
            numbers.append(number)
    if own not in numbers:
        raise _nowhere()
    return numbers


def _narrowed(place: ProvisionRef, rest: str, ordinance: Ordinance | None) -> ProvisionRef:
    """`place` with the 第2項第3号ただし書ア that follows the leaning words."""
    if not rest:
        return place
    match = _REST.fullmatch(rest)
    if match is None:
        raise _nowhere()
    if match["paragraph"]:
        place = replace(place, paragraph=branch_number(match["paragraph"]))
    if match["item"]:
        number, _, branches = match["item"].partition("号")
        place = replace(place, item=branch_number(number + branches))
    if match["tail"]:
        # The grammar of ただし書, ウ(イ) and 柱書 is that of full references.
        tail = parse_reference(f"第1条第1号{match['tail']}", style=ordinance.style if ordinance else None)
        place = replace(place, subitems=tail.subitems, of_proviso=tail.of_proviso, part=tail.part)
    return place
