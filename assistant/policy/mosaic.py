"""Pieces that name nobody alone but somebody together (モザイク): they are asked about together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding
from assistant.policy.wording import joined
from assistant.policy.words import words_of

_PIECES = frozenset(
    {
        EntityKind.AGE,
        EntityKind.SEX,
        EntityKind.OCCUPATION,
        EntityKind.POST,
        EntityKind.ORGANIZATION,
        EntityKind.TRADE_NAME,
    }
)


def ask_together(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """For a person with two or more such pieces asked about, the question names them all."""
    kinds: dict[str, dict[EntityKind, None]] = defaultdict(dict)
    for finding in findings:
        if _piece(finding):
            kinds[finding.person or ""][finding.kind] = None
    return tuple(_together(one, list(kinds.get(one.person or "", ()))) for one in findings)


def _piece(finding: Finding) -> bool:
    return finding.person is not None and finding.decision is Decision.ASK and finding.kind in _PIECES


def _together(finding: Finding, kinds: Sequence[EntityKind]) -> Finding:
    if not _piece(finding) or len(kinds) < 2:
        return finding
    names = joined([words_of(kind).name for kind in kinds])
    question = f"同じ者について{names}が書かれている。氏名を伏せても、これらを合わせると誰かが分かるか。"
    return replace(finding, to_find_out=question, found_by=(*finding.found_by, "mosaic"))
