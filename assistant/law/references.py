"""References to provisions: read them as statutes and as staff write them, print them, turn them into codes.

Read in folded text: 第7条第1項第2号ただし書ウ(イ), 7条1号但書ウ, 七条一号, 法第5条第1号ただし書ハ, 第7条各号列記以外の部分,
第7条第7号柱書, 別表第1, 附則第2項. A number without 第 in front counts only with the next smaller unit behind it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.domain.provision import Part, ProvisionRef
from assistant.errors import InputError
from assistant.law.numbering import (
    BRANCH,
    NUMBER,
    SubitemStyle,
    branch_number,
    printed,
    subitem_letter,
    subitem_number,
)
from assistant.text.folding import fold
from assistant.text.numerals import parse_number

_MORE = r"0-9〇一二三四五六七八九十百千"
# の2 is a branch (第17条の2), but 第7条の2号 is clumsy for 第7条第2号.
_ARTICLE_BRANCH = rf"(?:の{NUMBER}(?![{_MORE}号項条つ]))*"
_PART_WORDS = r"(?:ただし|但し?)書き?|各号(?:列記)?以外の部分|柱書き?|前段|後段|本文"
_LETTER = r"(?:[ア-ヲンヰヱ](?![ァ-ヴー])|\((?:[ア-ヲンヰヱ]|[a-z]{1,4}|[0-9]{1,2})\)|[a-z](?![a-z]))"
_TAIL = (
    rf"(?:の?(?P<head_part>{_PART_WORDS}))?"
    rf"(?P<letters>(?:の?{_LETTER}(?:の[0-9]{{1,2}}(?![{_MORE}]))?){{0,4}})"
    rf"(?:の?(?P<tail_part>{_PART_WORDS}))?"
)
_PARAGRAPH = rf"(?:の?第?(?P<paragraph>{BRANCH})項)"
_ITEM = rf"(?:の?第?(?P<item>{NUMBER})号(?P<item_branch>(?:の{NUMBER}(?![{_MORE}]))*))"
_PLACE = (
    rf"(?:(?P<supplement>附則)(?:第?(?P<f_article>{NUMBER})条)?"
    rf"|(?P<table>別表)(?:第?(?P<table_number>{BRANCH})(?![{_MORE}条項号]))?"
    rf"|(?P<ordinal>第)?(?P<article>{NUMBER})条(?P<article_branch>{_ARTICLE_BRANCH}))"
)
_REFERENCE = re.compile(rf"{_PLACE}{_PARAGRAPH}?{_ITEM}?{_TAIL}")
_PREFIX = re.compile(r"(?:[^\s、。()]{0,40}(?P<instrument>条例|法律|法))?(?:\([^()]{0,40}\))?")
_LONGEST = 120
# What may stand before 第…条 of the ordinance at hand; any other 法, 令, 規則 or 条例 is another instrument.
_FOREIGN = re.compile(
    r"(?:法|法律|令|規則|規程|規約|要綱|憲法|協定|(?P<ordinance>条例))(?:\([^()]{0,60}\))?$"
)
_OWN = re.compile(
    r"(?:^|[^ぁ-んァ-ヶ一-龠々]|この|その|本|当該|同|市|町|村|区|県|府|都|公開|開示|[はがをにでの])$"
)


class UnreadableReference(InputError):
    """The text is not a reference to a provision."""


def parse_reference(text: str, *, style: SubitemStyle | None = None) -> ProvisionRef:
    """The place that `text` as a whole names; an instrument's name before it is passed over.

    `style` None: イロハ after 法 or for a letter that only イロハ would reach, else アイウ.
    Raises UnreadableReference (an InputError).
    """
    folded = fold(text, drop_space=True).text
    if len(folded) <= _LONGEST:
        prefix = _PREFIX.match(folded)
        for start in (0, prefix.end() if prefix else 0):
            match = _REFERENCE.fullmatch(folded, start)
            if match:
                instrument = prefix["instrument"] if prefix and start else None
                return _ref_of(match, style, instrument)
    raise UnreadableReference("条項の書き方が分かりません。「第○条第○号ただし書ア」のように書いてください。")


def find_references(
    text: str, *, style: SubitemStyle | None = None, foreign: bool = False
) -> list[tuple[int, int, ProvisionRef]]:
    """References in running text with their spans in the original, in order.

    Those to another instrument (地方税法第22条, 同法第2条) are left out unless `foreign`.
    """
    folded = fold(text)
    found = []
    for match in _REFERENCE.finditer(folded.text):
        bare = match["article"] and not match["ordinal"]
        if bare and not (match["paragraph"] or match["item"]):
            continue  # 2条の線路
        if not foreign and _is_foreign(folded.text[max(0, match.start() - 100) : match.start()]):
            continue
        try:
            ref = _ref_of(match, style, None)
        except UnreadableReference:
            continue
        found.append((*folded.span(match.start(), match.end()), ref))
    return found


def format_reference(ref: ProvisionRef, *, style: SubitemStyle = SubitemStyle.GOJUON) -> str:
    """第7条第1項第2号ただし書ウ(イ); the paragraph is printed when the reference says one."""
    words = _printed_article(ref.article)
    if ref.paragraph is not None:
        words += f"第{printed(ref.paragraph)}項"
    if ref.item is not None:
        number, *branches = ref.item.split("_")
        words += f"第{number}号" + "".join(f"の{branch}" for branch in branches)
    if ref.of_proviso:
        words += "ただし書"
    words += "".join(subitem_letter(number, level, style) for level, number in enumerate(ref.subitems))
    return words + (_PRINTED_PART[ref.part] if ref.part else "")


def code_of(ref: ProvisionRef) -> str:
    """The address in g-reiki style: j7_k1_g2_s3; k1 is written for any place inside an article."""
    code = ref.article if ref.article[0] in "fb" else f"j{ref.article.replace('_', '-')}"
    inside = ref.item is not None or ref.subitems or ref.part is not None
    if ref.paragraph is not None or inside:
        code += f"_k{(ref.paragraph or '1').replace('_', '-')}"
    if ref.item is not None:
        code += f"_g{ref.item.replace('_', '-')}"
    for level, number in zip("stuv", ref.subitems, strict=False):
        code += f"_{level}{number.replace('_', '-')}"
    return code + (f"_{ref.part}" if ref.part else "")


_PRINTED_PART = {
    Part.PROVISO: "ただし書",
    Part.CHAPEAU: "柱書",
    Part.FORMER: "前段",
    Part.LATTER: "後段",
}


def _printed_article(article: str) -> str:
    if article.startswith("b"):
        return "別表" + (f"第{printed(article[1:])}" if len(article) > 1 else "")
    if article.startswith("f"):
        _, _, inner = article.partition("j")
        return "附則" + (f"第{printed(inner)}条" if inner else "")
    number, *branches = article.split("_")
    return f"第{number}条" + "".join(f"の{branch}" for branch in branches)


def _is_foreign(before: str) -> bool:
    match = _FOREIGN.search(before)
    if match is None:
        return False
    return match["ordinance"] is None or _OWN.search(before[: match.start()]) is None


def _part(words: str | None) -> Part | None:
    """本文 is the place itself without its proviso and has no part of its own here."""
    if not words or words == "本文":
        return None
    if words in ("前段", "後段"):
        return Part.FORMER if words == "前段" else Part.LATTER
    return Part.PROVISO if words.startswith(("た", "但")) else Part.CHAPEAU


def _ref_of(match: re.Match[str], style: SubitemStyle | None, instrument: str | None) -> ProvisionRef:
    letters = re.findall(rf"{_LETTER}(?:の[0-9]{{1,2}})?", match["letters"])
    chosen = style or _guess_style(letters, instrument)
    try:
        subitems = tuple(subitem_number(letter, level, chosen) for level, letter in enumerate(letters))
        ref = ProvisionRef(
            article=_article_number(match),
            paragraph=branch_number(match["paragraph"]) if match["paragraph"] else None,
            item=branch_number(match["item"] + match["item_branch"]) if match["item"] else None,
            subitems=subitems,
        )
    except ValueError as error:
        raise UnreadableReference(
            "条項の番号が読み取れません。番号と、ア、イなどの記号を確かめてください。"
        ) from error
    head, tail = _part(match["head_part"]), _part(match["tail_part"])
    if subitems:
        return replace(ref, of_proviso=head is Part.PROVISO, part=tail)
    return replace(ref, part=tail or head)


def _article_number(match: re.Match[str]) -> str:
    if match["supplement"]:
        return "f1" + (f"j{parse_number(match['f_article'])}" if match["f_article"] else "")
    if match["table"]:
        return "b" + (branch_number(match["table_number"]) if match["table_number"] else "")
    return branch_number(match["article"] + match["article_branch"])


def _guess_style(letters: list[str], instrument: str | None) -> SubitemStyle:
    if instrument in ("法", "法律"):
        return SubitemStyle.IROHA
    reached_only_by_iroha = bool(letters) and letters[0] in "ロハニホヘトチリヌルヲ"
    return SubitemStyle.IROHA if reached_only_by_iroha else SubitemStyle.GOJUON
