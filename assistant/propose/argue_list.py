"""The rules' findings as a model is told them: few words, one number for what is said the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.domain.finding import Decision, Finding
from assistant.model.loose import loose, loose_text, occurrences
from assistant.policy.words import words_of
from assistant.text.folding import folded_text

_LONGEST_SHOWN = 48
_NONE = "（なし）"
_SETTLED = "規則で定まるもの（意見は要らない。findings に加えない）："

IsSettled = Callable[[Finding], bool]
"""Whether the rules settle a finding beyond doubt, so that no model need argue it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """`numbered`: what stands behind number 1, 2 …; `settled`: told without a number."""

    numbered: tuple[tuple[Finding, ...], ...]
    settled: tuple[Finding, ...]

    def behind(self, number: int) -> tuple[Finding, ...]:
        """The findings behind a number; empty where it was not given."""
        return self.numbered[number - 1] if 1 <= number <= len(self.numbered) else ()


def listed(findings: Sequence[Finding], is_settled: IsSettled) -> Listed:
    """Findings of one text, kind, decision and ground share a number, in the order of the first."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    settled = []
    for one in findings:
        if is_settled(one):
            settled.append(one)
        else:
            alike.setdefault((*_heading(one), folded_text(one.text)), []).append(one)
    return Listed(numbered=tuple(tuple(group) for group in alike.values()), settled=tuple(settled))


def findings_told(told: Listed, words: dict[Decision, str], whole: Sequence[str] = ()) -> str:
    """Under a line for each decision, ground and kind their numbers with the words; the settled without, at the end."""
    entries = [(_heading(group[0]), number, group[0]) for number, group in enumerate(told.numbered, 1)]
    lines = []
    for heading, group in _together(entries):
        lines.append(f"{_named(heading, words)}：")
        lines += [f"{number}. 「{one_line(one.text, whole)}」" for _, number, one in group]
    if told.settled:
        lines.append(
            _SETTLED + "、".join(dict.fromkeys(_told_settled(one, words, whole) for one in told.settled))
        )
    return "\n".join(lines) or _NONE


def one_line(text: str, whole: Sequence[str] = ()) -> str:
    """On one line, its middle left out where it is long: the number is what it is known by.

    No cut falls inside one of `whole`: half a name is no longer known as one when it leaves the house.
    """
    flat = " ".join(text.split())
    if len(flat) <= _LONGEST_SHOWN:
        return flat
    left, right = _LONGEST_SHOWN // 2 - 1, len(flat) - _LONGEST_SHOWN // 2
    spans = sorted(span for one in whole for span in _places(flat, one))
    for start, end in reversed(spans):
        left = start if start < left < end else left
    for start, end in spans:
        right = end if start < right < end else right
    return f"{flat[:left]}…{flat[right:]}"


def _places(flat: str, wanted: str) -> Iterable[tuple[int, int]]:
    folded = loose(flat)
    letters = loose_text(wanted)
    return [folded.span(at, at + len(letters)) for at in occurrences(folded.text, letters)] if letters else []


Heading = tuple[Decision, str, str]
_ORDER = (Decision.WITHHOLD, Decision.ASK, Decision.DISCLOSE)


def _heading(one: Finding) -> Heading:
    ground = (one.grounds[0].limb or one.grounds[0].provision) if one.grounds else ""
    return one.decision, ground, words_of(one.kind).name


def _together(
    entries: Sequence[tuple[Heading, int, Finding]],
) -> Iterable[tuple[Heading, list[tuple[Heading, int, Finding]]]]:
    ranked = sorted(entries, key=lambda entry: (_ORDER.index(entry[0][0]), *entry[0][1:], entry[1]))
    return ((heading, list(group)) for heading, group in groupby(ranked, key=lambda entry: entry[0]))


def _named(heading: Heading, words: dict[Decision, str]) -> str:
    decision, ground, kind = heading
    return " ".join(part for part in (words[decision], ground, kind) if part)


def _told_settled(one: Finding, words: dict[Decision, str], whole: Sequence[str]) -> str:
    return f"{_named(_heading(one), words)}「{one_line(one.text, whole)}」"
