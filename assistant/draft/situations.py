"""Reasons without a passage: an exemption described in words, 不存在, 存否応答拒否, 却下 and the like.

What is not known stays as a blank in the draft, is asked back, and keeps the draft from being used as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from assistant.corpus.city import City
from assistant.corpus.corpus import Corpus
from assistant.corpus.datafile import REFUSING, parse, read_toml
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Ground
from assistant.domain.provision import Head, Topic
from assistant.domain.source import SourceKind
from assistant.draft.checks import check_reason
from assistant.draft.compose import exceptions_considered, fill, harm_of, reason_of
from assistant.draft.memo import precedent_lines
from assistant.draft.part import Part
from assistant.draft.precedents import by_ids, what_became
from assistant.draft.templates import check_slots
from assistant.draft.wording import bundled_wording
from assistant.errors import InputError

_FILE = Path(__file__).with_name("situations.toml")
_CITY_SLOTS = ("document", "request", "body", "disclose", "withhold", "partial", "exempt_information")
_LAW_SLOTS = ("clause", "ground", "exempt", "not_excepted")
_MODELS = 3
_SECTIONS = ("文例", "手続")  # how to word it comes before what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something the reason needs. `question`: how it is asked back."""

    __pydantic_config__ = REFUSING

    key: str
    name: str
    question: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One kind of decision. `text` empty: a part that is withheld, worded by head."""

    __pydantic_config__ = REFUSING

    id: str
    title: str
    place: str
    text: str
    facts: tuple[Fact, ...]
    topic: Topic | None = None
    needs_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__ = REFUSING

    situation: tuple[Situation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A draft and what must be asked before it can be used."""

    part: Part
    asked: tuple[str, ...]


@cache
def bundled_situations() -> tuple[Situation, ...]:
    """The situations shipped with the program."""
    return read_situations(_FILE)


def read_situations(path: Path) -> tuple[Situation, ...]:
    """Raises DataFileError for unknown keys and slots, and for two situations of one id."""
    file = read_toml(path)
    found = parse(_File, file).situation
    for number, situation in enumerate(found):
        allowed = {fact.key for fact in situation.facts} | {*_CITY_SLOTS, *_LAW_SLOTS}
        check_slots(file, situation.text, allowed, "situation", number, "text")
        check_slots(file, situation.place, allowed, "situation", number, "place")
        if any(other.id == situation.id for other in found[:number]):
            raise file.fault(
                f"「{situation.id}」が二つあります。", "situation", number, todo="idを変えてください。"
            )
    return found


def describe_situation(
    situation_id: str,
    facts: Mapping[str, str],
    *,
    corpus: Corpus,
    day: date,
    head: Head | None = None,
    limb: str | None = None,
    secrets: Sequence[str] = (),
) -> Described:
    """The draft for a situation, and what is asked back. Raises InputError for an unknown situation or head.

    `secrets`: words that must not be in it, such as the name a request gives.
    """
    situation = next((each for each in bundled_situations() if each.id == situation_id), None)
    if situation is None:
        raise InputError("この場面の理由は用意されていません。一覧から選んでください。")
    if head is not None and head not in corpus.heads(day):
        raise InputError("この種類の号は、この日に施行されている条項にありません。一覧から選んでください。")
    known = {key: value.strip().rstrip("。") for key, value in facts.items() if value.strip()}
    asked = [fact.question for fact in situation.facts if fact.required and fact.key not in known]
    grounds = _grounds(head, limb, corpus, day)
    if situation.needs_head and not grounds:
        asked.insert(0, "どの号に当たりますか。号を選んでください。")
    clause = _clause(situation, corpus, day)
    slots = _slots(situation, known, grounds, corpus, day)
    if situation.text:
        reason = situation.text.format(**slots)
    else:
        reason, more = _withheld(known, grounds, corpus, day)
        asked += [fact.question for fact in situation.facts if fact.key in more]
    checks = check_reason(reason, grounds=grounds, withheld=secrets, aliases=(), corpus=corpus, day=day)
    part = Part(
        place=situation.place.format(**slots),
        kind=known.get("content") or dict(situations_of(corpus.city))[situation.id],
        grounds=grounds,
        reason=reason,
        internal_note=_memo(situation, grounds, known, corpus, day),
        open_from=None,
        finding_ids=(),
        checks=checks,
        cited=(clause,) if clause else (),
    )
    return Described(part=part, asked=tuple(asked))


def _grounds(head: Head | None, limb: str | None, corpus: Corpus, day: date) -> tuple[Ground, ...]:
    if head is None:
        return ()
    return (Ground(head=head, provision=corpus.provision_of(head, day).label, limb=limb, why=""),)


def _clause(situation: Situation, corpus: Corpus, day: date) -> str:
    provisions = corpus.topic_provisions(situation.topic, day) if situation.topic else ()
    return provisions[0].label if provisions else ""


def _slots(
    situation: Situation, known: Mapping[str, str], grounds: Sequence[Ground], corpus: Corpus, day: date
) -> dict[str, str]:
    row = bundled_wording().row
    slots = {fact.key: known.get(fact.key) or row.blank.format(name=fact.name) for fact in situation.facts}
    slots |= {name: str(getattr(corpus.city.labels, name)) for name in _CITY_SLOTS}
    slots["clause"] = _clause(situation, corpus, day) or row.blank.format(name=row.clause_blank)
    slots["ground"] = slots["exempt"] = row.blank.format(name=row.clause_blank)
    slots["not_excepted"] = ""
    for ground in grounds:
        slots["ground"] = ground.limb or ground.provision
        slots["exempt"] = _exempt(ground, corpus)
        slots["not_excepted"] = exceptions_considered("", ground, corpus, day)
    return slots


def _exempt(ground: Ground, corpus: Corpus) -> str:
    """What kind of information the head protects, with the harm it asks for."""
    wording, entry = bundled_wording(), corpus.city.head(ground.head)
    subject = (entry.subject if entry else "") or wording.heads[ground.head].subject_text
    harm = harm_of(ground, corpus)
    return wording.row.harmful.format(subject=subject, harm=harm) if harm else subject


def _withheld(
    known: Mapping[str, str], grounds: Sequence[Ground], corpus: Corpus, day: date
) -> tuple[str, tuple[str, ...]]:
    """The reason of a part described in words, and the keys of the facts its head still needs."""
    row = bundled_wording().row
    if not grounds:
        return row.blank.format(name=row.clause_blank), ()
    ground, needed = grounds[0], []
    harm, by = harm_of(ground, corpus), ""
    if harm and "harm" in known:
        harm = _as_risk(known["harm"])
    elif harm:
        by = row.blank.format(name=row.by_blank) + "、"
        needed.append("harm")
    if ground.head is Head.STATUTORY and "statute" not in known:
        needed.append("statute")
    sentence = fill(
        bundled_wording().heads[ground.head].sentence,
        ground,
        corpus,
        content=known.get("content") or row.unnamed,
        by=by,
        harm=harm,
        statute=known.get("statute", ""),
    )
    reason = reason_of(
        [sentence],
        kind=EntityKind.OTHER,
        grounds=grounds,
        corpus=corpus,
        day=day,
        open_from=None,
        severable=True,
    )
    return reason, tuple(needed)


def _as_risk(words: str) -> str:
    """「…支障が生ずる」「…するおそれがある」 as the noun that the sentence wants: 「…おそれ」."""
    end = bundled_wording().row.harm_end
    core = words.removesuffix("ため").removesuffix("がある")
    return core if core.endswith(end) else core + end


def _memo(
    situation: Situation, grounds: Sequence[Ground], known: Mapping[str, str], corpus: Corpus, day: date
) -> str:
    words, labels = bundled_wording().memo, corpus.city.labels
    lines = (
        [words.fictional.format(fictional=labels.fictional, city=corpus.city.name)]
        if corpus.city.fictional
        else []
    )
    lines += [
        words.find_out.format(what=f.question) for f in situation.facts if f.required and f.key not in known
    ]
    lines.append(words.handbook.format(handbook=labels.handbook))
    handbook = [
        source
        for section in _SECTIONS
        for source in corpus.sources.values()
        if source.kind is SourceKind.HANDBOOK and source.section == section
        if source.topic and source.topic is situation.topic
    ]
    lines += [
        words.handbook_line.format(title=source.title, quote=source.text, source=source.id)
        for source in handbook[: 2 * _MODELS]
    ]
    if not handbook:
        lines.append(words.none)
    if situation.topic:
        lines += _topic_precedents(situation.topic, corpus, day)
    for ground in grounds[:1]:
        lines += precedent_lines((), ground.head, tuple(known.get("content", "").split("、")), corpus, day)
    return "\n".join(lines)


def _topic_precedents(topic: Topic, corpus: Corpus, day: date) -> list[str]:
    ids = [
        source.id
        for source in corpus.sources.values()
        if source.kind is SourceKind.PRECEDENT
        and source.topic is topic
        and source.precedent
        and source.precedent.date <= day
    ]
    decided = sorted(
        by_ids(corpus, ids), key=lambda each: (not each.precedent.stands, -each.precedent.date.toordinal())
    )
    return [
        f"・{each.precedent.date.isoformat()} {each.precedent.body} {each.precedent.number}　"
        f"{each.unit.part}　{what_became(each.precedent)}［{each.source_id}］"
        for each in decided[:_MODELS]
    ]


def situations_of(city: City) -> tuple[tuple[str, str], ...]:
    """(id, title) for a list to choose from, in the city's words."""
    labels = city.labels
    return tuple(
        (
            each.id,
            each.title.replace("不存在", labels.not_held)
            .replace("存否応答拒否", labels.existence_refusal)
            .replace("{disclose}", labels.disclose),
        )
        for each in bundled_situations()
    )
