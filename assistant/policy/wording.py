"""The reason for the notice: a rule's wording with its slots filled from the city's ordinance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import Formatter

from assistant.domain.finding import Ground

SLOTS = ("provision", "provisions", "kind", "place", "harm", "exceptions", "exception", "body")
"""provision: main ground with its limb · provisions: all grounds · kind: what it is called · place: the field it
stands in · harm: the rule's own · exceptions: the exceptions that do not apply, as a sentence (empty if there is
none) · exception: the exception that does · body: what the city calls who decides."""

_UNITS = ("号", "項", "条")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What fills the slots that do not come from the grounds."""

    kind: str
    place: str
    harm: str
    body: str


def unknown_slots(template: str) -> tuple[str, ...]:
    """Names in braces that are no slot, and "{" or "}" for braces that do not close. Empty: the wording is sound."""
    try:
        fields = [
            (name, spec, mark) for _, name, spec, mark in Formatter().parse(template) if name is not None
        ]
    except ValueError:
        return ("{",)
    return tuple(name or "{}" for name, spec, mark in fields if name not in SLOTS or spec or mark)


def word_reason(template: str, grounds: Sequence[Ground], slots: Slots) -> str:
    """The wording with every slot filled. `template` must have passed `unknown_slots`."""
    cited = [ground.limb or ground.provision for ground in grounds]
    applying = [check.provision for ground in grounds[:1] for check in ground.provisos if check.applies]
    return template.format(
        provision=cited[0] if cited else "",
        provisions=joined(cited),
        kind=slots.kind,
        place=slots.place,
        harm=slots.harm,
        body=slots.body,
        exceptions=_not_excepted(grounds if "{provisions}" in template else grounds[:1]),
        exception=joined(applying),
    )


def joined(labels: Sequence[str]) -> str:
    """A list as the city writes it: 「A、B及びC」."""
    if len(labels) < 2:
        return "".join(labels)
    return "、".join(labels[:-1]) + "及び" + labels[-1]


def _not_excepted(grounds: Sequence[Ground]) -> str:
    """「同号ただし書ア、イ及びウのいずれにも該当しない。」 for the exceptions that were found not to apply.

    Where several grounds are cited, 同号 would mean the last of them, so each is written out.
    """
    lists, count = [], 0
    for ground in grounds:
        labels = [check.provision for check in ground.provisos if check.applies is False]
        if labels:
            lists.append(joined(_shortened(labels, ground.provision, written_out=len(grounds) > 1)))
            count += len(labels)
    if not lists:
        return ""
    return f"{'並びに'.join(lists)}{'のいずれにも' if count > 1 else 'にも'}該当しない。"


def _shortened(labels: Sequence[str], provision: str, *, written_out: bool) -> list[str]:
    """「第7条第2号ただし書ア」「…イ」 under 第7条第2号 → 「同号ただし書ア」「イ」; labels elsewhere stay whole."""
    unit = next((unit for unit in _UNITS if provision.endswith(unit)), "")
    if not unit or not all(label.startswith(provision) for label in labels):
        return list(labels)
    place = provision if written_out else f"同{unit}"
    tails = [label.removeprefix(provision) for label in labels]
    lead = "ただし書"
    if all(tail.startswith(lead) and tail != lead for tail in tails):
        return [f"{place}{tails[0]}", *(tail.removeprefix(lead) for tail in tails[1:])]
    if all(tail and not tail.startswith(lead) for tail in tails):
        return [f"{place}{tails[0]}", *tails[1:]]  # exceptions that are items of an article: 同条第1号、第2号
    return [f"{place}{tail}" for tail in tails]
