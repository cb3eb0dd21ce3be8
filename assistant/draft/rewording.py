"""Reasons by model: beside the rules' reason of each row, the model's wording with what the checks say of it.

The model is given the slots of a row (place, kind, grounds, harm, exceptions, the rules' draft) and never the withheld
text, so what it cannot know it cannot tell. Its wording replaces nothing: one that fails the checks is put to it once
more with the errors, and then the rules' reason stands alone and the row says why (design.md D4).
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document, Page
from assistant.domain.entity import Entity, EntityKind, Person
from assistant.domain.finding import Engine, Finding, ProposalWarning
from assistant.domain.usage import Usage
from assistant.draft.checks import check_reason
from assistant.draft.invented import check_invented
from assistant.draft.leaks import Hidden, hidden_in
from assistant.draft.part import Check, Part, Worded, parts_json, stricter
from assistant.draft.rewording_prompt import Brief, ReplySaid, RowSaid
from assistant.draft.wording import bundled_wording
from assistant.errors import ModelError, UnusableAnswer
from assistant.model.errand import Errand, Gate, Secret
from assistant.model.ports import AnswerCutOff, Chat, Message
from assistant.model.prompts import Prompt
from assistant.model.reply import ask_for, read_reply
from assistant.model.secrets import secrets_in, secrets_of
from assistant.model.tokens import estimate_tokens

_NOT_WORDED = (
    "{count}行は、モデルから使える文が得られませんでした。規則による文を使うか、自分で書いてください。"
)
_TOO_LONG = "{count}行は、条文と行の内容だけでモデルに渡せる長さを超えたため、規則による文だけを示します。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """Rows, worded by the model where it could; `engine` is what answered."""

    parts: tuple[Part, ...]
    engine: Engine = "rules"
    requested_engine: Engine = "rules"
    model: str | None = None
    prompt_hash: str | None = None
    usage: Usage = field(default_factory=Usage)
    warnings: tuple[ProposalWarning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Estimated tokens of a question, and rows in one: an answer about eight fits 4,096 tokens."""

    question: int = 10_000
    rows: int = 8


class Reworder:
    """Words rows through the gate."""

    def __init__(
        self,
        gate: Gate,
        corpus: Corpus,
        prompt: Prompt,
        room: Room | None = None,
        *,
        detect: Callable[[Page], tuple[Entity, ...]],
    ) -> None:
        """`detect`: for the words of the person who decided, which no detector has seen yet."""
        self._gate, self._corpus, self._prompt, self._detect = gate, corpus, prompt, detect
        self._room = room or Room()

    def word(
        self,
        parts: Sequence[Part],
        findings: Sequence[Finding],
        document: Document,
        day: date,
        case: str | None = None,
    ) -> Drafted:
        """The rows with the model's wording beside each. Raises ModelUnavailable, EgressStopped, and UnusableAnswer
        where nothing usable came back for any row."""
        if not parts:
            return Drafted(parts=(), engine="model", requested_engine="model", model=self._gate.name)
        hidden = hidden_in(findings, document, self._corpus, day)
        own = _own_words(findings)
        chat = self._gate.chat(
            Errand(
                purpose="reason",
                secrets=(*secrets_of(document, *_detected(findings)), *self._own_secrets(own)),
                context=(*(page.text for page in document.pages), own),
                prompt_hash=self._prompt.hash,
                case=case,
            )
        )
        turn = _Turn(
            chat,
            Brief(self._corpus, day, self._prompt, hidden),
            parts,
            hidden=hidden,
            day=day,
            corpus=self._corpus,
        )
        groups, too_long = self._groups(turn)
        worded: dict[int, Worded] = {}
        failures = list[UnusableAnswer]()
        waiting = deque(groups)
        while waiting:
            group = waiting.popleft()
            try:
                worded |= turn.words(group, self._gate.name, self._prompt.hash)
            except AnswerCutOff as error:
                if len(group) > 1:
                    half = len(group) // 2
                    waiting.extendleft((group[half:], group[:half]))
                else:
                    failures.append(error)
            except UnusableAnswer as error:
                failures.append(error)
        if failures and not worded:
            raise failures[-1]
        told = tuple(replace(part, wording=worded.get(number)) for number, part in enumerate(parts, 1))
        return Drafted(
            parts=told,
            engine="model",
            requested_engine="model",
            model=self._gate.name,
            prompt_hash=self._prompt.hash,
            usage=turn.usage,
            warnings=tuple(_warnings(told, too_long)),
        )

    def _own_secrets(self, own: str) -> tuple[Secret, ...]:
        return secrets_in(own, self._detect) if own and self._gate.rule == "pseudonymize" else ()

    def _groups(self, turn: _Turn) -> tuple[list[tuple[int, ...]], int]:
        """Numbers of the rows that go together, and how many are too long by themselves."""
        room = self._room.question - turn.frame
        groups: list[tuple[int, ...]] = []
        group: list[int] = []
        spent = too_long = 0
        for number in range(1, len(turn.parts) + 1):
            cost = turn.cost(number)
            if cost > room:
                too_long += 1
                continue
            if group and (spent + cost > room or len(group) == self._room.rows):
                groups.append(tuple(group))
                group, spent = [], 0
            group.append(number)
            spent += cost
        return [*groups, *([tuple(group)] if group else [])], too_long


class _Turn:
    """The questions about one document."""

    def __init__(
        self, chat: Chat, brief: Brief, parts: Sequence[Part], *, hidden: Hidden, day: date, corpus: Corpus
    ) -> None:
        self.parts, self.usage = parts, Usage()
        self._chat, self._brief, self._hidden = chat, brief, hidden
        self._day, self._corpus = day, corpus
        self._law = brief.law(parts)
        self._shape = brief.shape(parts)
        nothing = brief.messages((), self._law)
        self.frame = sum(estimate_tokens(one.text) for one in nothing) + estimate_tokens(self._shape.in_words)

    def cost(self, number: int) -> int:
        """Estimated tokens of a row."""
        return self._brief.cost(number, self.parts[number - 1])

    def words(self, group: tuple[int, ...], by: str, prompt_hash: str) -> dict[int, Worded]:
        """The wording of each row of a group; rows the model left out, twice, are missing."""
        messages = self._brief.messages([(number, self.parts[number - 1]) for number in group], self._law)
        said, reply = ask_for(self._chat, messages, self._shape, ReplySaid, self._brief.repair)
        self.usage += reply.usage
        rows = {row.number: row for row in said.rows if row.number in group}
        checked = {number: self._checked(number, rows.get(number)) for number in group}
        errors = {number: self._errors(*checked[number]) for number in group}
        if any(errors.values()):
            again = self._again(messages, _echo(rows, checked), errors)
            for number, row in again.items():
                if errors.get(number):
                    rows[number], checked[number] = row, self._checked(number, row)
        return {
            number: Worded(by=by, reason=row.reason, checks=checked[number][1], prompt_hash=prompt_hash)
            for number, row in rows.items()
        }

    def _again(
        self, messages: tuple[Message, ...], echo: str, errors: Mapping[int, Sequence[str]]
    ) -> dict[int, RowSaid]:
        """The rows of a second answer; none where it cannot be read. There is no third."""
        told = "\n".join(
            f"- {number}行目：{message}" for number, listed in errors.items() for message in listed
        )
        question = (
            *messages,
            Message(role="assistant", text=echo),
            Message(role="user", text=self._brief.repair(told)),
        )
        try:
            second = self._chat.ask(question, self._shape)
        except UnusableAnswer:
            return {}
        self.usage += second.usage
        read, _ = read_reply(second.text, ReplySaid)
        return {row.number: row for row in read.rows} if read else {}

    def _checked(self, number: int, row: RowSaid | None) -> tuple[RowSaid | None, tuple[Check, ...]]:
        if row is None:
            return None, ()
        part = self.parts[number - 1]
        vocabulary = self._hidden.known.vocabulary
        checks = check_reason(
            row.reason,
            grounds=part.grounds,
            withheld=self._hidden.texts,
            aliases=self._hidden.names,
            corpus=self._corpus,
            day=self._day,
            known=self._hidden.known,
        )
        if vocabulary is not None:
            given = self._brief.given(part)
            invented = check_invented(
                row.reason,
                row.harm,
                given=given,
                grounds=part.grounds,
                corpus=self._corpus,
                vocabulary=vocabulary,
            )
            checks = (*checks, invented)
        return row, stricter((*checks, _slots(row, part)), part)

    @staticmethod
    def _errors(row: RowSaid | None, checks: Sequence[Check]) -> list[str]:
        """What a repair must mend."""
        if row is None:
            return [bundled_wording().messages.no_row]
        return [check.message for check in checks if not check.ok and check.severity == "refuse"]


def _echo(
    rows: Mapping[int, RowSaid], checked: Mapping[int, tuple[RowSaid | None, tuple[Check, ...]]]
) -> str:
    """The first answer as it is put to the model again: what gives something away is not sent a second time."""
    told = []
    for number, row in rows.items():
        leaks = any(check.code == "leak" and not check.ok for check in checked[number][1])
        told.append({"number": number, "reason": "" if leaks else row.reason})
    return json.dumps({"rows": told}, ensure_ascii=False)


def _slots(row: RowSaid, part: Part) -> Check:
    """Whether the answer speaks of the row it was asked about: clauses in its slots are those of the row."""
    messages = bundled_wording().messages
    strange = [clause for clause in row.grounds if clause not in part.clauses]
    if strange or (row.grounds and not set(part.clauses[:1]) & set(row.grounds)):
        return Check(code="slots", ok=False, message=messages.other_slots, severity="refuse")
    return Check(code="slots", ok=True, message=messages.ok_slots, severity="refuse")


def _own_words(findings: Sequence[Finding]) -> str:
    """What may have been written by the person who decided: it may name somebody the document does not."""
    told = [
        text
        for one in findings
        if one.decided is not None
        for text in (one.reason, *(w for g in one.grounds for w in (g.why, *(c.why for c in g.provisos))))
    ]
    return "\n".join(dict.fromkeys(text for text in told if text.strip()))


def _detected(findings: Sequence[Finding]) -> tuple[list[Entity], list[Person]]:
    """Findings as what detection found, for what must not leave: the persons with all they are called."""
    entities = [
        Entity(kind=one.kind, extents=one.extents, text=one.text, explanations=(), person=one.person)
        for one in findings
    ]
    called: dict[str, list[str]] = {}
    for one in findings:
        if one.person and one.kind is EntityKind.PERSON_NAME:
            called.setdefault(one.person, []).append(one.text)
    persons = [
        Person(id=person, name=max(names, key=len), aliases=tuple(names), traits=frozenset())
        for person, names in called.items()
    ]
    return entities, persons


def _warnings(parts: Sequence[Part], too_long: int) -> Iterator[ProposalWarning]:
    missing = sum(part.wording is None or not part.wording.usable for part in parts) - too_long
    if missing > 0:
        yield ProposalWarning(code="model_not_worded", message=_NOT_WORDED.format(count=missing))
    if too_long:
        yield ProposalWarning(code="model_too_long", message=_TOO_LONG.format(count=too_long))


def drafted_json(drafted: Drafted) -> dict[str, Any]:
    """`reason --json` of design.md §5; where a model was asked, what answered besides."""
    if drafted.requested_engine != "model":
        return parts_json(drafted.parts)
    return {
        **parts_json(drafted.parts),
        "engine": drafted.engine,
        "requested_engine": drafted.requested_engine,
        "model": drafted.model,
        "prompt_hash": drafted.prompt_hash,
        "usage": asdict(drafted.usage),
        "warnings": [{"code": w.code, "message": w.message, "page": w.page} for w in drafted.warnings],
    }


def failed(parts: Sequence[Part], error: ModelError) -> Drafted:
    """The rules' rows, with why there is no wording of a model."""
    message = f"{error} 規則による理由だけを示します。"
    return Drafted(
        parts=tuple(parts),
        requested_engine="model",
        warnings=(ProposalWarning(code="model_failed", message=message),),
    )
