"""What the desk's script sends, checked, and done at the desk of the record in the order it was painted."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Box, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Ground
from assistant.domain.provision import Head
from assistant.errors import OsumitsukiError, RecordUnavailable, ReviewRefused
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.review.desk import Desk
from assistant.review.doubts import ReviewDoubted

Areas = Annotated[list[tuple[int, float, float, float, float]], Field(max_length=200)]
Runs = Annotated[list[tuple[int, int, int]], Field(max_length=200)]
DOUBTED = "まだ確定していません。右の注意を確かめてください。"
_REMEMBERED = 50  # refusals kept for a screen that may not have seen them yet
_WORDS = 20_000  # characters of a reason or a ground; more is a slip of the clipboard


class _Act(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=False)

    n: int


class Settle(_Act):
    """採用 or 不採用 of all places that were shown as one."""

    kind: Literal["confirm", "reject"]
    ids: Annotated[list[str], Field(min_length=1, max_length=10_000)]
    all: bool = False  # and every place like the first one: a page view does not have them all at hand


class Simple(_Act):
    """残りを開示として確定, or 元に戻す."""

    kind: Literal["settle_rest", "undo"]


class Seen(_Act):
    """このページを目で確かめた."""

    kind: Literal["read"]
    page: int


class Told(_Act):
    """変更 or 加える: what the person wrote in the form."""

    kind: Literal["change", "add"]
    id: str | None = None
    also: Annotated[list[str], Field(max_length=10_000)] = []
    decision: Decision
    extents: Runs
    boxes: Areas | None = None
    area: Literal[EntityKind.AREA, EntityKind.SEAL, EntityKind.SIGNATURE] | None = None
    all: bool = False
    choice: str = ""
    own_clause: Annotated[str, Field(max_length=200)] = ""
    why: Annotated[str, Field(max_length=_WORDS)] = ""
    reason: Annotated[str, Field(max_length=_WORDS)] = ""
    to_find_out: Annotated[str, Field(max_length=_WORDS)] = ""
    despite: Annotated[list[str], Field(max_length=10)] = []


class Sent(BaseModel):
    """One message: acts in order, of one desk on one screen."""

    model_config = ConfigDict(extra="ignore")

    token: str
    case: str
    acts: list[Annotated[Settle | Simple | Seen | Told, Field(discriminator="kind")]]


class Acknowledged(BaseModel):
    """How far the acts of one screen are written, and which were refused with what sentence."""

    token: str = ""
    n: int = 0
    refused: list[dict[str, Any]] = []


def read_sent(value: object) -> Sent:
    """Raises ReviewRefused for what the script would never send."""
    try:
        return Sent.model_validate(value)
    except ValidationError:
        raise ReviewRefused("画面からの指示を読み取れません。画面を読み込み直してください。") from None


def carry_out(sent: Sent, done: Acknowledged, desk: Desk, actor: Actor, corpus: Corpus) -> Acknowledged:
    """Does what was not done before; after a refusal the acts behind it still stand on their own.

    When the record cannot be written, nothing behind it is tried: everything not written is taken back on screen.
    """
    same = done.token == sent.token
    upto = done.n if same else 0
    # Earlier refusals stay: the run that should have shown them may have been cut short by the next message.
    refused: list[dict[str, Any]] = list(done.refused[-_REMEMBERED:]) if same else []
    broken: str | None = None
    for act in sorted(sent.acts, key=lambda one: one.n):
        if act.n <= upto:
            continue
        try:
            if broken is None:
                _do(act, sent.case, desk, actor, corpus)
            else:
                refused.append({"n": act.n, "message": broken})
        except RecordUnavailable as error:
            broken = str(error)
            refused.append({"n": act.n, "message": broken})
        except ReviewDoubted as error:
            doubts = [{"code": doubt.code, "message": doubt.message} for doubt in error.doubts]
            refused.append({"n": act.n, "message": DOUBTED, "doubts": doubts})
        except OsumitsukiError as error:
            refused.append({"n": act.n, "message": str(error)})
        upto = act.n
    return Acknowledged(token=sent.token, n=upto, refused=refused)


def _do(act: Settle | Simple | Seen | Told, case_id: str, desk: Desk, actor: Actor, corpus: Corpus) -> None:
    if isinstance(act, Settle):
        # Sent twice after a broken connection: what is already so is not an error.
        ids = _not_yet(desk.case(case_id, actor), act)
        if not ids:
            return
        if act.kind == "confirm":
            desk.confirm(case_id, actor, ids)
        else:
            desk.reject(case_id, actor, ids)
    elif isinstance(act, Simple):
        if act.kind == "undo":
            desk.undo(case_id, actor)
        else:
            desk.settle_rest(case_id, actor)
    elif isinstance(act, Seen):
        if act.page in desk.case(case_id, actor).unread_pages:  # sent twice, it is no error
            desk.read_pages(case_id, actor, [act.page])
    elif act.kind == "change":
        _change(act, case_id, desk, actor, corpus)
    else:
        _add(act, case_id, desk, actor, corpus)


def _not_yet(case: Case, act: Settle) -> list[str]:
    state = "confirmed" if act.kind == "confirm" else "rejected"
    ids = [*act.ids, *case.occurrences(act.ids[0])] if act.all else act.ids
    settled = {f.id for f in case.findings if f.decided is not None and f.decided.state == state}
    return [finding_id for finding_id in dict.fromkeys(ids) if finding_id not in settled]


def _change(act: Told, case_id: str, desk: Desk, actor: Actor, corpus: Corpus) -> None:
    case = desk.case(case_id, actor)
    finding = case.finding(act.id or "")
    if finding is None:
        raise ReviewRefused("選ばれた候補がこの記録にありません。画面を読み込み直してから選んでください。")
    also = [*act.also, *case.occurrences(finding.id)[1:]] if act.all else act.also
    desk.change(
        case_id,
        actor,
        finding.id,
        decision=act.decision,
        ground=_ground(act, case, corpus) if act.decision is not Decision.DISCLOSE else None,
        why=act.why,
        reason=act.reason if act.decision is Decision.WITHHOLD else None,
        extents=_extents(act) if not also and finding.extents else None,
        boxes=_boxes(act) if not also else None,
        to_find_out=act.to_find_out or None,
        also=also,
        despite=act.despite,
    )


def _add(act: Told, case_id: str, desk: Desk, actor: Actor, corpus: Corpus) -> None:
    case = desk.case(case_id, actor)
    desk.add(
        case_id,
        actor,
        extents=_extents(act),
        boxes=_boxes(act) or (),
        kind=act.area or EntityKind.OTHER,
        decision=act.decision,
        ground=_ground(act, case, corpus) if act.decision is not Decision.DISCLOSE else None,
        reason=act.reason,
        why=act.why,
        to_find_out=act.to_find_out or None,
        despite=act.despite,
    )


def _extents(act: Told) -> list[Extent]:
    return [Extent(page=page, start=start, end=end) for page, start, end in act.extents]


def _boxes(act: Told) -> list[Box] | None:
    if act.boxes is None:
        return None
    return [Box(page=page, x0=x0, y0=y0, x1=x1, y1=y1) for page, x0, y0, x1, y1 in act.boxes]


def _ground(act: Told, case: Case, corpus: Corpus) -> Ground | None:
    """The clause chosen, with what the finding already says of it kept (its provisos, its why)."""
    if act.own_clause.strip():
        day = case.proposal.decision_date if case.proposal else None
        head = corpus.head_of(act.own_clause.strip(), day) if day else None
        return Ground(head=head or Head.OTHER, provision=act.own_clause.strip(), limb=None, why=act.why)
    if not act.choice:
        return None
    head_name, _, rest = act.choice.partition("|")
    provision, _, limb = rest.partition("|")
    try:
        head = Head(head_name)
    except ValueError:
        raise ReviewRefused("選ばれた条項がありません。画面を読み込み直してください。") from None
    finding = case.finding(act.id or "")
    grounds = finding.grounds if finding else ()
    for at, ground in enumerate(grounds):
        if ground.head is head and (ground.limb or "") == limb:
            # The main ground stays as it is. Another keeps its provisos, but its words were not the reviewer's own.
            return None if at == 0 else replace(ground, why=act.why)
    return Ground(head=head, provision=provision, limb=limb or None, why=act.why)
