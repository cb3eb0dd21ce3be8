"""Is a policy sound? Every kind answered, nothing unreachable, nothing asked without a question that settles it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision
from assistant.domain.provision import Head
from assistant.errors import DataFileError
from assistant.policy.rules import Condition, Rule
from assistant.policy.schema import RuleEntry
from assistant.policy.wording import unknown_slots

SECTIONS = (
    "趣旨",
    "解釈",
    "ただし書",
    "運用",
    "争点",
    "具体例（非開示）",
    "具体例（開示）",
    "具体例（要検討）",
)
"""Sections of a handbook a rule may prefer to cite."""


def check_entry(path: Path, entry: RuleEntry, line: int | None, heads: frozenset[Head]) -> None:
    """One rule by itself. `heads`: those of the city's ordinance; empty: any (the default policy). Raises DataFileError."""
    for problem, todo in _problems(entry, heads):
        raise DataFileError(path, f"規則「{entry.id}」{problem}", line=line, todo=todo)


def _problems(entry: RuleEntry, heads: frozenset[Head]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    missing = [ground.head for ground in entry.grounds if heads and ground.head not in heads]
    if missing:
        found.append(
            (
                f"の根拠「{missing[0]}」が、この自治体の条例にありません。",
                "条例にある号の種類に改めてください。",
            )
        )
    if entry.decision is not Decision.DISCLOSE and not entry.grounds:
        found.append(("に根拠がありません。", "grounds に号の種類を書いてください。"))
    if entry.decision is Decision.ASK and not (entry.to_find_out or "").strip():
        found.append(
            (
                "は要検討ですが、何を確かめるかがありません。",
                "to_find_out に、答えが出れば決まる問いを書いてください。",
            )
        )
    if entry.decision is not Decision.ASK and entry.to_find_out:
        found.append(
            ("は要検討でないのに to_find_out があります。", "消すか、decision を ask にしてください。")
        )
    if entry.decision is Decision.WITHHOLD and not entry.reason.strip():
        found.append(("に通知書の理由がありません。", "reason に理由の文を書いてください。"))
    found += _wording_problems(entry)
    both = entry.all & entry.none
    if both:
        found.append((f"は特性「{sorted(both)[0]}」を求めつつ除いています。", "一方を消してください。"))
    return found


def _wording_problems(entry: RuleEntry) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    wordings = (entry.reason, *(ground.reason for ground in entry.grounds))
    bad = [slot for wording in wordings for slot in unknown_slots(wording)]
    if bad:
        found.append(
            (f"の理由に知らない差し込み「{bad[0]}」があります。", "使える差し込みの一覧を確かめてください。")
        )
    elif any("{harm}" in wording for wording in wordings) and not entry.harm:
        found.append(
            ("の理由は {harm} を使いますが harm がありません。", "harm に支障の内容を書いてください。")
        )
    sections = [section for section in entry.cite if section not in SECTIONS]
    if sections:
        found.append(
            (f"の cite「{sections[0]}」は手引の見出しにありません。", "手引の見出しの名を書いてください。")
        )
    return found


def check_reachable(path: Path, rules: Sequence[Rule]) -> None:
    """No rule whose every case an earlier rule of the same file has already decided. Raises DataFileError."""
    for number, rule in enumerate(rules):
        hidden_by = [_hiding(kind, rule, rules[:number]) for kind in sorted(rule.kinds)]
        if all(hidden_by):
            raise DataFileError(
                path,
                f"規則「{rule.id}」は、前にある規則「{hidden_by[0]}」が先に当てはまるため使われません。",
                line=rule.line,
                todo="順を入れ替えるか、条件を改めてください。",
            )


def _hiding(kind: EntityKind, rule: Rule, earlier: Sequence[Rule]) -> str | None:
    for other in earlier:
        meant_too = other.under in {None, rule.under}
        if meant_too and kind in other.kinds and other.when.implied_by(rule.when):
            return other.id
    return None


def check_complete(path: Path, rules: Sequence[Rule]) -> None:
    """Every kind ends in a rule without conditions. Raises DataFileError."""
    closed = {kind for rule in rules if rule.when == Condition() and not rule.under for kind in rule.kinds}
    open_kinds = sorted(str(kind) for kind in EntityKind if kind not in closed)
    if open_kinds:
        raise DataFileError(
            path,
            f"種別「{open_kinds[0]}」に、条件のない結びの規則がありません。",
            todo='その種別を最後に受ける規則を書くか、extends = "default" としてください。',
        )
