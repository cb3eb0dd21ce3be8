"""What speaks against a mark a person makes: said before it is settled, and no bar to those who know better.

Disclosure is the rule (design.md D3): covering what the rules disclose, under a head that cannot hold, or far more than
a unit (部分開示, domain.md §5), is over-redaction, and a notice that rests on it may fall on review.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding, Ground
from assistant.errors import ReviewRefused
from assistant.policy.words import words_of
from assistant.review.heads import failed_test
from assistant.review.plain import plainly_open

RuleSays = Callable[[str], str]
"""The sentence of a policy rule by its id; empty for an unknown one."""

COVERED = 0.8
"""The share of its letters under one answer from which a place counts as wholly so: particles stand between."""
UNIT = 40
"""Letters, about a sentence: a shorter mark is never far more than a unit."""
LITTLE = 1 / 3
"""The share that what was found must have of a longer mark around it."""
WHOLE = 200
"""Letters from which a mark over nearly a whole page is said to be one."""

_POLICY = "policy:"
Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One doubt. `message`: Japanese, says what to do, no document text. `rule`: of the policy, where one decides."""

    code: Literal["open", "head", "wide"]
    message: str
    rule: str = ""

    @property
    def name(self) -> str:
        """How it stands in the record."""
        return f"{self.code}:{self.rule}" if self.rule else self.code


class ReviewDoubted(ReviewRefused):
    """A mark that a person has to look at once more. Done again with the codes of `doubts`, it is settled."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        self.doubts = tuple(doubts)
        super().__init__("まだ確定していません。" + "".join(doubt.message for doubt in doubts))


def doubts_of(
    document: Document,
    findings: Sequence[Finding],
    extents: Sequence[Extent],
    ground: Ground | None,
    *,
    changed: Finding | None,
    rule_says: RuleSays,
) -> tuple[Doubt, ...]:
    """Doubts about withholding `extents` on a ground; `changed`: the finding that is changed, None for an addition.

    `ground` None: the ground stays as it was proposed, and is not doubted.
    """
    marked = _letters(document, extents)
    was = _letters(document, changed.extents) if changed else frozenset()
    closed_before = was if changed and changed.decision is not Decision.DISCLOSE else frozenset()
    near = [(one, _letters(document, one.extents)) for one in findings if _touches(one, extents)]
    open_ = [
        (one, letters) for one, letters in near if one.decision is Decision.DISCLOSE and _as_proposed(one)
    ]
    closed = [
        letters for one, letters in near if one.decision is not Decision.DISCLOSE and not _rejected(one)
    ]
    shut = frozenset().union(*closed)
    new = marked - closed_before
    told = (
        _open(new, open_, shut, rule_says) or _plain(document, extents, shut, rule_says),
        _head(changed.kind if changed else _kind(marked, near), ground),
        _wide(document, marked, closed) if marked != was else None,
    )
    return tuple(doubt for doubt in told if doubt is not None)


def _open(
    marked: frozenset[Place],
    disclosed: Sequence[tuple[Finding, frozenset[Place]]],
    closed: frozenset[Place],
    rule_says: RuleSays,
) -> Doubt | None:
    """The place is wholly what was proposed as disclosed."""
    shown = frozenset().union(*(letters for _, letters in disclosed)) - closed
    if not marked or len(marked & shown) < COVERED * len(marked):
        return None
    lead = max(disclosed, key=lambda one: len(one[1] & marked))[0]
    rule = next((name.removeprefix(_POLICY) for name in lead.found_by if name.startswith(_POLICY)), "")
    why = (rule_says(rule) if rule else "") or (lead.grounds[0].why if lead.grounds else "")
    excepted = "、".join(
        check.provision for ground in lead.grounds[:1] for check in ground.provisos if check.applies
    )
    return _said_open(lead.kind, why, excepted, rule)


def _plain(
    document: Document, extents: Sequence[Extent], closed: frozenset[Place], rule_says: RuleSays
) -> Doubt | None:
    """Nothing was found in the place, and by its shape or field it is what a rule discloses."""
    if _letters(document, extents) & closed:
        return None
    entry = plainly_open(document, tuple(extents))
    return _said_open(entry.kind, rule_says(entry.rule), "", entry.rule) if entry else None


def _said_open(kind: EntityKind, why: str, excepted: str, rule: str) -> Doubt:
    said = f"選んだ箇所（{words_of(kind).name}）は、公にする情報です。"
    said += f"運用基準「{why.rstrip('。')}」によります。" if why else ""
    said += f"{excepted}に当たります。" if excepted else ""
    todo = "それでも伏せるときは、この文書に限って伏せる事情を、自分の言葉で書いてください。"
    return Doubt(code="open", message=said + todo, rule=rule)


def _head(kind: EntityKind, ground: Ground | None) -> Doubt | None:
    failed = failed_test(kind, ground.head) if ground else None
    if ground is None or failed is None:
        return None
    message = (
        f"{words_of(kind).name}は、{ground.provision}の要件（{failed}）に当たらないと考えられます。"
        "条項を選び直すか、当たると判断した理由を、自分の言葉で書いてください。"
    )
    return Doubt(code="head", message=message)


def _wide(document: Document, marked: frozenset[Place], closed: Sequence[frozenset[Place]]) -> Doubt | None:
    found = frozenset().union(*closed) & marked
    pages = {page for page, _ in marked}
    whole = sum(1 for page in pages for letter in document.page(page).text if letter.isalnum())
    around = len(marked) >= UNIT and found and len(found) < LITTLE * len(marked)
    if not around and not (
        len(marked) >= WHOLE and len(marked) >= COVERED * whole and len(found) < COVERED * whole
    ):
        return None
    message = (
        "選んだ範囲には、伏せる候補のほかの文が多く含まれています。容易に区分できる部分だけを除き、残りは公にするのが部分開示です。"
        "範囲を狭めるか、残りも伏せる理由を、自分の言葉で書いてください。"
    )
    return Doubt(code="wide", message=message)


def _kind(marked: frozenset[Place], near: Sequence[tuple[Finding, frozenset[Place]]]) -> EntityKind:
    """What is marked, where what was found there leaves no doubt."""
    for finding, letters in near:
        if letters and len(letters & marked) >= COVERED * max(len(marked), len(letters)):
            return finding.kind
    return EntityKind.OTHER


def _letters(document: Document, extents: Sequence[Extent]) -> frozenset[Place]:
    """The places of letters and digits; of a mark without any (㊞), of whatever is no white space."""
    places = [(e.page, at) for e in extents for at in range(e.start, e.end)]
    texts = {extent.page: document.page(extent.page).text for extent in extents}
    letters = frozenset(place for place in places if texts[place[0]][place[1]].isalnum())
    return letters or frozenset(place for place in places if not texts[place[0]][place[1]].isspace())


def _touches(finding: Finding, extents: Sequence[Extent]) -> bool:
    return any(one.overlaps(other) for one in finding.extents for other in extents)


def _as_proposed(finding: Finding) -> bool:
    """What a person has changed to disclosure is their own answer, and theirs to take back."""
    return finding.decided is None or finding.decided.state == "confirmed"


def _rejected(finding: Finding) -> bool:
    return finding.decided is not None and finding.decided.state == "rejected"
