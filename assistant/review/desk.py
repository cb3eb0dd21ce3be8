"""The desk: the one service through which a person opens, settles, takes back and deletes.

Every act is one transaction, written the moment it is made; when a method returns, what it did is on disk.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

from assistant.domain.document import Box, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Ground, Proposal
from assistant.domain.provision import Head
from assistant.errors import ReviewRefused
from assistant.review import chain, decide, rules
from assistant.review.actor import Actor
from assistant.review.case import Act, Case, CaseSummary, Message, Role, Turn
from assistant.review.codec import encode
from assistant.review.content import CERTIFICATE, MESSAGE, PAYLOAD, TITLE, proposal_words, words_of
from assistant.review.decide import Decided, Wish
from assistant.review.doubts import RuleSays
from assistant.review.event import ACTS, Draft, EventKind, Mode
from assistant.review.files import FileRole, KeptFile
from assistant.review.ports import Citable, Clock, EventStore, Record
from assistant.review.reading import exported, own_case, own_events, summaries
from assistant.review.replay import undone_by

LONGEST_TITLE = 100


def _says_nothing(rule: str) -> str:
    """Without a policy at hand, what a finding says of itself must do."""
    return ""


class Desk:
    """Opens cases and settles findings; a case belongs to the person who opened it.

    Every method raises RecordUnavailable when the record cannot be used, and ReviewRefused when the rules of review
    do not allow what is asked; both carry a Japanese sentence for the screen. Acts return the case as it stands
    afterwards.
    """

    def __init__(
        self, store: EventStore, clock: Clock, corpus: Citable, rule_says: RuleSays = _says_nothing
    ) -> None:
        self._store = store
        self._clock = clock
        self._corpus = corpus
        self._rule_says = rule_says

    def remember_actor(self, actor: Actor) -> None:
        """Keeps who sits at this PC, so that the app asks once."""
        self._store.remember(actor)

    def remembered_actor(self) -> Actor | None:
        """Who sits at this PC; None until somebody has said."""
        return self._store.remembered()

    def open_case(
        self,
        actor: Actor,
        mode: Mode,
        title: str,
        proposal: Proposal | None = None,
        *,
        files: Sequence[KeptFile] = (),
    ) -> Case:
        """Stores a new case with its whole proposal and files. An empty title becomes 無題."""
        tidy = words_of(TITLE, _tidy_title(title) or "無題")
        draft = self._opening(EventKind.OPENED, "c" + secrets.token_hex(8), actor, proposal)
        draft = replace(draft, mode=mode, words=(tidy, *draft.words))

        def work(record: Record) -> Case:
            record.keep_actor(actor)
            return self._opened(record, draft, actor, files)

        return self._store.write(work)

    def propose(
        self, case_id: str, actor: Actor, proposal: Proposal, *, files: Sequence[KeptFile] = ()
    ) -> Case:
        """The proposal of a case that was opened with a file only. Raises ReviewRefused when it has one already."""
        draft = self._opening(EventKind.PROPOSED, case_id, actor, proposal)

        def work(record: Record) -> Case:
            if own_case(record, case_id, actor).proposal is not None:
                raise ReviewRefused("この記録はすでに調べ終わっています。履歴から開いてください。")
            return self._opened(record, draft, actor, files)

        return self._store.write(work)

    def file(self, case_id: str, actor: Actor, role: FileRole) -> KeptFile | None:
        """A file of the case; None if there is none."""

        def work(record: Record) -> KeptFile | None:
            own_events(record, case_id, actor)
            return record.file(case_id, role)

        return self._store.read(work)

    def holders(self, actor: Actor, sha256: str) -> tuple[CaseSummary, ...]:
        """The person's own cases that were opened with this very file, latest change first."""

        def work(record: Record) -> tuple[CaseSummary, ...]:
            held = frozenset(record.holders(FileRole.ORIGINAL, sha256))
            return (
                tuple(one for one in summaries(record, actor, None, None) if one.id in held) if held else ()
            )

        return self._store.read(work)

    def release(
        self, case_id: str, actor: Actor, redacted: KeptFile, certificate: Mapping[str, Any], *, upto: int
    ) -> Case:
        """Stores a redacted file that was found clean, with its certificate (JSON values without document text).

        `upto`: `Case.seq` of the case it was made from. Raises ReviewRefused when the case has moved on since, and
        while pages whose text is in doubt are not signed as read.
        """
        words = (words_of(CERTIFICATE, dict(certificate)),)

        def work(record: Record) -> Case:
            case = own_case(record, case_id, actor)
            rules.all_read(case)
            if case.seq != upto:
                raise ReviewRefused(
                    "作っている間に判断が変わったため、ファイルを残しませんでした。もう一度作ってください。"
                )
            draft = Draft(at=self._now(), actor=actor.id, kind=EventKind.RELEASED, case=case_id, words=words)
            return self._opened(record, draft, actor, (redacted,))

        return self._store.write(work)

    def case(self, case_id: str, actor: Actor) -> Case:
        """The case as it stands."""
        return self._store.read(lambda record: own_case(record, case_id, actor))

    def history(
        self, actor: Actor, mode: Mode | None = None, text: str | None = None
    ) -> tuple[CaseSummary, ...]:
        """The person's own cases, latest change first; `text`: words in title, passage or conversation, compared
        without regard to width, case and white space."""
        return self._store.read(lambda record: summaries(record, actor, mode, text))

    def rename(self, case_id: str, actor: Actor, title: str) -> Case:
        """Gives the case another title (cut to 100 characters)."""
        if not (tidy := _tidy_title(title)):
            raise ReviewRefused("題名が空です。題名を入力してください。")
        return self._write(
            case_id, actor, lambda _: Decided(kind=EventKind.RENAMED, words=(words_of(TITLE, tidy),))
        )

    def delete_case(self, case_id: str, actor: Actor) -> None:
        """Removes every text of the case for good. That it was there, and who did what when, stays in the log."""

        def work(record: Record) -> None:
            own_events(record, case_id, actor)
            record.erase(case_id)
            chain.append(record, Draft(at=self._now(), actor=actor.id, kind=EventKind.DELETED, case=case_id))

        self._store.write(work)

    def export_case(self, case_id: str, actor: Actor) -> dict[str, Any]:
        """Everything about the case as JSON values; `mark` is 架空 when the city is invented."""
        return self._store.read(
            lambda record: exported(own_case(record, case_id, actor), own_events(record, case_id, actor))
        )

    def say(
        self, case_id: str, actor: Actor, role: Role, text: str, payload: Mapping[str, Any] | None = None
    ) -> Message:
        """Adds a turn to the conversation. `payload`: JSON values, kept as they are."""
        words = (
            words_of(MESSAGE, encode(Turn(role=role, text=text))),
            words_of(PAYLOAD, dict(payload or {})),
        )
        return self._write(case_id, actor, lambda _: Decided(kind=EventKind.SAID, words=words)).messages[-1]

    def confirm(self, case_id: str, actor: Actor, finding_ids: Sequence[str], *, why: str = "") -> Case:
        """採用: findings are settled as they stand, all in one act. An *ask* goes alone.

        `why`: the reviewer's own ground, needed where no verified citation of the finding's head holds.
        """
        return self._write(
            case_id, actor, lambda case: decide.confirm(case, finding_ids, why, self._heads_of)
        )

    def reject(self, case_id: str, actor: Actor, finding_ids: Sequence[str], why: str = "") -> Case:
        """不採用: what the findings cover is disclosed unless another finding covers it. An *ask* goes alone."""
        return self._write(case_id, actor, lambda case: decide.reject(case, finding_ids, why))

    def change(
        self,
        case_id: str,
        actor: Actor,
        finding_id: str,
        *,
        decision: Decision,
        ground: Ground | None = None,
        why: str = "",
        reason: str | None = None,
        extents: Sequence[Extent] | None = None,
        boxes: Sequence[Box] | None = None,
        to_find_out: str | None = None,
        also: Sequence[str] = (),
        despite: Sequence[str] = (),
    ) -> Case:
        """変更: the reviewer's values in place of the proposed ones; what is None stays as it is.

        `ground` becomes the main ground, the others stay behind it. `why` (or a `ground.why` that was not proposed)
        is the reviewer's own ground. A changed decision drops the drafted reason unless a new one is given.
        `also`: like places (`Case.occurrences`) that the same act changes; the places then stay as they are.
        `boxes`: areas drawn by hand, points of the page as shown: of a mark of characters those beside its own, of
        an area all of it.
        Raises ReviewDoubted, and writes nothing, where something speaks against withholding (`review/doubts.py`);
        `despite`: codes of the doubts the person has seen, and sets aside with their own ground.
        """
        wish = Wish(
            decision=decision,
            ground=ground,
            why=why,
            reason=reason,
            extents=None if extents is None else tuple(extents),
            boxes=None if boxes is None else tuple(boxes),
            to_find_out=to_find_out,
            despite=tuple(despite),
        )
        return self._write(
            case_id,
            actor,
            lambda case: decide.change(case, finding_id, wish, self._heads_of, self._rule_says, also),
        )

    def add(
        self,
        case_id: str,
        actor: Actor,
        *,
        extents: Sequence[Extent] = (),
        boxes: Sequence[Box] = (),
        decision: Decision,
        ground: Ground | None = None,
        reason: str = "",
        why: str = "",
        kind: EntityKind = EntityKind.OTHER,
        person: str | None = None,
        to_find_out: str | None = None,
        despite: Sequence[str] = (),
    ) -> Case:
        """What the proposal missed, settled by the person who adds it; withhold and ask need `why` or `ground.why`.

        Characters, areas drawn by hand (`boxes`), or both. Raises ReviewDoubted as `change` does.
        """
        wish = Wish(
            decision=decision,
            ground=ground,
            why=why,
            reason=reason,
            extents=tuple(extents),
            boxes=tuple(boxes),
            to_find_out=to_find_out,
            despite=tuple(despite),
        )
        return self._write(case_id, actor, lambda case: decide.add(case, wish, kind, person, self._rule_says))

    def settle_rest(self, case_id: str, actor: Actor) -> Case:
        """残りを開示として確定: every undecided disclosure in one act."""
        return self._write(case_id, actor, decide.settle_rest)

    def read_pages(self, case_id: str, actor: Actor, pages: Sequence[int]) -> Case:
        """このページを目で確かめた: of pages whose text may differ from what is seen (`Case.unread_pages`)."""
        return self._write(case_id, actor, lambda case: decide.read_pages(case, pages))

    def undo(self, case_id: str, actor: Actor) -> Act | None:
        """元に戻す: takes back the last act that stands, whole; once more, the one before. None: nothing is left."""

        def work(record: Record) -> Act | None:
            events = own_events(record, case_id, actor)
            gone = undone_by(events)
            last = next((e.seq for e in reversed(events) if e.kind in ACTS and e.seq not in gone), None)
            if last is None:
                return None
            undo = Draft(at=self._now(), actor=actor.id, kind=EventKind.UNDONE, case=case_id, undoes=last)
            chain.append(record, undo)
            return next(act for act in own_case(record, case_id, actor).acts if act.seq == last)

        return self._store.write(work)

    def verify_chain(self, noted: tuple[int, str] | None = None) -> chain.ChainReport:
        """Recomputes the whole log. `noted`: `events` and `head` of an earlier report that was kept elsewhere."""
        return self._store.read(lambda record: chain.verify(record, noted=noted))

    def _opening(self, kind: EventKind, case_id: str, actor: Actor, proposal: Proposal | None) -> Draft:
        if proposal is None:
            city = self._corpus.city
            draft = Draft(at=self._now(), actor=actor.id, kind=kind, case=case_id)
            return replace(draft, city=city.id, fictional=city.fictional)
        rules.sound_proposal(proposal)
        return Draft(
            at=self._now(),
            actor=actor.id,
            kind=kind,
            case=case_id,
            city=proposal.city,
            fictional=proposal.fictional,
            marks=decide.marks_of(proposal, proposal.findings),
            engine=proposal.engine,
            model=proposal.model,
            prompt_hash=proposal.prompt_hash,
            index_id=proposal.index_id,
            words=proposal_words(proposal),
        )

    @staticmethod
    def _opened(record: Record, draft: Draft, actor: Actor, files: Sequence[KeptFile]) -> Case:
        chain.append(record, draft)
        for kept in files:
            record.keep_file(draft.case, kept)
        return own_case(record, draft.case, actor)

    def _write(self, case_id: str, actor: Actor, act: Callable[[Case], Decided]) -> Case:
        def work(record: Record) -> Case:
            decided = act(own_case(record, case_id, actor))
            draft = Draft(
                at=self._now(),
                actor=actor.id,
                kind=decided.kind,
                case=case_id,
                marks=decided.marks,
                words=decided.words,
            )
            chain.append(record, draft)
            return own_case(record, case_id, actor)

        return self._store.write(work)

    def _heads_of(self, source_id: str) -> tuple[Head, ...]:
        source = self._corpus.source(source_id)
        return source.heads if source else ()

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="microseconds")


def _tidy_title(title: str) -> str:
    return " ".join(title.split())[:LONGEST_TITLE]
