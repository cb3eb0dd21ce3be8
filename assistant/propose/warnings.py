"""What a person must know before going on. Sentences without a word of the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.corpus.city import Labels
from assistant.domain.document import Document, Page
from assistant.domain.entity import Entity, EntityKind, Facts, Trait
from assistant.domain.finding import Decision, Finding, Proposal, ProposalWarning
from assistant.policy.remaining import Remaining, remaining
from assistant.policy.rules import ExistenceRule
from assistant.policy.wording import joined
from assistant.propose.estimate import can_estimate
from assistant.text.folding import fold
from assistant.text.garbled import garbled_in

BEFORE_DRAFTING = frozenset({"existence_refusal"})
"""Codes of the warnings that go before everything else (domain.md §2, step 6)."""

_NAMED = (
    "請求は特定の個人を名指ししており、この種の文書は、有るか無いかを答えるだけで{exempt_information}が明らかになります。"
    "黒塗りを始める前に、{existence_refusal}（文書の存否を明らかにしないで拒否すること）を検討してください。"
)
_MAYBE_NAMED = (
    "この種の文書は、請求が特定の個人を名指ししている場合、有るか無いかを答えるだけで{exempt_information}が明らかになることがあります。"
    "請求書の文面を確かめ、名指しであれば、先に{existence_refusal}を検討してください。"
)
_TO_AI = (
    "文書の中に、人工知能への指示のように読める文があります。指示には従わず、文書の一部として扱いました。"
    "前後の提案を念のため目で確かめてください。"
)
_TOGETHER = (
    "が、{disclose}又は{ask}のまま残っています。氏名を伏せても、これらを合わせると誰かが分かることがあります。"
    "その地域や職場の人にも分からないかを確かめ、分かるときは、いずれかも伏せてください。"
)
_SOLE = (
    "当てはまる者が一人（一世帯）しかいないことを示す文が残っています。氏名を伏せても、その集まりを知る人には誰かが分かることがあります。"
    "人数や範囲を公にしてよいかを確かめてください。"
)
_CALLED = (
    "ある箇所で伏せる者の氏名、呼び名又は屋号が、別の箇所では{disclose}又は{ask}のまま残っています。"
    "同じ者かどうかを確かめ、同じ者であれば、扱いをそろえてください。"
)
_NOTHING = (
    "{withhold}や{ask}の候補は見つかりませんでした。見つからなかったことは、無いことを意味しません。"
    "{disclose}してよいかどうかは、全文を読んで判断してください。"
)
_MISREAD = (
    "文字化けしている行が{lines}行あります。書かれたときと違う文字コードで開かれたようです。"
    "読めない箇所については何も提案していません。元の文書を正しい文字コードで開き直してから、もう一度調べてください。"
)
_LOST = (
    "読み取れない文字（「\ufffd」や連続する「?」など）を含む行が{lines}行あります。失われた文字は戻せません。"
    "元の文書から取り込み直すか、その行を原本で確かめてください。"
)
_NO_ESTIMATE = "見落としの推定はできません。氏名を探す二つの方法のうち、一方しか結果がありませんでした。"
_MISSED = (
    "二つの方法の結果の食い違いから、氏名の見落としが残っているおそれがあります。全文を目で確かめてください。"
)


def warnings_for(
    document: Document,
    facts: Facts,
    findings: Sequence[Finding],
    *,
    existence: ExistenceRule,
    request: str | None,
    detect: Callable[[Page], tuple[Entity, ...]],
    labels: Labels,
) -> tuple[ProposalWarning, ...]:
    """Every warning for this document, the gravest first, in the city's words."""
    found = [_existence(facts, existence, request, detect)]
    found += [_garbled(page) for page in document.pages]
    if "addressed_to_ai" in facts.warnings or _has(facts, Trait.ADDRESSED_TO_AI):
        found.append(ProposalWarning(code="addressed_to_ai", message=_TO_AI, page=_page_of(facts)))
    found += [_combining(way) for way in remaining(document, facts, findings)]
    if all(finding.decision is Decision.DISCLOSE for finding in findings):
        found.append(ProposalWarning(code="nothing_found", message=_NOTHING))
    if any(facts.found_by_one) and not can_estimate(facts):
        found.append(ProposalWarning(code="no_estimate", message=_NO_ESTIMATE))
    found += [_blank(page) for page in document.pages if _is_blank(page, document)]
    return tuple(_in_its_words(warning, labels) for warning in found if warning is not None)


def before_drafting(proposal: Proposal) -> tuple[ProposalWarning, ...]:
    """What must be weighed before a reason is drafted: a list of marks already says that the record exists."""
    return tuple(warning for warning in proposal.warnings if warning.code in BEFORE_DRAFTING)


def missed_warning(missed: float) -> ProposalWarning | None:
    """Said when at least one mention is expected to have been missed."""
    return ProposalWarning(code="may_have_missed", message=_MISSED) if missed >= 1 else None


def _in_its_words(warning: ProposalWarning, labels: Labels) -> ProposalWarning:
    return replace(
        warning,
        message=warning.message.format(
            exempt_information=labels.exempt_information,
            existence_refusal=labels.existence_refusal,
            withhold=labels.withhold,
            ask=labels.ask,
            disclose=labels.disclose,
        ),
    )


def _existence(
    facts: Facts, rule: ExistenceRule, request: str | None, detect: Callable[[Page], tuple[Entity, ...]]
) -> ProposalWarning | None:
    """With a request that names somebody, whatever sensitive matter the record holds is enough; without one, only a
    kind of record that is made about one person: else nearly every document would carry the warning."""
    by_kind = _kind_of_record(facts, rule)
    if request and request.strip():
        told = (by_kind or _sensitive_matter(facts, rule)) and _names_somebody(request, facts, detect)
        return ProposalWarning(code="existence_refusal", message=_NAMED) if told else None
    return ProposalWarning(code="existence_refusal", message=_MAYBE_NAMED) if by_kind else None


def _kind_of_record(facts: Facts, rule: ExistenceRule) -> bool:
    doc_type = fold(facts.doc_type or "", drop_space=True).text
    named = "existence_refusal" in facts.warnings or any(word in doc_type for word in rule.doc_types)
    return named and Trait.PUBLISHED not in facts.traits


def _sensitive_matter(facts: Facts, rule: ExistenceRule) -> bool:
    return any(entity.kind in rule.kinds or entity.traits & rule.traits for entity in facts.entities) or any(
        person.traits & rule.traits for person in facts.persons
    )


def _names_somebody(request: str, facts: Facts, detect: Callable[[Page], tuple[Entity, ...]]) -> bool:
    """Whether the request names a person of the document, or any person at all who is not met as an official."""
    folded = fold(request, drop_space=True, variants=True).text
    for person in facts.persons:
        names = (fold(name, drop_space=True, variants=True).text for name in (person.name, *person.aliases))
        if Trait.OFFICIAL not in person.traits and any(len(name) > 1 and name in folded for name in names):
            return True
    met = detect(Page(number=1, text=request))
    return any(one.kind is EntityKind.PERSON_NAME and Trait.OFFICIAL not in one.traits for one in met)


def _combining(way: Remaining) -> ProposalWarning:
    """What remains open of somebody whose name is withheld (モザイク): what to check, in no word of the document."""
    message = {
        "together": f"氏名を公にしない者について、{joined(way.matters)}{_TOGETHER}",
        "sole": _SOLE,
        "called": _CALLED,
    }[way.way]
    return ProposalWarning(code="mosaic", message=message, page=way.page)


def _has(facts: Facts, trait: Trait) -> bool:
    return any(trait in entity.traits for entity in facts.entities)


def _page_of(facts: Facts) -> int | None:
    pages = [e.extents[0].page for e in facts.entities if Trait.ADDRESSED_TO_AI in e.traits]
    return min(pages, default=None)


def _garbled(page: Page) -> ProposalWarning | None:
    garbled = garbled_in(page.text)
    if garbled is None:
        return None
    message = _MISREAD if garbled.cause == "misread" else _LOST
    return ProposalWarning(code="garbled_text", message=message.format(lines=garbled.lines), page=page.number)


def _is_blank(page: Page, document: Document) -> bool:
    """Whether a page without a letter is told by nothing else; where reading left doubts, these say why."""
    several = len(document.pages) > 1 or document.on_paper
    return several and not page.text.strip() and not page.doubts


def _blank(page: Page) -> ProposalWarning:
    message = f"{page.number}ページには文字がありません。画像だけのページであれば、目で確かめてください。"
    return ProposalWarning(code="blank_page", message=message, page=page.number)
